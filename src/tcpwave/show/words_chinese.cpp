// The words in Chinese (简体中文). See words.h. States keep the names of RFC 9293.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/words_tables.h"

namespace tcpwave {
namespace {

// clang-format off
constexpr WordTable kTable{
  .side = {{{Side::Client, "客户端"}, {Side::Server, "服务器"}}},
  .phase = {{
    {Phase::None, "无"}, {Phase::Handshake, "握手"}, {Phase::Established, "已建立"},
    {Phase::Wave, "挥手"}, {Phase::Closed, "已关闭"}, {Phase::Reset, "已重置"}}},
  .handshake_step = {"SYN", "SYN-ACK", "对 SYN-ACK 的确认"},
  .wave_step = {"主动关闭方的 FIN", "对主动关闭方 FIN 的确认", "被动关闭方的 FIN", "对被动关闭方 FIN 的确认"},
  .crossed_step = {"第一个 FIN", "对第一个 FIN 的确认", "第二个 FIN", "对第二个 FIN 的确认"},
  .basis = {{
    {Basis::Assumed, "假定：抓包中没有此前的过程"},
    {Basis::Presumed, "推定：在出现反证之前视为已送达"},
    {Basis::Timer, "定时器：按抓包时间推算，其自身的定时器已到期"},
    {Basis::Confirmed, "已证实：它的另一个报文段可以证明"},
    {Basis::Sent, "已发送：由它自己的报文段可知"}}},
  .role_basis = {{
    {RoleBasis::Syn, "它发出了第一个 SYN"}, {RoleBasis::SynAck, "对端发出了 SYN-ACK"},
    {RoleBasis::Port, "对端的端口号较小"}, {RoleBasis::Order, "抓到的第一个报文段由它发出"}}},
  .seq_check = {{
    {SeqCheck::Ok, "按序"}, {SeqCheck::Retransmission, "此前已发送过（重传）"},
    {SeqCheck::Gap, "前面有缺失"}, {SeqCheck::OutOfWindow, "在接收窗口之外"},
    {SeqCheck::Keepalive, "比下一字节小 1（保活探测）"}, {SeqCheck::WindowProbe, "零窗口探测"},
    {SeqCheck::Wrong, "不可接受"}}},
  .ack_check = {{
    {AckCheck::None, ""}, {AckCheck::Ok, "可接受"}, {AckCheck::Duplicate, "与之前相同（重复确认）"},
    {AckCheck::Old, "小于之前的确认号"}, {AckCheck::BeyondSent, "确认了从未发送过的数据"},
    {AckCheck::Missing, "缺失（此处必须有 ACK）"}, {AckCheck::Wrong, "未确认 SYN"}}},
  .rule = {{
    {RuleKind::AckOfClientSyn, "握手第 1 步的 seq"}, {RuleKind::SeqAfterSyn, "握手第 1 步的 seq"},
    {RuleKind::AckOfServerSyn, "握手第 2 步的 seq"}, {RuleKind::SeqIsLastAck, "最近收到的 ack"},
    {RuleKind::AckOfFirstFin, "挥手第 1 步的 seq"}, {RuleKind::SeqOfSecondFin, "最近收到的 ack"},
    {RuleKind::SeqAfterFirstFin, "挥手第 1 步的 seq"}, {RuleKind::AckOfSecondFin, "挥手第 3 步的 seq"}}},
  .waiting = {{
    {WaitingFor::Nothing, ""}, {WaitingFor::SynAck, "服务器的 SYN-ACK"},
    {WaitingFor::ThirdAck, "客户端对 SYN-ACK 的确认"},
    {WaitingFor::SynOrSynAck, "双方的 SYN-ACK（同时打开）"},
    {WaitingFor::Close, "数据或第一个 FIN"}, {WaitingFor::AckOfFirstFin, "{passive}对 FIN 的确认"},
    {WaitingFor::SecondFin, "{passive}的 FIN（处于半关闭状态）"},
    {WaitingFor::AckAndSecondFin, "{passive}对 FIN 的确认，以及它自己的 FIN"},
    {WaitingFor::AckOfSecondFin, "{active}对第二个 FIN 的确认"},
    {WaitingFor::BothAcks, "双方对交叉 FIN 的确认"}, {WaitingFor::TimeWaitEnd, "TIME_WAIT 结束（2MSL）"}}},
  .outcome = {{
    {Outcome::Partial, "抓包信息不足，无法判断结局"}, {Outcome::Refused, "连接被拒绝"},
    {Outcome::Unanswered, "SYN 无应答"}, {Outcome::Reset, "连接被重置"}, {Outcome::NormalClose, "正常关闭"},
    {Outcome::Replaced, "被新连接取代"}, {Outcome::IncompleteClose, "关闭未完成"},
    {Outcome::HalfClosed, "半关闭"}, {Outcome::HalfOpen, "半开：握手未完成"}, {Outcome::Open, "连接仍打开"}}},
  .outcome_kind = {{
    {OutcomeKind::None, ""}, {OutcomeKind::Rst, "以 RST 拒绝"}, {OutcomeKind::Icmp, "以 ICMP 拒绝"},
    {OutcomeKind::InHandshake, "握手期间"}, {OutcomeKind::Established, "连接打开期间"},
    {OutcomeKind::InWave, "挥手期间"}, {OutcomeKind::AfterClose, "关闭之后"},
    {OutcomeKind::FourSegment, "四次挥手"}, {OutcomeKind::ThreeSegment, "三次挥手（第 2、3 步合并）"},
    {OutcomeKind::Simultaneous, "同时关闭"}, {OutcomeKind::MissingStep2, "缺少挥手第 2 步"},
    {OutcomeKind::MissingStep3, "缺少挥手第 3 步"}, {OutcomeKind::MissingStep4, "缺少挥手第 4 步"}}},
  .closer = {{
    {ActiveCloser::None, ""}, {ActiveCloser::Client, "客户端"}, {ActiveCloser::Server, "服务器"},
    {ActiveCloser::Both, "双方同时"}}},
  .reset_by = {{
    {ResetBy::None, ""}, {ResetBy::Client, "客户端"}, {ResetBy::Server, "服务器"},
    {ResetBy::ThirdParty, "第三方"}}},
  .confidence = {{
    {Confidence::None, ""}, {Confidence::Possible, "有可能"}, {Confidence::Likely, "很可能"},
    {Confidence::Certain, "确定"}}},
  .severity = {{
    {Severity::Chat, "说明"}, {Severity::Note, "提示"}, {Severity::Warn, "警告"}, {Severity::Error, "错误"}}},
  .sentence = {{
    {Sentence::NoConnection, "它不属于本次抓包中的任何连接。"},
    {Sentence::Syn, "{sender}请求建立连接，并告知自己的初始序列号（ISN）。"},
    {Sentence::CrossedSyn, "{sender}在收到对方的 SYN 之前，也发出了建立连接的请求：同时打开。"},
    {Sentence::SynAck, "{sender}同意建立连接：确认{receiver}的 SYN，同时发出自己的 SYN。"},
    {Sentence::ThirdAck, "{sender}确认{receiver}的 SYN：连接建立。"},
    {Sentence::FirstFin, "{sender}的数据已发完，关闭自己的发送方向（FIN）。{receiver}仍可继续发送。"},
    {Sentence::AckOfFirstFin, "{sender}已收到{receiver}的 FIN，连接进入半关闭状态：只有{sender}还能发送数据。"},
    {Sentence::AckAndSecondFin, "{sender}确认{receiver}的 FIN，并在同一报文段中关闭自己的发送方向：两步合一。"},
    {Sentence::SecondFin, "{sender}的数据也已发完，随后也关闭自己的发送方向（FIN）。"},
    {Sentence::LastAck, "{sender}确认最后一个 FIN：{receiver}就此关闭，{sender}在 TIME_WAIT 中等待迟到的报文段。"},
    {Sentence::CrossedFirstFin, "{sender}关闭自己的发送方向（FIN）。{receiver}在收到它之前也发出了 FIN：同时关闭。"},
    {Sentence::CrossedSecondFin, "{sender}在收到{receiver}的 FIN 之前，也关闭了自己的发送方向（FIN）：同时关闭。"},
    {Sentence::CrossedAck, "{sender}确认{receiver}的 FIN。同时关闭时，双方各确认一次。"},
    {Sentence::Refusal, "{sender}拒绝连接：那里没有程序接受它。"},
    {Sentence::Reset, "{sender}中止连接（RST）；在途数据丢失。"},
    {Sentence::ForeignReset, "这个 RST 使用{sender}的地址，但很可能是中间设备或攻击者为中断连接而发送的。"},
    {Sentence::ResetIgnored, "这个 RST 被忽略：其序号不可接受，连接继续。"},
    {Sentence::ResetLate, "{sender}以 RST 应答：它已没有或从未有过这个连接。"},
    {Sentence::FinRejected, "这个 FIN 不属于本次挥手：其序号不可接受，{receiver}会将其丢弃。"},
    {Sentence::SynRejected, "这个 SYN 不会建立新连接：{receiver}已有此连接，不接受它。"},
    {Sentence::SynAckRejected, "这个 SYN-ACK 不会建立连接：它不是对{receiver}所发 SYN 的应答，{receiver}继续等待。"},
    {Sentence::NumbersRejected, "其序号对本连接不可接受；{receiver}会将其丢弃。"},
    {Sentence::Keepalive, "{sender}检查{receiver}是否仍在（保活探测）。"},
    {Sentence::WindowProbe, "{sender}检查{receiver}的接收窗口是否已重新打开（零窗口探测）。"},
    {Sentence::DataAgain, "{sender}再次发送数据（重传）。"},
    {Sentence::DataAfterGap, "{sender}发送 {octets} 字节，但此前的数据尚未出现：丢失或乱序。"},
    {Sentence::HalfCloseData, "{receiver}已关闭发送方向，{sender}仍继续发送（{octets} 字节）：半关闭。"},
    {Sentence::Data, "{sender}发送 {octets} 字节数据。"},
    {Sentence::ChallengeAck, "{sender}不接受{receiver}的报文段，以质询 ACK（challenge ACK）告知它期望的序列号。"},
    {Sentence::DuplicateAck, "{sender}再次确认同一序号：没有新的按序数据到达（重复确认）。"},
    {Sentence::OldAck, "{sender}的确认号小于此前的确认号：较早的报文段在途中被超过。"},
    {Sentence::Ack, "{sender}确认已收到 {ack} 之前的全部内容。"},
    {Sentence::SentBeforeEnd, "{sender}在其套接字进入 CLOSED 之前发送了它：当时它仍在途中。"},
    {Sentence::LateSegment, "连接已经结束；这个报文段来迟了。"},
    {Sentence::Other, "这个报文段不引起任何变化。"},
    {Sentence::Again, "它首次出现在第 {original} 帧。"},
    {Sentence::Copy, "这是同一报文段的第二份副本。"},
    {Sentence::Lost, "后续报文段表明，它很可能没有送达。"}}},
  .glue = {{
    {Glue::Colon, "："}, {Glue::Comma, "，"}, {Glue::ListComma, "、"}, {Glue::Open, "（"}, {Glue::Close, "）"}, {Glue::Quiet, "重复"}, {Glue::Seconds, " 秒"},
    {Glue::ExpectedNumber, "期望 "}, {Glue::NumbersFit, "序号可接受"}, {Glue::NumbersDoNotFit, "序号不可接受"},
    {Glue::InFrames, "在帧 "}, {Glue::ClosedFirstBy, "主动关闭方："}, {Glue::ResetBy, "重置方："},
    {Glue::ConfirmedByFrame, "已证实：见帧 "}, {Glue::SoFar, "到目前为止"},
    {Glue::ConnectionNumber, "连接 "}, {Glue::FrameMissing, "–"},
    {Glue::AfterSilence, "，此前 {idle} 秒没有报文段"}}},
};
// clang-format on
static_assert(detail::complete(kTable));

}  // namespace

const WordTable& chinese_words() { return kTable; }

}  // namespace tcpwave
