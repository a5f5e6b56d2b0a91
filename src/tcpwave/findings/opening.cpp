// Findings of the opening: from the first SYN to the ACK that completes the handshake.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

/// One segment lost in front of a repeated SYN,ACK is chance; so many are no longer.
constexpr std::uint32_t kIgnoredSegments = 3;

/// Segments of the other end that had acknowledged the SYN,ACK before it came again. Where its sender
/// has spoken as an open end since, it is an old copy that ignores nothing.
std::uint32_t acknowledged_before(const FindingView& v) {
  std::uint32_t count = 0;
  const Row first = v.log.handshake[v.own][1];
  for (Row i = first + 1; i < v.row && i - first < kFindingLookBack; ++i) {
    const Record& r = v.c.records()[i];
    const bool speaks = r.from == v.r.from && !r.flags.syn() && !r.flags.rst() && !r.bogus;
    if (speaks && !v.c.facts().fast_open) return 0;
    const bool covers = r.from != v.r.from && r.flags.ack() && !r.flags.rst() && !r.bogus &&
                        r.copy_of == kNoRow && r.ack - v.r.seq > 0;
    if (covers && v.r.time_ns - r.time_ns > v.c.round_trip_ns()) ++count;
  }
  return count;
}

void syn(FindingView& v) {
  const Record& r = v.r;
  if (const StepMark* mark = v.again(Step::Handshake1))
    v.hit(Finding::SynRepeated, mark->original_frame);
  const std::array<Row, 2> syns{v.log.handshake[0][0], v.log.handshake[1][0]};
  const bool both = syns[0] != kNoRow && syns[1] != kNoRow;
  if (v.first_time(Step::Handshake1) && both && v.row == std::max(syns[0], syns[1]))
    v.hit(Finding::SimultaneousOpen);
  if (r.payload > 0 && v.first_time(Step::Handshake1)) v.hit(Finding::SynWithData, r.payload);
  const Seq base = v.c.base(r.from);
  const bool same_isn = r.seq == base && v.c.model().of(r.from).iss_known;
  if (r.bogus && same_isn) v.hit(Finding::OldDuplicateSyn, v.relative_own(r.seq));
}

void syn_ack(FindingView& v) {
  const Record& r = v.r;
  if (const StepMark* mark = v.again(Step::Handshake2)) {
    const std::uint32_t ignored = acknowledged_before(v);
    if (ignored >= kIgnoredSegments)
      v.hit(Finding::ThirdAckIgnored, ignored);
    else
      v.hit(Finding::SynAckRepeated, mark->original_frame);
  }
  if (r.ack_check == AckCheck::Wrong && v.a.ack && v.a.ack_expected) {
    const bool older = r.ack - v.judged.ack_expected < 0;
    if (older)
      v.hit(Finding::OldDuplicateSynAck, *v.a.ack);
    else
      v.hit(Finding::SynAckBadAck, *v.a.ack, *v.a.ack_expected);
  }
  const Row syn = v.log.handshake[v.peer][0];
  if (!v.first_time(Step::Handshake2) || syn == kNoRow || v.c.records()[syn].payload == 0) return;
  const std::uint32_t data = v.c.records()[syn].payload;
  v.hit(r.ack - (v.c.records()[syn].seq + 1U) > 0 ? Finding::TfoAccepted : Finding::TfoDataIgnored,
        data);
}

/// The same ACK came before.
bool repeats_ack(const FindingView& v) {
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.from == v.r.from && before.seq == v.r.seq && before.ack == v.r.ack &&
        before.flags == v.r.flags)
      return true;
  }
  return false;
}

/// A bare ACK where a SYN,ACK is due comes from the socket of the previous connection.
bool is_ack_instead(const FindingView& v) {
  const bool waits = v.y.before == State::SynSent && v.x.before != State::SynReceived &&
                     v.x.before != State::Listen;
  const auto opened_itself = [&v](Row row) { return row != kNoRow && row < v.row; };
  return v.r.flags.ack() && v.r.length() == 0 && waits &&
         !opened_itself(v.log.handshake[v.own][0]) && !opened_itself(v.log.handshake[v.own][1]);
}

/// Its end answered with a SYN and, apart from it, an ACK; the other then sent the only SYN,ACK.
bool is_split_handshake(const FindingView& v) {
  const auto& mine = v.log.handshake[v.own];
  const auto& theirs = v.log.handshake[v.peer];
  return v.first_time(Step::Handshake3) && mine[0] != kNoRow && mine[1] == kNoRow &&
         theirs[1] != kNoRow && theirs[1] < v.row && theirs[0] != kNoRow && theirs[0] < mine[0];
}

void unanswered(FindingView& v) {
  if (!v.at_the_end()) return;
  const Row first = v.log.handshake_row(0);
  if (v.a.outcome == Outcome::Unanswered && v.capture.both_directions && first != kNoRow) {
    const std::int64_t ms = (v.r.time_ns - v.c.records()[first].time_ns) / 1'000'000;
    v.hit(Finding::SynUnanswered, v.c.records().size(),
          static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms, 0, 0xffffffff)));
  }
  if (v.a.outcome == Outcome::HalfOpen) v.hit(Finding::HandshakeIncomplete);
}

}  // namespace

void opening_findings(FindingView& v) {
  const Record& r = v.r;
  if (r.is_syn() && !r.flags.rst() && !r.flags.fin()) syn(v);
  if (r.is_syn_ack() && !r.flags.rst() && !r.flags.fin()) syn_ack(v);
  if (!r.flags.syn() && !r.flags.rst()) {
    if (is_ack_instead(v) && !repeats_ack(v)) v.hit(Finding::AckInsteadOfSynAck);
    if (is_split_handshake(v)) v.hit(Finding::SplitHandshake);
  }
  unanswered(v);
}

}  // namespace tcpwave
