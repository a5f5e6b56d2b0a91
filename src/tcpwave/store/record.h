// What the engine keeps of one captured segment, and what it has learned about it since.
//
// The upper part is what was captured; it never changes. The `facts` are conclusions about the
// segment's way through the network: hindsight sets them, and playing the connection again from that
// record on gives the corrected states (player.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tcpwave/annotation.h"
#include "tcpwave/segment.h"

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
  friend constexpr bool operator==(StepSet, StepSet) = default;

 private:
  std::uint8_t bits_ = 0;
};

/// What was seen on a segment when it was judged, apart from its two checks.
enum class Note : std::uint8_t { BeforeIsn, WindowShrunk, PawsFailed, ScaleExcess };

/// What became of a segment behind the tap, as far as that is known.
enum class Fate : std::uint8_t {
  Presumed,  ///< arrived, until something proves otherwise
  Arrived,   ///< proven: what its receiver sent shows it
  Lost,      ///< proven: sent again and not acknowledged, or contradicted by the receiver
};

/// What a capture shows of a segment: of its headers, and where and when.
struct Header {
  std::int64_t time_ns = 0;
  std::uint32_t frame = 0;
  Seq seq, ack;
  std::uint32_t payload = 0;
  std::uint32_t tsval = 0, tsecr = 0;
  std::uint16_t window = 0, ip_id = 0, checksum = 0;
  std::uint8_t ttl = 0;
  Flags flags;
  std::int8_t window_scale = -1;  ///< -1: no such option; at most 14
  bool has_ts : 1 = false;
  bool scale_excess : 1 = false;  ///< the option said more than 14
  bool options_cut : 1 = false;   ///< the snap length cut options off: what is absent is unknown
  FastOpen fast_open : 2 = FastOpen::None;

  friend bool operator==(const Header&, const Header&) = default;
};

struct Record : Header {
  End from = End::A;
  std::uint32_t id = 0;         ///< its SegmentId
  Seq dsack_left, dsack_right;  ///< RFC 2883: received twice; empty where equal

  // facts
  Fate fate = Fate::Presumed;
  Row copy_of = kNoRow;  ///< the same segment captured again, or duplicated by the network
  bool bogus = false;    ///< says nothing about its claimed sender: forged, or an old duplicate
  bool after_missed = false;  ///< what lies before it was missed by the tap, and did arrive

  // what it is; set when it is played
  SeqCheck seq_check = SeqCheck::Ok;
  AckCheck ack_check = AckCheck::None;
  Seq seq_expected, ack_expected;
  bool ack_expected_known = false;
  std::uint8_t notes = 0;   ///< a bit for each Note
  std::uint32_t noted = 0;  ///< the number that a note's text quotes
  StepSet steps, repeated;
  Phase phase = Phase::None;  ///< of the connection after it

  friend bool operator==(const Record&, const Record&) = default;
  [[nodiscard]] bool has(Note n) const { return ((notes >> static_cast<unsigned>(n)) & 1U) != 0; }
  void note(Note n, std::uint32_t number = 0) {
    notes = static_cast<std::uint8_t>(notes | (1U << static_cast<unsigned>(n)));
    noted = number;
  }
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
           fate != Fate::Lost && copy_of == kNoRow && !bogus && phase == Phase::Established &&
           steps.empty();
  }
  [[nodiscard]] std::uint32_t length() const {
    return payload + (flags.syn() ? 1U : 0U) + (flags.fin() ? 1U : 0U);
  }
  [[nodiscard]] Seq end() const { return seq + length(); }
  [[nodiscard]] Seq fin_seq() const { return end() - 1U; }
  [[nodiscard]] bool is_syn() const { return flags.syn() && !flags.ack(); }
  [[nodiscard]] bool is_syn_ack() const { return flags.syn() && flags.ack(); }
};

/// The record without what was learned about it.
[[nodiscard]] Record captured_part(const Record&);

}  // namespace tcpwave
