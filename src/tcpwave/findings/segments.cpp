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

/// Data of an end that has no SYN,ACK. With an ACK it may be that only the capture lacks that.
bool is_early_data(const Moment& m) {
  const bool opening = m.sender.before == State::SynSent && m.sender.after == State::SynSent;
  const bool data = m.segment.payload > 0 && !m.segment.flags.syn() && !m.segment.flags.rst();
  return data && opening && !m.history.facts().fast_open &&
         (!m.segment.flags.ack() || m.history.facts().seen[m.peer]);
}

void numbers(Moment& m) {
  const Record& r = m.segment;
  // What this end is known to have received was sent, captured as it should be or not.
  if (r.ack_check == AckCheck::BeyondSent && m.a.ack && m.a.ack_expected &&
      *m.a.ack != *m.a.ack_expected)
    m.hit(Finding::AckUnsent, *m.a.ack, *m.a.ack_expected);
  if (r.has(Note::BeforeIsn)) m.hit(Finding::SeqBeforeIsn, m.a.seq);
  if (r.has(Note::WindowShrunk)) m.hit(Finding::WindowShrunk, r.noted);
  if (r.has(Note::PawsFailed)) m.hit(Finding::PawsFailed, r.tsval, r.noted);
  const bool old_syn =
      r.is_syn() && r.seq == m.history.base(r.from) && m.before().of(r.from).iss_known;
  const bool odd = r.flags.fin() || r.flags.rst();
  if (r.is_syn() && r.bogus && !old_syn && !odd) m.hit(Finding::SynInConnection);
  // Where the peer is not captured, nothing tells whether it opened anew.
  if (r.is_syn_ack() && r.bogus && r.ack_check != AckCheck::Wrong && !odd &&
      m.history.facts().seen[m.peer])
    m.hit(Finding::SynAckInConnection);
  if (is_early_data(m)) m.hit(Finding::DataBeforeEstablished, r.payload);
  if (r.has(Note::ScaleExcess)) m.hit(Finding::WindowScaleExcess);
  if (!r.flags.rst() && !r.flags.fin() && !r.flags.syn() && r.seq_check == SeqCheck::OutOfWindow &&
      !r.has(Note::BeforeIsn))
    m.hit(Finding::SegmentOutOfWindow, m.a.seq, m.a.seq_expected);
}

}  // namespace

void segment_findings(Moment& m) {
  flags(m);
  numbers(m);
}

}  // namespace tcpwave
