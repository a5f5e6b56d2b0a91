// THE table of findings: one row per enumerator of `Finding`, in the same order.
//
// The expert info, `tcpwave.finding`, the documents and the tests are made from these rows. A
// finding's name says what was observed, not what is suspected; names are public and never renamed.
// In `text`, {1} and {2} stand for the hit's numbers, {sender} and {receiver} for client or server.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>

#include "tcpwave/finding.h"

namespace tcpwave {

/// Where a rule comes from: an RFC and its section, with a requirement's id where it has one.
struct Reference {
  std::uint16_t rfc = 0;
  const char* section = "";
  const char* requirement = "";
};

struct FindingInfo {
  Finding finding;
  const char* id;        ///< `tcpwave.finding == "id"`
  Group group;
  Severity severity;
  const char* text;      ///< one line, numbers by placeholder
  const char* explanation;  ///< cause, what it means, what to look at next
  Reference reference;
  const char* scenario;  ///< below tests/scenarios
};

// clang-format off
inline constexpr std::array<FindingInfo, kFindings> kCatalogue{{
  {Finding::ConnectionRefused, "connection_refused", Group::Opening, Severity::Warn,
   "Connection refused: {sender} answers the SYN with RST",
   "Nothing listens on that port, or a firewall rejects the connection. Check that the service runs and which address it listens on.",
   {9293, "3.10.7.1", ""}, "abnormal/refused.tw"},
  {Finding::SynRepeated, "syn_repeated", Group::Opening, Severity::Note,
   "SYN sent again (first in frame {1})",
   "The SYN or its answer was lost or delayed, or the server ignored it (full accept queue).",
   {9293, "3.8.1", ""}, "handshake/syn_lost.tw"},
  {Finding::SynAckRepeated, "synack_repeated", Group::Opening, Severity::Note,
   "SYN,ACK sent again (first in frame {1})",
   "The SYN,ACK or the ACK that completes the handshake was lost.",
   {9293, "3.8.1", ""}, "handshake/synack_lost.tw"},
  {Finding::SynAckBadAck, "synack_bad_ack", Group::Opening, Severity::Warn,
   "SYN,ACK acknowledges {1}, but the SYN asks for {2}",
   "It is not the answer to this SYN: an old duplicate, or forged. The client answers with RST and stays in SYN_SENT.",
   {9293, "3.10.7.3", ""}, "abnormal/synack_bad_ack.tw"},
  {Finding::SimultaneousOpen, "simultaneous_open", Group::Opening, Severity::Note,
   "Simultaneous open: both ends sent a SYN",
   "Both ends opened actively; no side is the server. Legal and rare; usual in NAT hole punching.",
   {9293, "3.5", "MUST-10"}, "handshake/simultaneous_open.tw"},
  {Finding::RstInHandshake, "rst_in_handshake", Group::Opening, Severity::Warn,
   "{sender} resets the connection during the handshake",
   "One end gave up before the connection was established.",
   {9293, "3.10.7.4", ""}, "abnormal/rst_in_handshake.tw"},
  {Finding::CloseInitiated, "close_initiated", Group::Closing, Severity::Chat,
   "{sender} starts the close",
   "The first FIN of the connection: its sender will send no more data.",
   {9293, "3.6", ""}, "close/four_segment.tw"},
  {Finding::CloseThreeSegment, "close_three_segment", Group::Closing, Severity::Chat,
   "{sender} acknowledges the first FIN and closes in one segment",
   "The passive closer had nothing left to send: wave steps 2 and 3 are one segment.",
   {9293, "3.6", ""}, "close/three_segment.tw"},
  {Finding::CloseSimultaneous, "close_simultaneous", Group::Closing, Severity::Chat,
   "Simultaneous close: the FINs crossed",
   "Both ends closed before they saw the other's FIN; both go through CLOSING to TIME_WAIT.",
   {9293, "3.6", ""}, "close/simultaneous.tw"},
  {Finding::HalfClose, "half_close", Group::Closing, Severity::Chat,
   "{sender} goes on sending after the other end's FIN",
   "Half-close: the connection is open in one direction only.",
   {9293, "3.6.1", "MUST-13"}, "close/half_close.tw"},
  {Finding::FinRepeated, "fin_repeated", Group::Closing, Severity::Note,
   "FIN sent again (first in frame {1})",
   "The FIN or its ACK was lost or delayed.",
   {9293, "3.8.1", ""}, "close/fin_lost.tw"},
  {Finding::FinalAckLost, "final_ack_lost", Group::Closing, Severity::Note,
   "The last ACK (frame {1}) did not arrive: {sender} repeats its FIN",
   "The FIN comes again although its ACK was captured. TIME_WAIT exists for this case.",
   {9293, "3.6", ""}, "close/final_ack_lost.tw"},
  {Finding::DataAfterFin, "data_after_fin", Group::Closing, Severity::Warn,
   "{sender} sends data beyond its own FIN (seq {1}, FIN at {2})",
   "A FIN ends the sender's data; what follows it is a fault of the stack, or forged.",
   {9293, "3.6", ""}, "abnormal/data_after_fin.tw"},
  {Finding::FinBeyondGap, "fin_beyond_gap", Group::Closing, Severity::Note,
   "FIN at seq {1}, but {2} is expected next: the receiver cannot take it yet",
   "Data before the FIN is missing; the receiver stays in its state until that arrives.",
   {9293, "3.10.7.4", ""}, "close/fin_beyond_gap.tw"},
  {Finding::FinUnacceptable, "fin_unacceptable", Group::Closing, Severity::Warn,
   "FIN with unacceptable numbers (seq {1}, expected {2}): no part of the close",
   "The receiver drops it. Either it is very old, or forged.",
   {9293, "3.10.7.4", ""}, "abnormal/fin_unacceptable.tw"},
  {Finding::RstAbort, "rst_abort", Group::Resets, Severity::Warn,
   "{sender} aborts the open connection",
   "The application closed with SO_LINGER 0 or crashed, or a box in between cut the connection.",
   {9293, "3.10.5", ""}, "abnormal/rst_abort.tw"},
  {Finding::RstInClose, "rst_in_close", Group::Resets, Severity::Warn,
   "{sender} resets the connection during the close",
   "The close did not complete in order.",
   {9293, "3.10.7.4", ""}, "abnormal/rst_in_close.tw"},
  {Finding::RstRepeated, "rst_repeated", Group::Resets, Severity::Note,
   "RST again (first in frame {1})",
   "Segments that were still under way met an endpoint that has gone.",
   {9293, "3.10.7.1", ""}, "abnormal/rst_repeated.tw"},
  {Finding::RstOutOfWindow, "rst_out_of_window", Group::Resets, Severity::Warn,
   "RST outside the window (seq {1}, expected {2}): ignored",
   "A very old segment, or a blind attack; the receiver drops it.",
   {5961, "3.2", ""}, "abnormal/rst_out_of_window.tw"},
  {Finding::RstInexact, "rst_inexact", Group::Resets, Severity::Warn,
   "RST in the window but not exact (seq {1}, expected {2}): challenged",
   "The receiver answers with a challenge ACK and goes on; a true sender would then send an exact RST.",
   {5961, "3.2", ""}, "abnormal/rst_inexact.tw"},
  {Finding::ChallengeAck, "challenge_ack", Group::Resets, Severity::Note,
   "Challenge ACK for frame {1}",
   "The answer of an open connection to a SYN or RST that it does not accept.",
   {5961, "3.2", ""}, "abnormal/rst_inexact.tw"},
  {Finding::RstNoConnection, "rst_no_connection", Group::Resets, Severity::Note,
   "RST for no known connection",
   "What it answers is not in the capture.",
   {9293, "3.10.7.1", ""}, "abnormal/rst_no_connection.tw"},
  {Finding::AckUnsent, "ack_unsent", Group::Segments, Severity::Warn,
   "Acknowledges {1}, but only up to {2} has been sent",
   "The capture lacks segments, or the segment is forged.",
   {9293, "3.10.7.4", ""}, "abnormal/ack_unsent.tw"},
  {Finding::SynInConnection, "syn_in_connection", Group::Segments, Severity::Warn,
   "SYN on an open connection: not accepted",
   "The sender has lost the old connection (crash, port reused too soon), or the SYN is forged. An open endpoint answers with a challenge ACK.",
   {5961, "4.2", ""}, "abnormal/syn_in_connection.tw"},
  {Finding::SynAckInConnection, "synack_in_connection", Group::Segments, Severity::Warn,
   "SYN,ACK on an open connection: not accepted",
   "An old duplicate, or forged. An open endpoint answers with a challenge ACK.",
   {5961, "4.2", ""}, "abnormal/synack_in_connection.tw"},
  {Finding::SegmentOutOfWindow, "segment_out_of_window", Group::Segments, Severity::Note,
   "Segment outside the window (seq {1}, expected {2}): dropped by the receiver",
   "A very old duplicate, a forged segment, or the capture lacks segments.",
   {9293, "3.10.7.4", ""}, "abnormal/segment_out_of_window.tw"},
}};
// clang-format on

constexpr const FindingInfo& info(Finding f) { return kCatalogue[static_cast<std::size_t>(f)]; }

namespace detail {
consteval bool catalogue_in_order() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i)
    if (static_cast<std::size_t>(kCatalogue[i].finding) != i) return false;
  return true;
}
consteval bool catalogue_names_good() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    const std::string_view id = kCatalogue[i].id;
    if (id.empty() || std::string_view(kCatalogue[i].text).ends_with('.')) return false;
    for (const char c : id)
      if (!((c >= 'a' && c <= 'z') || c == '_')) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (id == kCatalogue[j].id) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::catalogue_in_order(), "row i must be enumerator i");
static_assert(detail::catalogue_names_good(), "ids are unique snake_case; texts end without period");

}  // namespace tcpwave
