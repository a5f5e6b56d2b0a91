// See collector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/collector.h"

#include "collecting/audience.h"
#include "collecting/segment_adapter.h"
#include "collecting/unreachable.h"
#include "guarded.h"
#include "kernel/hear.h"
#include "self.h"
#include "writing/layer_writer.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Wdeprecated-volatile"  // in Wireshark's TRY and FINALLY
#endif

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

/// The ordinal of this TCP layer in its frame, which the session has from now on; nothing where there
/// are too many.
std::optional<std::size_t> note_layer(tvbuff_t* tvb, packet_info* pinfo, void* ip_header,
                                      unsigned layer) {
  Self& s = self();
  const FrameVisit::Key key = visit_key(*pinfo);
  const auto ordinal = s.visit.enter(key, layer);
  if (!ordinal || key.revisit || !s.session) return ordinal;
  const AdapterSettings settings{s.check_checksum, s.preferences.separate_tunnels != 0};
  const Adapted adapted = adapt_segment(tvb, pinfo, ip_header, settings);
  feed(*s.session, pinfo->num, *ordinal, adapted);
  if (kernel::has_comment(*pinfo)) {
    const auto slot = s.session->find(pinfo->num, *ordinal);
    if (slot && slot->not_fed == NotFed::No)
      kernel::hear(*pinfo, slot->id, adapted.segment, s.session->witness());
  }
  if (adapted.not_fed != NotFed::ErrorQuote) return ordinal;
  if (const auto error = quoted_segment(tvb, pinfo, settings.separate_tunnels))
    guarded("an ICMP error is lost", [&] { s.session->observe(*error); });
  return ordinal;
}

/// Writes about the TCP layers from this one on, the outer ones first.
void write_layers(packet_info* pinfo, proto_tree* tree, std::size_t first) {
  const FrameVisit& visit = self().visit;
  const std::size_t met = visit.count(visit_key(*pinfo));
  for (std::size_t i = first; i < met; ++i) write_layer(pinfo, tree, i, visit.layer(i));
}

/// Lets TCP dissect the segment. The outermost TCP layer then writes about itself and those within, also
/// where an error in a protocol above TCP (a frame cut short) ends the dissection by longjmp.
int dissect_and_write(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* ip_header,
                      std::size_t ordinal) {
  unsigned& depth = self().depth;
  volatile int taken = 0;
  ++depth;
  TRY { taken = call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header); }
  FINALLY {
    if (--depth == 0) write_layers(pinfo, tree, ordinal);
  }
  ENDTRY;
  return taken;
}

}  // namespace

FrameVisit::Key visit_key(const packet_info& pinfo) {
  return {pinfo.num, pinfo.fd->file_off, pinfo.fd->visited != 0};
}

int collect_segment(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* ip_header) {
  if (!proto_is_protocol_enabled(self().protocol) ||
      !proto_is_protocol_enabled(self().tcp_protocol))
    return call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header);
  const unsigned layer = pinfo->curr_layer_num + 1U;  // TCP's number to be
  const auto ordinal = note_layer(tvb, pinfo, ip_header, layer);
  if (!ordinal) return call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header);
  mark_info(pinfo, *ordinal);
  if (!may_have_audience(tree)) return call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header);
  return dissect_and_write(tvb, pinfo, tree, ip_header, *ordinal);
}

}  // namespace tcpwave
