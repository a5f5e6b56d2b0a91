// Findings about segments that make no sense by themselves or in their connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

void flags(FindingView& v) {
  const Flags f = v.r.flags;
  if (f.syn() && f.fin()) v.hit(Finding::FlagsSynFin);
  if (f.syn() && f.rst()) v.hit(Finding::FlagsSynRst);
  const bool xmas = f.fin() && f.psh() && f.urg() && !f.ack();
  if (xmas) v.hit(Finding::FlagsXmas);
  if (f.fin() && !f.ack() && !f.syn() && !f.rst() && !xmas) v.hit(Finding::FinWithoutAck);
  const bool null = !f.fin() && !f.syn() && !f.rst() && !f.ack() && !f.psh() && !f.urg();
  if (null) v.hit(Finding::FlagsNull);
  if (!f.ack() && v.r.ack != Seq{0}) v.hit(Finding::AckWithoutFlag, v.r.ack.raw());
}

/// Data of an end that has no SYN,ACK. With an ACK it may be that only the capture lacks that.
bool is_early_data(const FindingView& v) {
  const bool opening = v.x.before == State::SynSent && v.x.after == State::SynSent;
  const bool data = v.r.payload > 0 && !v.r.flags.syn() && !v.r.flags.rst();
  return data && opening && !v.c.facts().fast_open &&
         (!v.r.flags.ack() || v.c.facts().seen[v.peer]);
}

void numbers(FindingView& v) {
  const Record& r = v.r;
  // What this end is known to have received was sent, captured as it should be or not.
  if (r.ack_check == AckCheck::BeyondSent && v.a.ack && v.a.ack_expected &&
      *v.a.ack != *v.a.ack_expected)
    v.hit(Finding::AckUnsent, *v.a.ack, *v.a.ack_expected);
  if (r.has(Note::BeforeIsn)) v.hit(Finding::SeqBeforeIsn, v.a.seq);
  if (r.has(Note::WindowShrunk)) v.hit(Finding::WindowShrunk, v.judged.noted);
  if (r.has(Note::PawsFailed)) v.hit(Finding::PawsFailed, r.tsval, v.judged.noted);
  const bool old_syn = r.is_syn() && r.seq == v.c.base(r.from) && v.c.model().of(r.from).iss_known;
  const bool odd = r.flags.fin() || r.flags.rst();
  if (r.is_syn() && r.bogus && !old_syn && !odd) v.hit(Finding::SynInConnection);
  // Where the peer is not captured, nothing tells whether it opened anew.
  if (r.is_syn_ack() && r.bogus && r.ack_check != AckCheck::Wrong && !odd &&
      v.c.facts().seen[v.peer])
    v.hit(Finding::SynAckInConnection);
  if (is_early_data(v)) v.hit(Finding::DataBeforeEstablished, r.payload);
  if (r.has(Note::ScaleExcess)) v.hit(Finding::WindowScaleExcess);
  if (!r.flags.rst() && !r.flags.fin() && !r.flags.syn() && r.seq_check == SeqCheck::OutOfWindow &&
      !r.has(Note::BeforeIsn))
    v.hit(Finding::SegmentOutOfWindow, v.a.seq, v.a.seq_expected);
}

}  // namespace

void segment_findings(FindingView& v) {
  flags(v);
  numbers(v);
}

}  // namespace tcpwave
