// See collector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collector.h"

#include "guarded.h"
#include "segment_adapter.h"
#include "self.h"
#include "unreachable.h"

namespace tcpwave {
namespace {

/// Gives a TCP layer of the frame to the session, or says why not.
void feed(Session& session, std::uint32_t frame, std::size_t ordinal, const Adapted& adapted) {
  NotFed why = adapted.not_fed;
  if (why == NotFed::No) {
    if (guarded("a segment is lost", [&] { session.observe(ordinal, adapted.segment); })) return;
    why = NotFed::Failed;
  }
  guarded("a TCP header is lost", [&] { session.leave_out(frame, ordinal, why); });
}

void note_layer(tvbuff_t* tvb, packet_info* pinfo, void* ip_header) {
  Self& s = self();
  const FrameVisit::Key key = visit_key(*pinfo);
  const auto ordinal = s.visit.enter(key, pinfo->curr_layer_num + 1U);  // TCP's number to be
  if (!ordinal || key.revisit || !s.session) return;
  const AdapterSettings settings{s.check_checksum, s.preferences.separate_tunnels != 0};
  const Adapted adapted = adapt_segment(tvb, pinfo, ip_header, settings);
  feed(*s.session, pinfo->num, *ordinal, adapted);
  if (adapted.not_fed != NotFed::ErrorQuote) return;
  if (const auto error = quoted_segment(tvb, pinfo, settings.separate_tunnels))
    guarded("an ICMP error is lost", [&] { s.session->observe(*error); });
}

}  // namespace

FrameVisit::Key visit_key(const packet_info& pinfo) {
  return {pinfo.num, pinfo.fd->file_off, pinfo.fd->visited != 0};
}

int collect_segment(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* ip_header) {
  if (proto_is_protocol_enabled(self().protocol)) note_layer(tvb, pinfo, ip_header);
  return call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header);
}

}  // namespace tcpwave
