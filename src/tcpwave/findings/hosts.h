// The findings of hosts: what piles up there, over all of a host's connections.
//
// One row for each, in the order of the enumerators of `Finding`; what raises it stands in track/hosts.cpp, and
// the script that a row names in tests/scenarios/hosts/. The table of all is catalogue.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "tcpwave/finding.h"

namespace tcpwave {

// clang-format off
inline constexpr auto kHostsFindings = std::to_array<FindingInfo>({
  {Finding::SynFlood, "syn_flood", Severity::Warn, {4987, "2", ""}, "hosts/syn_flood.tw",
   {"{1} connections of this server are half-open (SYN_RECEIVED)",
    "A SYN flood or clients that cannot answer. Look at the source addresses and at whether SYN cookies are enabled."},
   {"该服务器有 {1} 个半开连接（SYN_RECEIVED）",
    "SYN 洪泛，或客户端无法应答：请查看来源地址，以及是否启用了 SYN cookie。"}},
  {Finding::CloseWaitPileup, "close_wait_pileup", Severity::Warn, {9293, "3.6", ""}, "hosts/close_wait_pileup.tw",
   {"{1} connections of this host are in CLOSE_WAIT",
    "Its application does not close the connections that its peers have closed: sockets leak."},
   {"该主机有 {1} 个连接处于 CLOSE_WAIT",
    "应用程序没有关闭对端已关闭的连接：套接字泄漏。"}},
  {Finding::TimeWaitPileup, "time_wait_pileup", Severity::Note, {9293, "3.6", ""}, "hosts/time_wait_pileup.tw",
   {"{1} connections of this host are in TIME_WAIT",
    "Normal for a busy active closer. On a client it uses up ports: keep connections open longer or let the other end close first."},
   {"该主机有 {1} 个连接处于 TIME_WAIT",
    "对繁忙的主动关闭方来说是正常的。在客户端会占用端口：请保持长连接，或让对端先关闭。"}},
  {Finding::EphemeralPortsLow, "ephemeral_ports_low", Severity::Warn, {6056, "3.2", ""}, "hosts/ephemeral_ports_low.tw",
   {"{1} ports of this host are in use towards one destination (TIME_WAIT or open)",
    "A host has about 28000 ephemeral ports by default. New connections will fail or reuse ports early."},
   {"该主机对同一目的地占用了 {1} 个端口（TIME_WAIT 或打开）",
    "主机默认只有约 28000 个临时端口：新连接将会失败，或过早复用端口。"}},
  {Finding::RefusalRate, "refusal_rate", Severity::Warn, {9293, "3.10.7.1", ""}, "hosts/refusal_rate.tw",
   {"{1} of the last {2} connection attempts of this host were refused or unanswered",
    "A service is down or its address is wrong or a new filter blocks it."},
   {"该主机最近 {2} 次连接尝试中有 {1} 次被拒绝或无应答",
    "服务停止、地址错误，或新的过滤规则阻止了连接。"}},
});
// clang-format on

}  // namespace tcpwave
