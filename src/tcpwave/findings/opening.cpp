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
std::uint32_t acknowledged_before(const Moment& m) {
  std::uint32_t count = 0;
  const Row first = m.steps().handshake[m.own][1];
  for (Row i = first + 1; i < m.row && i - first < kFindingLookBack; ++i) {
    const SegmentRecord& r = m.history.records()[i];
    const bool speaks =
        r.from == m.segment.from && !r.flags.syn() && !r.flags.rst() && !r.unattributable;
    if (speaks && !m.history.facts().fast_open) return 0;
    const bool covers = r.from != m.segment.from && r.flags.ack() && !r.flags.rst() &&
                        !r.unattributable && r.duplicate_of == kNoRow && r.ack - m.segment.seq > 0;
    if (covers && m.segment.time_ns - r.time_ns > m.history.round_trip_ns()) ++count;
  }
  return count;
}

/// The SYN's sender goes on from it, as far as it does at all; what goes on otherwise has strayed in.
bool opens_with(const Moment& m) {
  const Records& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i) {
    const SegmentRecord& r = records[i];
    if (r.from != m.segment.from || r.flags.rst() || r.unattributable) continue;
    return r.seq == m.segment.seq || r.seq == m.segment.end();
  }
  return true;
}

void syn(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (const StepMark* mark = m.again(Step::Handshake1))
    m.hit(Finding::SynRepeated, mark->original_frame);
  const std::array<Row, 2> syns{m.steps().handshake[0][0], m.steps().handshake[1][0]};
  const bool both = syns[0] != kNoRow && syns[1] != kNoRow;
  if (m.first_time(Step::Handshake1) && both && m.row == std::max(syns[0], syns[1]) &&
      opens_with(m))
    m.hit(Finding::SimultaneousOpen);
  if (r.payload > 0 && m.first_time(Step::Handshake1)) m.hit(Finding::SynWithData, r.payload);
  const Seq base = m.history.base(r.from);
  const bool same_isn = r.seq == base && m.before().of(r.from).iss_known;
  if (r.unattributable && same_isn) m.hit(Finding::OldDuplicateSyn, m.relative_own(r.seq));
}

void syn_ack(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (const StepMark* mark = m.again(Step::Handshake2)) {
    const std::uint32_t ignored = acknowledged_before(m);
    if (ignored >= kIgnoredSegments)
      m.hit(Finding::ThirdAckIgnored, ignored);
    else
      m.hit(Finding::SynAckRepeated, mark->original_frame);
  }
  if (r.ack_check == AckCheck::Wrong && m.a.ack && m.a.ack_expected) {
    const bool older = r.ack - m.number_check.ack_expected < 0;
    if (older)
      m.hit(Finding::OldDuplicateSynAck, *m.a.ack);
    else
      m.hit(Finding::SynAckBadAck, *m.a.ack, *m.a.ack_expected);
  }
  const Row syn = m.steps().handshake[m.peer][0];
  if (!m.first_time(Step::Handshake2) || syn == kNoRow || m.history.records()[syn].payload == 0)
    return;
  const std::uint32_t data = m.history.records()[syn].payload;
  m.hit(r.ack - (m.history.records()[syn].seq + 1U) > 0 ? Finding::TfoAccepted
                                                        : Finding::TfoDataIgnored,
        data);
}

/// The same ACK came before.
bool repeats_ack(const Moment& m) {
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    const SegmentRecord& before = m.history.records()[i];
    if (before.from == m.segment.from && before.seq == m.segment.seq &&
        before.ack == m.segment.ack && before.flags == m.segment.flags)
      return true;
  }
  return false;
}

/// The latest that its end was sent before it.
const SegmentRecord* asked_by(const Moment& m) {
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;)
    if (m.history.records()[i].from != m.segment.from) return &m.history.records()[i];
  return nullptr;
}

/// The peer sends its SYN again, or a RST, where something else could follow.
bool is_refused(const Moment& m) {
  const Records& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i)
    if (records[i].from != m.segment.from) return records[i].flags.syn() || records[i].flags.rst();
  return false;
}

/// A bare ACK where a SYN,ACK is due comes from the socket of the previous connection. One of the SYN, or of a little
/// more, with which the SYN's sender agrees is of this connection: the capture lacks the SYN,ACK.
bool is_ack_instead(const Moment& m) {
  const SegmentRecord* const asked = asked_by(m);
  if (asked == nullptr || !asked->flags.syn()) return false;
  const std::int32_t beyond = m.segment.ack - asked->seq;
  if (beyond > 0 && beyond <= kPlausibleAck && !is_refused(m)) return false;
  const bool waits = m.receiver.before == State::SynSent && m.sender.before != State::SynReceived &&
                     m.sender.before != State::Listen;
  const auto opened_itself = [&m](Row row) { return row != kNoRow && row < m.row; };
  return m.segment.flags.ack() && m.segment.length() == 0 && waits &&
         !opened_itself(m.steps().handshake[m.own][0]) &&
         !opened_itself(m.steps().handshake[m.own][1]);
}

/// Its end answered with a SYN and no ACK, and the other then sent the only SYN,ACK. A SYN that came sooner than
/// an answer can was under way already, and one that came later than the end takes for an answer is none: both ends
/// opened, and a SYN was lost.
bool is_split_handshake(const Moment& m) {
  if (!m.first_time(Step::Handshake3)) return false;
  const auto& mine = m.steps().handshake[m.own];
  const auto& theirs = m.steps().handshake[m.peer];
  if (mine[0] == kNoRow || mine[1] != kNoRow) return false;
  if (theirs[1] == kNoRow || theirs[0] == kNoRow || theirs[0] >= mine[0]) return false;
  const Records& records = m.history.records();
  const std::int64_t took = records[mine[0]].time_ns - records[theirs[0]].time_ns;
  const std::int64_t answer = m.segment.time_ns - records[theirs[1]].time_ns;
  const std::int64_t soonest = std::min(answer, m.history.way_to(m.segment.from).value_or(answer));
  const std::int64_t latest = answer + 4 * (answer / 2);  // SRTT + 4 RTTVAR (RFC 6298 section 2.2)
  return took >= soonest && took <= latest;
}

/// The third try shows that two had no answer; of the last one alone the capture's end may have cut it off.
constexpr Row kTriesThatTell = 3;

/// Not where the capture ends before its sender would have sent it again.
void unanswered(Moment& m) {
  if (!m.at_the_end()) return;
  const Row first = m.steps().handshake_row(0);
  if (m.a.outcome == Outcome::Unanswered && m.capture.both_directions && first != kNoRow) {
    const std::int64_t since = m.history.records()[first].time_ns;
    const std::int64_t waited = m.capture.end_ns - m.segment.time_ns;
    const std::int64_t ms = (m.segment.time_ns - since) / 1'000'000;
    if (waited >= kFirstTimeoutNs || m.history.records().size() >= kTriesThatTell)
      m.hit(Finding::SynUnanswered, m.history.records().size(),
            static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms, 0, 0xffffffff)));
  }
  if (m.a.outcome == Outcome::HalfOpen) m.hit(Finding::HandshakeIncomplete);
}

}  // namespace

void opening_findings(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (r.is_syn() && !r.flags.rst() && !r.flags.fin()) syn(m);
  if (r.is_syn_ack() && !r.flags.rst() && !r.flags.fin()) syn_ack(m);
  if (!r.flags.syn() && !r.flags.rst()) {
    if (is_ack_instead(m) && !repeats_ack(m)) m.hit(Finding::AckInsteadOfSynAck);
    if (is_split_handshake(m)) m.hit(Finding::SplitHandshake);
  }
  unanswered(m);
}

}  // namespace tcpwave
