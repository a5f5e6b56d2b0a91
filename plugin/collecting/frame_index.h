// Which segments of the engine a frame holds: frame number -> segment ids, in order of the layers.
//
// Nearly every frame holds one TCP segment or none, so a frame costs four octets, in chunks that
// exist only where a frame of theirs holds TCP. The rare others (tunnels, headers that were not
// given to the engine) have a list beside. A revisited frame needs no more than a look here.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tcpwave/tracker.h"

namespace tcpwave {

/// Why a TCP header of a frame has no segment in the engine.
enum class NotFed : std::uint8_t {
  No,           // it has one
  ErrorQuote,   // quoted in an ICMP error
  Fragment,     // part of a fragmented IP packet
  BadHeader,    // cut before its end, or it contradicts itself
  BadChecksum,  // and tcp.check_checksum is on
  Failed,       // the engine threw
};

/// One TCP layer of a frame.
struct Slot {
  SegmentId id = 0;  ///< only where it was fed
  NotFed not_fed = NotFed::No;
};

class FrameIndex {
 public:
  /// The `ordinal`-th TCP layer of the frame, from 0, in order; takes the place of what stood there and
  /// behind it. A frame number can be dissected for the first time more than once (read filters); the
  /// last one is the one that keeps the number.
  void put(std::uint32_t frame, std::size_t ordinal, Slot slot) {
    std::uint32_t& entry = entry_of(frame);
    if (ordinal == 0 && slot.not_fed == NotFed::No && slot.id < kList - 1) {
      entry = slot.id + 1;
      return;
    }
    put_in_list(entry, ordinal, slot);
  }

  /// The `ordinal`-th TCP layer of the frame, from 0.
  [[nodiscard]] std::optional<Slot> find(std::uint32_t frame, std::size_t ordinal) const {
    const std::size_t chunk = frame / kChunk;
    if (chunk >= chunks_.size() || !chunks_[chunk]) return std::nullopt;
    const std::uint32_t entry = (*chunks_[chunk])[frame % kChunk];
    if ((entry & kList) != 0) {
      const std::vector<Slot>& list = lists_[entry & ~kList];
      return ordinal < list.size() ? std::optional(list[ordinal]) : std::nullopt;
    }
    return entry != kEmpty && ordinal == 0 ? std::optional(Slot{entry - 1}) : std::nullopt;
  }

 private:
  // An entry is kEmpty, a segment id + 1, or kList and the number of a list.
  static constexpr std::uint32_t kEmpty = 0, kList = 0x80000000U;
  static constexpr std::uint32_t kChunk = 4096;
  using Chunk = std::array<std::uint32_t, kChunk>;

  std::uint32_t& entry_of(std::uint32_t frame) {
    const std::size_t chunk = frame / kChunk;
    if (chunk >= chunks_.size() || !chunks_[chunk]) begin(chunk);
    return (*chunks_[chunk])[frame % kChunk];
  }
  // Seldom called, so they stay out of line.
  [[gnu::cold]] void begin(std::size_t chunk);
  [[gnu::cold]] void put_in_list(std::uint32_t& entry, std::size_t ordinal, const Slot& slot);

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::vector<Slot>> lists_;
};

}  // namespace tcpwave
