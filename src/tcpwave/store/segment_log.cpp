// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/segment_log.h"

#include <algorithm>

namespace tcpwave {
namespace {

/// RFC 2883: a first block below the ACK, or inside the second block, says "received twice".
bool is_dsack(const Segment& s) {
  const SackBlock& first = s.options.sack[0];
  if (first.right - s.ack <= 0) return true;
  const SackBlock& second = s.options.sack[1];
  return s.options.sack_count > 1 && first.left - second.left >= 0 &&
         first.right - second.right <= 0;
}

/// The difference of two times within this has 64 bits. What lies outside counts as the nearest.
constexpr std::int64_t kMostNs = (std::int64_t{1} << 62) - 1;

void copy_headers(const Segment& s, Header& h) {
  h.time_ns = std::clamp(s.time_ns, -kMostNs, kMostNs);
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
  if (s.options.window_scale) h.set_window_scale(*s.options.window_scale);
}

}  // namespace

SegmentRecord& SegmentLog::take(const Segment& s) {
  const bool has_sack = s.options.sack_count > 0;
  if (has_sack) sacks_.push_back({size(), s.options.sack[0]});
  try {
    SegmentRecord& r = records_.grow();
    copy_headers(s, r);
    r.has_dsack = has_sack && is_dsack(s);
    r.has_sack = has_sack && !r.has_dsack;
    return r;
  } catch (...) {
    if (has_sack) sacks_.pop_back();
    throw;
  }
}

SackBlock SegmentLog::sack(Id id) const {
  const auto at = std::lower_bound(sacks_.begin(), sacks_.end(), id,
                                   [](const Sack& s, Id sought) { return s.id < sought; });
  return at != sacks_.end() && at->id == id ? at->first : SackBlock{};
}

}  // namespace tcpwave
