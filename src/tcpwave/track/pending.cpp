// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/pending.h"

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

/// Writes the segment's headers into a record of nothing.
void take_down(const Segment& s, Header& h) {
  h.time_ns = s.time_ns;
  h.frame = s.frame;
  h.seq = s.seq;
  h.ack = s.ack;
  h.payload = s.payload;
  if (s.options.timestamps) {
    h.has_ts = true;
    h.tsval = s.options.timestamps->value;
    h.tsecr = s.options.timestamps->echo;
  }
  h.window = s.window;
  h.ip_id = s.ip_id;
  h.checksum = s.checksum;
  h.ttl = s.ttl;
  h.flags = s.flags;
  h.fast_open = s.options.fast_open;
  h.options_cut = s.options_cut;
  if (s.options.window_scale) {
    h.scale_excess = *s.options.window_scale > 14;
    h.window_scale = static_cast<std::int8_t>(std::min<std::uint8_t>(*s.options.window_scale, 14));
  }
}

}  // namespace

void Backlog::push(const Segment& s, std::uint32_t flow, bool high) {
  const bool has_dsack = is_dsack(s);
  if (has_dsack) dsacks_.push_back(s.options.sack[0]);
  try {
    Waiting& w = waiting_.grow();
    take_down(s, w);
    w.flow = flow;
    w.high = high;
    w.has_dsack = has_dsack;
  } catch (...) {
    if (has_dsack) dsacks_.pop_back();
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
