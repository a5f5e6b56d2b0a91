// Segments that were taken and not judged yet, in capture order.
//
// Judging waits until somebody asks: who only reads past a capture pays for no more than this list,
// 48 octets a segment. What is taken out gives its memory back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>

#include "tcpwave/chunks.h"
#include "tcpwave/record.h"

namespace tcpwave {

/// What the engine keeps of a segment's capture, apart from its connection.
struct Waiting {
  std::int64_t time_ns = 0;
  std::uint32_t frame = 0;
  std::uint32_t flow = 0;  ///< its addresses and ports in the flow table
  Seq seq, ack;
  std::uint32_t payload = 0;
  std::uint32_t tsval = 0, tsecr = 0;
  std::uint16_t window = 0, ip_id = 0, checksum = 0;
  std::uint8_t ttl = 0;
  Flags flags;
  std::int8_t window_scale = -1;
  bool high : 1 = false;  ///< sent by the flow's high end
  bool has_ts : 1 = false;
  bool has_dsack : 1 = false;
  bool scale_excess : 1 = false;
  std::uint8_t fast_open : 2 = 0;
};

class Backlog {
 public:
  [[nodiscard]] bool empty() const { return next_ == waiting_.size(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size() - next_; }

  /// @throws std::bad_alloc, and nothing has changed.
  void push(const Segment&, std::uint32_t flow, bool high);
  /// The first one; there must be one.
  [[nodiscard]] const Waiting& front() const { return waiting_[next_]; }
  /// Takes the first one out, as the record of a connection's end.
  [[nodiscard]] Record take(std::uint32_t id);

 private:
  Chunks<Waiting> waiting_;
  std::deque<SackBlock> dsacks_;  ///< of those that have one, in their order
  std::size_t next_ = 0;
};

}  // namespace tcpwave
