// The words tcpwave uses for an endpoint: its state, what happens to it, and why we believe it.
//
// States are the eleven of RFC 9293 section 3.3.2 plus Unknown. Events are *new* facts only: a
// repeated FIN is not an event. The spelling is public interface (fields, filters, documents).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tcpwave {

enum class State : std::uint8_t {
  Unknown,  // nothing in the capture gives any ground
  Closed,   // no socket
  Listen,   // only the listener: this connection never got past SYN_RECEIVED
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait,
};
inline constexpr std::size_t kStates = 12;

enum class Event : std::uint8_t {
  SendSyn,        // active open
  SendSynAck,     // it takes a SYN to answer with one
  SendFin,        // the application closed
  SendRst,        // abort, or the answer of an endpoint that knows no connection
  ReceiveSyn,     // acceptable SYN without ACK
  ReceiveSynAck,  // SYN,ACK that acknowledges our SYN
  ReceiveAckOfSyn,
  ReceiveFin,  // in order
  ReceiveAckOfFin,
  ReceiveRst,            // acceptable
  ReceiveRstAsListener,  // the same in SYN_RECEIVED of a passive open
  Timeout,               // the end of 2MSL
  // What an observer sees and an end does not: its past.
  FoundClosed,      // the connection begins, and the end had no socket
  FoundListening,   // likewise; it listened
  FoundOpen,        // likewise; it had an open connection
  FoundInTimeWait,  // likewise; it had a connection that was over
  NewOpener,        // its socket of the previous incarnation was gone when it sent this SYN
  NewListener,      // its socket of the previous incarnation has given way to a listener
};
inline constexpr std::size_t kEvents = 18;

/// Why a state is shown (see the specification of `tcpwave.X.state.basis`).
enum class Basis : std::uint8_t {
  Assumed,    // the capture starts in the middle
  Presumed,   // delivery presumed
  Timer,      // a time-out of the endpoint's own, by capture time
  Confirmed,  // another segment of the endpoint proves it
  Sent,       // the endpoint itself sent the segment that implies it
};
inline constexpr std::size_t kBases = 5;

enum class Phase : std::uint8_t { None, Handshake, Established, Wave, Closed, Reset };
inline constexpr std::size_t kPhases = 6;

/// How it is known which end is the client.
enum class RoleBasis : std::uint8_t { Syn, SynAck, Port, Order };
inline constexpr std::size_t kRoleBases = 4;

/// How a segment's SEG.SEQ compares with what is due (specification of `tcpwave.seq.check`).
enum class SeqCheck : std::uint8_t {
  Ok,
  Retransmission,
  Gap,
  OutOfWindow,
  Keepalive,
  WindowProbe,
  Wrong
};
inline constexpr std::size_t kSeqChecks = 7;
/// The same of SEG.ACK. `None`: no ACK is due, so nothing is said.
enum class AckCheck : std::uint8_t { None, Ok, Duplicate, Old, BeyondSent, Missing, Wrong };
inline constexpr std::size_t kAckChecks = 7;

/// The two ends of a connection. The client sent the first SYN (else see RoleBasis).
enum class Side : std::uint8_t { Client, Server };
constexpr Side other(Side s) { return s == Side::Client ? Side::Server : Side::Client; }

[[nodiscard]] std::string_view name(State);      // "FIN_WAIT_1"
[[nodiscard]] std::string_view name(Event);      // "receive FIN"
[[nodiscard]] std::string_view name(Basis);      // "presumed"
[[nodiscard]] std::string_view name(Phase);      // "wave"
[[nodiscard]] std::string_view name(RoleBasis);  // "syn"
[[nodiscard]] std::string_view name(Side);       // "client"

}  // namespace tcpwave
