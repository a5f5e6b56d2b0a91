// The words of an annotation: every text that tcpwave shows is made here, once for all who show it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/annotation.h"

#include "tcpwave/catalogue.h"

namespace tcpwave {
namespace {

using Words = std::string_view;

constexpr std::array<Words, kSeqChecks> kSeqCheckNames{"ok",           "retransmission", "gap",  "out_of_window",
                                                       "keepalive",    "window_probe",   "wrong"};
constexpr std::array<Words, kAckChecks> kAckCheckNames{"", "ok", "duplicate", "old", "beyond_sent", "missing", "wrong"};
constexpr std::array<Words, 4> kResetByNames{"", "client", "server", "third_party"};
constexpr std::array<Words, 4> kCloserNames{"", "client", "server", "both"};
constexpr std::array<Words, kOutcomes> kOutcomeNames{
    "partial",  "refused",          "unanswered",  "reset",     "normal_close",
    "replaced", "incomplete_close", "half_closed", "half_open", "open"};
constexpr std::array<Words, kOutcomeKinds> kOutcomeKindNames{
    "",            "rst",           "icmp",         "in_handshake",   "established",    "in_wave",       "after_close",
    "four_segment", "three_segment", "simultaneous", "missing_step_2", "missing_step_3", "missing_step_4"};

constexpr std::array<Words, 3> kHandshakeSteps{"SYN", "SYN,ACK", "ACK of the SYN,ACK"};
constexpr std::array<Words, 4> kWaveSteps{"active closer's FIN", "ACK of the active closer's FIN",
                                          "passive closer's FIN", "ACK of the passive closer's FIN"};
constexpr std::array<Words, 4> kCrossedSteps{"first FIN", "ACK of the first FIN", "second FIN", "ACK of the second FIN"};

/// A rule in words: `quantity` N = `of` (M) + D + 1.
struct RuleWords {
  RuleKind kind;
  Words quantity, of;
  bool plus_one;
};
constexpr std::array<RuleWords, kRuleKinds> kRuleWords{{
    {RuleKind::AckOfClientSyn, "ack", "seq of handshake step 1", true},
    {RuleKind::SeqAfterSyn, "seq", "seq of handshake step 1", true},
    {RuleKind::AckOfServerSyn, "ack", "seq of handshake step 2", true},
    {RuleKind::SeqIsLastAck, "seq", "last ack received", false},
    {RuleKind::AckOfFirstFin, "ack", "seq of wave step 1", true},
    {RuleKind::SeqOfSecondFin, "seq", "last ack received", false},
    {RuleKind::SeqAfterFirstFin, "seq", "seq of wave step 1", true},
    {RuleKind::AckOfSecondFin, "ack", "seq of wave step 3", true},
}};
consteval bool rule_words_in_order() {
  for (std::size_t i = 0; i < kRuleWords.size(); ++i)
    if (static_cast<std::size_t>(kRuleWords[i].kind) != i) return false;
  return true;
}
static_assert(rule_words_in_order());

Words step_words(const Annotation& a, const StepMark& mark) {
  const std::size_t i = mark.number - 1U;
  if (mark.phase == Phase::Handshake) return kHandshakeSteps[i];
  return a.active_closer == ActiveCloser::Both ? kCrossedSteps[i] : kWaveSteps[i];
}

void state_change(Text& text, Words who, const EndpointView& view) {
  text << who << " ";
  if (view.before != view.after) text << name(view.before) << " → ";
  text << name(view.after);
}

/// `wave 2+3/4`
void step_list(Text& text, const Annotation& a) {
  Phase phase = Phase::None;
  bool again = !a.steps.empty();
  for (const StepMark& mark : a.steps) {
    if (mark.phase == phase) {
      text << "+";
    } else {
      if (phase != Phase::None) text << (phase == Phase::Handshake ? "/3, " : "/4, ");
      text << name(mark.phase) << " ";
      phase = mark.phase;
    }
    text << static_cast<std::uint32_t>(mark.number);
    again &= mark.repeated;
  }
  if (phase != Phase::None) text << (phase == Phase::Handshake ? "/3" : "/4");
  if (again) text << " again";
}

Side passive_closer(const Annotation& a) {
  return a.active_closer == ActiveCloser::Server ? Side::Client : Side::Server;
}

}  // namespace

bool Annotation::check_ok() const {
  const bool seq_bad = seq_check == SeqCheck::OutOfWindow || seq_check == SeqCheck::Wrong;
  const bool ack_bad = ack_check == AckCheck::BeyondSent || ack_check == AckCheck::Missing || ack_check == AckCheck::Wrong;
  return !seq_bad && !ack_bad;
}

std::string_view name(SeqCheck c) { return kSeqCheckNames[static_cast<std::size_t>(c)]; }
std::string_view name(AckCheck c) { return kAckCheckNames[static_cast<std::size_t>(c)]; }
std::string_view name(ActiveCloser c) { return kCloserNames[static_cast<std::size_t>(c)]; }
std::string_view name(Confidence c) {
  constexpr std::array<Words, 4> names{"", "possible", "likely", "certain"};
  return names[static_cast<std::size_t>(c)];
}

std::string_view name(ResetBy r) { return kResetByNames[static_cast<std::size_t>(r)]; }
std::string_view name(Outcome o) { return kOutcomeNames[static_cast<std::size_t>(o)]; }
std::string_view name(OutcomeKind k) { return kOutcomeKindNames[static_cast<std::size_t>(k)]; }

std::string_view name(Severity s) {
  constexpr std::array<Words, 4> names{"chat", "note", "warn", "error"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view name(Group g) {
  constexpr std::array<Words, 5> names{"opening", "closing", "resets", "segments", "hosts"};
  return names[static_cast<std::size_t>(g)];
}

Text step_text(const Annotation& a, const StepMark& mark) {
  Text text;
  text << name(mark.phase) << " " << static_cast<std::uint32_t>(mark.number)
       << (mark.phase == Phase::Handshake ? "/3: " : "/4: ") << step_words(a, mark);
  if (mark.repeated) text << " (again)";
  return text;
}

Text transition_text(const Annotation& a, Side side) {
  Text text;
  const EndpointView& view = a.endpoint[static_cast<std::size_t>(side)];
  if (view.previous == view.after) return text;
  text << name(side) << ": " << name(view.previous) << " -> " << name(view.after);
  return text;
}

Text rule_text(const Rule& rule) {
  const RuleWords& words = kRuleWords[static_cast<std::size_t>(rule.kind)];
  Text text;
  text << words.quantity << " " << rule.actual << (rule.ok ? " = " : " ≠ ") << words.of << " (" << rule.base << ")";
  if (rule.data > 0) text << " + " << rule.data;
  if (words.plus_one) text << " + 1";
  return text;
}

Text waiting_text(const Annotation& a) {
  Text text;
  const Words passive = name(passive_closer(a)), active = name(other(passive_closer(a)));
  switch (a.waiting_for) {
    case WaitingFor::Nothing: return text;
    case WaitingFor::SynAck: return text << "server's SYN,ACK";
    case WaitingFor::ThirdAck: return text << "client's ACK of the SYN,ACK";
    case WaitingFor::SynOrSynAck: return text << "both SYN,ACKs (simultaneous open)";
    case WaitingFor::Close: return text << "data, or the first FIN";
    case WaitingFor::AckOfFirstFin: return text << passive << "'s ACK of the FIN";
    case WaitingFor::SecondFin: return text << passive << "'s FIN (half-closed)";
    case WaitingFor::AckAndSecondFin: return text << passive << "'s ACK of the FIN, and its own FIN";
    case WaitingFor::AckOfSecondFin: return text << active << "'s ACK of the second FIN";
    case WaitingFor::BothAcks: return text << "both ACKs of the crossed FINs";
    case WaitingFor::TimeWaitEnd: return text << "the end of TIME_WAIT";
  }
  return text;
}

Text headline(const Annotation& a) {
  Text text;
  step_list(text, a);
  if (a.steps.empty()) text << (a.phase == Phase::Reset ? Words("reset") : name(a.phase));
  text << ", ";
  state_change(text, "client", a.client());
  text << ", ";
  state_change(text, "server", a.server());
  return text;
}

Text short_mark(const Annotation& a) {
  Text text;
  step_list(text, a);
  return text;
}

Text finding_text(const Annotation& a, const FindingHit& hit) {
  Text text;
  Words rest = info(hit.finding).text;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    text << rest.substr(0, open);
    if (open == Words::npos) break;
    const std::size_t close = rest.find('}', open);
    const Words key = rest.substr(open + 1, close - open - 1);
    if (key == "1") text << hit.first;
    if (key == "2") text << hit.second;
    if (key == "sender") text << name(a.sender);
    if (key == "receiver") text << name(other(a.sender));
    rest = rest.substr(close + 1);
  }
  return text;
}

}  // namespace tcpwave
