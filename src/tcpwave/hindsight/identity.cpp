// Whether a segment is what it looks like: the copy of a frame captured before, or not its sender's at all.
//
// A copy and a forgery say nothing about their claimed sender, so no other rule of hindsight hears them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/connection.h"

namespace tcpwave {
namespace {

/// No timer repeats a SYN sooner (RFC 6298 section 2.1 says 1 s; some stacks use a fifth of it).
constexpr std::int64_t kSynTimer = 100'000'000;

/// The least that a sender waits before anything was measured (RFC 6298 section 2.1).
constexpr std::int64_t kFirstTimeout = 1'000'000'000;

bool same_header(const Record& a, const Record& b) {
  return a.from == b.from && a.seq == b.seq && a.ack == b.ack && a.flags == b.flags &&
         a.payload == b.payload && a.window == b.window && a.has_ts == b.has_ts &&
         a.tsval == b.tsval && a.tsecr == b.tsecr;
}

}  // namespace

/// The same frame twice: a mirror port, or a network that duplicates. A sender repeats only after it
/// waited, so what comes again sooner than one round trip, or with the same IP ID, is a copy.
void Connection::find_copy(Row row, Record& r) {
  const Row first = row > kCopyLookBack ? row - kCopyLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& earlier = records_[i];
    if (!same_header(earlier, r)) continue;
    const bool same_id = r.ip_id != 0 && id_tells(r, r.time_ns - earlier.time_ns);
    const bool other_id = earlier.ip_id != r.ip_id;
    if (other_id) return;
    const std::int64_t since = r.time_ns - earlier.time_ns;
    if (r.has_ts &&
        since > 2 * ts_clock_[index(r.from)].tick_ns()) {  // a repetition would show a later TSval
      r.copy_of = i;
      return;
    }
    const std::int64_t soonest =
        r.flags.syn() && !provoked(i, row) ? kSynTimer : round_trip_.value();
    if (same_id || (r.length() > 0 && since < soonest)) r.copy_of = i;
    return;
  }
}

/// The same IP identification tells a copy only where that end's counts. Until its segments have shown whether, what
/// comes as late as a timer is a repetition.
bool Connection::id_tells(const Record& r, std::int64_t since_ns) const {
  const IpId& id = ip_id_[index(r.from)];
  return id.counts || (!id.constant && since_ns < kFirstTimeout);
}

/// Two different segments of an end in a row: with two identifications, or with one.
void Connection::note_ip_id(const Record& r) {
  IpId& id = ip_id_[index(r.from)];
  if (id.seen && id.last != r.ip_id) id.counts = true;
  if (id.seen && id.last == r.ip_id && !id.counts) id.constant = true;
  id.seen = true;
  id.last = r.ip_id;
}

/// Between the two the other end sent a SYN, which asks for an answer, or this one a RST, after which it
/// begins anew.
bool Connection::provoked(Row first, Row second) const {
  for (Row i = first + 1; i < second; ++i) {
    const Record& between = records_[i];
    if (between.from == records_[second].from ? between.flags.rst() : between.flags.syn())
      return true;
  }
  return false;
}

//= rfc9293#3.10.7.4 rule-syn-challenge rule-no-ack
bool Connection::is_bogus(Row row, const Record& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (row == 0) return false;
  if (r.flags.rst()) return rst_is_bogus(r);
  if (r.is_syn()) {
    const bool opening = x.state == State::Closed || x.state == State::Listen ||
                         x.state == State::SynSent || x.state == State::SynReceived ||
                         x.state == State::Unknown;
    if (x.old_socket || (x.iss_known && r.seq == x.iss)) return facts_.went_on[index(r.from)];
    return !opening || x.iss_known;
  }
  if (r.is_syn_ack()) {
    if (y.iss_known && (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0)) return true;
    return !x.old_socket && x.iss_known && r.seq != x.iss;
  }
  if (facts_.timestamps() && !r.has_ts) return true;
  if (x.old_socket) return false;
  if (!r.flags.ack()) return true;
  const bool beyond_grant = x.window_known && r.ack - x.rcv_right > 1;
  if (y.snd_known && r.ack - y.snd_nxt > 0 && beyond_grant) return true;
  if (y.window_known && r.seq - y.rcv_right > 1) return true;
  if (r.flags.fin() && x.snd_known && r.fin_seq() + 1U - x.snd_nxt < 0) return true;
  //= rfc9293#3.10.4 rule-one-fin
  return r.flags.fin() && x.fin_sent && r.fin_seq() != x.fin_seq;
}

/// A RST's own number is where its sender stands (SND.NXT), or what the segment it answers asked for.
//= rfc9293#3.10.7.1 rule-reset-number
bool Connection::rst_is_bogus(const Record& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (y.state == State::SynSent)
    return !r.flags.ack() || (y.iss_known && (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0));
  if (!x.snd_known || r.seq == x.snd_nxt || rst_acceptable(y, r)) return false;
  if (x.state == State::SynSent && x.iss_known && r.seq == x.iss)
    return false;  // as some stacks abort
  if (facts_.timestamps() && r.has_ts) return false;
  if (r.flags.ack() && y.snd_known && r.ack == y.snd_nxt && y.rcv_known && r.seq - y.rcv_nxt > 0 &&
      r.seq - y.rcv_right <= 0)
    return false;
  const Row rows = records_.size() - 1;
  const Row first = rows > kCopyLookBack ? rows - kCopyLookBack : 0;
  for (Row i = rows; i-- > first;)
    if (records_[i].from != r.from && records_[i].flags.ack() && records_[i].ack == r.seq)
      return false;
  return true;
}

/// What was taken for forged because it has no time stamp, and is acknowledged as nothing else that was
/// captured: its receiver took it. Some stacks send the first data so.
void Connection::from_acceptance(Row row, const Record& r) {
  const Endpoint& y = model_.of(other(r.from));
  if (!r.flags.ack() || !facts_.timestamps() || !y.snd_known || r.ack - y.snd_nxt <= 0) return;
  const Row first = row > kLookBack ? row - kLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& taken = records_[i];
    if (taken.from == r.from || !taken.bogus || taken.has_ts || taken.flags.rst()) continue;
    if (taken.flags.syn() || taken.flags.fin() || !taken.flags.ack() || taken.payload == 0)
      continue;
    if (taken.seq - y.snd_nxt > 0 || taken.end() - y.snd_nxt <= 0 || taken.end() - r.ack > 0)
      continue;
    records_.change(i).bogus = false;
    replay_from(i);
    return;
  }
}

}  // namespace tcpwave
