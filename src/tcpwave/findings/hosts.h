// The findings of hosts: what piles up there, over all of a host's connections.
//
// One row for each, in the order of the enumerators of `Finding`; what raises it stands in track/hosts.cpp, of
// OtherLeg and AnsweredElsewhere in track/other_legs.cpp; and the script that a row names in tests/scenarios/hosts/. The table of all is catalogue.h.
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
   {"{1} of the last {2} answered connection attempts of this host were refused",
    "A service is down or its address is wrong or a filter rejects it. Attempts without any answer are not counted."},
   {"该主机最近 {2} 次有应答的连接尝试中有 {1} 次被拒绝",
    "服务停止、地址错误，或过滤规则拒绝了连接。没有任何应答的尝试不计入。"}},
  {Finding::OtherLeg, "other_leg", Severity::Note, {3022, "2.1", ""}, "hosts/other_leg.tw",
   {"Connection {1} is the same one on the other side of a NAT",
    "Both have the same initial sequence numbers and other addresses. Look there for what does not show here: a segment that is on one side only was dropped or made by the NAT. A proxy that opens a connection of its own has other numbers and is not found."},
   {"连接 {1} 是 NAT 另一侧的同一连接",
    "两者的初始序列号相同，而地址不同。这里看不到的内容请到那里查看：只出现在一侧的报文段是被 NAT 丢弃或由 NAT 产生的。自行建立连接的代理使用其他序列号，因此不会被识别。"}},
  {Finding::AnsweredElsewhere, "answered_elsewhere", Severity::Note, {9293, "3.10.7.3", ""}, "hosts/answered_elsewhere.tw",
   {"SYN and SYN-ACK have different addresses: the other one is in connection {1}",
    "A server that answers from an address of its own behind a load balancer or a NAT that only one direction passes. The client has no socket for it and answers with RST unless a NAT on its way puts the address back. Check the way back."},
   {"SYN 与 SYN-ACK 的地址不同：另一个在连接 {1} 中",
    "服务器在负载均衡器后面以自己的地址应答，或只有一个方向经过 NAT。除非途中的 NAT 还原地址，否则客户端没有对应的套接字，会以 RST 应答。请检查返回路径。"}},
});
// clang-format on

}  // namespace tcpwave
