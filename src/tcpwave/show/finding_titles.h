// What a finding is called where one name stands for many of them: Wireshark's Expert Information groups
// its rows by it, and a field needs a name. One row per enumerator of `Finding`, in the same order.
//
// The catalogue's texts speak of one segment, with its numbers; a name cannot.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "tcpwave/finding.h"
#include "tcpwave/language.h"

namespace tcpwave {

struct FindingTitle {
  Finding finding;
  std::array<const char*, kLanguages> title;
};

// clang-format off
inline constexpr std::array<FindingTitle, kFindings> kFindingTitles{{
  {Finding::ConnectionRefused, {"Connection refused: the SYN is answered with RST", "连接被拒绝：以 RST 应答 SYN"}},
  {Finding::SynUnanswered, {"No answer to the SYN", "SYN 无应答"}},
  {Finding::SynRepeated, {"SYN retransmitted", "SYN 重传"}},
  {Finding::SynAckRepeated, {"SYN-ACK retransmitted", "SYN-ACK 重传"}},
  {Finding::ThirdAckIgnored, {"The server ignores the ACK of its SYN-ACK", "服务器忽略对其 SYN-ACK 的确认"}},
  {Finding::SynAckBadAck, {"SYN-ACK does not acknowledge the SYN", "SYN-ACK 没有确认该 SYN"}},
  {Finding::HalfOpenPeer, {"A half-open connection of the peer is cleared", "对端的半打开连接被清除"}},
  {Finding::OldDuplicateSyn, {"Old duplicate SYN", "旧的重复 SYN"}},
  {Finding::OldDuplicateSynAck, {"Old duplicate SYN-ACK", "旧的重复 SYN-ACK"}},
  {Finding::AckInsteadOfSynAck, {"SYN answered with an ACK of an old connection", "以旧连接的 ACK 应答 SYN"}},
  {Finding::SplitHandshake, {"Split handshake: SYN answered with a SYN", "拆分握手：以 SYN 应答 SYN"}},
  {Finding::SimultaneousOpen, {"Simultaneous open: both ends sent a SYN", "同时打开：双方都发送了 SYN"}},
  {Finding::SynWithData, {"SYN carries data", "SYN 携带数据"}},
  {Finding::TfoAccepted, {"TCP Fast Open: the SYN's data is accepted", "TCP Fast Open：接受了 SYN 的数据"}},
  {Finding::TfoDataIgnored, {"The SYN's data is not accepted", "未接受 SYN 的数据"}},
  {Finding::SynUnreachable, {"ICMP says that the SYN cannot be delivered", "ICMP 报告 SYN 无法送达"}},
  {Finding::RstInHandshake, {"Reset during the handshake", "握手期间被重置"}},
  {Finding::HandshakeIncomplete, {"Handshake not complete at the end of the capture", "抓包结束时握手尚未完成"}},
  {Finding::CloseInitiated, {"The close starts: first FIN", "开始关闭：第一个 FIN"}},
  {Finding::CloseThreeSegment, {"Close in three segments", "三个报文段的关闭"}},
  {Finding::CloseSimultaneous, {"Simultaneous close: the FINs crossed", "同时关闭：双方的 FIN 交叉"}},
  {Finding::HalfClose, {"Data after the other end's FIN: half-close", "对方 FIN 之后仍发送数据：半关闭"}},
  {Finding::FinRepeated, {"FIN retransmitted", "FIN 重传"}},
  {Finding::FinalAckLost, {"The last ACK most likely did not arrive", "最后一个 ACK 很可能未送达"}},
  {Finding::LastAckStuck, {"FIN never acknowledged", "FIN 始终未被确认"}},
  {Finding::CloseIncomplete, {"Close not complete at the end of the capture", "抓包结束时关闭尚未完成"}},
  {Finding::CloseWaitHeld, {"Long in CLOSE_WAIT: the application has not closed", "长时间停留在 CLOSE_WAIT：应用程序没有关闭"}},
  {Finding::DataAfterFin, {"Data beyond the sender's own FIN", "在自己的 FIN 之后发送数据"}},
  {Finding::FinBeyondGap, {"FIN beyond a gap", "FIN 之前有缺口"}},
  {Finding::FinUnacceptable, {"Unacceptable FIN", "不可接受的 FIN"}},
  {Finding::FinMoved, {"Another FIN at another sequence number", "序列号不同的又一个 FIN"}},
  {Finding::TimeWaitSegment, {"Segment for a connection in TIME_WAIT", "发往 TIME_WAIT 连接的报文段"}},
  {Finding::TimeWaitReopened, {"Addresses and ports used again within TIME_WAIT", "TIME_WAIT 期间地址和端口被再次使用"}},
  {Finding::TimeWaitKilled, {"RST ends TIME_WAIT", "RST 结束 TIME_WAIT"}},
  {Finding::RstAbort, {"Open connection aborted by RST", "打开的连接被 RST 中止"}},
  {Finding::RstUnreadData, {"Closed with unread data: RST", "关闭时仍有未读数据：RST"}},
  {Finding::RstOrphanData, {"Data for an application that has closed: RST", "应用程序已关闭，数据引来 RST"}},
  {Finding::RstCloserGone, {"The active closer resets instead of waiting", "主动关闭方不等待而重置"}},
  {Finding::RstPeerGone, {"The passive closer resets instead of closing", "被动关闭方不关闭而重置"}},
  {Finding::RstUnknownConnection, {"RST: the end does not know the connection", "RST：该端不认识此连接"}},
  {Finding::RstKeepalive, {"Reset after unanswered keepalives", "保活探测无应答后重置"}},
  {Finding::RstRepeated, {"RST repeated", "RST 再次出现"}},
  {Finding::RstOutOfWindow, {"RST outside the window: ignored", "窗口之外的 RST：被忽略"}},
  {Finding::RstInexact, {"RST in the window but not exact: challenged", "窗口之内但不精确的 RST：被质询"}},
  {Finding::ChallengeAck, {"Challenge ACK", "质询 ACK（challenge ACK）"}},
  {Finding::RstIgnored, {"The receiver goes on after the RST", "接收方在 RST 之后继续通信"}},
  {Finding::RstThenSilent, {"Silence after a RST that should not count", "本不应被接受的 RST 之后再无动静"}},
  {Finding::RstForeignPath, {"RST in the name of an end that did not send it", "冒名的 RST"}},
  {Finding::RstWithData, {"RST carries data", "RST 携带数据"}},
  {Finding::RstBadAck, {"RST does not answer the SYN: ignored", "RST 不是对 SYN 的应答：被忽略"}},
  {Finding::RstNoConnection, {"RST for no known connection", "不属于任何已知连接的 RST"}},
  {Finding::ConnectProbe, {"Connect probe: opened and reset at once", "连接探测：打开后立即重置"}},
  {Finding::FlagsSynFin, {"SYN and FIN in one segment", "同一报文段中既有 SYN 又有 FIN"}},
  {Finding::FlagsSynRst, {"SYN and RST in one segment", "同一报文段中既有 SYN 又有 RST"}},
  {Finding::FinWithoutAck, {"FIN without ACK", "FIN 没有带 ACK"}},
  {Finding::FlagsNull, {"No control bits set", "没有任何控制位"}},
  {Finding::FlagsXmas, {"FIN, PSH and URG without ACK", "FIN、PSH、URG 置位而没有 ACK"}},
  {Finding::AckWithoutFlag, {"ACK field set without the ACK bit", "ACK 位未置位而确认号不为零"}},
  {Finding::AckUnsent, {"ACK of data that was not captured as sent", "确认了未抓到的数据"}},
  {Finding::SeqBeforeIsn, {"Sequence number before the ISN", "序列号位于 ISN 之前"}},
  {Finding::WindowShrunk, {"The window's right edge moves back", "接收窗口的右边界回退"}},
  {Finding::PawsFailed, {"Old time stamp: dropped by PAWS", "时间戳过旧：被 PAWS 丢弃"}},
  {Finding::SynInConnection, {"SYN inside a connection", "已有连接中出现 SYN"}},
  {Finding::SynAckInConnection, {"SYN-ACK inside a connection", "已有连接中出现 SYN-ACK"}},
  {Finding::DataBeforeEstablished, {"Data before the connection can be known to be open", "得知连接打开之前发送数据"}},
  {Finding::WindowScaleExcess, {"Window scale above 14", "窗口扩大因子大于 14"}},
  {Finding::SegmentOutOfWindow, {"Segment outside the window: dropped by the receiver", "窗口之外的报文段：被接收方丢弃"}},
  {Finding::ScanSuspected, {"Scan suspected", "疑似扫描"}},
  {Finding::DataUnanswered, {"Data sent again and again, never acknowledged", "数据多次发送而从未被确认"}},
  {Finding::SynFlood, {"Many half-open connections: SYN flood", "大量半打开的连接：SYN 泛洪"}},
  {Finding::CloseWaitPileup, {"Many connections in CLOSE_WAIT", "大量连接处于 CLOSE_WAIT"}},
  {Finding::TimeWaitPileup, {"Many connections in TIME_WAIT", "大量连接处于 TIME_WAIT"}},
  {Finding::EphemeralPortsLow, {"Few ports left towards one destination", "对同一目的地可用的端口不多"}},
  {Finding::RefusalRate, {"Many connects refused", "大量连接被拒绝"}},
  {Finding::OtherLeg, {"The same connection on the other side of a NAT", "NAT 另一侧的同一连接"}},
  {Finding::AnsweredElsewhere, {"SYN answered from another address", "SYN 由另一地址应答"}},
}};
// clang-format on

namespace detail {
consteval bool titles_are_in_order() {
  for (std::size_t i = 0; i < kFindings; ++i) {
    if (static_cast<std::size_t>(kFindingTitles[i].finding) != i) return false;
    for (const char* title : kFindingTitles[i].title)
      if (title == nullptr || *title == '\0') return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::titles_are_in_order(),
              "a title in both languages for each finding, in the order of finding.h");

[[nodiscard]] constexpr const char* title(Finding finding, Language language) {
  return kFindingTitles[static_cast<std::size_t>(finding)]
      .title[static_cast<std::size_t>(language)];
}

}  // namespace tcpwave
