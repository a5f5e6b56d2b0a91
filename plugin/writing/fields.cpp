// The rows of THE list of fields. See fields.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/fields.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "kernel/fields.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/sentences.h"
#include "tcpwave/show/finding_titles.h"
#include "tcpwave/show/words.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

// The engine's names are string literals, so there is a NUL behind each.
void name_of(auto value, ValueSink& out) {
  const std::string_view word = name(value);
  if (!word.empty()) out.text(word.data());
}
void text_of(const Text& text, ValueSink& out) {
  if (!text.empty()) out.text(text.c_str());
}
void frame_of(std::uint32_t frame, ValueSink& out) {
  if (frame != kNoFrame) out.number(frame);
}
template <class T>
void number_of(const std::optional<T>& value, ValueSink& out) {
  if (value) out.number(*value);
}
void duration_of(const std::optional<std::int64_t>& value, ValueSink& out) {
  if (value) out.duration(*value);
}

/// In the order of kResetCauses, as field_values.h has it.
std::uint32_t cause_number(Finding cause) {
  const auto at = std::find(kResetCauses.begin(), kResetCauses.end(), cause);
  return static_cast<std::uint32_t>(at - kResetCauses.begin());
}

void steps_of(Phase phase, const View& view, ValueSink& out) {
  for (const StepMark& step : view.annotation.steps)
    if (step.phase == phase) out.number(step.number);
}

// Readers that several rows share, by the number or the side in the field's name.
template <std::size_t kStep>
void handshake_frame(const View& v, ValueSink& out) {
  frame_of(v.annotation.handshake_frame[kStep - 1], out);
}
template <std::size_t kStep>
void wave_frame(const View& v, ValueSink& out) {
  frame_of(v.annotation.wave_frame[kStep - 1], out);
}
template <Side kSide>
const EndpointView& end(const View& v) {
  return v.annotation.endpoint[static_cast<std::size_t>(kSide)];
}
template <Side kSide>
void state(const View& v, ValueSink& out) {
  name_of(end<kSide>(v).after, out);
}
template <Side kSide>
void state_before(const View& v, ValueSink& out) {
  name_of(end<kSide>(v).before, out);
}
template <Side kSide>
Text state_line(const View& v, std::size_t) {
  return endpoint_text(v.annotation, kSide, v.language);
}
/// `client ESTABLISHED`
Text met_state(const View& v, std::size_t n) {
  const Side side = n == 0 ? Side::Client : Side::Server;
  return Text(word(words(v.language).side, side)) << " " << name((*v.annotation.reset_states)[n]);
}
template <Side kSide, std::uint32_t HostGauge::*kCount>
void gauge(const View& v, ValueSink& out) {
  out.number(v.annotation.gauge[static_cast<std::size_t>(kSide)].*kCount);
}
/// The end goes into this state or out of it.
template <Side kSide, State kState>
bool gauge_changes(const View& v) {
  const EndpointView& e = end<kSide>(v);
  return (e.after == kState) != (e.before == kState) ||
         (e.after == kState) != (e.previous == kState);
}
template <Side kSide>
void state_basis(const View& v, ValueSink& out) {
  name_of(end<kSide>(v).basis, out);
}

using enum FieldType;
using enum Display;
using enum Branch;

// clang-format off
constexpr std::array<Field, kFields> kRows{{
  // What is wrong comes first.
  {"tcpwave.finding", {"Finding", "发现"}, String, Bare, Top, false,
   "Identifier of a finding: what is wrong or worth knowing about this segment",
   [](const View& v, ValueSink& out) { for (const FindingHit& f : v.annotation.findings) out.text(info(f.finding).id); },
   [](const View& v, std::size_t n) { return judged_finding_text(v.annotation, v.annotation.findings[n], v.language); },
   Branch::Finding},
  {"tcpwave.finding.explanation", {"Explanation", "解释"}, String, Bare, Branch::Finding, false,
   "Cause and meaning of a finding and what to look at next, in the language of the preference; for reading, not for filters",
   [](const View& v, ValueSink& out) {
     for (const FindingHit& f : v.annotation.findings) text_of(explanation_text(v.annotation, f, v.language), out);
   },
   [](const View& v, std::size_t n) { return explanation_text(v.annotation, v.annotation.findings[n], v.language); }},
  {"tcpwave.finding.title", {"Finding in words", "发现的名称"}, String, Hidden, Top, false,
   "What a finding of severity Note or more is called, for a column, in the language of the preference; for reading, not for filters",
   [](const View& v, ValueSink& out) {
     for (const FindingHit& f : v.annotation.findings)
       if (info(f.finding).severity != Severity::Chat) out.text(title(f.finding, v.language));
   }},

  {"tcpwave.meaning", {"Meaning", "含义"}, String, Bare, Top, true,
   "What the segment means, in a sentence in the language of the preference; for reading, not for filters",
   [](const View& v, ValueSink& out) { text_of(meaning_text(v.annotation, v.language), out); },
   [](const View& v, std::size_t) { return meaning_text(v.annotation, v.language); }},

  // The steps: one value per step that the segment is, in the same order in each of these fields.
  {"tcpwave.step", {"Step", "步骤"}, Uint8, Labelled, Top, true,
   "Number of the step of the handshake or of the close (in Chinese texts the four waves)",
   [](const View& v, ValueSink& out) { for (const StepMark& s : v.annotation.steps) out.number(s.number); },
   [](const View& v, std::size_t n) { return step_text(v.annotation, v.annotation.steps[n], v.language); }, Step},
  {"tcpwave.handshake.step", {"Handshake step", "握手步骤"}, Uint8, Hidden, Top, true,
   "Step of the handshake: 1 SYN, 2 SYN-ACK, 3 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Handshake, v, out); }},
  {"tcpwave.wave.step", {"Wave step", "挥手步骤"}, Uint8, Hidden, Top, true,
   "Step of the close (in Chinese texts the four waves): 1 first FIN, 2 its acknowledgment, 3 second FIN, 4 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Wave, v, out); }},
  {"tcpwave.step.name", {"Step in words", "步骤名称"}, String, Hidden, Top, true,
   "Name of the step, with its number",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) text_of(step_text(v.annotation, s), out);
   }},
  {"tcpwave.label", {"What it is", "报文段说明"}, String, Hidden, Top, true,
   "The step, or what a RST does, for a column, in the language of the preference; for reading, not for filters",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) text_of(step_text(v.annotation, s, v.language), out);
     if (v.annotation.steps.empty() && v.annotation.rst) text_of(reset_text(v.annotation, v.language), out);
   }},
  {"tcpwave.step.repeat", {"Seen before", "此前已出现"}, Bool, Hidden, Top, true,
   "Whether an earlier segment was this step",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) out.number(s.repeated ? 1 : 0);
   }},
  {"tcpwave.step.original.frame", {"First seen in frame", "首次出现于帧"}, OriginalFrame, Labelled, Step, true,
   "The segment that was this step first",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) {
       if (s.original_frame == kNoFrame) out.skip();
       frame_of(s.original_frame, out);
     }
   }},
  {"tcpwave.since_previous_step", {"Time since previous step", "距上一步的时间"}, RelativeTime, Labelled, Step, true,
   "Time since the previous step of the connection",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.since_previous_step_ns, out); }},

  {"tcpwave.client.state", {"Client", "客户端"}, String, Labelled, Top, true,
   "State of the client's endpoint after this segment (RFC 9293)", state<Side::Client>, state_line<Side::Client>, Client},
  {"tcpwave.client.state.before", {"State before", "此前状态"}, String, Labelled, Client, true,
   "State of the client's endpoint before this segment", state_before<Side::Client>},
  {"tcpwave.client.state.basis", {"Basis of state", "状态依据"}, String, Labelled, Client, true,
   "How the client's state is known: sent, confirmed, presumed, timer or assumed", state_basis<Side::Client>},
  {"tcpwave.client.gauge.syn_received", {"Connections of its host in SYN_RECEIVED", "其主机处于 SYN_RECEIVED 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in SYN_RECEIVED after this segment, from their SYN-ACK on, for I/O graphs",
   gauge<Side::Client, &HostGauge::syn_received>,
   nullptr, Top, gauge_changes<Side::Client, State::SynReceived>},
  {"tcpwave.client.gauge.close_wait", {"Connections of its host in CLOSE_WAIT", "其主机处于 CLOSE_WAIT 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in CLOSE_WAIT after this segment, for I/O graphs",
   gauge<Side::Client, &HostGauge::close_wait>,
   nullptr, Top, gauge_changes<Side::Client, State::CloseWait>},
  {"tcpwave.client.gauge.time_wait", {"Connections of its host in TIME_WAIT", "其主机处于 TIME_WAIT 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in TIME_WAIT after this segment, for I/O graphs",
   gauge<Side::Client, &HostGauge::time_wait>,
   nullptr, Top, gauge_changes<Side::Client, State::TimeWait>},
  {"tcpwave.server.state", {"Server", "服务器"}, String, Labelled, Top, true,
   "State of the server's endpoint after this segment (RFC 9293)", state<Side::Server>, state_line<Side::Server>, Server},
  {"tcpwave.server.state.before", {"State before", "此前状态"}, String, Labelled, Server, true,
   "State of the server's endpoint before this segment", state_before<Side::Server>},
  {"tcpwave.server.state.basis", {"Basis of state", "状态依据"}, String, Labelled, Server, true,
   "How the server's state is known: sent, confirmed, presumed, timer or assumed", state_basis<Side::Server>},
  {"tcpwave.server.gauge.syn_received", {"Connections of its host in SYN_RECEIVED", "其主机处于 SYN_RECEIVED 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in SYN_RECEIVED after this segment, from their SYN-ACK on, for I/O graphs",
   gauge<Side::Server, &HostGauge::syn_received>,
   nullptr, Top, gauge_changes<Side::Server, State::SynReceived>},
  {"tcpwave.server.gauge.close_wait", {"Connections of its host in CLOSE_WAIT", "其主机处于 CLOSE_WAIT 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in CLOSE_WAIT after this segment, for I/O graphs",
   gauge<Side::Server, &HostGauge::close_wait>,
   nullptr, Top, gauge_changes<Side::Server, State::CloseWait>},
  {"tcpwave.server.gauge.time_wait", {"Connections of its host in TIME_WAIT", "其主机处于 TIME_WAIT 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in TIME_WAIT after this segment, for I/O graphs",
   gauge<Side::Server, &HostGauge::time_wait>,
   nullptr, Top, gauge_changes<Side::Server, State::TimeWait>},
  {"tcpwave.kernel.state", {"Kernel's state", "内核状态"}, String, Bare, Top, true,
   "State of an end after this segment as its host's kernel said, in captures of tcpwave-record; the client's first",
   kernel::read_state, kernel::state_line, Branch::Kernel},
  {"tcpwave.kernel.agrees", {"Inferred the same", "与推断一致"}, Bool, Labelled, Branch::Kernel, true,
   "Whether the state inferred for that end is the one that the kernel said",
   kernel::read_agrees},
  {"tcpwave.kernel.process", {"Process", "进程"}, String, Labelled, Branch::Kernel, true,
   "Name and number of the process that holds the socket, such as nginx[77]",
   kernel::read_process},
  {"tcpwave.kernel.netns", {"Network namespace", "网络命名空间"}, Uint32, Labelled, Branch::Kernel, true,
   "Inode number of the process's network namespace, as in /proc/PID/ns/net",
   kernel::read_netns},
  {"tcpwave.kernel.reset_reason", {"Kernel's reason for the RST", "内核给出的 RST 原因"}, String, Labelled, Top, true,
   "Why the kernel sent this RST, in its own word (Linux 6.10 and later)",
   kernel::read_reset_reason},
  {"tcpwave.state", {"State of an endpoint", "端点状态"}, String, Hidden, Top, true,
   "Both endpoints' states after this segment, the client's first",
   [](const View& v, ValueSink& out) { state<Side::Client>(v, out); state<Side::Server>(v, out); }},
  {"tcpwave.state.code", {"State of an endpoint, by number", "端点状态的编号"}, Code, Hidden, Top, true,
   "tcpwave.state as a number with a name: Wireshark refuses a filter with a name that does not exist",
   [](const View& v, ValueSink& out) {
     for (const EndpointView& e : v.annotation.endpoint) out.number(static_cast<std::uint32_t>(e.after));
   }},
  {"tcpwave.transition", {"Transition", "状态转换"}, String, Hidden, Top, true,
   "Change of an endpoint's state; absent where there is none",
   [](const View& v, ValueSink& out) {
     text_of(transition_text(v.annotation, Side::Client), out);
     text_of(transition_text(v.annotation, Side::Server), out);
   }},

  {"tcpwave.check.ok", {"Numbers acceptable", "序号可接受"}, Bool, Bare, Top, true,
   "Whether the sequence and acknowledgment numbers are acceptable; those of a retransmission or after a gap are",
   [](const View& v, ValueSink& out) { out.number(v.annotation.check_ok() ? 1 : 0); },
   [](const View& v, std::size_t) { return checks_text(v.annotation, v.language); }, Checks},
  {"tcpwave.check.rule", {"Rule", "规则"}, String, Bare, Checks, true,
   "A rule for the numbers of a step, with the numbers of this segment",
   [](const View& v, ValueSink& out) { for (const Rule& r : v.annotation.rules) text_of(rule_text(r), out); },
   [](const View& v, std::size_t n) { return checked_rule_text(v.annotation, v.annotation.rules[n], v.language); }},
  {"tcpwave.seq.check", {"Sequence number check", "序列号检查"}, String, Bare, Checks, true,
   "Verdict on the sequence number: ok, retransmission, gap, out_of_window, keepalive, window_probe or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.seq_check, out); },
   [](const View& v, std::size_t) { return seq_check_text(v.annotation, v.language); }},
  {"tcpwave.seq", {"Sequence number", "序列号"}, Uint32, Labelled, Checks, true,
   "Sequence number, relative to the sender's initial sequence number",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq); }},
  {"tcpwave.seq.expected", {"Expected sequence number", "期望的序列号"}, Uint32, Labelled, Checks, true,
   "Sequence number that a segment in order would have",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq_expected); }},
  {"tcpwave.ack.check", {"Acknowledgment number check", "确认号检查"}, String, Bare, Checks, true,
   "Verdict on the acknowledgment number: ok, duplicate, old, beyond_sent, missing or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.ack_check, out); },
   [](const View& v, std::size_t) { return ack_check_text(v.annotation, v.language); }},
  {"tcpwave.ack", {"Acknowledgment number", "确认号"}, Uint32, Labelled, Checks, true,
   "Acknowledgment number, relative to the receiver's initial sequence number",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack, out); }},
  {"tcpwave.ack.expected", {"Expected acknowledgment number", "期望的确认号"}, Uint32, Labelled, Checks, true,
   "Acknowledgment number that a segment in order would have",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack_expected, out); }},

  {"tcpwave.waiting_for", {"Expected next", "预期下一步"}, String, Labelled, Top, true,
   "What would come next in order",
   [](const View& v, ValueSink& out) { text_of(waiting_text(v.annotation), out); },
   [](const View& v, std::size_t) { return waiting_text(v.annotation, v.language); }},

  {"tcpwave.phase", {"Phase", "阶段"}, String, Labelled, Top, false,
   "Phase of the connection after this segment: handshake, established, wave (the close), closed, reset or none",
   [](const View& v, ValueSink& out) { name_of(v.annotation.phase, out); },
   [](const View& v, std::size_t) { return steps_text(v.annotation, v.language); }, Steps},
  {"tcpwave.handshake.step1.frame", {"Handshake step 1 in frame", "握手第 1 步所在帧"}, RequestFrame, Labelled, Steps, true,
   "The segment that opened the connection", handshake_frame<1>},
  {"tcpwave.handshake.step2.frame", {"Handshake step 2 in frame", "握手第 2 步所在帧"}, ResponseFrame, Labelled, Steps, true,
   "The segment that answered the SYN", handshake_frame<2>},
  {"tcpwave.handshake.step3.frame", {"Handshake step 3 in frame", "握手第 3 步所在帧"}, AckFrame, Labelled, Steps, true,
   "The segment that completed the handshake", handshake_frame<3>},
  {"tcpwave.handshake.rtt", {"Handshake round-trip time", "握手往返时间"}, RelativeTime, Labelled, Steps, true,
   "Time from the SYN to the segment that completed the handshake",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.handshake_rtt_ns, out); }},
  {"tcpwave.handshake.duration", {"Duration of the handshake", "握手用时"}, RelativeTime, Labelled, Steps, true,
   "Time from the first SYN to the segment that completed the handshake, repetitions included; on that segment",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.handshake_duration_ns, out); }},
  {"tcpwave.wave.step1.frame", {"Wave step 1 in frame", "挥手第 1 步所在帧"}, RequestFrame, Labelled, Steps, true,
   "The segment with the first FIN", wave_frame<1>},
  {"tcpwave.wave.step2.frame", {"Wave step 2 in frame", "挥手第 2 步所在帧"}, AckFrame, Labelled, Steps, true,
   "The segment that acknowledged the first FIN", wave_frame<2>},
  {"tcpwave.wave.step3.frame", {"Wave step 3 in frame", "挥手第 3 步所在帧"}, ResponseFrame, Labelled, Steps, true,
   "The segment with the second FIN", wave_frame<3>},
  {"tcpwave.wave.step4.frame", {"Wave step 4 in frame", "挥手第 4 步所在帧"}, AckFrame, Labelled, Steps, true,
   "The segment that acknowledged the second FIN", wave_frame<4>},
  {"tcpwave.wave.duration", {"Duration of the close", "挥手用时"}, RelativeTime, Labelled, Steps, true,
   "Time from wave step 1 to step 4",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.wave_duration_ns, out); }},

  {"tcpwave.conn", {"Connection", "连接"}, Uint32, Bare, Top, true,
   "Number of the connection in this capture, from 0; addresses and ports that are reused get a new one",
   [](const View& v, ValueSink& out) { out.number(v.annotation.connection); },
   [](const View& v, std::size_t) { return connection_text(v.annotation, v.known == Known::Final, v.language); }, Connection},
  {"tcpwave.outcome", {"Outcome", "结局"}, String, Labelled, Connection, true,
   "How the connection ended, as far as is known",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome, out); }},
  {"tcpwave.outcome.code", {"Outcome, by number", "结局的编号"}, Code, Hidden, Connection, true,
   "tcpwave.outcome as a number with a name: Wireshark refuses a filter with a name that does not exist",
   [](const View& v, ValueSink& out) { out.number(static_cast<std::uint32_t>(v.annotation.outcome)); }},
  {"tcpwave.outcome.text", {"Outcome in words", "结局说明"}, String, Hidden, Connection, true,
   "How the connection ended, for a column, in the language of the preference; for reading, not for filters",
   [](const View& v, ValueSink& out) { text_of(outcome_text(v.annotation.outcome, v.annotation.outcome_kind, v.language), out); }},
  {"tcpwave.outcome.kind", {"Kind of outcome", "结局类型"}, String, Labelled, Connection, true,
   "Outcome in more detail",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome_kind, out); }},
  {"tcpwave.active_closer", {"Closed first by", "主动关闭方"}, String, Labelled, Connection, true,
   "Who sent the first FIN: client, server or both",
   [](const View& v, ValueSink& out) { name_of(v.annotation.active_closer, out); }},
  {"tcpwave.reset_by", {"Reset by", "重置方"}, String, Labelled, Connection, true,
   "Who reset the connection: client, server or third_party",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_by != ResetBy::None) name_of(v.annotation.reset_by, out); }},
  {"tcpwave.reset_cause", {"Cause of reset", "重置原因"}, String, Labelled, Connection, true,
   "Cause of the RST that ended the connection: identifier of a finding",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) out.text(info(*v.annotation.reset_cause).id); }},
  {"tcpwave.reset_cause.code", {"Cause of reset, by number", "重置原因的编号"}, Code, Hidden, Connection, true,
   "tcpwave.reset_cause as a number with a name: Wireshark refuses a filter with a name that does not exist",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) out.number(cause_number(*v.annotation.reset_cause)); }},
  {"tcpwave.reset_confidence", {"Confidence in cause", "原因可信度"}, String, Labelled, Connection, true,
   "How certain the cause of the reset is: certain, likely or possible",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) name_of(v.annotation.reset_confidence, out); }},
  {"tcpwave.reset.idle", {"Silence before the RST", "RST 之前的静默"}, RelativeTime, Labelled, Connection, true,
   "How long the connection had been silent before this RST, or before the segment that it answers",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.reset_idle_ns, out); }},
  {"tcpwave.reset_states", {"State met by the RST", "RST 到达时的状态"}, String, Labelled, Connection, true,
   "States of the client and the server, in this order, that the RST which ended the connection met",
   [](const View& v, ValueSink& out) {
     if (!v.annotation.reset_states) return;
     for (const State state : *v.annotation.reset_states) name_of(state, out);
   },
   met_state},
  {"tcpwave.role.basis", {"Client identified by", "客户端判定依据"}, String, Labelled, Connection, true,
   "How client and server were identified: syn, synack, port or order",
   [](const View& v, ValueSink& out) { name_of(v.annotation.role_basis, out); }},
  {"tcpwave.conn_state", {"Zeek conn_state", "Zeek conn_state"}, String, Labelled, Connection, true,
   "Outcome in the codes of Zeek: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH",
   [](const View& v, ValueSink& out) { name_of(v.annotation.conn_state, out); }},
  {"tcpwave.history", {"Zeek history", "Zeek history"}, String, Labelled, Connection, true,
   "What was seen of the connection, in the letters of Zeek: the client's in upper case",
   [](const View& v, ValueSink& out) { text_of(history_text(v.annotation), out); }},
  {"tcpwave.known", {"Based on", "依据范围"}, String, Labelled, Connection, false,
   "final: the whole capture; so_far: the capture up to this segment, while it is being read",
   [](const View& v, ValueSink& out) { out.text(v.known == Known::Final ? "final" : "so_far"); }},
}};
// clang-format on
static_assert(kRows.back().filter != nullptr, "kFields is the number of rows");

/// Each row has its label in each language, and what stands alone on its line says something.
consteval bool rows_are_labelled() {
  for (const Field& row : kRows) {
    for (const char* label : row.label)
      if (label == nullptr || *label == '\0') return false;
    if (row.shown == Bare && row.says == nullptr) return false;
  }
  return true;
}
static_assert(rows_are_labelled());

consteval std::array<bool, kFields> rows_of_mark() {
  std::array<bool, kFields> of_mark{};
  for (std::size_t i = 0; i < kFields; ++i)
    for (const std::string_view name :
         {"tcpwave.step", "tcpwave.handshake.step", "tcpwave.wave.step", "tcpwave.step.repeat",
          "tcpwave.step.original.frame", "tcpwave.conn", "tcpwave.phase", "tcpwave.check.ok",
          "tcpwave.known"})
      of_mark[i] = of_mark[i] || name == kRows[i].filter;
  return of_mark;
}
constexpr std::array<bool, kFields> kOfMark = rows_of_mark();

}  // namespace

bool is_of_mark(std::size_t field) { return kOfMark[field]; }

std::span<const Field, kFields> fields() { return kRows; }

}  // namespace tcpwave
