// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/checks.h"

#include <algorithm>

namespace tcpwave {
namespace {

/// Older than any window: not a repetition but a stray.
constexpr std::int32_t kOldest = 1 << 30;

SeqCheck judge_rst(const Endpoint& x, const Endpoint& y, const Facts& facts,
                   const SegmentRecord& r) {
  switch (y.state) {
    case State::Unknown:
    case State::Closed:
    case State::Listen:
      return SeqCheck::Ok;
    case State::SynSent:  // judged by its ACK (RFC 9293 section 3.10.7.3)
      return SeqCheck::Ok;
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      break;
  }
  if (rst_counts(y, r)) return SeqCheck::Ok;
  if (x.state == State::Closed && x.snd_known && r.seq - x.snd_nxt <= 0) return SeqCheck::Ok;
  const Seq right = facts.scale_cut() && y.acked ? y.certain_right() : y.rcv_right;
  const bool in_window = r.seq - y.rcv_nxt > 0 && (!y.window_known || r.seq - right <= 0);
  return in_window ? SeqCheck::Wrong : SeqCheck::OutOfWindow;
}

SeqCheck judge_syn(const Model& before, const SegmentRecord& r) {
  const Endpoint& x = before.of(r.from);
  const bool first = before.steps.handshake[index(r.from)][r.flags.ack() ? 1 : 0] == kNoRow;
  if (!x.iss_known || x.previous_incarnation || (r.seq == x.iss && first && !r.unattributable))
    return SeqCheck::Ok;
  if (r.seq == x.iss) return r.unattributable ? SeqCheck::Wrong : SeqCheck::Retransmission;
  return r.unattributable ? SeqCheck::Wrong : SeqCheck::Ok;
}

/// Once the ISN is far behind, its neighbourhood is that of numbers which have come round again.
bool before_isn(const Endpoint& x, const SegmentRecord& r) {
  return x.iss_known && !x.previous_incarnation && !r.flags.syn() && r.seq - x.iss < 0 &&
         !x.isn_far;
}

SeqCheck judge_seq(const Model& before, const Facts& facts, const SegmentRecord& r) {
  const Endpoint& x = before.of(r.from);
  const Endpoint& y = before.of(other(r.from));
  if (r.flags.rst()) return judge_rst(x, y, facts, r);
  if (!x.snd_known || r.seq == x.snd_max) {
    const bool beyond_window =
        y.window_known && r.payload > 0 && r.seq - y.rcv_right >= 0 && !r.after_missed;
    return beyond_window ? SeqCheck::WindowProbe : SeqCheck::Ok;
  }
  const std::int32_t ahead = r.seq - x.snd_max;
  const bool fills_hole = r.length() > 0 && x.hole_to != x.hole_from && r.seq - x.hole_from >= 0 &&
                          r.end() - x.hole_to <= 0;
  if (fills_hole)
    return SeqCheck::Ok;  // captured out of order, or sent again for one that was not captured
  //= rfc9293#3.8.6.1 MUST-36 MAY-8 MUST-37
  const bool closed_window = y.window_known && x.snd_max - y.rcv_right >= 0;
  if (ahead == -1 && r.payload <= 1 && !r.flags.fin() && closed_window)
    return SeqCheck::WindowProbe;
  //= rfc9293#3.8.4 MAY-5 MUST-26 SHLD-12 MAY-6
  if (ahead == -1 && r.payload <= 1 && !r.flags.fin() && !x.fin_sent && x.una_known &&
      is_all_acknowledged(before, facts, r.from))
    return SeqCheck::Keepalive;
  if (before_isn(x, r)) return SeqCheck::OutOfWindow;
  if (ahead < 0) {
    if (r.flags.fin() && r.unattributable && r.fin_seq() + 1U - x.snd_max < 0)
      return SeqCheck::OutOfWindow;
    if (r.flags.fin() && r.unattributable && x.fin_sent && r.fin_seq() != x.fin_seq)
      return SeqCheck::Wrong;
    return ahead < -kOldest ? SeqCheck::OutOfWindow : SeqCheck::Retransmission;
  }
  const bool beyond = y.window_known && r.seq - y.rcv_right > 0 && !r.after_missed;
  return beyond ? SeqCheck::OutOfWindow : SeqCheck::Gap;
}

AckCheck judge_ack(const Endpoint& x, const Endpoint& y, bool peer_seen, const SegmentRecord& r) {
  if (!r.flags.ack()) return r.flags.rst() || r.flags.syn() ? AckCheck::None : AckCheck::Missing;
  const bool answers_syn = y.state == State::SynSent && y.iss_known &&
                           (r.flags.syn() || r.flags.rst() || x.previous_incarnation);
  if (answers_syn)
    return r.ack - y.iss > 0 && r.ack - y.snd_nxt <= 0 ? AckCheck::Ok : AckCheck::Wrong;
  if (x.previous_incarnation || !y.snd_known) return AckCheck::Ok;
  //= rfc9293#3.10.7.4 rule-ack-unsent
  // Where the capture begins in the middle, the first ACK may be of what was sent before it.
  const bool sent_known = peer_seen && (y.iss_known || x.acked);
  if (r.ack - y.snd_nxt > 0 && sent_known && !r.after_missed) return AckCheck::BeyondSent;
  if (!x.rcv_known || r.flags.rst()) return AckCheck::Ok;
  if (r.ack - x.highest_ack < 0 && x.acked) return AckCheck::Old;
  //= rfc9293#3.10.7.4 rule-unacceptable MAY-13
  const bool says_nothing_new = x.acked && r.ack == x.highest_ack && r.length() == 0 &&
                                r.window == x.last_window && r.seq - x.snd_max >= 0;
  return says_nothing_new ? AckCheck::Duplicate : AckCheck::Ok;
}

void note(NumberCheck& j, Note n, std::uint32_t number = 0) {
  j.notes = static_cast<std::uint8_t>(j.notes | (1U << static_cast<unsigned>(n)));
  j.noted = number;
}

/// What is odd about the segment beyond its numbers' order.
void take_notes(const Endpoint& x, const Endpoint& y, const Facts& facts, const SegmentRecord& r,
                NumberCheck& j) {
  if (r.scale_excess) note(j, Note::ScaleExcess);
  if (r.flags.rst() || r.duplicate_of != kNoRow) return;
  if (before_isn(x, r)) note(j, Note::BeforeIsn);
  // Old segments that were overtaken have nothing that PAWS could take away.
  const bool has_news = r.length() > 0 && (!y.rcv_known || r.end() - y.rcv_nxt > 0);
  if (has_news && paws_rejects(y, r)) note(j, Note::PawsFailed, y.ts_recent);
  if (r.flags.syn() || !r.flags.ack() || r.unattributable || !x.window_known ||
      x.previous_incarnation)
    return;
  //= rfc9293#3.8.6 SHLD-14
  const Seq right = r.ack + granted_window(facts, r);
  const std::int32_t back = x.rcv_right - right;
  // Where it may have been overtaken, its window is only old.
  const bool later_clock = r.has_ts && y.ts_recent_known && ts_newer(r.tsval, y.ts_recent);
  const bool newer =
      r.ack - x.highest_ack > 0 || later_clock || (r.payload > 0 && r.seq == x.snd_max);
  const bool newest = newer && r.ack - x.highest_ack >= 0 && r.seq - x.snd_max >= 0;
  const std::int32_t grain = 1 << std::max<std::int8_t>(facts.window_scale[index(r.from)], 0);
  // What a window was between two captured segments is not known where a filter left the others out.
  if (newest && back >= grain && back <= 0xffff * grain && facts.scale_known() && facts.plain_seen)
    note(j, Note::WindowShrunk, static_cast<std::uint32_t>(back));
}

}  // namespace

bool is_all_acknowledged(const Model& model, const Facts& facts, End sender) {
  const Endpoint& x = model.of(sender);
  const Endpoint& y = model.of(other(sender));
  const bool acked = !facts.seen[index(other(sender))] || (y.acked && y.highest_ack == x.snd_max);
  return acked && y.rcv_known && y.rcv_nxt == x.snd_max;
}

NumberCheck check_numbers(const Model& before, const Facts& facts, const SegmentRecord& r) {
  NumberCheck j;
  const Endpoint& x = before.of(r.from);
  const Endpoint& y = before.of(other(r.from));
  j.seq = r.flags.syn() && !r.flags.rst() ? judge_syn(before, r) : judge_seq(before, facts, r);
  j.ack = judge_ack(x, y, before.seen[index(other(r.from))], r);
  j.seq_expected = r.flags.syn()                  ? (x.iss_known ? x.iss : r.seq)
                   : r.flags.rst() && y.rcv_known ? y.rcv_nxt
                   : x.snd_known                  ? x.snd_max
                                                  : r.seq;
  j.ack_expected_known = r.flags.ack() || (x.rcv_known && !x.previous_incarnation);
  j.ack_expected = x.rcv_known && !x.previous_incarnation ? x.rcv_nxt : r.ack;
  if (r.flags.syn() || r.flags.rst()) {
    const bool answers_syn = y.state == State::SynSent && y.iss_known;
    if (answers_syn) j.ack_expected = y.iss + 1U;
    j.ack_expected_known |= answers_syn;
  }
  take_notes(x, y, facts, r, j);
  if (y.state == State::SynSent && r.flags.rst() && !r.flags.ack()) j.ack = AckCheck::Missing;
  return j;
}

}  // namespace tcpwave
