// See collector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collector.h"

#include "guarded.h"
#include "segment_adapter.h"
#include "self.h"

namespace tcpwave {
namespace {

/// Gives the next TCP layer of the frame to the session, or says why not.
void feed(Session& session, std::uint32_t frame, const Adapted& adapted) {
  if (adapted.not_fed != NotFed::No) {
    guarded("a TCP header is not noted", [&] { session.leave_out(frame, adapted.not_fed); });
  } else if (!guarded("a segment is not annotated", [&] { session.observe(adapted.segment); })) {
    guarded("a lost segment is not noted", [&] { session.leave_out(frame, NotFed::Failed); });
  }
}

void note_layer(tvbuff_t* tvb, packet_info* pinfo, void* ip_header) {
  Self& s = self();
  const FrameVisit::Key key = visit_key(*pinfo);
  const unsigned layer = pinfo->curr_layer_num + 1U;  // the number that TCP is about to get
  const bool first_visit = !key.revisit && s.session.has_value();
  if (s.visit.starts_with(key, layer)) {
    s.visit.start(key);
    if (first_visit) s.session->start_frame(pinfo->num);
  }
  if (!s.visit.add(layer) || !first_visit) return;
  const AdapterSettings settings{s.check_checksum, s.preferences.separate_tunnels != 0};
  feed(*s.session, pinfo->num, adapt_segment(tvb, pinfo, ip_header, settings));
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
