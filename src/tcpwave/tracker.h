// The engine's front door: segments in, annotations out.
//
// A `Tracker` finds or starts the connection of each segment and lets it judge the segment. What is
// learned later changes what is said about earlier segments: `annotate` always answers with what is
// known at the moment of the call. So "one pass" is annotate() right after observe(), and "two
// passes" is annotate(id, Known::Final) after the last observe().
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/segment.h"

namespace tcpwave {

struct Settings {
  /// 2MSL (RFC 9293 section 3.4.2), Linux's default; 0 to 2^62-1.
  std::int64_t time_wait_ns = 60'000'000'000;
  /// CLOSE_WAIT held longer is a finding; 0 to 2^62-1.
  std::int64_t close_wait_held_ns = 60'000'000'000;
  std::uint32_t syn_flood_half_open =
      100;                     ///< so many SYN_RECEIVED of a host are a flood; 0: never
  std::uint32_t pileup = 100;  ///< so many CLOSE_WAIT or TIME_WAIT of a host are; 0: never
  /// Bytes that the models of connections of up to 64 segments may take. Beyond that, unused ones are dropped and built
  /// again when needed. Longer connections keep theirs: it is small beside their segments. It changes no answer: fewer
  /// bytes take more time.
  std::uint64_t model_bytes = std::uint64_t{1} << 30;
  /// Asks the system for large pages (2 MiB) where much is kept: that halves the time for a large capture, or more. In a
  /// process that keeps more than this in small pages of its own it may cost what it saves.
  bool large_pages = true;
};

/// How much of the capture an annotation may rest on.
enum class Known : std::uint8_t {
  SoFar,  ///< what was observed until now; more may follow
  Final,  ///< the same, and that the capture ends here (taken back if it does not)
};

/// How much an annotation tells.
enum class Detail : std::uint8_t {
  Mark,  ///< the connection's number, the phase, steps and checks: what a mark in a list is made of
  Whole,
};

/// What an ICMP error says of a segment that it quotes. The addresses and ports are the quoted ones.
struct Unreachable {
  std::uint32_t frame = 0;  ///< of the ICMP error
  Address source, destination;
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint32_t context = 0;
  Seq seq;
  std::uint8_t type = 0, code = 0;
};

/// The SYN that an ICMP error tells about.
struct UnreachableSyn {
  std::uint32_t connection = 0;
  std::uint32_t syn_frame = 0;
  FindingHit finding;  ///< syn_unreachable; its text needs no annotation but for the words of it
};

/// Thrown for a connection that was being changed when memory ran out.
struct GivenUp : std::exception {
  [[nodiscard]] const char* what() const noexcept override {
    return "memory ran out while its connection was judged";
  }
};

/// The n-th observed segment, from 0.
using SegmentId = std::uint32_t;

/// The two ends of a connection, by Side.
struct Ends {
  std::array<Address, 2> address;
  std::array<std::uint16_t, 2> port{};
};

/// Where a segment came from, and where it went.
struct Route {
  Address source, destination;
  std::uint16_t source_port = 0, destination_port = 0;
};

/// A segment as captured, and what became of it.
struct Captured {
  std::uint32_t frame = kNoFrame;
  std::int64_t time_ns = 0;
  Flags flags;
  std::uint32_t payload = 0;
  Side sender = Side::Client;
  bool lost = false;  ///< it did not arrive
  bool copy = false;  ///< captured twice, or duplicated on its way
};

/// One end reaches a state. In order of the segments; times may run backwards.
struct StateChange {
  std::int64_t time_ns = 0;
  std::uint32_t segment = 0;  ///< the connection's n-th, from 0, at which it shows
  Side side = Side::Client;
  State state = State::Unknown;
  Basis basis = Basis::Assumed;  ///< of the state when it is reached, as `EndpointView` has it
};

/// A segment at a glance: what can be told of it without an annotation, which costs ten times as much.
struct Glance {
  enum class Kind : std::uint8_t {
    Plain,  ///< data or an ACK on an open connection, in order; its annotation says no more than that
    Other,    ///< its annotation may say more
    Notable,  ///< a step, a SYN, FIN or RST, a state that changes, a failed check
  };
  SegmentId id = 0;
  Captured segment;
  bool again = false;  ///< a retransmission
  Kind kind = Kind::Other;
};

class Tracker {
 public:
  explicit Tracker(const Settings& = {});
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// Takes the next segment of the capture. Ids count up from 0. It is judged when somebody asks.
  /// @throws std::bad_alloc; the segment then was not taken, and nothing has changed.
  SegmentId observe(const Segment&);
  /// Takes the next segments of the capture and judges them, quicker where they are of many connections. The id of the
  /// first. @throws std::bad_alloc; segments() then says how many were taken.
  SegmentId observe(std::span<const Segment>);
  /// Judges what was observed and waits. Every question below does so first.
  /// @throws std::bad_alloc, as they do. The segment that it happened to is given up then, and where
  /// its connection had been changed already, that too: what asks for it gets GivenUp, its next segment
  /// begins another one, and the counts of its hosts keep it. Nothing else is touched.
  void judge();

  /// An ICMP error that quotes a TCP header. It is no segment; it counts only against a SYN in flight.
  std::optional<UnreachableSyn> observe_unreachable(const Unreachable&);

  /// What is known now about a segment; `id` must come from observe().
  /// @throws std::out_of_range for another one; GivenUp; std::bad_alloc, and then the connection may be given up.
  [[nodiscard]] Annotation annotate(SegmentId, Known = Known::SoFar) const;
  /// The same into `annotation`, which must be fresh; no more than asked for, which is quicker.
  void annotate(SegmentId, Known, Detail, Annotation& annotation) const;

  /// Annotation::steps_alone(), where the segment's record tells it; nothing elsewhere. @throws as annotate()
  [[nodiscard]] std::optional<std::uint8_t> steps_of_mark(SegmentId, Known) const;

  /// Whether it may have findings; false is certain. Of most segments of a long connection none is asked for then. @throws
  /// as annotate()
  [[nodiscard]] bool may_have_findings(SegmentId, Known) const;

  /// Whether one of them may be graver than a Chat; false is certain. So nobody needs the annotations of a connection that opens,
  /// sends in order and closes. @throws as annotate()
  [[nodiscard]] bool may_have_grave_findings(SegmentId, Known) const;

  /// The engine's work so far, in segments judged, corrections included.
  [[nodiscard]] std::uint64_t rows_applied() const;
  [[nodiscard]] std::uint32_t connections() const;
  [[nodiscard]] SegmentId segments() const;
  /// @throws as annotate()
  [[nodiscard]] Route route(SegmentId) const;
  /// Nothing for segments of no known connection. @throws as annotate()
  [[nodiscard]] std::optional<std::uint32_t> connection_of(SegmentId) const;
  /// Capture time of the first segment, and the latest one.
  [[nodiscard]] std::int64_t start_ns() const;
  [[nodiscard]] std::int64_t end_ns() const;

  // A connection by its number, below connections(), with the whole capture in view.
  // @throws std::out_of_range for another number; GivenUp and std::bad_alloc as annotate()
  [[nodiscard]] std::uint32_t segments_of(std::uint32_t connection) const;
  /// The connection's n-th segment in capture order, from 0. @throws std::out_of_range for an n not below segments_of()
  [[nodiscard]] SegmentId segment_of(std::uint32_t connection, std::uint32_t n) const;
  [[nodiscard]] Captured captured(SegmentId) const;
  /// Goes through all its segments in order.
  void skim(std::uint32_t connection, const std::function<void(const Glance&)>& look) const;
  [[nodiscard]] Ends ends(std::uint32_t connection) const;
  /// Every state that its ends went through, the end of TIME_WAIT included.
  [[nodiscard]] std::vector<StateChange> states_of(std::uint32_t connection) const;
  /// When another connection took its addresses and ports.
  [[nodiscard]] std::optional<std::int64_t> replaced_at(std::uint32_t connection) const;
  /// The shortest time from the tap to that end and back, where an answer was seen.
  [[nodiscard]] std::optional<std::int64_t> way_to(std::uint32_t connection, Side) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tcpwave
