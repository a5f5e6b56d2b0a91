// Segments that were taken and not judged yet, in capture order.
//
// Judging waits until somebody asks: who only reads past a capture pays for no more than this list,
// 48 octets a segment. What is taken out gives its memory back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>

#include "tcpwave/store/chunks.h"
#include "tcpwave/store/record.h"

namespace tcpwave {

/// A segment that waits, and whose it is.
struct Waiting : Header {
  bool high : 1 = false;  ///< sent by the flow's high end
  bool has_dsack : 1 = false;
  std::uint32_t flow = 0;  ///< its addresses and ports in the flow table
};
static_assert(sizeof(Waiting) == 48);

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
