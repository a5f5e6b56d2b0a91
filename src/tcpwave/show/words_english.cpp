// The words in English. See words.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/words_tables.h"

namespace tcpwave {
namespace {

// clang-format off
constexpr WordTable kTable{
  .side = {{{Side::Client, "client"}, {Side::Server, "server"}}},
  .phase = {{
    {Phase::None, "none"}, {Phase::Handshake, "handshake"}, {Phase::Established, "established"},
    {Phase::Wave, "wave"}, {Phase::Closed, "closed"}, {Phase::Reset, "reset"}}},
  .handshake_step = {"SYN", "SYN-ACK", "ACK of the SYN-ACK"},
  .wave_step = {"active closer's FIN", "ACK of the active closer's FIN", "passive closer's FIN",
                "ACK of the passive closer's FIN"},
  .crossed_step = {"first FIN", "ACK of the first FIN", "second FIN", "ACK of the second FIN"},
  .basis = {{
    {Basis::Assumed, "assumed: the capture does not show how it got there"},
    {Basis::Presumed, "presumed: delivery is assumed until disproved"},
    {Basis::Timer, "timer: a timeout of its own by capture time"},
    {Basis::Confirmed, "confirmed: another of its segments proves it"},
    {Basis::Sent, "sent: its own segment implies it"}}},
  .role_basis = {{
    {RoleBasis::Syn, "it sent the first SYN"}, {RoleBasis::SynAck, "the other end sent the SYN-ACK"},
    {RoleBasis::Port, "the other end has the lower port number"},
    {RoleBasis::Order, "it sent the first captured segment"}}},
  .seq_check = {{
    {SeqCheck::Ok, "in order"}, {SeqCheck::Retransmission, "retransmission"},
    {SeqCheck::Gap, "data before it is missing"}, {SeqCheck::OutOfWindow, "outside the receive window"},
    {SeqCheck::Keepalive, "one below the next byte (keepalive)"},
    {SeqCheck::WindowProbe, "probes a zero window"}, {SeqCheck::Wrong, "not acceptable"}}},
  .ack_check = {{
    {AckCheck::None, ""}, {AckCheck::Ok, "acceptable"}, {AckCheck::Duplicate, "same as before (duplicate)"},
    {AckCheck::Old, "lower than an earlier one"}, {AckCheck::BeyondSent, "acknowledges data that was never sent"},
    {AckCheck::Missing, "missing although required"}, {AckCheck::Wrong, "does not acknowledge the SYN"}}},
  .rule = {{
    {RuleKind::AckOfClientSyn, "seq of handshake step 1"}, {RuleKind::SeqAfterSyn, "seq of handshake step 1"},
    {RuleKind::AckOfServerSyn, "seq of handshake step 2"}, {RuleKind::SeqIsLastAck, "last ack received"},
    {RuleKind::AckOfFirstFin, "seq of wave step 1"}, {RuleKind::SeqOfSecondFin, "last ack received"},
    {RuleKind::SeqAfterFirstFin, "seq of wave step 1"}, {RuleKind::AckOfSecondFin, "seq of wave step 3"}}},
  .waiting = {{
    {WaitingFor::Nothing, ""}, {WaitingFor::SynAck, "server's SYN-ACK"},
    {WaitingFor::ThirdAck, "client's ACK of the SYN-ACK"},
    {WaitingFor::SynOrSynAck, "both SYN-ACKs (simultaneous open)"},
    {WaitingFor::Close, "data or the first FIN"}, {WaitingFor::AckOfFirstFin, "{passive}'s ACK of the FIN"},
    {WaitingFor::SecondFin, "{passive}'s FIN (half-closed)"},
    {WaitingFor::AckAndSecondFin, "{passive}'s ACK of the FIN and its own FIN"},
    {WaitingFor::AckOfSecondFin, "{active}'s ACK of the second FIN"},
    {WaitingFor::BothAcks, "both ACKs of the crossed FINs"},
    {WaitingFor::TimeWaitEnd, "end of TIME_WAIT"}}},
  .outcome = {{
    {Outcome::Partial, "the capture shows too little to say how it ended"},
    {Outcome::Refused, "refused"}, {Outcome::Unanswered, "SYN unanswered"},
    {Outcome::Reset, "reset"}, {Outcome::NormalClose, "closed normally"},
    {Outcome::Replaced, "replaced by a new connection"},
    {Outcome::IncompleteClose, "close not complete"}, {Outcome::HalfClosed, "half-closed"},
    {Outcome::HalfOpen, "half-open: handshake not complete"}, {Outcome::Open, "open"}}},
  .outcome_kind = {{
    {OutcomeKind::None, ""}, {OutcomeKind::Rst, "by RST"}, {OutcomeKind::Icmp, "by ICMP"},
    {OutcomeKind::InHandshake, "during the handshake"}, {OutcomeKind::Established, "while open"},
    {OutcomeKind::InWave, "during the close"}, {OutcomeKind::AfterClose, "after the close"},
    {OutcomeKind::FourSegment, "four segments"}, {OutcomeKind::ThreeSegment, "three segments"},
    {OutcomeKind::Simultaneous, "simultaneous"}, {OutcomeKind::MissingStep2, "wave step 2 is missing"},
    {OutcomeKind::MissingStep3, "wave step 3 is missing"}, {OutcomeKind::MissingStep4, "wave step 4 is missing"}}},
  .closer = {{
    {ActiveCloser::None, ""}, {ActiveCloser::Client, "the client"}, {ActiveCloser::Server, "the server"},
    {ActiveCloser::Both, "both ends"}}},
  .reset_by = {{
    {ResetBy::None, ""}, {ResetBy::Client, "the client"}, {ResetBy::Server, "the server"},
    {ResetBy::ThirdParty, "a third party"}}},
  .confidence = {{
    {Confidence::None, ""}, {Confidence::Possible, "possible"}, {Confidence::Likely, "likely"},
    {Confidence::Certain, "certain"}}},
  .severity = {{
    {Severity::Chat, "Chat"}, {Severity::Note, "Note"}, {Severity::Warn, "Warning"}, {Severity::Error, "Error"}}},
  .sentence = {{
    {Sentence::NoConnection, "It belongs to no connection in this capture."},
    {Sentence::Syn, "The {sender} asks to open a connection and announces its initial sequence number (ISN)."},
    {Sentence::CrossedSyn, "The {sender} also asks to open a connection before it has received the other end's SYN: simultaneous open."},
    {Sentence::SynAck, "The {sender} agrees: it acknowledges the {receiver}'s SYN and sends its own."},
    {Sentence::ThirdAck, "The {sender} acknowledges the {receiver}'s SYN: the connection is established."},
    {Sentence::FirstFin, "The {sender} has no more data to send and closes its direction (FIN). The {receiver} may still send."},
    {Sentence::AckOfFirstFin, "The {sender} has received the {receiver}'s FIN. The connection is half-closed: only the {sender} may still send."},
    {Sentence::AckAndSecondFin, "The {sender} acknowledges the {receiver}'s FIN and closes its own direction in the same segment: two steps in one."},
    {Sentence::SecondFin, "The {sender} has no more data to send either and closes its direction too (FIN)."},
    {Sentence::LastAck, "The {sender} acknowledges the last FIN: the {receiver} is closed and the {sender} waits in TIME_WAIT for late segments."},
    {Sentence::CrossedFirstFin, "The {sender} closes its direction (FIN). The {receiver} does the same before it receives this FIN: simultaneous close."},
    {Sentence::CrossedSecondFin, "The {sender} closes its direction (FIN) before it has received the {receiver}'s FIN: simultaneous close."},
    {Sentence::CrossedAck, "The {sender} acknowledges the {receiver}'s FIN. In a simultaneous close each end does this once."},
    {Sentence::Refusal, "The {sender} refuses the connection: nothing accepts it there."},
    {Sentence::Reset, "The {sender} aborts the connection (RST); data in flight is lost."},
    {Sentence::ForeignReset, "This RST carries the {sender}'s address but most likely a middlebox or an attacker sent it to break the connection."},
    {Sentence::ResetIgnored, "This RST is ignored: its numbers are not acceptable and the connection continues."},
    {Sentence::ResetLate, "The {sender} answers with RST: it no longer has or never had this connection."},
    {Sentence::FinRejected, "This FIN is not part of the close: its numbers are not acceptable and the {receiver} drops it."},
    {Sentence::SynRejected, "This SYN opens no connection: the {receiver} already has this one and does not accept it."},
    {Sentence::SynAckRejected, "This SYN-ACK opens no connection: it does not answer the {receiver}'s SYN and the {receiver} keeps waiting."},
    {Sentence::NumbersRejected, "Its numbers are not acceptable on this connection; the {receiver} drops it."},
    {Sentence::Keepalive, "The {sender} checks whether the {receiver} is still there (keepalive)."},
    {Sentence::WindowProbe, "The {sender} checks whether the {receiver}'s window has opened again (window probe)."},
    {Sentence::DataAgain, "The {sender} sends data again (retransmission)."},
    {Sentence::DataAfterGap, "The {sender} sends {octets} byte{s} but earlier data is missing so far: lost or out of order."},
    {Sentence::HalfCloseData, "The {sender} keeps sending ({octets} byte{s}) after the {receiver} has closed its direction: half-close."},
    {Sentence::Data, "The {sender} sends {octets} byte{s} of data."},
    {Sentence::ChallengeAck, "The {sender} does not accept the {receiver}'s segment and answers with a challenge ACK: the number that it expects next."},
    {Sentence::DuplicateAck, "The {sender} acknowledges the same number again: nothing new has arrived in order (duplicate ACK)."},
    {Sentence::OldAck, "The {sender} acknowledges less than before: an older segment that was overtaken on the way."},
    {Sentence::Ack, "The {sender} acknowledges everything before {ack}."},
    {Sentence::SentBeforeEnd, "The {sender} sent this before its socket was CLOSED: it was still in flight."},
    {Sentence::LateSegment, "The connection is over; this segment is late."},
    {Sentence::Other, "This segment changes nothing."},
    {Sentence::Again, " It was first seen in frame {original}."},
    {Sentence::Copy, " This is a second copy of the same segment."},
    {Sentence::Lost, " Later segments show that it most likely did not arrive."}}},
  .glue = {{
    {Glue::Colon, ": "}, {Glue::Comma, ", "}, {Glue::ListComma, ", "}, {Glue::Open, " ("}, {Glue::Close, ")"}, {Glue::Quiet, "again"}, {Glue::Seconds, " seconds"},
    {Glue::ExpectedNumber, "expected "}, {Glue::NumbersFit, "Numbers acceptable"},
    {Glue::NumbersDoNotFit, "Numbers not acceptable"}, {Glue::InFrames, " in frames "},
    {Glue::ClosedFirstBy, "closed first by "}, {Glue::ResetBy, "reset by "},
    {Glue::ConfirmedByFrame, "confirmed by frame "}, {Glue::SoFar, "as known so far"},
    {Glue::ConnectionNumber, "Connection "}, {Glue::FrameMissing, "–"},
    {Glue::AfterSilence, ", after {idle} s without a segment"}}},
};
// clang-format on
static_assert(detail::complete(kTable));

}  // namespace

const WordTable& english_words() { return kTable; }

}  // namespace tcpwave
