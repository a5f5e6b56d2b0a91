// What the hosts are told of their connections: that time passes, states that change, connects and probes.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

/// As its host counts it: a SYN that the end has not answered may have reached nobody.
State counted_state(const Model& model, End e) {
  const State state = model.of(e).state;
  const bool answered = model.steps.handshake[index(e)][1] != kNoRow;
  return state == State::SynReceived && !answered ? State::Listen : state;
}

}  // namespace

void Tracker::Impl::expire(const ConnectionSlot& c, SegmentId id) {
  const FlowKey& key = flows.key(c.flow);
  hosts.advance(key.low, id, clock.now_ns());
  hosts.advance(key.high, id, clock.now_ns());
}

/// Tells the hosts what the segment changed.
void Tracker::Impl::count(ConnectionSlot& c, std::uint32_t index, SegmentId id,
                          const SegmentRecord& r) {
  const Connection& connection = c.loaded->connection;
  const Model& model = connection.model();
  pass_time(c, id, r);
  const End client = connection.role(Known::SoFar).client;
  for (const End e : {End::A, End::B})
    if (counted_state(model, e) != c.counted(e))
      count_state(c, index, e, counted_state(model, e), client, id);
  if (!c.answered) {
    const bool opened = model.steps.handshake_row(1) != kNoRow;
    if (opened || connection.facts().no_listener) {
      c.answered = true;
      hosts.connected(host(c, client), opened, id);
      if (opened && r.is_syn_ack()) note_handshake(connection, client, {id, index});
      if (!opened) hosts.probed(host(c, client), target(c, client), true, id, clock.now_ns());
    }
  }
  count_probe(c, connection, id, r);
}

/// First segments that open nothing, other than those that are refused.
void Tracker::Impl::count_probe(const ConnectionSlot& c, const Connection& connection, SegmentId id,
                                const SegmentRecord& r) {
  if (c.segments > 3) return;
  const Row answer = connection.model().steps.handshake_row(1);
  const bool odd = c.segments == 1 && !r.flags.syn() && !r.flags.rst() && !r.flags.ack();
  const bool again = c.segments == 2 && r.is_syn() && answer == kNoRow;
  const bool hangs_up = c.segments == 3 && r.flags.rst() && answer == 1 && r.from == End::A;
  if (odd || again || hangs_up)
    hosts.probed(host(c, r.from), target(c, r.from), !again, id, clock.now_ns());
}

void Tracker::Impl::count_state(ConnectionSlot& c, std::uint32_t index, End e, State now,
                                End client, SegmentId id) {
  const State before = c.counted(e);
  if (Hosts::matters(before, now))
    hosts.change(host(c, e), std::uint64_t{index} << 1 | tcpwave::index(e), towards(c, e, client),
                 before, now, id, clock.now_ns());
  c.set_counted(e, now);
}

/// The connection's sockets are its successor's to count from now on.
void Tracker::Impl::release(std::uint32_t index, End client, SegmentId first) {
  ConnectionSlot& c = slots[index];
  for (const End e : {End::A, End::B}) {
    const State before = c.counted(e);
    if (before != State::Closed && before != State::Unknown)
      count_state(c, index, e, State::Closed, client, first);
  }
}

}  // namespace tcpwave
