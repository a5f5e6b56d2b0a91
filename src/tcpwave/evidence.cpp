// What a segment tells about earlier ones: the rules of hindsight.
//
// Each `from_...` is one rule. It looks at the new record (not played yet) and at the model as it was
// before it, and may change the facts of earlier records; Connection then plays the stretch again.
// The rules lean on numbers, on time stamps and on the measured round trip, on no stack's habits.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/connection.h"

namespace tcpwave {
namespace {

/// How far back a rule looks for the first copy of plain data, and for copies of a frame.
constexpr Row kLookBack = 256;
constexpr Row kCopyLookBack = 32;
/// No timer repeats a SYN sooner (RFC 6298 section 2.1 says 1 s; some stacks use a fifth of it).
/// So many round trips are more than any queue on the way explains.
constexpr std::int64_t kClearly = 3;
constexpr std::int64_t kSynTimer = 100'000'000;

bool same_header(const Record& a, const Record& b) {
  return a.from == b.from && a.seq == b.seq && a.ack == b.ack && a.flags == b.flags &&
         a.payload == b.payload && a.window == b.window && a.has_ts == b.has_ts && a.tsval == b.tsval &&
         a.tsecr == b.tsecr;
}

}  // namespace

void Connection::learn(Row row) {
  Record& r = records_[row];
  find_copy(row);
  if (r.copy) return;
  r.bogus = is_bogus(row);
  if (r.bogus) return;
  if (r.flags.rst()) {
    from_refusal(row);
    return;
  }
  from_sack(row);
  from_echo(row);
  from_life_after_rst(row);
  from_repetition(row);
  from_hole(row);
  from_crossing(row);
  from_unseen_fin(row);
}

/// The same frame twice: a mirror port, or a network that duplicates. A sender repeats only after it
/// waited, so what comes again sooner than one round trip, or with the same IP ID, is a copy.
void Connection::find_copy(Row row) {
  Record& r = records_[row];
  const Row first = row > kCopyLookBack ? row - kCopyLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& earlier = records_[i];
    if (!same_header(earlier, r)) continue;
    const bool same_id = r.ip_id != 0 && earlier.ip_id == r.ip_id;
    const bool other_id = earlier.ip_id != r.ip_id;
    if (other_id) return;
    const std::int64_t since = r.time_ns - earlier.time_ns;
    r.copy = same_id || (r.length() > 0 && since < (r.flags.syn() && !provoked(i, row) ? kSynTimer : round_trip_.value()));
    return;
  }
}

/// A SYN of the other end between the two asked for the second.
bool Connection::provoked(Row first, Row second) const {
  for (Row i = first + 1; i < second; ++i)
    if (records_[i].from != records_[second].from && records_[i].flags.syn()) return true;
  return false;
}

bool Connection::is_bogus(Row row) const {
  const Record& r = records_[row];
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (row == 0) return false;
  if (r.flags.rst()) return rst_is_bogus(r);
  if (r.is_syn()) {
    const bool opening = x.state == State::Closed || x.state == State::Listen || x.state == State::SynSent ||
                         x.state == State::SynReceived || x.state == State::Unknown;
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
  return r.flags.fin() && x.fin_sent && r.fin_seq() != x.fin_seq;
}

/// A RST's own number is where its sender stands (SND.NXT), or what the segment it answers asked for.
bool Connection::rst_is_bogus(const Record& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (y.state == State::SynSent)
    return !r.flags.ack() || (y.iss_known && (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0));
  if (!x.snd_known || r.seq == x.snd_nxt || rst_acceptable(y, r)) return false;
  if (facts_.timestamps() && r.has_ts) return false;
  if (r.flags.ack() && y.snd_known && r.ack == y.snd_nxt && y.rcv_known && r.seq - y.rcv_nxt > 0 &&
      r.seq - y.rcv_right <= 0)
    return false;
  const Row rows = static_cast<Row>(records_.size()) - 1;
  const Row first = rows > kCopyLookBack ? rows - kCopyLookBack : 0;
  for (Row i = rows; i-- > first;)
    if (records_[i].from != r.from && records_[i].flags.ack() && records_[i].ack == r.seq) return false;
  return true;
}

/// A D-SACK: both copies arrived.
void Connection::from_sack(Row row) {
  const Record& r = records_[row];
  if (r.dsack_left == r.dsack_right) return;
  const Row first = row > kLookBack ? row - kLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& twice = records_[i];
    if (twice.from == r.from || twice.fate != Fate::Lost || twice.length() == 0) continue;
    if (twice.seq - r.dsack_left < 0 || twice.seq - r.dsack_right >= 0) continue;
    set_fate(i, Fate::Arrived);
    return;
  }
}

/// A TSecr that is the first copy's TSval: that one had arrived.
void Connection::from_echo(Row row) {
  const Record& r = records_[row];
  if (!r.has_ts || !r.flags.ack()) return;
  for (const auto& last : {last_fin_, last_syn_}) {
    const Row again = last[index(other(r.from))];
    if (again == kNoRow || records_[again].tsval == r.tsecr || r.ack - records_[again].end() < 0) continue;
    const Row first = again > kLookBack ? again - kLookBack : 0;
    for (Row i = again; i-- > first;) {
      const Record& earlier = records_[i];
      if (earlier.from == r.from || earlier.fate != Fate::Lost || earlier.end() != records_[again].end()) continue;
      if (earlier.has_ts && earlier.tsval == r.tsecr) set_fate(i, Fate::Arrived);
    }
  }
}

/// Sent again: what nothing acknowledged in between was lost; where something did, that was lost.
void Connection::from_repetition(Row row) {
  const Record& r = records_[row];
  const Endpoint& x = model_.of(r.from);
  if (r.length() == 0 || !x.snd_known || r.seq - x.snd_nxt >= 0) return;
  const bool keepalive = r.payload <= 1 && !r.flags.syn() && !r.flags.fin() && r.seq + 1U == x.snd_nxt &&
                         model_.of(other(r.from)).rcv_known && model_.of(other(r.from)).rcv_nxt == x.snd_nxt;
  if (keepalive) return;
  const Row first = row > kLookBack ? row - kLookBack : 0;
  Row oldest_marker = row;  // SYN and FIN are found however far back they are
  for (const auto& last : {last_fin_, last_syn_}) {
    const Row i = last[index(r.from)];
    if (i != kNoRow && i < first) oldest_marker = std::min(oldest_marker, i);
  }
  Seq covered_to = r.seq;
  const auto consider = [&](Row i) {
    const Record& earlier = records_[i];
    if (earlier.from != r.from || earlier.length() == 0 || earlier.bogus || earlier.copy || earlier.flags.rst())
      return;
    if (earlier.end() - r.seq <= 0 || earlier.seq - r.end() >= 0) return;
    if (earlier.end() - r.end() > 0 && !(earlier.seq == r.seq)) return;
    if (earlier.end() - covered_to <= 0) return;  // a later copy was considered already
    if (earlier.flags.syn() != r.flags.syn()) return;
    Row answer = i + 1;
    while (answer < row && !(records_[answer].from != r.from && records_[answer].flags.ack() &&
                             !records_[answer].bogus && records_[answer].ack - earlier.end() >= 0))
      ++answer;
    if (answer == row) {
      if (earlier.fate == Fate::Presumed) set_fate(i, Fate::Lost);
    } else {
      answer_was_lost(i, row, answer);
    }
    if (earlier.seq - covered_to <= 0) covered_to = later(covered_to, earlier.end());
  };
  for (Row i = row; i-- > first;) consider(i);
  if (oldest_marker < row) consider(oldest_marker);
}

/// The sender repeats what the other end had acknowledged from `answer` on: those did not arrive.
void Connection::answer_was_lost(Row repeated, Row again, Row answer) {
  const Record& r = records_[again];
  const std::int64_t under_way = round_trip_.value();
  // The SYN,ACK of an end that has shown since to be open is an old copy, not a repetition.
  if (r.is_syn_ack())
    for (Row i = repeated + 1; i < again; ++i)
      if (records_[i].from == r.from && !records_[i].flags.syn() && records_[i].payload > 0 && !facts_.fast_open) return;
  for (Row i = answer; i < again; ++i) {
    const Record& lost = records_[i];
    if (lost.from == r.from || lost.bogus || lost.flags.rst()) continue;
    if (lost.ack - records_[repeated].end() < 0) continue;
    if (lost.length() > 0 && r.flags.ack() && r.ack - lost.end() >= 0) continue;
    if (r.time_ns - lost.time_ns < under_way) continue;
    if (lost.fate == Fate::Presumed) set_fate(i, Fate::Lost);
  }
}

/// A RST was accepted by the model, but its receiver goes on: it was lost, or not accepted. Or its
/// claimed sender goes on: it was forged.
void Connection::from_life_after_rst(Row row) {
  const Record& r = records_[row];
  const Row to_us = last_rst_[index(other(r.from))];
  const Endpoint& x = model_.of(r.from);
  const bool late = to_us != kNoRow && r.time_ns - records_[to_us].time_ns > round_trip_.value();
  // A bare ACK comes neither from a listener nor from an end that has not answered the SYN yet.
  const bool no_socket = x.state == State::Listen || (x.state == State::SynReceived && !x.iss_known);
  if (to_us != kNoRow && !r.flags.syn() && ((x.state == State::Closed && late) || no_socket)) {
    if (no_socket && shown(to_us, r.from).before == State::TimeWait) facts_.time_wait_keeps[index(r.from)] = true;
    set_fate(to_us, Fate::Lost);
  }
  const Row by_us = last_rst_[index(r.from)];
  if (by_us == kNoRow || records_[by_us].bogus) return;
  const bool newer = r.end() - records_[by_us].seq > 0 || r.time_ns - records_[by_us].time_ns > round_trip_.value();
  if (!newer) return;
  records_[by_us].bogus = true;
  replay_from(by_us);
}

/// A SYN or FIN that does not acknowledge the other's was sent before that one arrived.
void Connection::from_crossing(Row row) {
  const Record& r = records_[row];
  const End x = r.from;
  Facts::EarlySend& early = facts_.early[index(x)];
  if (r.is_syn()) {
    const Row theirs = last_syn_[index(other(x))];
    if (theirs == kNoRow || early.record != kNoRow || last_syn_[index(x)] != kNoRow) return;
    early = {theirs, row};
    replay_from(theirs);
    return;
  }
  const Row theirs = last_fin_[index(other(x))];
  if (theirs == kNoRow || !r.flags.ack()) return;
  const Record& fin = records_[theirs];
  if (r.ack - fin.fin_seq() > 0 || fin.fate == Fate::Lost || !model_.of(x).fin_seen) return;
  if (stalls_below(fin, theirs, row)) {
    set_fate(theirs, Fate::Lost);
  } else if (r.flags.fin() && early.record == kNoRow) {
    early = {took_fin(x), row};
    replay_from(early.before);
  }
}

/// The row at which the end took its peer's FIN.
Row Connection::took_fin(End end) const {
  for (auto change = timeline_.rbegin(); change != timeline_.rend(); ++change)
    if (change->end == end && (change->state == State::CloseWait || change->state == State::Closing ||
                               change->state == State::TimeWait))
      return change->row;
  return kNoRow;
}

/// The other end has acknowledged all before the FIN and, clearly later, still not the FIN.
bool Connection::stalls_below(const Record& fin, Row fin_row, Row row) const {
  const Record& r = records_[row];
  if (r.ack != fin.seq || r.time_ns - fin.time_ns <= kClearly * round_trip_.value()) return false;
  const Row first = row > kLookBack ? row - kLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& earlier = records_[i];
    if (earlier.from != r.from || !earlier.flags.ack() || earlier.ack != fin.seq) continue;
    if (i < fin_row || r.time_ns - earlier.time_ns > kClearly * round_trip_.value()) return true;
  }
  return false;
}

/// A SYN answered by RST met no listener.
void Connection::from_refusal(Row row) {
  const Record& r = records_[row];
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (facts_.seen[index(r.from)] && last_syn_[index(r.from)] != kNoRow) return;
  if (x.old_socket || x.state != State::SynReceived || y.state != State::SynSent) return;
  if (!r.flags.ack() || r.ack - y.iss <= 0) return;
  facts_.no_listener = true;
  replay_from(0);
}

/// One number beyond everything captured, acknowledged by the other end or skipped by the sender
/// itself, is a FIN that was not captured.
void Connection::from_unseen_fin(Row row) {
  const Record& r = records_[row];
  if (r.flags.syn()) return;
  const Endpoint& y = model_.of(other(r.from));
  Facts::UnseenFin& theirs = facts_.unseen_fin[index(other(r.from))];
  if (r.flags.ack() && y.snd_known && theirs.row == kNoRow && !y.fin_sent && r.ack - y.snd_nxt == 1 &&
      model_.of(r.from).state != State::SynSent) {
    theirs = {row, y.snd_nxt, false};
  } else if (theirs.row != kNoRow && r.flags.ack() && r.ack - theirs.seq > 1) {
    replay_from(theirs.row);
    theirs = {};
  }
  const Endpoint& x = model_.of(r.from);
  Facts::UnseenFin& ours = facts_.unseen_fin[index(r.from)];
  if (ours.row != kNoRow && r.length() > 0 && !r.flags.fin() && r.end() - ours.seq > 0) {
    replay_from(ours.row);
    ours = {};
  } else if (ours.row == kNoRow && !x.fin_sent && x.snd_known && r.length() == 0 && r.seq - x.snd_nxt == 1) {
    ours = {row, x.snd_nxt, false};
  }
}

/// Holes that are never filled and that the receiver acknowledges past were missed by the tap only.
void Connection::from_hole(Row row) {
  const Record& r = records_[row];
  const std::size_t x = index(r.from), y = index(other(r.from));
  const Endpoint& self = model_.of(r.from);
  if (hole_[x] == kNoRow && r.length() > 0 && self.snd_known && r.seq - self.snd_nxt > 0) {
    hole_[x] = row;
    hole_from_[x] = self.snd_nxt;
  } else if (hole_[x] != kNoRow && r.length() > 0 && r.seq - hole_from_[x] <= 0 && r.end() - hole_from_[x] > 0) {
    hole_[x] = kNoRow;
  }
  if (hole_[y] == kNoRow || !r.flags.ack() || r.ack - records_[hole_[y]].seq <= 0) return;
  records_[hole_[y]].after_missed = true;
  replay_from(hole_[y]);
  hole_[y] = kNoRow;
}

}  // namespace tcpwave
