// Which connection a segment belongs to: the rules of incarnations.
//
// A SYN starts a new connection only where the endpoint it reaches would accept it, or where what
// follows proves that the old connection was gone; the proof reaches back to the first SYN with that
// ISN. Until then it is a segment of the old connection (RFC 5961 section 4, RFC 6191, RFC 9293 3.6.1).
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {

/// The SYN reaches an endpoint that accepts it.
bool Tracker::Impl::starts_connection(const Loaded& old, const SegmentRecord& r) const {
  const Model& m = old.connection.model();
  const Endpoint& x = m.of(r.from);
  const Endpoint& y = m.of(other(r.from));
  if (!r.is_syn()) return follows_its_end(old, r);
  if (x.iss_known && x.iss == r.seq) return false;  // a repetition
  if (x.previous_incarnation || y.previous_incarnation) return false;
  const bool y_opens = y.state == State::SynSent || (y.state == State::SynReceived && !y.passive);
  if (y_opens) return false;  // simultaneous open
  if (is_over(old.connection.state_at(other(r.from), r.time_ns))) return true;
  if (y.state == State::TimeWait) return time_wait_takes(y, r);
  // Nobody has answered, and an end that sends a SYN with another ISN has given the first one up.
  const bool y_only_presumed =
      y.state == State::SynReceived && !old.connection.facts().seen[index(other(r.from))];
  return y_only_presumed && (x.state == State::SynSent || is_over(x.state));
}

/// Both ends were over 2MSL ago, and this is nothing that an end would say again: the ports are used again,
/// and the tap missed the SYN. A RST begins nothing.
//= rfc9293#3.6.1 MUST-13
bool Tracker::Impl::follows_its_end(const Loaded& old, const SegmentRecord& r) const {
  const Connection& c = old.connection;
  const Row last = c.records().size() - 1;
  if (r.flags.rst() || r.time_ns - c.records()[last].time_ns <= settings.time_wait_ns) return false;
  for (const End e : {End::A, End::B}) {
    const State state = c.state_at(e, r.time_ns);
    if (state != State::Closed && state != State::Listen) return false;
  }
  const Endpoint& x = c.model().of(r.from);
  const bool last_again = x.snd_known && (r.seq == x.snd_nxt || r.end() == x.snd_nxt);
  return !last_again;
}

/// What follows a SYN that the old connection had no use for shows that it began a new one: its peer
/// acknowledges just that, or its sender goes on from it, in numbers that are not those of the old one.
bool Tracker::Impl::proves_candidate(const Loaded& old, const SegmentRecord& r) const {
  const Candidate& c = old.candidate;
  if (c.row == kNoRow) return false;
  const Endpoint& sender = old.connection.model().of(c.from);
  const bool old_number = sender.snd_known && sender.snd_nxt == c.iss + 1U;
  const bool goes_on =
      r.from == c.from && !r.flags.syn() && !r.flags.rst() && r.seq == c.iss + 1U && !old_number;
  if (c.with_ack)
    return goes_on || (r.from != c.from && r.flags.ack() && !r.flags.rst() && r.ack == c.iss + 1U);
  if (r.from != c.from)
    return r.flags.ack() && r.ack == c.iss + 1U && (r.flags.syn() || r.flags.rst());
  if (!r.flags.rst()) return goes_on;
  return c.answered && !r.flags.ack() && r.seq == c.last_answer;
}

std::uint32_t Tracker::Impl::succeed(std::uint32_t old, SegmentId first, bool high) {
  const std::uint32_t fresh = start(high, slots[old].flow);
  ConnectionSlot& slot = slots[fresh];
  Connection& before = connection(old);
  const std::int64_t now_ns = log[first].time_ns;
  for (const End e : {End::A, End::B})
    slot.reopened |= before.state_at(e, now_ns) == State::TimeWait;
  release(old, before.role(Known::SoFar).client, first);
  before.replace();
  replace(old, fresh);
  const End y = slots[old].a_is_high == high ? End::B : End::A;  // the new end B, as it was there
  // That an end of which nothing was captured had got further than the SYN was only presumed.
  const State last = before.state_at(y, now_ns);
  const bool known = before.facts().seen[index(y)] || last == State::TimeWait;
  if (!is_over(last) && known) {
    pasts.emplace(fresh, before.model().of(y));
    slot.inherits = true;
  }
  return fresh;
}

void Tracker::Impl::replace(std::uint32_t old, std::uint32_t fresh) {
  kin[old].successor = fresh;
  kin[fresh].predecessor = old;
  slots[old].replaced = slots[old].has_kin = slots[fresh].has_kin = true;
}

/// What starts_connection says of a client that calls again, where the old connection has gone its course to the end and the
/// server has nothing left of it.
bool Tracker::Impl::follows_course(const ConnectionSlot& old, const SegmentRecord& r) const {
  if (!old.course.is_over() || r.from != End::A || !is_lone_syn(r)) return false;
  if (log[old.first].seq == r.seq) return false;  // a repetition
  const bool expired = r.time_ns - log[old.last].time_ns > settings.time_wait_ns;
  return expired || old.course.states()[tcpwave::index(End::B)] == State::Closed;
}

/// The same as succeed() for that.
std::uint32_t Tracker::Impl::succeed_course(std::uint32_t old, SegmentId first, bool high) {
  const std::uint32_t fresh = start(high, slots[old].flow);
  const ConnectionSlot& before = slots[old];
  // The last FIN and the ACK of it.
  const SegmentRecord& last = log[before.last];
  const std::int64_t since = std::min(last.time_ns, log[last.previous].time_ns);
  const bool expired = log[first].time_ns - since > settings.time_wait_ns;
  slots[fresh].reopened =
      !expired && before.course.states()[tcpwave::index(End::A)] == State::TimeWait;
  release(old, End::A, first);
  replace(old, fresh);
  return fresh;
}

/// Whether the ACK has the last numbers of that end of the older connection; that is corrected then.
bool Tracker::Impl::prove_survivor(std::uint32_t old, Connection& before, End end,
                                   const SegmentRecord& r) {
  try {
    before.resume();
    const Endpoint* const socket = before.last_socket(end);
    return socket != nullptr && socket->snd_nxt == r.seq && socket->rcv_nxt == r.ack &&
           before.outlived(end);
  } catch (...) {
    slots[old].given_up = true;
    throw;
  }
}

/// Whoever answers the new SYN with the last numbers of an older connection still has its socket: the RST, or
/// the time, that had seemed to end that did not. What is proven here is carried back to it.
//= rfc9293#3.5.1 rule-half-open
void Tracker::Impl::look_for_survivor(std::uint32_t index, const SegmentRecord& r) {
  const std::uint32_t old = kin_of(index).predecessor;
  if (old == kNowhere || r.from != End::B || slots[old].given_up || slots[index].inherits) return;
  if (!r.flags.is_ack_alone() || r.length() > 0 || slots[index].segments > kFewAnswers) return;
  const Connection& now = connection(index);
  if (!now.records()[0].is_syn() || now.model().of(End::B).iss_known) return;
  Connection& before = connection(old);
  const End end = slots[old].a_is_high == slots[index].a_is_high ? End::B : End::A;
  if (!prove_survivor(old, before, end, r)) return;
  Endpoint survivor = before.model().of(end);
  survivor.ignores_rst = before.facts().time_wait_keeps[tcpwave::index(end)];
  pasts.insert_or_assign(index, survivor);
  ConnectionSlot& c = slots[index];
  c.inherits = true;
  rows_applied += c.loaded->connection.rows_applied();
  c.loaded.reset();
  load(index);
}

/// What was taken for segments of the old connection is a new one from the candidate's SYN on.
std::uint32_t Tracker::Impl::split(std::uint32_t old) {
  const Candidate c = load(old).candidate;
  load(old).candidate = {};
  const std::vector<SegmentId> moved = connection(old).split(c.row);
  const Records& kept = connection(old).records();
  slots[old].last = kept.id(c.row - 1);
  slots[old].segments = c.row;
  const bool high = (c.from == End::B) != slots[old].a_is_high;
  const std::uint32_t fresh = succeed(old, moved.front(), high);
  for (const SegmentId id : moved) {
    SegmentRecord& r = log[id];
    forget(r);
    r.previous = kNowhere;
    r.from = r.from == c.from ? End::A : End::B;
    put(fresh, id);
  }
  return fresh;
}

}  // namespace tcpwave
