// The names of an annotation's values: what filters compare with, the same in every language. What is
// shown to a person is made in words.cpp and sentences.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/annotation.h"

namespace tcpwave {
namespace {

using Words = std::string_view;

constexpr std::array<Words, kSeqChecks> kSeqCheckNames{
    "ok", "retransmission", "gap", "out_of_window", "keepalive", "window_probe", "wrong"};
constexpr std::array<Words, kAckChecks> kAckCheckNames{
    "", "ok", "duplicate", "old", "beyond_sent", "missing", "wrong"};
constexpr std::array<Words, 4> kResetByNames{"", "client", "server", "third_party"};
constexpr std::array<Words, 4> kCloserNames{"", "client", "server", "both"};
constexpr std::array<Words, kOutcomes> kOutcomeNames{
    "partial",  "refused",          "unanswered",  "reset",     "normal_close",
    "replaced", "incomplete_close", "half_closed", "half_open", "open"};
constexpr std::array<Words, kOutcomeKinds> kOutcomeKindNames{"",
                                                             "rst",
                                                             "icmp",
                                                             "in_handshake",
                                                             "established",
                                                             "in_wave",
                                                             "after_close",
                                                             "four_segment",
                                                             "three_segment",
                                                             "simultaneous",
                                                             "missing_step_2",
                                                             "missing_step_3",
                                                             "missing_step_4"};
constexpr std::array<Words, kConnStates> kConnStateNames{
    "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH"};

}  // namespace

bool Annotation::check_ok() const {
  const bool seq_bad = seq_check == SeqCheck::OutOfWindow || seq_check == SeqCheck::Wrong;
  const bool ack_bad = ack_check == AckCheck::BeyondSent || ack_check == AckCheck::Missing ||
                       ack_check == AckCheck::Wrong;
  return !seq_bad && !ack_bad;
}

std::string_view name(SeqCheck c) { return kSeqCheckNames[static_cast<std::size_t>(c)]; }
std::string_view name(AckCheck c) { return kAckCheckNames[static_cast<std::size_t>(c)]; }
std::string_view name(ActiveCloser c) { return kCloserNames[static_cast<std::size_t>(c)]; }
std::string_view name(Confidence c) {
  constexpr std::array<Words, 4> kNames{"", "possible", "likely", "certain"};
  return kNames[static_cast<std::size_t>(c)];
}

std::string_view name(ResetBy r) { return kResetByNames[static_cast<std::size_t>(r)]; }
std::string_view name(Outcome o) { return kOutcomeNames[static_cast<std::size_t>(o)]; }
std::string_view name(OutcomeKind k) { return kOutcomeKindNames[static_cast<std::size_t>(k)]; }

std::string_view name(ConnState c) { return kConnStateNames[static_cast<std::size_t>(c)]; }

std::string_view name(Severity s) {
  constexpr std::array<Words, 4> kNames{"chat", "note", "warn", "error"};
  return kNames[static_cast<std::size_t>(s)];
}

std::string_view name(Group g) {
  constexpr std::array<Words, 5> kNames{"opening", "closing", "resets", "segments", "hosts"};
  return kNames[static_cast<std::size_t>(g)];
}

Text transition_text(const Annotation& a, Side side) {
  Text text;
  const EndpointView& view = a.endpoint[static_cast<std::size_t>(side)];
  if (view.previous == view.after) return text;
  text << name(side) << ": " << name(view.previous) << " -> " << name(view.after);
  return text;
}

Text history_text(const Annotation& a) { return Text(Words(a.history.begin(), a.history.size())); }

}  // namespace tcpwave
