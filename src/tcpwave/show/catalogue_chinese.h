// The findings in Chinese (简体中文): one row per enumerator of `Finding`, in the same order.
//
// Identifier, severity and reference stand in catalogue.h alone. That a text quotes the same numbers and
// ends as the English one is checked when this is compiled.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "tcpwave/catalogue.h"

namespace tcpwave {

struct FindingWords {
  Finding finding;
  std::string_view text;         ///< one line, numbers by placeholder
  std::string_view explanation;  ///< cause, what it means, what to look at next
};

// clang-format off
inline constexpr std::array<FindingWords, kFindings> kCatalogueChinese{{
  {Finding::ConnectionRefused, "连接被拒绝：{sender}以 RST 应答 SYN",
   "该端口没有程序监听，或被防火墙拒绝。请检查服务是否在运行，监听的地址和端口是否正确。"},
  {Finding::SynUnanswered, "SYN 无应答（共尝试 {1} 次，首尾相隔 {2} 毫秒）",
   "防火墙丢弃了 SYN，或主机关机、不可达；若是被拒绝，应会收到 RST 或 ICMP。请检查路由和途中的过滤规则，并在服务器端抓包。"},
  {Finding::SynRepeated, "SYN 重传（首次发送于第 {1} 帧）",
   "SYN 或其应答丢失或延迟。全连接队列已满的服务器也会忽略 SYN。"},
  {Finding::SynAckRepeated, "SYN-ACK 重传（首次发送于第 {1} 帧）",
   "SYN-ACK 或完成握手的 ACK 丢失。"},
  {Finding::ThirdAckIgnored, "已有 {1} 个报文段确认了 SYN-ACK，服务器仍在重传：它忽略了这些确认",
   "服务器仍停留在 SYN_RECEIVED：全连接队列已满（请查看 ListenOverflows 和 backlog），或在等到数据后才接受连接（延迟接受）。"},
  {Finding::SynAckBadAck, "SYN-ACK 确认的是 {1}，而 SYN 要求 {2}",
   "它不是对这个 SYN 的应答：是旧的重复报文段，或是伪造的。客户端以 RST 应答，并停留在 SYN_SENT。"},
  {Finding::HalfOpenPeer, "{receiver}仍保留着上一个连接；这个 RST 将其清除",
   "半开连接（RFC 9293 图 9）：一端因崩溃或中间设备丢失了状态，又用同一端口重新连接。SYN 将会重传。"},
  {Finding::OldDuplicateSyn, "旧的重复 SYN（seq {1}）：连接早已继续进行",
   "SYN 在网络中延迟，或在应答到来之前已重传。连接继续进行。"},
  {Finding::OldDuplicateSynAck, "旧的重复 SYN-ACK（ack {1}）：不是对这个 SYN 的应答",
   "它应答的是相同地址和端口上较早的 SYN。客户端以 RST 应答，并停留在 SYN_SENT。"},
  {Finding::AckInsteadOfSynAck, "{sender}以上一个连接的 ACK 应答 SYN",
   "服务器仍保留着上一个连接（TIME_WAIT 或半开）时，客户端就复用了端口。客户端将以 RST 应答，然后重传 SYN。请注意客户端复用端口的速度。"},
  {Finding::SplitHandshake, "拆分握手：{sender}以自己的 SYN 应答 SYN",
   "服务器把 SYN 和 ACK 分成两个报文段发送。RFC 9293 允许，但实际上只用于绕过防火墙。"},
  {Finding::SimultaneousOpen, "同时打开：双方都发送了 SYN",
   "双方都主动打开，没有哪一方是服务器。合法但少见；NAT 打洞时常见。"},
  {Finding::SynWithData, "SYN 携带 {1} 字节数据",
   "TCP Fast Open，或非常规的协议栈。服务器是否接受这些数据，要看它的 SYN-ACK。"},
  {Finding::TfoAccepted, "SYN-ACK 确认了 SYN 携带的 {1} 字节数据：Fast Open",
   "服务器随 SYN 接受了数据，可以在握手完成之前就应答。"},
  {Finding::TfoDataIgnored, "SYN-ACK 确认了 SYN，但未确认其携带的 {1} 字节数据",
   "服务器不支持 Fast Open，或拒绝了该 cookie；客户端会重新发送数据。"},
  {Finding::SynUnreachable, "ICMP 差错：第 {1} 帧的 SYN 无法送达（类型 {2}）",
   "主机、网络或端口不可达，或被管理策略禁止：ICMP 差错的代码说明原因，其发送者说明位置。"},
  {Finding::RstInHandshake, "{sender}在握手期间重置了连接",
   "一端在连接建立之前放弃：全连接队列溢出、应用程序过早关闭，或中间设备介入。"},
  {Finding::HandshakeIncomplete, "抓包结束时握手尚未完成",
   "SYN-ACK 或最后一个 ACK 未到达，或客户端离开（SYN 扫描）。如果抓包恰好在此结束，则不说明问题。"},
  {Finding::CloseInitiated, "{sender}开始关闭连接", "连接的第一个 FIN：发送方不再发送数据。"},
  {Finding::CloseThreeSegment, "{sender}在一个报文段中确认第一个 FIN 并发出自己的 FIN",
   "被动关闭方已没有数据要发送：挥手的第 2、3 步合并为一个报文段。"},
  {Finding::CloseSimultaneous, "同时关闭：双方的 FIN 在途中交叉",
   "双方都在收到对方的 FIN 之前发出了自己的 FIN；两端都经由 CLOSING 进入 TIME_WAIT。"},
  {Finding::HalfClose, "在对方发出 FIN 之后，{sender}仍继续发送", "半关闭：连接只有一个方向是打开的。"},
  {Finding::FinRepeated, "FIN 重传（首次发送于第 {1} 帧）", "FIN 或对它的 ACK 丢失、延迟。"},
  {Finding::FinalAckLost, "最后一个 ACK（第 {1} 帧）很可能未送达：{sender}重传 FIN",
   "虽然已抓到对 FIN 的 ACK，FIN 仍再次出现。TIME_WAIT 正是为这种情况而设。"},
  {Finding::LastAckStuck, "{sender}发送了 {1} 次 FIN，始终未收到最后一个 ACK",
   "它停留在 LAST_ACK，直到放弃。主动关闭方已消失（崩溃，或其 TIME_WAIT 被缩短），或防火墙丢弃了关闭过程的末尾。"},
  {Finding::CloseIncomplete, "抓包结束时关闭尚未完成：缺少挥手第 {1} 步",
   "如果抓包在此帧之后还持续了很久，说明有一端仍留有半关闭的套接字：请查看其处于 CLOSE_WAIT 或 FIN_WAIT_2 的套接字。"},
  {Finding::CloseWaitHeld, "停留在 CLOSE_WAIT 已 {1} 秒：应用程序没有调用 close()",
   "对端已关闭，协议栈也已通知应用程序，应用程序却仍占用套接字：这样的套接字会泄漏。请检查拥有它的应用程序。"},
  {Finding::DataAfterFin, "{sender}在自己的 FIN 之后发送数据（seq {1}，FIN 位于 {2}）",
   "FIN 表示发送方的数据到此为止；其后的数据是伪造的，或是协议栈的缺陷。"},
  {Finding::FinBeyondGap, "FIN 的 seq 为 {1}，但期望的是 {2}：接收方暂时不能处理它",
   "FIN 之前有数据缺失；在其到达之前，接收方的状态不变。"},
  {Finding::FinUnacceptable, "不可接受的 FIN：{fault}",
   "接收方会将其丢弃。它要么非常旧，要么是伪造的。"},
  {Finding::FinMoved, "第二个 FIN，位于 seq {1}；这一端的 FIN 位于 {2}",
   "一个端点只有一个 FIN。第二个是伪造的，或者协议栈有缺陷。"},
  {Finding::TimeWaitSegment, "发往处于 TIME_WAIT 的连接的报文段",
   "旧的重复报文段，或对端在自己的 FIN 之后仍在发送。TIME_WAIT 一方予以确认并丢弃。"},
  {Finding::TimeWaitReopened, "SYN 在 TIME_WAIT 期间重新打开了相同的地址和端口",
   "因为 ISN 或时间戳更新，所以允许（RFC 6191）。如果频繁出现，说明客户端复用端口很快。"},
  {Finding::TimeWaitKilled, "RST 结束了{receiver}的 TIME_WAIT",
   "TIME_WAIT 被提前终止（RFC 1337）：此连接的旧报文段可能进入新连接。通常是已关闭的一端对迟到报文段的应答。"},
  {Finding::RstAbort, "{sender}中止了打开的连接",
   "应用程序以 SO_LINGER 0 关闭，或中间设备切断了连接。请查看应用程序此时的日志。"},
  {Finding::RstUnreadData, "{sender}未应答最后收到的 {1} 字节即重置：关闭时仍有未读数据",
   "接收队列中还有数据时调用 close() 或进程结束，会发送 RST 而不是 FIN。应用程序没有读完收到的数据。"},
  {Finding::RstOrphanData, "{sender}以 RST 应答数据：其应用程序已 close() 离开",
   "数据到达了两个方向都已关闭的套接字。对端应停止发送，或者关闭方应只关闭一个方向，并把数据读完。"},
  {Finding::RstCloserGone, "{sender}（主动关闭方）没有等待对端，而是重置了连接",
   "主动关闭方放弃了半关闭的连接（FIN_WAIT_2 超时、SO_LINGER 0 或进程结束）。"},
  {Finding::RstPeerGone, "{sender}（被动关闭方）没有关闭，而是重置了连接",
   "被动关闭方在 CLOSE_WAIT 或 LAST_ACK 中止：SO_LINGER 0，或其进程结束。"},
  {Finding::RstUnknownConnection, "{sender}以 RST 应答第 {1} 帧：它不认识这个连接",
   "该端已丢失此连接：主机或进程重启，此前已有它自己的 RST 或超时，或者负载均衡器、NAT 把报文段送到了另一台主机。"},
  {Finding::RstKeepalive, "{1} 个保活探测无应答，{sender}放弃连接", "对端没有应答：它已关机，或路径已断。"},
  {Finding::RstRepeated, "RST 再次出现（首次见于第 {1} 帧）", "仍在途中的报文段到达了已不存在的端点。"},
  {Finding::RstOutOfWindow, "RST 在窗口之外（seq {1}，期望 {2}）：被忽略",
   "非常旧的报文段，或盲攻击；接收方会将其丢弃。"},
  {Finding::RstInexact, "RST 在窗口之内但不精确（seq {1}，期望 {2}）：被质询",
   "接收方以质询 ACK（challenge ACK）应答，连接继续；真正的发送方随后会发送序号精确的 RST。"},
  {Finding::ChallengeAck, "对第 {1} 帧的质询 ACK（challenge ACK）", "打开的连接对它不接受的 SYN 或 RST 的应答。"},
  {Finding::RstIgnored, "在这个 RST（第 {1} 帧）之后，{receiver}继续通信",
   "RST 未被接受，或未送达。如果其声称的发送方也继续通信，则它是伪造的。"},
  {Finding::RstThenSilent, "这个 RST 本不应被接受，但{receiver}此后再无动静",
   "早于 RFC 5961 的协议栈接受窗口内的任何 RST；或者连接本来就没有更多内容。"},
  {Finding::RstForeignPath, "以{sender}的名义发出、但并非{sender}发送的 RST",
   "{sender}在其后继续通信，或该报文段的 TTL（{1}，通常为 {2}）与这一端不符：由途中的设备或攻击者发出。"},
  {Finding::RstWithData, "RST 携带 {1} 字节",
   "允许这样做（RFC 9293 第 3.5.3 节：说明原因的文字）；有些设备会在其中写上自己的名字。"},
  {Finding::RstBadAck, "RST 的 ack {1} 不是对 SYN 的应答（期望 {2}）：被忽略",
   "在 SYN_SENT 状态，只有确认了 SYN 的 RST 才有效。旧的重复报文段，或是伪造的。"},
  {Finding::RstNoConnection, "不属于任何已知连接的 RST", "它所应答的报文段不在抓包中。"},
  {Finding::FlagsSynFin, "同一报文段中既有 SYN 又有 FIN", "没有协议栈会这样发送；是扫描，或试图绕过过滤规则。"},
  {Finding::FlagsSynRst, "同一报文段中既有 SYN 又有 RST", "没有协议栈会这样发送；是扫描，或试图绕过过滤规则。"},
  {Finding::FinWithoutAck, "FIN 没有带 ACK",
   "SYN 之后的每个报文段都带有 ACK；接收方会将其丢弃。是 FIN 扫描，或是伪造的。"},
  {Finding::FlagsNull, "没有任何控制位", "NULL 扫描，或发送方有缺陷。"},
  {Finding::FlagsXmas, "FIN、PSH、URG 置位而没有 ACK", "Xmas 扫描。"},
  {Finding::AckWithoutFlag, "确认号为 {1}，但 ACK 位未置位",
   "这个确认号没有意义；规范的协议栈会填零。有些中间设备和扫描器会在此留下痕迹。"},
  {Finding::AckUnsent, "确认了 {1}，但只抓到 {2} 之前的数据", "抓包缺少报文段，或该确认是伪造的。"},
  {Finding::SeqBeforeIsn, "序列号 {1} 位于本连接的 ISN 之前",
   "该报文段属于相同地址和端口的旧连接，或是伪造的。"},
  {Finding::WindowShrunk, "接收窗口的右边界回退了 {1} 字节",
   "接收方不应收回已通告的窗口；在途数据可能因此被丢弃。"},
  {Finding::PawsFailed, "时间戳 {1} 比 {2} 旧：被 PAWS 丢弃", "旧的重复报文段，或中间设备混用了多台主机的时间戳。"},
  {Finding::SynInConnection, "打开的连接上出现 SYN：不被接受",
   "发送方丢失了旧连接（崩溃、过早复用端口），或该 SYN 是伪造的。打开的端点以质询 ACK 应答。"},
  {Finding::SynAckInConnection, "打开的连接上出现 SYN-ACK：不被接受",
   "伪造的，或来自较早的连接。打开的端点以质询 ACK 应答。"},
  {Finding::DataBeforeEstablished, "{sender}在得知连接打开之前就发送了 {1} 字节",
   "这不是 Fast Open：发送方还没有收到 SYN-ACK。抓包中缺少它，或发送方不是 TCP 协议栈。"},
  {Finding::WindowScaleExcess, "窗口扩大因子大于 14，按 14 处理", "RFC 7323 允许的移位最多为 14。"},
  {Finding::SegmentOutOfWindow, "报文段在接收窗口之外（seq {1}，期望 {2}）：被接收方丢弃",
   "非常旧的重复报文段，或伪造的报文段；也可能是抓包缺少报文段。"},
  {Finding::ScanSuspected, "疑似扫描：该主机在 {2} 秒内发出 {1} 个异常或被拒绝的首个报文段",
   "一台主机用不能打开连接的报文段尝试许多端口或地址。"},
  {Finding::SynFlood, "该服务器有 {1} 个半开连接（SYN_RECEIVED）",
   "SYN 洪泛，或客户端无法应答：请查看来源地址，以及是否启用了 SYN cookie。"},
  {Finding::CloseWaitPileup, "该主机有 {1} 个连接处于 CLOSE_WAIT",
   "应用程序没有关闭对端已关闭的连接：套接字泄漏。"},
  {Finding::TimeWaitPileup, "该主机有 {1} 个连接处于 TIME_WAIT",
   "对繁忙的主动关闭方来说是正常的。在客户端会占用端口：请保持长连接，或让对端先关闭。"},
  {Finding::EphemeralPortsLow, "该主机对同一目的地占用了 {1} 个端口（TIME_WAIT 或打开）",
   "主机默认只有约 28000 个临时端口：新连接将会失败，或过早复用端口。"},
  {Finding::RefusalRate, "该主机最近 {2} 次连接尝试中有 {1} 次被拒绝或无应答",
   "服务停止、地址错误，或新的过滤规则阻止了连接。"},
}};
// clang-format on

namespace detail {
/// Each placeholder that `text` has, `other` has too.
consteval bool has_placeholders_of(std::string_view text, std::string_view other) {
  for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1))
    if (other.find(text.substr(at, text.find('}', at) + 1 - at)) == other.npos) return false;
  return true;
}
/// The same findings in the same order, with the same numbers in the line. An end of the segment may
/// be named in one language and not in the other.
consteval bool catalogue_agrees(std::span<const FindingWords, kFindings> rows) {
  for (std::size_t i = 0; i < kFindings; ++i) {
    const FindingInfo& english = kCatalogue[i];
    if (rows[i].finding != english.finding || rows[i].explanation.empty()) return false;
    if (!has_placeholders_of(english.text, rows[i].text)) return false;
    if (!has_placeholders_of(rows[i].text, english.text)) return false;
    if (!has_placeholders_of(rows[i].explanation, english.explanation)) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::catalogue_agrees(kCatalogueChinese));

}  // namespace tcpwave
