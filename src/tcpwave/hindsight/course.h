// The course that most connections take: a handshake, data in order, a close, and nothing lost, late or odd.
//
// What such a segment comes to follows from it and from a few numbers of either end's latest segment, so it needs
// no model, and no look at an earlier record. The first segment that does not come next on the course leaves it: then
// the model is built from the records, as it is for a question, and judges what comes. It says of the records what was
// said here; builds with assertions compare the two (track/load.cpp).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tcpwave/hindsight/steady.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

class Course {
 public:
  /// A connection's first segment, a SYN alone, is sent by A; its result is written to it.
  void begin(SegmentRecord& syn);
  /// Whether the segment comes next, after the connection's `last`. Its result is written to it then; if not, nothing has
  /// changed.
  [[nodiscard]] bool take(const SegmentRecord& last, std::int64_t time_wait_ns, SegmentRecord&);
  void leave() { *this = Course{}; }
  [[nodiscard]] bool goes_on() const { return stage_ != Stage::Left; }
  /// Both have closed, and the last ACK was captured.
  [[nodiscard]] bool is_over() const { return stage_ == Stage::Over; }
  /// The server's SYN,ACK has come, and nothing of it since.
  [[nodiscard]] bool server_only_answered() const {
    return stage_ > Stage::SynSent && !server_went_on_;
  }
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

  /// What a SYN without the option says of its window's shift; 14 is the most that one can say (RFC 7323 section 2.3).
  static constexpr std::uint8_t kNoShift = 15;

  [[nodiscard]] static std::uint8_t shift_of(const SegmentRecord& syn);
  [[nodiscard]] std::array<State, 2> states(Stage) const;
  /// The stage after the segment; Left where it is not the next one.
  [[nodiscard]] Stage after(const SegmentRecord& last, std::int64_t time_wait_ns,
                            const SegmentRecord&) const;
  [[nodiscard]] SteadyEnd end_of(End) const;
  void answer(const SegmentRecord& syn_ack);
  void remember(const SegmentRecord&);
  void tell(Stage to, SegmentRecord&) const;

  // By End, of its latest segment. Together with the bits below half a line of cache, and no more.
  std::array<Seq, 2> snd_max_;
  std::array<Seq, 2> acked_;
  std::array<std::uint32_t, 2> tsval_{};
  std::array<std::uint16_t, 2> window_{};  ///< as sent

  Stage stage_ : 3 = Stage::Left;
  End closer_ : 1 = End::A;
  bool timestamps_ : 1 = false;                               ///< all SYNs so far have the option
  bool server_went_on_ : 1 = false;                           ///< after its SYN,ACK
  std::uint8_t client_shift_ : 4 = 0, server_shift_ : 4 = 0;  ///< of their windows
};

}  // namespace tcpwave
