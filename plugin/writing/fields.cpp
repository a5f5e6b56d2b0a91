// The rows of THE list of fields. See fields.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/fields.h"

#include <array>
#include <string_view>

#include "tcpwave/catalogue.h"
#include "tcpwave/sentences.h"
#include "tcpwave/show/words.h"

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
template <Side kSide>
void state_basis(const View& v, ValueSink& out) {
  name_of(end<kSide>(v).basis, out);
}

using enum FieldType;
using enum Shown;
using enum Branch;

// clang-format off
constexpr std::array<Field, kFields> kRows{{
  {"tcpwave.meaning", {"Meaning", "含义"}, String, Bare, Top, true,
   "What the segment means, in one plain sentence, in the language of the preference; to be read, not compared",
   [](const View& v, ValueSink& out) { text_of(meaning_text(v.annotation, v.language), out); },
   [](const View& v, std::size_t) { return meaning_text(v.annotation, v.language); }},

  // The steps: one value per step that the segment is, in the same order in each of these fields.
  {"tcpwave.step", {"Step", "步骤"}, Uint8, Labelled, Top, true,
   "Number of the step in either phase, handshake or wave",
   [](const View& v, ValueSink& out) { for (const StepMark& s : v.annotation.steps) out.number(s.number); },
   [](const View& v, std::size_t n) { return step_text(v.annotation, v.annotation.steps[n], v.language); }, Step},
  {"tcpwave.handshake.step", {"Handshake step", "握手步骤"}, Uint8, Hidden, Top, true,
   "Step of the handshake: 1 SYN, 2 SYN,ACK, 3 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Handshake, v, out); }},
  {"tcpwave.wave.step", {"Wave step", "挥手步骤"}, Uint8, Hidden, Top, true,
   "Step of the close: 1 first FIN, 2 its acknowledgment, 3 second FIN, 4 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Wave, v, out); }},
  {"tcpwave.step.name", {"Step in words", "步骤名称"}, String, Hidden, Top, true,
   "The step in words",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) text_of(step_text(v.annotation, s), out);
   }},
  {"tcpwave.step.repeat", {"Seen before", "此前出现过"}, Bool, Hidden, Top, true,
   "Whether this step was seen before",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) out.number(s.repeated ? 1 : 0);
   }},
  {"tcpwave.step.original.frame", {"First seen in frame", "首次出现于帧"}, OriginalFrame, Labelled, Step, true,
   "The segment that this one repeats",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) {
       if (s.original_frame == kNoFrame) out.skip();
       frame_of(s.original_frame, out);
     }
   }},
  {"tcpwave.since_previous_step", {"Since the step before", "距上一步"}, RelativeTime, Labelled, Step, true,
   "Time since the step before this one",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.since_previous_step_ns, out); }},

  {"tcpwave.client.state", {"Client", "客户端"}, String, Labelled, Top, true,
   "State of the client's endpoint after this segment (RFC 9293)", state<Side::Client>, state_line<Side::Client>, Client},
  {"tcpwave.client.state.before", {"State before", "此前状态"}, String, Labelled, Client, true,
   "State of the client's endpoint before this segment", state_before<Side::Client>},
  {"tcpwave.client.state.basis", {"State known by", "状态依据"}, String, Labelled, Client, true,
   "Why the client's state is believed: sent, confirmed, presumed, timer or assumed", state_basis<Side::Client>},
  {"tcpwave.client.gauge.syn_received", {"Its host's connections in SYN_RECEIVED", "其主机处于 SYN_RECEIVED 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in SYN_RECEIVED after this segment, for I/O graphs",
   gauge<Side::Client, &HostGauge::syn_received>},
  {"tcpwave.client.gauge.close_wait", {"Its host's connections in CLOSE_WAIT", "其主机处于 CLOSE_WAIT 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in CLOSE_WAIT after this segment, for I/O graphs",
   gauge<Side::Client, &HostGauge::close_wait>},
  {"tcpwave.client.gauge.time_wait", {"Its host's connections in TIME_WAIT", "其主机处于 TIME_WAIT 的连接数"}, Uint32,
   Labelled, Client, true, "Connections of the client's host in TIME_WAIT after this segment, for I/O graphs",
   gauge<Side::Client, &HostGauge::time_wait>},
  {"tcpwave.server.state", {"Server", "服务器"}, String, Labelled, Top, true,
   "State of the server's endpoint after this segment (RFC 9293)", state<Side::Server>, state_line<Side::Server>, Server},
  {"tcpwave.server.state.before", {"State before", "此前状态"}, String, Labelled, Server, true,
   "State of the server's endpoint before this segment", state_before<Side::Server>},
  {"tcpwave.server.state.basis", {"State known by", "状态依据"}, String, Labelled, Server, true,
   "Why the server's state is believed: sent, confirmed, presumed, timer or assumed", state_basis<Side::Server>},
  {"tcpwave.server.gauge.syn_received", {"Its host's connections in SYN_RECEIVED", "其主机处于 SYN_RECEIVED 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in SYN_RECEIVED after this segment, for I/O graphs",
   gauge<Side::Server, &HostGauge::syn_received>},
  {"tcpwave.server.gauge.close_wait", {"Its host's connections in CLOSE_WAIT", "其主机处于 CLOSE_WAIT 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in CLOSE_WAIT after this segment, for I/O graphs",
   gauge<Side::Server, &HostGauge::close_wait>},
  {"tcpwave.server.gauge.time_wait", {"Its host's connections in TIME_WAIT", "其主机处于 TIME_WAIT 的连接数"}, Uint32,
   Labelled, Server, true, "Connections of the server's host in TIME_WAIT after this segment, for I/O graphs",
   gauge<Side::Server, &HostGauge::time_wait>},
  {"tcpwave.state", {"State of an end", "一端的状态"}, String, Hidden, Top, true,
   "Both endpoints' states after this segment, the client's first",
   [](const View& v, ValueSink& out) { state<Side::Client>(v, out); state<Side::Server>(v, out); }},
  {"tcpwave.transition", {"Transition", "状态转换"}, String, Hidden, Top, true,
   "The change of an endpoint's state, where there is one",
   [](const View& v, ValueSink& out) {
     text_of(transition_text(v.annotation, Side::Client), out);
     text_of(transition_text(v.annotation, Side::Server), out);
   }},

  {"tcpwave.check.ok", {"Numbers fit", "序号正确"}, Bool, Bare, Top, true,
   "Whether seq and ack are what this segment may carry; a retransmission or a gap is legal",
   [](const View& v, ValueSink& out) { out.number(v.annotation.check_ok() ? 1 : 0); },
   [](const View& v, std::size_t) { return checks_text(v.annotation, v.language); }, Checks},
  {"tcpwave.check.rule", {"Rule", "规则"}, String, Bare, Checks, true,
   "A rule that was checked, with its numbers",
   [](const View& v, ValueSink& out) { for (const Rule& r : v.annotation.rules) text_of(rule_text(r), out); },
   [](const View& v, std::size_t n) { return checked_rule_text(v.annotation, v.annotation.rules[n], v.language); }},
  {"tcpwave.seq.check", {"Sequence number is", "序列号检查"}, String, Bare, Checks, true,
   "ok, retransmission, gap, out_of_window, keepalive, window_probe or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.seq_check, out); },
   [](const View& v, std::size_t) { return seq_check_text(v.annotation, v.language); }},
  {"tcpwave.seq", {"Sequence number", "序列号"}, Uint32, Labelled, Checks, true,
   "Sequence number, relative to the sender's initial one",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq); }},
  {"tcpwave.seq.expected", {"Sequence number in order", "按序的序列号"}, Uint32, Labelled, Checks, true,
   "The sequence number that a segment in order would carry",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq_expected); }},
  {"tcpwave.ack.check", {"Acknowledgment number is", "确认号检查"}, String, Bare, Checks, true,
   "ok, duplicate, old, beyond_sent, missing or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.ack_check, out); },
   [](const View& v, std::size_t) { return ack_check_text(v.annotation, v.language); }},
  {"tcpwave.ack", {"Acknowledgment number", "确认号"}, Uint32, Labelled, Checks, true,
   "Acknowledgment number, relative to the receiver's initial sequence number",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack, out); }},
  {"tcpwave.ack.expected", {"Acknowledgment number in order", "按序的确认号"}, Uint32, Labelled, Checks, true,
   "The acknowledgment number that a segment in order would carry",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack_expected, out); }},

  {"tcpwave.waiting_for", {"Next in order", "接下来应为"}, String, Labelled, Top, true,
   "What would come next",
   [](const View& v, ValueSink& out) { text_of(waiting_text(v.annotation), out); },
   [](const View& v, std::size_t) { return waiting_text(v.annotation, v.language); }},

  {"tcpwave.phase", {"Phase", "阶段"}, String, Labelled, Top, false,
   "Phase of the connection after this segment: handshake, established, wave, closed, reset or none",
   [](const View& v, ValueSink& out) { name_of(v.annotation.phase, out); },
   [](const View& v, std::size_t) { return steps_text(v.annotation, v.language); }, Steps},
  {"tcpwave.handshake.step1.frame", {"Handshake step 1 in frame", "握手第 1 步所在帧"}, RequestFrame, Labelled, Steps, true,
   "The segment that opened the connection", handshake_frame<1>},
  {"tcpwave.handshake.step2.frame", {"Handshake step 2 in frame", "握手第 2 步所在帧"}, ResponseFrame, Labelled, Steps, true,
   "The segment that answered the SYN", handshake_frame<2>},
  {"tcpwave.handshake.step3.frame", {"Handshake step 3 in frame", "握手第 3 步所在帧"}, AckFrame, Labelled, Steps, true,
   "The segment that completed the handshake", handshake_frame<3>},
  {"tcpwave.handshake.rtt", {"Handshake round trip", "握手往返时间"}, RelativeTime, Labelled, Steps, true,
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
   "Connection number in this capture, from 0; a reused address and port pair gets a new one",
   [](const View& v, ValueSink& out) { out.number(v.annotation.connection); },
   [](const View& v, std::size_t) { return connection_text(v.annotation, v.known == Known::Final, v.language); }, Connection},
  {"tcpwave.outcome", {"Outcome", "结局"}, String, Labelled, Connection, true,
   "How the connection ended, as far as known",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome, out); }},
  {"tcpwave.outcome.kind", {"Kind of outcome", "结局类型"}, String, Labelled, Connection, true,
   "The outcome in more detail",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome_kind, out); }},
  {"tcpwave.active_closer", {"Closed first by", "主动关闭方"}, String, Labelled, Connection, true,
   "Who sent the first FIN: client, server or both",
   [](const View& v, ValueSink& out) { name_of(v.annotation.active_closer, out); }},
  {"tcpwave.reset_by", {"Reset by", "重置方"}, String, Labelled, Connection, true,
   "Who reset the connection",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_by != ResetBy::None) name_of(v.annotation.reset_by, out); }},
  {"tcpwave.reset_cause", {"Reset cause", "重置原因"}, String, Labelled, Connection, true,
   "The verdict on the RST that ended the connection: a finding's identifier",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) out.text(info(*v.annotation.reset_cause).id); }},
  {"tcpwave.reset_confidence", {"Reset confidence", "原因可信度"}, String, Labelled, Connection, true,
   "How sure the verdict is: certain, likely or possible",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) name_of(v.annotation.reset_confidence, out); }},
  {"tcpwave.reset.idle", {"Silence before the RST", "RST 之前的静默"}, RelativeTime, Labelled, Connection, true,
   "How long the connection had been silent before this RST, or before the segment that it answers",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.reset_idle_ns, out); }},
  {"tcpwave.reset_states", {"State that the RST met", "RST 遇到的状态"}, String, Labelled, Connection, true,
   "The states of client and server that the RST which ended the connection met, in this order",
   [](const View& v, ValueSink& out) {
     if (!v.annotation.reset_states) return;
     for (const State state : *v.annotation.reset_states) name_of(state, out);
   },
   met_state},
  {"tcpwave.role.basis", {"Client known by", "客户端判定依据"}, String, Labelled, Connection, true,
   "How client and server are told apart: syn, synack, port or order",
   [](const View& v, ValueSink& out) { name_of(v.annotation.role_basis, out); }},
  {"tcpwave.conn_state", {"Zeek's conn_state", "Zeek 的 conn_state"}, String, Labelled, Connection, true,
   "What became of the connection, in Zeek's codes: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH",
   [](const View& v, ValueSink& out) { name_of(v.annotation.conn_state, out); }},
  {"tcpwave.history", {"Zeek's history", "Zeek 的 history"}, String, Labelled, Connection, true,
   "What was seen of the connection, in Zeek's letters: the client's in upper case",
   [](const View& v, ValueSink& out) { text_of(history_text(v.annotation), out); }},
  {"tcpwave.known", {"Known", "所知范围"}, String, Labelled, Connection, false,
   "final where the whole capture is in view, so_far while it is being read",
   [](const View& v, ValueSink& out) { out.text(v.known == Known::Final ? "final" : "so_far"); }},

  {"tcpwave.finding", {"Finding", "发现"}, String, Bare, Top, false,
   "Identifier of what is wrong or worth knowing about this segment",
   [](const View& v, ValueSink& out) { for (const FindingHit& f : v.annotation.findings) out.text(info(f.finding).id); },
   [](const View& v, std::size_t n) { return judged_finding_text(v.annotation, v.annotation.findings[n], v.language); },
   Branch::Finding},
  {"tcpwave.finding.explanation", {"Explanation", "解释"}, String, Bare, Branch::Finding, false,
   "Cause and meaning of a finding and what to look at next, in the language of the preference; to be read, not compared",
   [](const View& v, ValueSink& out) {
     for (const FindingHit& f : v.annotation.findings) text_of(explanation_text(v.annotation, f, v.language), out);
   },
   [](const View& v, std::size_t n) { return explanation_text(v.annotation, v.annotation.findings[n], v.language); }},
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
