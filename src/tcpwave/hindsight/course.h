// The course that most connections take: a handshake, data in order, a close, and nothing lost, late or odd.
//
// What such a segment comes to follows from it, from the latest segment of either end and from a few bits, so it needs
// no model. The first segment that does not come next on the course leaves it: then the model is built from the records,
// as it is for a question, and judges what comes. It says of the records what was said here; builds with assertions
// compare the two (track/load.cpp).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tcpwave/hindsight/steady.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

class Course {
 public:
  /// By End: its latest segment; nothing of B before its SYN,ACK.
  using Latest = std::array<const SegmentRecord*, 2>;

  /// A connection's first segment, a SYN alone, is sent by A; its result is written to it.
  void begin(SegmentRecord& syn);
  /// Whether the segment comes next. Its result is written to it then; if not, nothing has changed.
  [[nodiscard]] bool take(const Latest&, std::int64_t time_wait_ns, SegmentRecord&);
  void leave() { *this = Course{}; }
  [[nodiscard]] bool goes_on() const { return stage_ != Stage::Left; }
  /// Both have closed, and the last ACK was captured.
  [[nodiscard]] bool is_over() const { return stage_ == Stage::Over; }
  /// By End, after the latest segment.
  [[nodiscard]] std::array<State, 2> states() const { return states(stage_); }

 private:
  /// What was captured last. From FinSent on, who closed first is `closer_`.
  enum class Stage : std::uint8_t {
    Left,
    SynSent,
    SynAnswered,
    Open,
    FinSent,
    FinAcked,
    BothFinsSent,
    Over
  };
  static constexpr std::size_t kStages = 8;

  /// By stage, of the client and the server; from FinSent on of who closed first and of its peer.
  static const std::array<std::array<State, 2>, kStages> kStates;

  [[nodiscard]] std::array<State, 2> states(Stage) const;
  /// The stage after the segment; Left where it is not the next one.
  [[nodiscard]] Stage after(const Latest&, std::int64_t time_wait_ns, const SegmentRecord&) const;
  [[nodiscard]] SteadyEnd end_of(End, const Latest&) const;
  void note_options(const SegmentRecord& syn, const SegmentRecord& syn_ack);
  void tell(Stage to, SegmentRecord&) const;

  Stage stage_ : 3 = Stage::Left;
  End closer_ : 1 = End::A;
  bool timestamps_ : 1 = false;                               ///< both SYNs have the option
  std::uint8_t client_shift_ : 4 = 0, server_shift_ : 4 = 0;  ///< of their windows
};

}  // namespace tcpwave
