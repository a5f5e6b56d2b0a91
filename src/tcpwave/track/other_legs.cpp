// See other_legs.h: what the tracker tells of handshakes, and what it says of those that belong together.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/other_legs.h"

#include <utility>

#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {

const OtherLegs::Entry* OtherLegs::Half::find(std::uint64_t key) const {
  const std::uint32_t place = table.find(static_cast<std::uint32_t>(key),
                                         [&](std::uint32_t n) { return entries[n].key == key; });
  return place == IndexTable::kNone ? nullptr : &entries[place];
}

void OtherLegs::Half::put(const Entry& entry) {
  if (const Entry* const known = find(entry.key)) {
    entries[static_cast<std::size_t>(known - entries.data())] = entry;
    return;
  }
  table.reserve_one();
  entries.push_back(entry);
  table.add(static_cast<std::uint32_t>(entry.key), static_cast<std::uint32_t>(entries.size() - 1));
}

const OtherLegs::Entry* OtherLegs::find(std::uint64_t key) const {
  const Entry* const entry = newer_.find(key);
  return entry != nullptr ? entry : older_.find(key);
}

void OtherLegs::put(const Entry& entry) {
  if (newer_.entries.size() == kHalf) {
    Half fresh;
    older_ = std::move(newer_);
    newer_ = std::move(fresh);
  }
  newer_.put(entry);
}

std::optional<OtherLegs::Leg> OtherLegs::handshake(Seq client_iss, Seq server_iss, SegmentId syn,
                                                   Leg syn_ack) {
  const std::uint64_t isns = std::uint64_t{client_iss.raw()} << 32 | server_iss.raw();
  const std::uint64_t key = mix(isns ^ seed_);
  const Entry* const known = find(key);
  const Entry before = known != nullptr ? *known : Entry{};
  put({key, syn_ack, syn, before.times + 1});
  const bool within = before.times == 1 && syn < before.syn;
  return within ? std::optional(before.leg) : std::nullopt;
}

void OtherLegs::syn(std::uint32_t client, std::uint16_t port, Seq iss, Leg syn) {
  put({syn_key(client, port, iss), syn, syn.segment, 1});
}

std::optional<OtherLegs::Leg> OtherLegs::syn_of(std::uint32_t client, std::uint16_t port,
                                                Seq iss) const {
  const Entry* const entry = find(syn_key(client, port, iss));
  return entry != nullptr ? std::optional(entry->leg) : std::nullopt;
}

void OtherLegs::add_findings(SegmentId id, Annotation& a) const {
  const auto hit = links_.find(id);
  if (hit != links_.end()) a.findings.push(hit->second);
}

/// The same packets in another VLAN or tunnel have the same addresses; and a stack whose ISNs do not vary has the same
/// numbers on other ports.
bool Tracker::Impl::other_addresses(std::uint32_t slot, std::uint32_t other) const {
  const FlowKey& a = flows.key(slots[slot].flow);
  const FlowKey& b = flows.key(slots[other].flow);
  return a.low != b.low || a.high != b.high;
}

void Tracker::Impl::belong_together(OtherLegs::Leg a, OtherLegs::Leg b, Finding finding) {
  if (a.slot == b.slot || slots[a.slot].number == kNowhere || !other_addresses(a.slot, b.slot))
    return;
  legs.link(a.segment, {finding, slots[b.slot].number});
  legs.link(b.segment, {finding, slots[a.slot].number});
}

/// Its SYN,ACK has come.
void Tracker::Impl::note_handshake(const Connection& c, End client, OtherLegs::Leg syn_ack) {
  const Endpoint& x = c.model().of(client);
  const Endpoint& y = c.model().of(other(client));
  const Row syn = c.model().steps.handshake[tcpwave::index(client)][0];
  if (!x.iss_known || !y.iss_known || syn == kNoRow) return;
  note_handshake(c.records().id(syn), x.iss, y.iss, syn_ack);
}

void Tracker::Impl::note_handshake(SegmentId syn, Seq client_iss, Seq server_iss,
                                   OtherLegs::Leg syn_ack) {
  const auto other_leg = legs.handshake(client_iss, server_iss, syn, syn_ack);
  if (other_leg) belong_together(*other_leg, syn_ack, Finding::OtherLeg);
}

/// Of a connection's first segment: a SYN, or the SYN,ACK of one that was sent elsewhere.
void Tracker::Impl::note_first(OtherLegs::Leg first, const SegmentRecord& r) {
  if (!r.flags.syn()) return;
  const ConnectionSlot& c = slots[first.slot];
  const FlowKey& key = flows.key(c.flow);
  const End client = r.is_syn() ? End::A : End::B;
  const std::uint16_t port = (client == End::A) == c.a_is_high ? key.high_port : key.low_port;
  if (r.is_syn()) {
    legs.syn(host(c, client), port, r.seq, first);
  } else if (const auto asked = legs.syn_of(host(c, client), port, r.ack - 1U)) {
    belong_together(*asked, first, Finding::AnsweredElsewhere);
  }
}

}  // namespace tcpwave
