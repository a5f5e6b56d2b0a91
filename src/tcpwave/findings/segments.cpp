// Findings about segments that make no sense by themselves or in their connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

void flags(Moment& m) {
  const Flags f = m.segment.flags;
  if (f.syn() && f.fin()) m.hit(Finding::FlagsSynFin);
  if (f.syn() && f.rst()) m.hit(Finding::FlagsSynRst);
  const bool xmas = f.fin() && f.psh() && f.urg() && !f.ack();
  if (xmas) m.hit(Finding::FlagsXmas);
  if (f.fin() && !f.ack() && !f.syn() && !f.rst() && !xmas) m.hit(Finding::FinWithoutAck);
  const bool null = !f.fin() && !f.syn() && !f.rst() && !f.ack() && !f.psh() && !f.urg();
  if (null) m.hit(Finding::FlagsNull);
  if (!f.ack() && m.segment.ack != Seq{0}) m.hit(Finding::AckWithoutFlag, m.segment.ack.raw());
}

/// Data of an end that has no SYN,ACK. One that it acknowledges it had: only the capture lacks that.
bool is_early_data(const Moment& m) {
  const bool opening = m.sender.before == State::SynSent && m.sender.after == State::SynSent;
  const bool data = m.segment.payload > 0 && !m.segment.flags.syn() && !m.segment.flags.rst();
  const End peer = other(m.segment.from);
  const bool acks_syn = m.segment.flags.ack() &&
                        (!m.history.base_known(peer) || m.segment.ack - m.history.base(peer) > 0);
  return data && opening && !acks_syn && !m.history.facts().fast_open;
}

/// The data that the segment acknowledges are captured behind it.
bool is_sent_later(const Moment& m) {
  const Records& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i) {
    const SegmentRecord& r = records[i];
    const bool reaches = r.end() - m.segment.ack >= 0 && r.seq - m.segment.ack < 0;
    if (r.from != m.segment.from && !r.unattributable && reaches) return true;
  }
  return false;
}

/// The peer acknowledges numbers before the ISN as well: a box on the way rewrites them, and the ISN is not
/// the one that they count from.
bool peer_counts_from_there(const Moment& m) {
  const Endpoint& y = m.before().end[m.peer];
  const Seq iss = m.before().end[m.own].iss;
  if (y.acked && y.highest_ack - iss <= 0) return true;
  const Records& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i) {
    const SegmentRecord& r = records[i];
    const bool between = r.ack - m.segment.end() >= 0 && r.ack - iss <= 0;
    if (r.from != m.segment.from && r.flags.ack() && !r.flags.rst() && between) return true;
  }
  return false;
}

/// By how much the segment grants less than the one before it. What it shrank by earlier was said then.
void window_shrunk(Moment& m) {
  const Endpoint& x = m.before().end[m.own];
  const Endpoint& y = m.before().end[m.peer];
  // A SYN's window is never scaled (RFC 7323 section 2.2), and that of a SYN proxy is not the server's.
  const bool only_syn =
      x.iss_known && y.iss_known && x.snd_max == x.iss + 1U && x.highest_ack == y.iss + 1U;
  if (only_syn) return;
  const unsigned shift = m.history.facts().window_shift(m.segment.from);
  const auto right = [shift](Seq ack, std::uint32_t window) { return ack + (window << shift); };
  const std::int32_t back =
      right(x.highest_ack, x.last_window) - right(m.segment.ack, m.segment.window);
  if (back >= 1 << shift) m.hit(Finding::WindowShrunk, static_cast<std::uint32_t>(back));
}

/// Beyond what is expected, and the receiver goes on to acknowledge it: the capture lacks what came before.
bool is_taken_beyond(const Moment& m) {
  const bool beyond = m.segment.seq - m.number_check.seq_expected > 0;
  return beyond && m.acknowledged_beyond(m.segment.end() - 1U);
}

void numbers(Moment& m) {
  const SegmentRecord& r = m.segment;
  // What this end is known to have received was sent, captured as it should be or not.
  if (r.ack_check == AckCheck::BeyondSent && m.a.ack && m.a.ack_expected &&
      r.ack - m.number_check.ack_expected > 0 && !is_sent_later(m))
    m.hit(Finding::AckUnsent, *m.a.ack, *m.a.ack_expected);
  if (r.has(Note::BeforeIsn) && !peer_counts_from_there(m)) m.hit(Finding::SeqBeforeIsn, m.a.seq);
  if (r.has(Note::WindowShrunk)) window_shrunk(m);
  if (r.has(Note::PawsFailed)) m.hit(Finding::PawsFailed, r.tsval, m.number_check.noted);
  const bool own_syn = r.is_syn() && m.history.begins_with(r);  // again, or captured late
  const bool odd = r.flags.fin() || r.flags.rst();
  // Where nobody has answered, no connection is open.
  if (r.is_syn() && r.unattributable && !own_syn && !odd && m.before().seen[m.peer])
    m.hit(Finding::SynInConnection);
  // Where the peer is not captured, nothing tells whether it opened again.
  if (r.is_syn_ack() && r.unattributable && r.ack_check != AckCheck::Wrong && !odd &&
      m.history.facts().seen[m.peer])
    m.hit(Finding::SynAckInConnection);
  if (is_early_data(m)) m.hit(Finding::DataBeforeEstablished, r.payload);
  if (r.has(Note::ScaleExcess)) m.hit(Finding::WindowScaleExcess);
  const bool outside = r.seq_check == SeqCheck::OutOfWindow && !r.has(Note::BeforeIsn);
  if (outside && !r.flags.rst() && !r.flags.fin() && !r.flags.syn() && !is_taken_beyond(m))
    m.hit(Finding::SegmentOutOfWindow, m.a.seq, m.a.seq_expected);
}

}  // namespace

void segment_findings(Moment& m) {
  flags(m);
  numbers(m);
}

}  // namespace tcpwave
