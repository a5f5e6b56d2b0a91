// What the engine keeps of one captured segment: one record of one cache line.
//
// The upper part is what was captured; it never changes. The facts are conclusions about the segment's way
// through the network: hindsight sets them, and applying the connection's segments again from there on gives
// the corrected result, which is the rest: the segment's checks, its steps, and both ends' states.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tcpwave/segment.h"
#include "tcpwave/state.h"
#include "tcpwave/store/prefetch.h"

namespace tcpwave {

/// Which of a connection's two ends sent a segment: the one that sent its first record is A.
enum class End : std::uint8_t { A, B };
constexpr End other(End e) { return e == End::A ? End::B : End::A; }
constexpr std::size_t index(End e) { return static_cast<std::size_t>(e); }

/// The n-th record of a connection.
using Row = std::uint32_t;
inline constexpr Row kNoRow = 0xffffffffU;

enum class Step : std::uint8_t { Handshake1, Handshake2, Handshake3, Wave1, Wave2, Wave3, Wave4 };
inline constexpr std::size_t kSteps = 7;

class StepSet {
 public:
  constexpr void add(Step s) {
    bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(s)));
  }
  [[nodiscard]] constexpr bool has(Step s) const {
    return ((bits_ >> static_cast<unsigned>(s)) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  friend constexpr bool operator==(StepSet, StepSet) = default;

 private:
  std::uint8_t bits_ = 0;
};

/// What was seen on a segment when it was judged, apart from its two checks.
enum class Note : std::uint8_t { BeforeIsn, WindowShrunk, PawsFailed, ScaleExcess };

/// What became of a segment behind the tap, as far as that is known.
enum class Delivery : std::uint8_t {
  Presumed,   ///< arrived, until something proves otherwise
  Delivered,  ///< proven: what its receiver sent shows it
  Lost,       ///< proven: sent again and not acknowledged, or contradicted by the receiver
};

/// Whether a time stamp is newer than another, on their circle of 2^32 (RFC 7323 section 5.2).
constexpr bool ts_newer(std::uint32_t stamp, std::uint32_t than) {
  return static_cast<std::int32_t>(stamp - than) > 0;
}

/// What a capture shows of a segment: of its headers, and where and when.
struct Header {
  std::int64_t time_ns = 0;
  std::uint32_t frame = 0;
  Seq seq, ack;
  std::uint32_t payload = 0;  ///< bytes
  std::uint32_t tsval = 0, tsecr = 0;
  std::uint16_t window = 0, ip_id = 0, checksum = 0;
  std::uint8_t ttl = 0;
  Flags flags;
  std::int8_t window_scale : 5 = -1;  ///< -1: no such option; at most 14
  bool has_ts : 1 = false;
  bool scale_excess : 1 = false;  ///< the option said more than 14
  bool has_dsack : 1 = false;     ///< RFC 2883: its block is beside the log (SegmentLog::sack)
  FastOpen fast_open : 2 = FastOpen::None;
  bool options_cut : 1 = false;  ///< the snap length cut the options: those absent are unknown
  bool has_sack : 1 = false;     ///< RFC 2018, and no D-SACK: its first block is there, too

  friend bool operator==(const Header&, const Header&) = default;
  /// A shift count as sent.
  void set_window_scale(std::uint8_t shift) {
    scale_excess = shift > 14;
    window_scale = static_cast<std::int8_t>(scale_excess ? 14 : shift & 0xf) & 0xf;
  }
};

/// Both ends' states around a segment, in few bits: what a row shows, without its model.
struct RowStates {
  std::uint8_t before = 0, after = 0;  ///< end A's in the lower four bits

  friend bool operator==(const RowStates&, const RowStates&) = default;
  [[nodiscard]] static constexpr RowStates of(const std::array<State, 2>& before,
                                              const std::array<State, 2>& after) {
    return {both(before), both(after)};
  }
  [[nodiscard]] constexpr State before_of(End e) const { return one(before, e); }
  [[nodiscard]] constexpr State after_of(End e) const { return one(after, e); }

 private:
  [[nodiscard]] static constexpr std::uint8_t both(const std::array<State, 2>& states) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(states[0]) |
                                     static_cast<unsigned>(states[1]) << 4U);
  }
  [[nodiscard]] static constexpr State one(std::uint8_t states, End e) {
    return static_cast<State>(e == End::A ? states & 0xfU : states >> 4U);
  }
};

/// One cache line: reading a record costs one miss at most.
struct alignas(kCacheLine) SegmentRecord : Header {
  End from : 1 = End::A;

  // facts: hindsight sets them
  Delivery delivery : 2 = Delivery::Presumed;
  bool unattributable : 1 =
      false;  ///< says nothing about its claimed sender: forged, or an old duplicate
  bool after_missed : 1 = false;  ///< what lies before it was missed by the tap, and did arrive
  bool unreachable : 1 = false;   ///< a SYN of which ICMP says that it was not delivered
  bool outlived : 1 = false;  ///< a RST that did not end what it met: a later connection shows it

  // the row's result; set when it is applied
  SeqCheck seq_check : 3 = SeqCheck::Ok;
  AckCheck ack_check : 3 = AckCheck::None;
  Phase phase : 3 = Phase::None;  ///< of the connection after it
  std::uint8_t notes : 4 = 0;     ///< a bit for each Note
  StepSet steps, repeated;
  RowStates states;
  Row duplicate_of =
      kNoRow;  ///< fact: the same segment captured again, or duplicated by the network

  std::uint32_t connection = 0xffffffffU;  ///< its slot; while it waits to be judged, its flow
  std::uint32_t previous = 0xffffffffU;    ///< the connection's segment before it

  friend bool operator==(const SegmentRecord&, const SegmentRecord&) = default;
  [[nodiscard]] bool has(Note n) const { return ((notes >> static_cast<unsigned>(n)) & 1U) != 0; }
  [[nodiscard]] bool seq_check_accepts() const {
    return seq_check != SeqCheck::Wrong && seq_check != SeqCheck::OutOfWindow;
  }
  [[nodiscard]] bool ack_check_accepts() const {
    return ack_check != AckCheck::Wrong && ack_check != AckCheck::BeyondSent &&
           ack_check != AckCheck::Missing;
  }
  /// Data or an ACK, in order and on an open connection: nothing is to be said of it.
  [[nodiscard]] bool is_plain() const {
    return flags.is_ack_alone() && seq_check == SeqCheck::Ok && ack_check_accepts() && notes == 0 &&
           delivery != Delivery::Lost && duplicate_of == kNoRow && !unattributable &&
           phase == Phase::Established && steps.empty();
  }
  [[nodiscard]] std::uint32_t length() const {
    return payload + (flags.syn() ? 1U : 0U) + (flags.fin() ? 1U : 0U);
  }
  [[nodiscard]] Seq end() const { return seq + length(); }
  [[nodiscard]] Seq fin_seq() const { return end() - 1U; }
  /// It reports a SACK, or may have: a SYN has none (RFC 2018 section 3).
  [[nodiscard]] bool may_have_sack() const {
    return has_sack || has_dsack || (options_cut && !flags.syn());
  }
  [[nodiscard]] bool is_syn() const { return flags.syn() && !flags.ack(); }
  [[nodiscard]] bool is_syn_ack() const { return flags.syn() && flags.ack(); }
};

/// A connection's ordinary first segment.
inline bool is_lone_syn(const SegmentRecord& r) {
  constexpr std::uint8_t kOpening = Flags::kSyn | Flags::kAck | Flags::kFin | Flags::kRst;
  return (r.flags.bits & kOpening) == Flags::kSyn && !r.scale_excess;
}

/// Leaves of it what was captured, so that its connection can be applied from the start.
inline void forget(SegmentRecord& r) {
  SegmentRecord fresh;
  static_cast<Header&>(fresh) = r;
  fresh.from = r.from;
  fresh.unreachable = r.unreachable;
  fresh.outlived = r.outlived;
  fresh.connection = r.connection;
  fresh.previous = r.previous;
  r = fresh;
}
static_assert(sizeof(SegmentRecord) == kCacheLine);

}  // namespace tcpwave
