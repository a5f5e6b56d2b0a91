// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/record.h"

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

Record make_record(const Segment& s, End from, std::uint32_t id) {
  Record r;
  r.frame = s.frame;
  r.seq = s.seq;
  r.ack = s.ack;
  r.payload = s.payload;
  if (s.options.timestamps) {
    r.has_ts = true;
    r.tsval = s.options.timestamps->value;
    r.tsecr = s.options.timestamps->echo;
  }
  r.time_ns = s.time_ns;
  r.window = s.window;
  r.ttl = s.ttl;
  r.ip_id = s.ip_id;
  r.checksum = s.checksum;
  r.flags = s.flags;
  r.from = from;
  r.fast_open = s.options.fast_open;
  r.scale_excess = s.options.window_scale.value_or(0) > 14;
  if (s.options.window_scale)
    r.window_scale = static_cast<std::int8_t>(std::min<std::uint8_t>(*s.options.window_scale, 14));
  if (is_dsack(s)) {
    r.dsack_left = s.options.sack[0].left;
    r.dsack_right = s.options.sack[0].right;
  }
  r.id = id;
  return r;
}

Record captured_part(Record r) {
  const Record fresh;
  r.fate = fresh.fate;
  r.copy_of = kNoRow;
  r.bogus = r.after_missed = false;
  r.seq_check = fresh.seq_check;
  r.ack_check = fresh.ack_check;
  return r;
}

}  // namespace tcpwave
