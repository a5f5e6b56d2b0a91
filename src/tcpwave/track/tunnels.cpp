// Whether the segments of one VLAN or tunnel are part of a connection that another one has.
//
// The two directions of a connection may carry different tags, and a frame may be captured on both sides of a switch or
// a tunnel's end. A flow is part of another one only where it plainly goes on there.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

constexpr Row kCopiesLookBack = 8;  ///< bound on cost: rows in which a copy is looked for

}  // namespace

std::uint32_t Tracker::Impl::join(std::uint32_t flow, const SegmentRecord& r, bool high) {
  const FlowKey& key = flows.key(flow);
  FlowKey bare = key;
  bare.context = 0;
  std::uint32_t known = FlowTable::kNone;
  if (const std::uint32_t place = tagged.find(bare); place != FlowTable::kNone)
    known = tagged.value(place);
  if (known == FlowTable::kNone && key.context != 0) known = flows.find(bare);
  const bool in_use = known != FlowTable::kNone && flows.value(known) != FlowTable::kNone;
  const bool part = in_use && goes_on(whole(known), r, high);
  if (part) flows.value(flow) = kPartOf | whole(known);
  const std::uint32_t joined = whole(flow);
  if (key.context != 0) tagged[bare] = joined;
  return joined;
}

/// The two directions of one connection may carry different tags, and so may two copies of a segment.
bool Tracker::Impl::goes_on(std::uint32_t flow, const SegmentRecord& r, bool high) {
  const std::uint32_t latest = flows.value(flow);
  if (latest == FlowTable::kNone || slots[latest].given_up) return false;
  const End from = slots[latest].a_is_high == high ? End::A : End::B;
  Connection& c = connection(latest);
  in_work = latest;
  c.resume();
  in_work = kNowhere;
  const auto& records = c.records();
  for (Row i = records.size(); i-- > 0 && records.size() - i <= kCopiesLookBack;) {
    const SegmentRecord& earlier = records[i];
    if (earlier.from == from && earlier.seq == r.seq && earlier.ack == r.ack &&
        earlier.flags == r.flags && earlier.payload == r.payload && earlier.ip_id == r.ip_id &&
        earlier.checksum == r.checksum)
      return true;
  }
  if (c.facts().seen[index(from)] || !r.flags.ack()) return false;
  const Endpoint& peer = c.model().of(other(from));
  const std::int32_t unacknowledged = peer.snd_nxt - r.ack;
  return peer.snd_known && unacknowledged >= 0 && unacknowledged < kPlausibleAck;
}

}  // namespace tcpwave
