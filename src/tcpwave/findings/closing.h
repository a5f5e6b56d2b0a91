// The findings of the closing: from the first FIN to the end of TIME_WAIT.
//
// One row for each, in the order of the enumerators of `Finding`; what raises it stands in closing.cpp, and
// the script that a row names in tests/scenarios/closing/. The table of all is catalogue.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "tcpwave/finding.h"

namespace tcpwave {

// clang-format off
inline constexpr auto kClosingFindings = std::to_array<FindingInfo>({
  {Finding::CloseInitiated, "close_initiated", Severity::Chat, {9293, "3.6", ""}, "closing/four_segment.tw",
   {"{sender} starts the close",
    "The first FIN of the connection: its sender will send no more data."},
   {"{sender}开始关闭连接",
    "连接的第一个 FIN：发送方不再发送数据。"}},
  {Finding::CloseThreeSegment, "close_three_segment", Severity::Chat, {9293, "3.6", ""}, "closing/three_segment.tw",
   {"{sender} acknowledges the first FIN and sends its own in one segment",
    "The passive closer had nothing left to send: wave steps 2 and 3 are one segment."},
   {"{sender}在一个报文段中确认第一个 FIN 并发出自己的 FIN",
    "被动关闭方已没有数据要发送：挥手的第 2、3 步合并为一个报文段。"}},
  {Finding::CloseSimultaneous, "close_simultaneous", Severity::Chat, {9293, "3.6", ""}, "closing/simultaneous.tw",
   {"Simultaneous close: the FINs crossed",
    "Each end sent its FIN before it received the other's. Both go through CLOSING to TIME_WAIT."},
   {"同时关闭：双方的 FIN 在途中交叉",
    "双方都在收到对方的 FIN 之前发出了自己的 FIN；两端都经由 CLOSING 进入 TIME_WAIT。"}},
  {Finding::HalfClose, "half_close", Severity::Chat, {9293, "3.6.1", ""}, "closing/half_close.tw",
   {"{sender} keeps sending after the other end's FIN",
    "Half-close: the connection is open in one direction only."},
   {"在对方发出 FIN 之后，{sender}仍继续发送",
    "半关闭：连接只有一个方向是打开的。"}},
  {Finding::FinRepeated, "fin_repeated", Severity::Note, {9293, "3.8.1", ""}, "closing/fin_lost.tw",
   {"FIN retransmitted (first sent in frame {1})",
    "The FIN or its ACK was lost or delayed."},
   {"FIN 重传（首次发送于第 {1} 帧）",
    "FIN 或对它的 ACK 丢失、延迟。"}},
  {Finding::FinalAckLost, "final_ack_lost", Severity::Note, {9293, "3.6", ""}, "closing/final_ack_lost.tw",
   {"The last ACK (frame {1}) most likely did not arrive: the {sender} retransmits its FIN",
    "The FIN comes again although its ACK was captured. TIME_WAIT exists for this case."},
   {"最后一个 ACK（第 {1} 帧）很可能未送达：{sender}重传 FIN",
    "虽然已抓到对 FIN 的 ACK，FIN 仍再次出现。TIME_WAIT 正是为这种情况而设。"}},
  {Finding::LastAckStuck, "last_ack_stuck", Severity::Warn, {9293, "3.6", ""}, "closing/last_ack_stuck.tw",
   {"{sender} sent its FIN {1} times and no ACK of it arrived",
    "It stays in LAST_ACK (where it closed first: in FIN_WAIT_1) until it gives up. The other end disappeared (it crashed or cut its TIME_WAIT short) or a firewall drops the end of the close."},
   {"{sender}发送了 {1} 次 FIN，始终未收到对它的 ACK",
    "它停留在 LAST_ACK（若由它先关闭，则为 FIN_WAIT_1），直到放弃。另一端已消失（崩溃，或其 TIME_WAIT 被缩短），或防火墙丢弃了关闭过程的末尾。"}},
  {Finding::CloseIncomplete, "close_incomplete", Severity::Note, {9293, "3.6", ""}, "closing/incomplete.tw",
   {"Close not complete at the end of the capture: wave step {1} is missing",
    "If the capture continues for long after this frame one end keeps a half-closed socket: look at its sockets in CLOSE_WAIT or FIN_WAIT_2."},
   {"抓包结束时关闭尚未完成：缺少挥手第 {1} 步",
    "如果抓包在此帧之后还持续了很久，说明有一端仍留有半关闭的套接字：请查看其处于 CLOSE_WAIT 或 FIN_WAIT_2 的套接字。"}},
  {Finding::CloseWaitHeld, "close_wait_held", Severity::Warn, {9293, "3.6", ""}, "closing/close_wait_held.tw",
   {"In CLOSE_WAIT for {1} s: the application has not called close()",
    "The peer has closed and the stack has told the application but the application keeps its socket. Such sockets leak. Look at the application that owns it."},
   {"停留在 CLOSE_WAIT 已 {1} 秒：应用程序没有调用 close()",
    "对端已关闭，协议栈也已通知应用程序，应用程序却仍占用套接字：这样的套接字会泄漏。请检查拥有它的应用程序。"}},
  {Finding::DataAfterFin, "data_after_fin", Severity::Warn, {9293, "3.6", ""}, "closing/data_after_fin.tw",
   {"{sender} sends data beyond its own FIN (seq {1}, FIN at {2})",
    "A FIN ends its sender's data. What follows is forged or a bug in the stack."},
   {"{sender}在自己的 FIN 之后发送数据（seq {1}，FIN 位于 {2}）",
    "FIN 表示发送方的数据到此为止；其后的数据是伪造的，或是协议栈的缺陷。"}},
  {Finding::FinBeyondGap, "fin_beyond_gap", Severity::Note, {9293, "3.10.7.4", ""}, "closing/fin_beyond_gap.tw",
   {"FIN at seq {1}, but {2} is expected: the receiver cannot process it yet",
    "Data before the FIN is missing. The receiver does not change its state until that data arrives."},
   {"FIN 的 seq 为 {1}，但期望的是 {2}：接收方暂时不能处理它",
    "FIN 之前有数据缺失；在其到达之前，接收方的状态不变。"}},
  {Finding::FinUnacceptable, "fin_unacceptable", Severity::Warn, {9293, "3.10.7.4", ""}, "closing/fin_unacceptable.tw",
   {"Unacceptable FIN: {fault}",
    "The receiver drops it. It is very old or forged."},
   {"不可接受的 FIN：{fault}",
    "接收方会将其丢弃。它要么非常旧，要么是伪造的。"}},
  {Finding::FinMoved, "fin_moved", Severity::Warn, {9293, "3.6", ""}, "closing/fin_moved.tw",
   {"Second FIN at seq {1}; this end's FIN was at {2}",
    "An endpoint has one FIN. The second one is forged or the stack is broken."},
   {"第二个 FIN，位于 seq {1}；这一端的 FIN 位于 {2}",
    "一个端点只有一个 FIN。第二个是伪造的，或者协议栈有缺陷。"}},
  {Finding::TimeWaitSegment, "time_wait_segment", Severity::Note, {9293, "3.10.7.4", ""}, "closing/time_wait_segment.tw",
   {"Segment for a connection in TIME_WAIT",
    "An old duplicate or a peer that keeps sending after its own FIN. The end in TIME_WAIT acknowledges and drops it."},
   {"发往处于 TIME_WAIT 的连接的报文段",
    "旧的重复报文段，或对端在自己的 FIN 之后仍在发送。TIME_WAIT 一方予以确认并丢弃。"}},
  {Finding::TimeWaitReopened, "time_wait_reopened", Severity::Note, {6191, "2", ""}, "closing/port_reuse_time_wait.tw",
   {"SYN reopens the same addresses and ports during TIME_WAIT",
    "Allowed because the ISN or the timestamp is newer (RFC 6191). If this is frequent the client reuses its ports quickly."},
   {"SYN 在 TIME_WAIT 期间重新打开了相同的地址和端口",
    "因为 ISN 或时间戳更新，所以允许（RFC 6191）。如果频繁出现，说明客户端复用端口很快。"}},
  {Finding::TimeWaitKilled, "time_wait_killed", Severity::Note, {1337, "2", ""}, "closing/time_wait_killed.tw",
   {"RST ends TIME_WAIT at {receiver}",
    "TIME_WAIT assassination (RFC 1337): old segments of this connection can now reach a new one. Usually the answer of an end that is closed already to an ACK or a FIN that came again."},
   {"RST 结束了{receiver}的 TIME_WAIT",
    "TIME_WAIT 被提前终止（RFC 1337）：此连接的旧报文段现在可能到达新的连接。通常是已经关闭的一端对重复的 ACK 或 FIN 的应答。"}},
});
// clang-format on

}  // namespace tcpwave
