// The rows of THE list of fields. See fields.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "fields.h"

#include <array>
#include <string_view>

#include "tcpwave/catalogue.h"

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
void state_basis(const View& v, ValueSink& out) {
  name_of(end<kSide>(v).basis, out);
}

using enum FieldType;
using enum Shown;

// clang-format off
constexpr std::array<Field, kFields> kRows{{
  {"tcpwave.conn", "Connection", Uint32, Yes, true,
   "Connection number in this capture, from 0; a reused address and port pair gets a new one",
   [](const View& v, ValueSink& out) { out.number(v.annotation.connection); }},
  {"tcpwave.phase", "Phase", String, Yes, false,
   "Phase of the connection after this segment: handshake, established, wave, closed, reset or none",
   [](const View& v, ValueSink& out) { name_of(v.annotation.phase, out); }},

  // The steps: one value per step that the segment is, in the same order in each of these fields.
  {"tcpwave.step", "Step", Uint8, Yes, true,
   "Number of the step in either phase, handshake or wave",
   [](const View& v, ValueSink& out) { for (const StepMark& s : v.annotation.steps) out.number(s.number); }},
  {"tcpwave.handshake.step", "Handshake step", Uint8, Hidden, true,
   "Step of the handshake: 1 SYN, 2 SYN,ACK, 3 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Handshake, v, out); }},
  {"tcpwave.wave.step", "Wave step", Uint8, Hidden, true,
   "Step of the close: 1 first FIN, 2 its acknowledgment, 3 second FIN, 4 its acknowledgment",
   [](const View& v, ValueSink& out) { steps_of(Phase::Wave, v, out); }},
  {"tcpwave.step.name", "Step in words", String, Yes, true,
   "The step in words",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) text_of(step_text(v.annotation, s), out);
   }},
  {"tcpwave.step.repeat", "Seen before", Bool, Yes, true,
   "Whether this step was seen before",
   [](const View& v, ValueSink& out) {
     for (const StepMark& s : v.annotation.steps) out.number(s.repeated ? 1 : 0);
   }},
  {"tcpwave.step.original.frame", "First seen in frame", OriginalFrame, Yes, true,
   "The segment that this one repeats",
   [](const View& v, ValueSink& out) { for (const StepMark& s : v.annotation.steps) frame_of(s.original_frame, out); }},

  {"tcpwave.client.state", "Client's state", String, Yes, true,
   "State of the client's endpoint after this segment (RFC 9293)", state<Side::Client>},
  {"tcpwave.client.state.before", "Client's state before", String, Yes, true,
   "State of the client's endpoint before this segment", state_before<Side::Client>},
  {"tcpwave.client.state.basis", "Client's state known by", String, Yes, true,
   "Why the client's state is believed: sent, confirmed, presumed, timer or assumed",
   state_basis<Side::Client>},
  {"tcpwave.server.state", "Server's state", String, Yes, true,
   "State of the server's endpoint after this segment (RFC 9293)", state<Side::Server>},
  {"tcpwave.server.state.before", "Server's state before", String, Yes, true,
   "State of the server's endpoint before this segment", state_before<Side::Server>},
  {"tcpwave.server.state.basis", "Server's state known by", String, Yes, true,
   "Why the server's state is believed: sent, confirmed, presumed, timer or assumed",
   state_basis<Side::Server>},
  {"tcpwave.state", "State of an end", String, Hidden, true,
   "Both endpoints' states after this segment, the client's first",
   [](const View& v, ValueSink& out) { state<Side::Client>(v, out); state<Side::Server>(v, out); }},
  {"tcpwave.transition", "Transition", String, Yes, true,
   "The change of an endpoint's state, where there is one",
   [](const View& v, ValueSink& out) {
     text_of(transition_text(v.annotation, Side::Client), out);
     text_of(transition_text(v.annotation, Side::Server), out);
   }},
  {"tcpwave.waiting_for", "Next in order", String, Yes, true,
   "What would come next",
   [](const View& v, ValueSink& out) { text_of(waiting_text(v.annotation), out); }},

  {"tcpwave.check.ok", "Numbers fit", Bool, Yes, true,
   "Whether seq and ack are what this segment may carry; a retransmission or a gap is legal",
   [](const View& v, ValueSink& out) { out.number(v.annotation.check_ok() ? 1 : 0); }},
  {"tcpwave.check.rule", "Rule", String, Yes, true,
   "A rule that was checked, with its numbers",
   [](const View& v, ValueSink& out) { for (const Rule& r : v.annotation.rules) text_of(rule_text(r), out); }},
  {"tcpwave.seq", "Sequence number", Uint32, Yes, true,
   "Sequence number, relative to the sender's initial one",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq); }},
  {"tcpwave.seq.expected", "Sequence number in order", Uint32, Yes, true,
   "The sequence number that a segment in order would carry",
   [](const View& v, ValueSink& out) { out.number(v.annotation.seq_expected); }},
  {"tcpwave.seq.check", "Sequence number is", String, Yes, true,
   "ok, retransmission, gap, out_of_window, keepalive, window_probe or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.seq_check, out); }},
  {"tcpwave.ack", "Acknowledgment number", Uint32, Yes, true,
   "Acknowledgment number, relative to the receiver's initial sequence number",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack, out); }},
  {"tcpwave.ack.expected", "Acknowledgment number in order", Uint32, Yes, true,
   "The acknowledgment number that a segment in order would carry",
   [](const View& v, ValueSink& out) { number_of(v.annotation.ack_expected, out); }},
  {"tcpwave.ack.check", "Acknowledgment number is", String, Yes, true,
   "ok, duplicate, old, beyond_sent, missing or wrong",
   [](const View& v, ValueSink& out) { name_of(v.annotation.ack_check, out); }},

  {"tcpwave.finding", "Finding", String, Yes, false,
   "Identifier of what is wrong or worth knowing about this segment",
   [](const View& v, ValueSink& out) { for (const FindingHit& f : v.annotation.findings) out.text(info(f.finding).id); }},

  {"tcpwave.handshake.step1.frame", "Handshake step 1 in frame", RequestFrame, Yes, true,
   "The segment that opened the connection", handshake_frame<1>},
  {"tcpwave.handshake.step2.frame", "Handshake step 2 in frame", ResponseFrame, Yes, true,
   "The segment that answered the SYN", handshake_frame<2>},
  {"tcpwave.handshake.step3.frame", "Handshake step 3 in frame", AckFrame, Yes, true,
   "The segment that completed the handshake", handshake_frame<3>},
  {"tcpwave.wave.step1.frame", "Wave step 1 in frame", RequestFrame, Yes, true,
   "The segment with the first FIN", wave_frame<1>},
  {"tcpwave.wave.step2.frame", "Wave step 2 in frame", AckFrame, Yes, true,
   "The segment that acknowledged the first FIN", wave_frame<2>},
  {"tcpwave.wave.step3.frame", "Wave step 3 in frame", ResponseFrame, Yes, true,
   "The segment with the second FIN", wave_frame<3>},
  {"tcpwave.wave.step4.frame", "Wave step 4 in frame", AckFrame, Yes, true,
   "The segment that acknowledged the second FIN", wave_frame<4>},
  {"tcpwave.handshake.rtt", "Handshake round trip", RelativeTime, Yes, true,
   "Time from the SYN to the segment that completed the handshake",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.handshake_rtt_ns, out); }},
  {"tcpwave.wave.duration", "Duration of the close", RelativeTime, Yes, true,
   "Time from wave step 1 to step 4",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.wave_duration_ns, out); }},
  {"tcpwave.since_previous_step", "Since the step before", RelativeTime, Yes, true,
   "Time since the step before this one",
   [](const View& v, ValueSink& out) { duration_of(v.annotation.since_previous_step_ns, out); }},

  {"tcpwave.active_closer", "Closed first by", String, Yes, true,
   "Who sent the first FIN: client, server or both",
   [](const View& v, ValueSink& out) { name_of(v.annotation.active_closer, out); }},
  {"tcpwave.role.basis", "Client known by", String, Yes, true,
   "How client and server are told apart: syn, synack, port or order",
   [](const View& v, ValueSink& out) { name_of(v.annotation.role_basis, out); }},
  {"tcpwave.outcome", "Outcome", String, Yes, true,
   "How the connection ended, as far as known",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome, out); }},
  {"tcpwave.outcome.kind", "Kind of outcome", String, Yes, true,
   "The outcome in more detail",
   [](const View& v, ValueSink& out) { name_of(v.annotation.outcome_kind, out); }},
  {"tcpwave.reset_by", "Reset by", String, Yes, true,
   "Who reset the connection",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_by != ResetBy::None) name_of(v.annotation.reset_by, out); }},
  {"tcpwave.reset_cause", "Reset cause", String, Yes, true,
   "The verdict on the RST that ended the connection: a finding's identifier",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) out.text(info(*v.annotation.reset_cause).id); }},
  {"tcpwave.reset_confidence", "Reset confidence", String, Yes, true,
   "How sure the verdict is: certain, likely or possible",
   [](const View& v, ValueSink& out) { if (v.annotation.reset_cause) name_of(v.annotation.reset_confidence, out); }},
  {"tcpwave.known", "Known", String, Yes, false,
   "final where the whole capture is in view, so_far while it is being read",
   [](const View& v, ValueSink& out) { out.text(v.known == Known::Final ? "final" : "so_far"); }},
}};
// clang-format on
static_assert(kRows.back().filter != nullptr, "kFields is the number of rows");

}  // namespace

std::span<const Field, kFields> fields() { return kRows; }

}  // namespace tcpwave
