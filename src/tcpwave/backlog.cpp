// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/backlog.h"

#include <algorithm>

namespace tcpwave {
namespace {

/// RFC 2883: a first block below the ACK, or inside the second block, says "received twice".
bool is_dsack(const Segment& s) {
  if (s.options.sack_count == 0) return false;
  const SackBlock& first = s.options.sack[0];
  if (first.right - s.ack <= 0) return true;
  const SackBlock& second = s.options.sack[1];
  return s.options.sack_count > 1 && first.left - second.left >= 0 &&
         first.right - second.right <= 0;
}

}  // namespace

void Backlog::push(const Segment& s, std::uint32_t flow, bool high) {
  Waiting w;
  w.time_ns = s.time_ns;
  w.frame = s.frame;
  w.seq = s.seq;
  w.ack = s.ack;
  w.payload = s.payload;
  if (s.options.timestamps) {
    w.has_ts = true;
    w.tsval = s.options.timestamps->value;
    w.tsecr = s.options.timestamps->echo;
  }
  w.window = s.window;
  w.ip_id = s.ip_id;
  w.checksum = s.checksum;
  w.ttl = s.ttl;
  w.flags = s.flags;
  w.fast_open = s.options.fast_open;
  if (s.options.window_scale) {
    w.scale_excess = *s.options.window_scale > 14;
    w.window_scale = static_cast<std::int8_t>(std::min<std::uint8_t>(*s.options.window_scale, 14));
  }
  w.high = high;
  w.flow = flow;
  w.has_dsack = is_dsack(s);
  if (w.has_dsack) dsacks_.push_back(s.options.sack[0]);
  try {
    waiting_.push_back(w);
  } catch (...) {
    if (w.has_dsack) dsacks_.pop_back();
    throw;
  }
}

Record Backlog::take(std::uint32_t id) {
  const Waiting& w = waiting_[next_];
  Record r;
  static_cast<Header&>(r) = w;
  r.id = id;
  if (w.has_dsack) {
    r.dsack_left = dsacks_.front().left;
    r.dsack_right = dsacks_.front().right;
    dsacks_.pop_front();
  }
  if (waiting_.is_last_of_chunk(next_)) waiting_.release_chunk_of(next_);
  ++next_;
  return r;
}

}  // namespace tcpwave
