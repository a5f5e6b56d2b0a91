// The findings of segments that make no sense by themselves or in their connection.
//
// One row for each, in the order of the enumerators of `Finding`; what raises it stands in segments.cpp, and
// the script that a row names in tests/scenarios/segments/. The table of all is catalogue.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "tcpwave/finding.h"

namespace tcpwave {

// clang-format off
inline constexpr auto kSegmentsFindings = std::to_array<FindingInfo>({
  {Finding::FlagsSynFin, "flags_syn_fin", Severity::Warn, {9293, "3.10.7.4", ""}, "segments/flags_odd.tw",
   {"SYN and FIN in one segment",
    "No stack sends this. It is a scan or an attempt to evade a filter."},
   {"同一报文段中既有 SYN 又有 FIN",
    "没有协议栈会这样发送；是扫描，或试图绕过过滤规则。"}},
  {Finding::FlagsSynRst, "flags_syn_rst", Severity::Warn, {9293, "3.10.7", ""}, "segments/flags_odd.tw",
   {"SYN and RST in one segment",
    "No stack sends this. It is a scan or an attempt to evade a filter."},
   {"同一报文段中既有 SYN 又有 RST",
    "没有协议栈会这样发送；是扫描，或试图绕过过滤规则。"}},
  {Finding::FinWithoutAck, "fin_without_ack", Severity::Warn, {9293, "3.10.7.4", ""}, "segments/fin_without_ack.tw",
   {"FIN without ACK",
    "Every segment after the SYN carries an ACK; receivers drop this one. It is a FIN scan or forged."},
   {"FIN 没有带 ACK",
    "SYN 之后的每个报文段都带有 ACK；接收方会将其丢弃。是 FIN 扫描，或是伪造的。"}},
  {Finding::FlagsNull, "flags_null", Severity::Warn, {9293, "3.10.7", ""}, "segments/flags_odd.tw",
   {"No control bits set",
    "A NULL scan or a broken sender."},
   {"没有任何控制位",
    "NULL 扫描，或发送方有缺陷。"}},
  {Finding::FlagsXmas, "flags_xmas", Severity::Warn, {9293, "3.10.7", ""}, "segments/flags_odd.tw",
   {"FIN, PSH and URG without ACK",
    "An Xmas scan."},
   {"FIN、PSH、URG 置位而没有 ACK",
    "Xmas 扫描。"}},
  {Finding::AckWithoutFlag, "ack_without_flag", Severity::Note, {9293, "3.1", ""}, "segments/ack_without_flag.tw",
   {"Acknowledgment number {1} although the ACK bit is not set",
    "The number means nothing; a clean stack sends zero. Some middleboxes and scanners leave traces here."},
   {"确认号为 {1}，但 ACK 位未置位",
    "这个确认号没有意义；规范的协议栈会填零。有些中间设备和扫描器会在此留下痕迹。"}},
  {Finding::AckUnsent, "ack_unsent", Severity::Note, {9293, "3.10.7.4", ""}, "segments/ack_unsent.tw",
   {"Acknowledges {1}, but only data before {2} was captured",
    "The capture is missing segments or the acknowledgment is forged."},
   {"确认了 {1}，但只抓到 {2} 之前的数据",
    "抓包缺少报文段，或该确认是伪造的。"}},
  {Finding::SeqBeforeIsn, "seq_before_isn", Severity::Warn, {9293, "3.4", ""}, "segments/seq_before_isn.tw",
   {"Sequence number {1} is before the connection's ISN",
    "The segment belongs to an older connection between the same addresses and ports or is forged."},
   {"序列号 {1} 位于本连接的 ISN 之前",
    "该报文段属于相同地址和端口的旧连接，或是伪造的。"}},
  {Finding::WindowShrunk, "window_shrunk", Severity::Note, {9293, "3.8.6", ""}, "segments/window_shrunk.tw",
   {"Receive window shrunk: its right edge moved back by {1} bytes",
    "A receiver should not take back window that it has offered. Data in flight may now be dropped."},
   {"接收窗口的右边界回退了 {1} 字节",
    "接收方不应收回已通告的窗口；在途数据可能因此被丢弃。"}},
  {Finding::PawsFailed, "paws_failed", Severity::Note, {7323, "5.3", ""}, "segments/paws_failed.tw",
   {"Timestamp {1} is older than {2}: dropped by PAWS",
    "An old duplicate or a middlebox that mixes the timestamps of several hosts."},
   {"时间戳 {1} 比 {2} 旧：被 PAWS 丢弃",
    "旧的重复报文段，或中间设备混用了多台主机的时间戳。"}},
  {Finding::SynInConnection, "syn_in_connection", Severity::Warn, {5961, "4.2", ""}, "segments/syn_in_connection.tw",
   {"SYN on an open connection: not accepted",
    "The sender has lost the old connection (crash or early reuse of the port) or the SYN is forged. An open endpoint answers with a challenge ACK."},
   {"打开的连接上出现 SYN：不被接受",
    "发送方丢失了旧连接（崩溃、过早复用端口），或该 SYN 是伪造的。打开的端点以质询 ACK 应答。"}},
  {Finding::SynAckInConnection, "synack_in_connection", Severity::Warn, {5961, "4.2", ""}, "segments/synack_in_connection.tw",
   {"SYN-ACK on an open connection: not accepted",
    "It is forged or from an older connection. An open endpoint answers with a challenge ACK."},
   {"打开的连接上出现 SYN-ACK：不被接受",
    "伪造的，或来自较早的连接。打开的端点以质询 ACK 应答。"}},
  {Finding::DataBeforeEstablished, "data_before_established", Severity::Warn, {9293, "3.10.7.3", ""}, "segments/data_before_established.tw",
   {"{sender} sends {1} bytes before it can know that the connection is open",
    "This is not Fast Open: the sender has no SYN-ACK. The capture is missing it or the sender is not a TCP stack."},
   {"{sender}在得知连接打开之前就发送了 {1} 字节",
    "这不是 Fast Open：发送方还没有收到 SYN-ACK。抓包中缺少它，或发送方不是 TCP 协议栈。"}},
  {Finding::WindowScaleExcess, "window_scale_excess", Severity::Warn, {7323, "2.3", ""}, "segments/window_scale_excess.tw",
   {"Window scale above 14 is treated as 14",
    "RFC 7323 allows shifts of up to 14."},
   {"窗口扩大因子大于 14，按 14 处理",
    "RFC 7323 允许的移位最多为 14。"}},
  {Finding::SegmentOutOfWindow, "segment_out_of_window", Severity::Note, {9293, "3.10.7.4", ""}, "segments/segment_out_of_window.tw",
   {"Segment outside the receive window (seq {1}, expected {2}): the receiver drops it",
    "A very old duplicate or a forged segment. It can also be that the capture is missing segments."},
   {"报文段在接收窗口之外（seq {1}，期望 {2}）：被接收方丢弃",
    "非常旧的重复报文段，或伪造的报文段；也可能是抓包缺少报文段。"}},
  {Finding::ScanSuspected, "scan_suspected", Severity::Warn, {9293, "3.10.7.1", ""}, "segments/scan.tw",
   {"Possible scan: {1} ports or addresses tried within {2} s and no connection opened",
    "One host tries many ports or addresses with segments that open no connection."},
   {"疑似扫描：该主机在 {2} 秒内尝试了 {1} 个端口或地址，均未打开连接",
    "一台主机用不能打开连接的报文段尝试许多端口或地址。"}},
});
// clang-format on

}  // namespace tcpwave
