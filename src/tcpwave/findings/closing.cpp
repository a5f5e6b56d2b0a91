// Findings of the closing: from the first FIN to the end of TIME_WAIT.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

/// A FIN sent so often without an ACK is no ordinary loss.
constexpr std::uint32_t kStuckFins = 4;

/// The latest segment before this FIN that acknowledges it.
Row last_ack_of_fin(const FindingView& v) {
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.from != v.r.from && before.flags.ack() && before.ack - v.r.fin_seq() > 0) return i;
  }
  return kNoRow;
}

void fins(FindingView& v) {
  const Record& r = v.r;
  if (v.first_time(Step::Wave1)) v.hit(Finding::CloseInitiated);
  if (v.first_time(Step::Wave2) && v.first_time(Step::Wave3)) v.hit(Finding::CloseThreeSegment);
  if (v.first_time(Step::Wave3) && v.a.active_closer == ActiveCloser::Both)
    v.hit(Finding::CloseSimultaneous);
  const StepMark* second = v.again(Step::Wave3);
  const StepMark* repeated = second != nullptr ? second : v.again(Step::Wave1);
  if (repeated != nullptr && r.flags.fin()) {
    v.hit(Finding::FinRepeated, repeated->original_frame);
    const Row last_ack = second != nullptr ? last_ack_of_fin(v) : kNoRow;
    if (last_ack != kNoRow && v.c.records()[last_ack].fate == Fate::Lost)
      v.hit(Finding::FinalAckLost, v.frame(last_ack));
  }
  if (!r.flags.fin()) return;
  const Row own_fin = v.log.fin[v.own];
  const bool moved =
      own_fin != kNoRow && own_fin < v.row && v.c.records()[own_fin].fin_seq() != r.fin_seq();
  if (moved && r.bogus) {
    v.hit(Finding::FinMoved, v.relative_own(r.fin_seq()),
          v.relative_own(v.c.records()[own_fin].fin_seq()));
    return;
  }
  if (r.seq_check == SeqCheck::Gap && !r.after_missed)
    v.hit(Finding::FinBeyondGap, v.relative_own(r.fin_seq()), v.a.seq_expected);
  if (r.bogus && r.flags.ack() && !r.flags.syn() && r.steps.empty())
    v.hit(Finding::FinUnacceptable, v.a.seq, v.a.seq_expected);
}

void after_fin(FindingView& v) {
  const Record& r = v.r;
  if (v.c.model().half_close == v.row) v.hit(Finding::HalfClose);
  const Row own_fin = v.log.fin[v.own];
  const bool beyond = own_fin != kNoRow && own_fin < v.row && r.payload > 0 && !r.flags.fin() &&
                      !r.flags.rst() && r.end() - v.c.records()[own_fin].end() > 0;
  if (beyond)
    v.hit(Finding::DataAfterFin, v.a.seq, v.relative_own(v.c.records()[own_fin].fin_seq()));
  const bool stray = v.y.before == State::TimeWait && v.y.after == State::TimeWait &&
                     !r.flags.rst() && !r.flags.syn() && !v.is_copy() && v.r.length() > 0;
  if (stray && v.x.before == State::Closed) v.hit(Finding::TimeWaitSegment);
  const bool taken = v.y.after != State::TimeWait;
  if (v.row == 0 && v.c.reopened() && r.is_syn() && taken) v.hit(Finding::TimeWaitReopened);
}

/// An end that goes on sending data makes use of the half-close; it holds nothing.
std::int64_t idle_since(const FindingView& v, End e, std::int64_t since) {
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.time_ns <= since) break;
    if (before.from == e && before.payload > 0) return before.time_ns;
  }
  return since;
}

/// The end sent a segment after that time and before this row.
bool said_before(const FindingView& v, End e, std::int64_t limit_ns) {
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    if (v.c.records()[i].time_ns <= limit_ns) return false;
    if (v.c.records()[i].from == e) return true;
  }
  return false;
}

/// Held since the FIN came; said once, on the holder's first segment beyond the limit or at the end.
void close_wait(FindingView& v) {
  for (const End e : {End::A, End::B}) {
    // The text names the sender: a finding is said where it can be, on a segment of the holder, or at the end.
    if (v.row == 0 || (e != v.r.from && !v.at_the_end())) continue;
    const std::optional<std::int64_t> entered = v.c.close_wait_since(e, v.row - 1);
    if (!entered) continue;
    const std::int64_t since = idle_since(v, e, *entered);
    const std::int64_t limit = v.capture.close_wait_held_ns;
    const bool holds = (e == v.r.from ? v.x : v.y).after == State::CloseWait;
    const std::int64_t now =
        v.at_the_end() && holds ? std::max(v.capture.end_ns, v.r.time_ns) : v.r.time_ns;
    if (now - since <= limit || said_before(v, e, since + limit)) continue;
    v.hit(Finding::CloseWaitHeld, static_cast<std::uint32_t>((now - since) / 1'000'000'000));
  }
}

void at_the_end(FindingView& v) {
  if (!v.at_the_end()) return;
  const bool unfinished =
      v.a.outcome == Outcome::HalfClosed || v.a.outcome == Outcome::IncompleteClose;
  if (!unfinished || !v.both_seen()) return;
  std::uint32_t fins = 0;
  if (v.log.fin[v.own] != kNoRow)
    for (Row i = v.log.fin[v.own]; i <= v.row && i - v.log.fin[v.own] < kFindingLookBack; ++i)
      if (v.c.records()[i].from == v.r.from && v.c.records()[i].flags.fin()) ++fins;
  const bool last_ack =
      v.x.after == State::LastAck || v.x.after == State::Closing || v.x.after == State::FinWait1;
  if (fins >= kStuckFins && last_ack && v.r.flags.fin()) v.hit(Finding::LastAckStuck, fins);
  const std::uint32_t step = v.a.outcome_kind == OutcomeKind::MissingStep2   ? 2
                             : v.a.outcome_kind == OutcomeKind::MissingStep3 ? 3
                                                                             : 4;
  v.hit(Finding::CloseIncomplete, step);
}

}  // namespace

void closing_findings(FindingView& v) {
  fins(v);
  after_fin(v);
  close_wait(v);
  at_the_end(v);
}

}  // namespace tcpwave
