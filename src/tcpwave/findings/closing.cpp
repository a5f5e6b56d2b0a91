// Findings of the closing: from the first FIN to the end of TIME_WAIT.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

/// A FIN sent so often without an ACK is no ordinary loss.
constexpr std::uint32_t kStuckFins = 4;

/// The latest segment before this FIN that acknowledges it.
Row last_ack_of_fin(const Moment& m) {
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    const SegmentRecord& before = m.history.records()[i];
    if (before.from != m.segment.from && before.flags.ack() && before.ack - m.segment.fin_seq() > 0)
      return i;
  }
  return kNoRow;
}

/// Nobody has gone beyond that FIN: its sender's ports are not used again, as far as both directions show.
bool fin_stands(const Moment& m, Row fin) {
  return m.both_seen() && !m.acknowledged_beyond(m.history.records()[fin].end());
}

void fins(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (m.first_time(Step::Wave1)) m.hit(Finding::CloseInitiated);
  if (m.first_time(Step::Wave2) && m.first_time(Step::Wave3)) m.hit(Finding::CloseThreeSegment);
  if (m.first_time(Step::Wave3) && m.a.active_closer == ActiveCloser::Both)
    m.hit(Finding::CloseSimultaneous);
  const StepMark* second = m.again(Step::Wave3);
  const StepMark* repeated = second != nullptr ? second : m.again(Step::Wave1);
  if (repeated != nullptr && r.flags.fin()) {
    m.hit(Finding::FinRepeated, repeated->original_frame);
    const Row last_ack = second != nullptr ? last_ack_of_fin(m) : kNoRow;
    if (last_ack != kNoRow && m.history.records()[last_ack].delivery == Delivery::Lost)
      m.hit(Finding::FinalAckLost, m.frame(last_ack));
  }
  if (!r.flags.fin()) return;
  const Row own_fin = m.steps().fin[m.own];
  const bool moved =
      own_fin != kNoRow && own_fin < m.row && m.history.records()[own_fin].fin_seq() != r.fin_seq();
  const std::uint32_t fin =
      m.a.seq + r.length() - 1;  // its own number, not that of the data before it
  if (moved && r.unattributable) {
    if (fin_stands(m, own_fin))
      m.hit(Finding::FinMoved, fin, m.relative_own(m.history.records()[own_fin].fin_seq()));
    return;
  }
  if (r.seq_check == SeqCheck::Gap && !r.after_missed)
    m.hit(Finding::FinBeyondGap, fin, m.a.seq_expected);
  const bool dropped = r.unattributable && r.steps.empty() && !m.taken_later(r.end());
  if (dropped && r.flags.ack() && !r.flags.syn())
    m.hit(Finding::FinUnacceptable, fin, m.a.seq_expected);
}

void data_after_fin(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (m.after().half_close == m.row) m.hit(Finding::HalfClose);
  const Row own_fin = m.steps().fin[m.own];
  if (own_fin == kNoRow || own_fin >= m.row || r.flags.fin() || r.flags.rst()) return;
  const SegmentRecord& fin = m.history.records()[own_fin];
  if (r.end() - fin.end() > 0 && fin_stands(m, own_fin))
    m.hit(Finding::DataAfterFin, m.a.seq, m.relative_own(fin.fin_seq()));
}

void after_fin(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (r.payload > 0 && r.phase >= Phase::Wave) data_after_fin(m);
  const bool stray = m.receiver.before == State::TimeWait && m.receiver.after == State::TimeWait &&
                     !r.flags.rst() && !r.flags.syn() && !m.is_copy() && m.segment.length() > 0;
  if (stray && m.sender.before == State::Closed) m.hit(Finding::TimeWaitSegment);
  const bool taken = m.receiver.after != State::TimeWait;
  if (m.row == 0 && m.history.reopened() && r.is_syn() && taken) m.hit(Finding::TimeWaitReopened);
}

/// An end that goes on sending data makes use of the half-close; it holds nothing.
std::int64_t idle_since(const Moment& m, End e, std::int64_t since) {
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    const SegmentRecord& before = m.history.records()[i];
    if (before.time_ns <= since) break;
    if (before.from == e && before.payload > 0) return before.time_ns;
  }
  return since;
}

/// The end sent a segment after that time and before this row.
bool said_before(const Moment& m, End e, std::int64_t limit_ns) {
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    if (m.history.records()[i].time_ns <= limit_ns) return false;
    if (m.history.records()[i].from == e) return true;
  }
  return false;
}

/// The end makes use of the half-close: it sends data now or later.
bool goes_on_sending(const Moment& m, End e) {
  const Records& records = m.history.records();
  for (Row i = m.row; i < records.size() && i - m.row < kFindingLookBack; ++i)
    if (records[i].from == e && records[i].payload > 0) return true;
  return false;
}

/// The end may have sent more than was captured of it, up to where it stands: data, or its FIN.
bool may_have_gone_on(const Moment& m, End e) {
  const Endpoint& y = m.after().of(other(e));
  std::optional<Seq> sent, captured, first;
  if (y.acked) sent = y.highest_ack;
  for (Row i = m.row + 1; i-- > 0 && m.row - i < kFindingLookBack;) {
    const SegmentRecord& r = m.history.records()[i];
    if (r.from != e || r.unattributable || r.flags.rst()) continue;
    sent = sent ? later(*sent, r.seq) : r.seq;
    if (i == m.row) continue;
    if (r.length() > 0) captured = captured ? later(*captured, r.end()) : r.end();
    first = r.seq;
  }
  if (!first || !sent) return true;
  return *sent - (captured ? later(*captured, *first) : *first) > 0;
}

/// Held since the FIN came, which the end has acknowledged; said once, on the holder's first segment beyond the limit or at the end.
void close_wait(Moment& m) {
  for (const End e : {End::A, End::B}) {
    // The text names the sender: a finding is said where it can be, on a segment of the holder, or at the end.
    if (m.row == 0 || (e != m.segment.from && !m.at_the_end())) continue;
    const std::optional<std::int64_t> entered = m.history.close_wait_since(e, m.row - 1);
    if (!entered) continue;
    const std::int64_t since = idle_since(m, e, *entered);
    const std::int64_t limit = m.capture.close_wait_held_ns;
    const bool holds = (e == m.segment.from ? m.sender : m.receiver).after == State::CloseWait;
    const std::int64_t now =
        m.at_the_end() && holds ? std::max(m.capture.end_ns, m.segment.time_ns) : m.segment.time_ns;
    if (now - since <= limit || said_before(m, e, since + limit)) continue;
    // A silent end may not have got the FIN; what sends is not forgotten.
    if (m.steps().last_ack_of_fin[index(e)] == kNoRow || goes_on_sending(m, e) ||
        may_have_gone_on(m, e))
      continue;
    const std::int64_t seconds = (now - since) / 1'000'000'000;
    m.hit(Finding::CloseWaitHeld,
          static_cast<std::uint32_t>(std::min<std::int64_t>(seconds, 0xffffffff)));
  }
}

/// At the end: that it sends its FIN again and again tells of no ACK, though nothing of its peer may be captured.
void last_ack(Moment& m) {
  const Row first = m.steps().fin[m.own];
  const State state = m.sender.after;
  const bool waits = state == State::LastAck || state == State::Closing || state == State::FinWait1;
  if (!m.segment.flags.fin() || !waits || first == kNoRow) return;
  std::uint32_t fins = 0;
  for (Row i = first; i <= m.row && i - first < kFindingLookBack; ++i) {
    const SegmentRecord& r = m.history.records()[i];
    if (r.from == m.segment.from && r.flags.fin() && r.duplicate_of == kNoRow) ++fins;
  }
  if (fins >= kStuckFins) m.hit(Finding::LastAckStuck, fins);
}

void at_the_end(Moment& m) {
  if (!m.at_the_end()) return;
  last_ack(m);
  const bool unfinished =
      m.a.outcome == Outcome::HalfClosed || m.a.outcome == Outcome::IncompleteClose;
  if (!unfinished || !m.both_seen()) return;
  const std::uint32_t step = m.a.outcome_kind == OutcomeKind::MissingStep2   ? 2
                             : m.a.outcome_kind == OutcomeKind::MissingStep3 ? 3
                                                                             : 4;
  m.hit(Finding::CloseIncomplete, step);
}

}  // namespace

void closing_findings(Moment& m) {
  fins(m);
  after_fin(m);
  close_wait(m);
  at_the_end(m);
}

}  // namespace tcpwave
