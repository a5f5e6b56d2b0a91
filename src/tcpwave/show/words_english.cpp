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
  .handshake_step = {"SYN", "SYN,ACK", "ACK of the SYN,ACK"},
  .wave_step = {"active closer's FIN", "ACK of the active closer's FIN", "passive closer's FIN",
                "ACK of the passive closer's FIN"},
  .crossed_step = {"first FIN", "ACK of the first FIN", "second FIN", "ACK of the second FIN"},
  .basis = {{
    {Basis::Assumed, "assumed: the capture does not show how it got there"},
    {Basis::Presumed, "presumed: delivery is assumed until something proves otherwise"},
    {Basis::Timer, "timer: a time-out of its own, by capture time"},
    {Basis::Confirmed, "confirmed: another segment of it proves it"},
    {Basis::Sent, "sent: it sent the segment that implies this"}}},
  .role_basis = {{
    {RoleBasis::Syn, "it sent the first SYN"}, {RoleBasis::SynAck, "the other end sent the SYN,ACK"},
    {RoleBasis::Port, "the other end has the lower port number"},
    {RoleBasis::Order, "it sent the first captured segment"}}},
  .seq_check = {{
    {SeqCheck::Ok, "in order"}, {SeqCheck::Retransmission, "sent before (retransmission)"},
    {SeqCheck::Gap, "something before it is missing"}, {SeqCheck::OutOfWindow, "outside the receive window"},
    {SeqCheck::Keepalive, "one too low on purpose (keepalive)"},
    {SeqCheck::WindowProbe, "probes a closed window"}, {SeqCheck::Wrong, "wrong"}}},
  .ack_check = {{
    {AckCheck::None, ""}, {AckCheck::Ok, "fits"}, {AckCheck::Duplicate, "the same as before"},
    {AckCheck::Old, "older than one before"}, {AckCheck::BeyondSent, "of what was never captured as sent"},
    {AckCheck::Missing, "missing, though one is due"}, {AckCheck::Wrong, "wrong"}}},
  .rule = {{
    {RuleKind::AckOfClientSyn, "seq of handshake step 1"}, {RuleKind::SeqAfterSyn, "seq of handshake step 1"},
    {RuleKind::AckOfServerSyn, "seq of handshake step 2"}, {RuleKind::SeqIsLastAck, "last ack received"},
    {RuleKind::AckOfFirstFin, "seq of wave step 1"}, {RuleKind::SeqOfSecondFin, "last ack received"},
    {RuleKind::SeqAfterFirstFin, "seq of wave step 1"}, {RuleKind::AckOfSecondFin, "seq of wave step 3"}}},
  .waiting = {{
    {WaitingFor::Nothing, ""}, {WaitingFor::SynAck, "server's SYN,ACK"},
    {WaitingFor::ThirdAck, "client's ACK of the SYN,ACK"},
    {WaitingFor::SynOrSynAck, "both SYN,ACKs (simultaneous open)"},
    {WaitingFor::Close, "data, or the first FIN"}, {WaitingFor::AckOfFirstFin, "{passive}'s ACK of the FIN"},
    {WaitingFor::SecondFin, "{passive}'s FIN (half-closed)"},
    {WaitingFor::AckAndSecondFin, "{passive}'s ACK of the FIN, and its own FIN"},
    {WaitingFor::AckOfSecondFin, "{active}'s ACK of the second FIN"},
    {WaitingFor::BothAcks, "both ACKs of the crossed FINs"},
    {WaitingFor::TimeWaitEnd, "the end of TIME_WAIT"}}},
  .outcome = {{
    {Outcome::Partial, "the capture shows too little to say how it ended"},
    {Outcome::Refused, "refused"}, {Outcome::Unanswered, "the SYN stayed unanswered"},
    {Outcome::Reset, "reset"}, {Outcome::NormalClose, "closed in good order"},
    {Outcome::Replaced, "a new connection took its place"},
    {Outcome::IncompleteClose, "the close is not complete"}, {Outcome::HalfClosed, "half-closed"},
    {Outcome::HalfOpen, "half open: the handshake is not complete"}, {Outcome::Open, "open"}}},
  .outcome_kind = {{
    {OutcomeKind::None, ""}, {OutcomeKind::Rst, "by RST"}, {OutcomeKind::Icmp, "by ICMP"},
    {OutcomeKind::InHandshake, "during the handshake"}, {OutcomeKind::Established, "while open"},
    {OutcomeKind::InWave, "during the close"}, {OutcomeKind::AfterClose, "after the close"},
    {OutcomeKind::FourSegment, "four segments"}, {OutcomeKind::ThreeSegment, "three segments"},
    {OutcomeKind::Simultaneous, "both ends at once"}, {OutcomeKind::MissingStep2, "wave step 2 is missing"},
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
    {Sentence::NoConnection, "It belongs to no connection that this capture shows."},
    {Sentence::Syn, "The {sender} asks to open a connection and says at which number it starts to count (its ISN)."},
    {Sentence::CrossedSyn, "The {sender} asks to open a connection too, before it has seen the other's SYN: simultaneous open."},
    {Sentence::SynAck, "The {sender} agrees: it acknowledges the {receiver}'s SYN and sends its own."},
    {Sentence::ThirdAck, "The {sender} acknowledges the {receiver}'s SYN: each end has heard the other, the connection is open."},
    {Sentence::FirstFin, "The {sender} has nothing more to send and closes its direction; the {receiver} may still send."},
    {Sentence::AckOfFirstFin, "The {sender} has got the {receiver}'s FIN. The connection is half-closed: only the {sender} may still send."},
    {Sentence::AckAndSecondFin, "The {sender} acknowledges the {receiver}'s FIN and closes its own direction at once: two steps in one segment."},
    {Sentence::SecondFin, "The {sender} has nothing more to send either and closes its direction too."},
    {Sentence::LastAck, "The {sender} acknowledges the last FIN: the {receiver} is done, the {sender} waits in TIME_WAIT for stragglers."},
    {Sentence::CrossedFirstFin, "The {sender} closes its direction; the {receiver} does so too before it learns of it: simultaneous close."},
    {Sentence::CrossedSecondFin, "The {sender} closes its direction before it has seen the {receiver}'s FIN: simultaneous close."},
    {Sentence::CrossedAck, "The {sender} acknowledges the {receiver}'s FIN; in a simultaneous close each end does that once."},
    {Sentence::Refusal, "The {sender} refuses the connection: nothing there takes it."},
    {Sentence::Reset, "The {sender} breaks the connection off with RST; what was still under way is lost."},
    {Sentence::ForeignReset, "This RST bears the {sender}'s name, but most likely a box on the path or an attacker sent it to break the connection off."},
    {Sentence::ResetIgnored, "This RST does not count: its numbers do not fit, and the connection goes on."},
    {Sentence::ResetLate, "The {sender} answers with RST: it has no such connection (any more)."},
    {Sentence::FinRejected, "This FIN is no part of the close: its numbers do not fit, the {receiver} drops it."},
    {Sentence::SynRejected, "This SYN opens nothing: the {receiver} has this connection already and does not take it."},
    {Sentence::SynAckRejected, "This SYN,ACK opens nothing: it does not answer the SYN that the {receiver} has sent, and the {receiver} goes on waiting."},
    {Sentence::NumbersRejected, "Its numbers do not fit this connection; the {receiver} drops it."},
    {Sentence::Keepalive, "The {sender} asks whether the {receiver} is still there (keepalive)."},
    {Sentence::WindowProbe, "The {sender} asks whether the {receiver} has room again (window probe)."},
    {Sentence::DataAgain, "The {sender} sends again what it had sent before (retransmission)."},
    {Sentence::DataAfterGap, "The {sender} sends {octets} octets, but something before them is missing so far: lost, or out of order."},
    {Sentence::HalfCloseData, "The {sender} goes on sending ({octets} octets) after the {receiver} has closed its direction: half-close."},
    {Sentence::Data, "The {sender} sends {octets} octets of data."},
    {Sentence::DuplicateAck, "The {sender} acknowledges the same number again: nothing new has reached it in order."},
    {Sentence::OldAck, "The {sender} acknowledges less than it already did: an older segment, overtaken on its way."},
    {Sentence::Ack, "The {sender} acknowledges everything before {ack}."},
    {Sentence::LateSegment, "The connection is over; this segment comes late."},
    {Sentence::Other, "This segment changes nothing."},
    {Sentence::Again, " It was seen before, in frame {original}."},
    {Sentence::Copy, " A second copy of the same segment."},
    {Sentence::Lost, " Judging by what follows, it most likely did not arrive."}}},
  .glue = {{
    {Glue::Colon, ": "}, {Glue::Comma, ", "}, {Glue::ListComma, ", "}, {Glue::Open, " ("}, {Glue::Close, ")"}, {Glue::Quiet, "again"}, {Glue::Seconds, " seconds"},
    {Glue::ExpectedNumber, "expected "}, {Glue::NumbersFit, "Numbers fit"},
    {Glue::NumbersDoNotFit, "Numbers do not fit"}, {Glue::InFrames, " in frames "},
    {Glue::ClosedFirstBy, "closed first by "}, {Glue::ResetBy, "reset by "},
    {Glue::ConfirmedByFrame, "confirmed: proven by frame "}, {Glue::SoFar, "as known so far"},
    {Glue::ConnectionNumber, "Connection "}, {Glue::FrameMissing, "–"},
    {Glue::AfterSilence, ", after {idle} s without a segment"}}},
};
// clang-format on
static_assert(detail::complete(kTable));

}  // namespace

const WordTable& english_words() { return kTable; }

}  // namespace tcpwave
