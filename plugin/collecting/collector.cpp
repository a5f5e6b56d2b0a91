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

/// A TCP layer of the frame: its number as the session counts them, and what the session has of it.
struct Layer {
  std::size_t ordinal = 0;
  Slot slot;
};

/// Gives a TCP layer of the frame to the session, or says why not.
Slot feed(Session& session, std::uint32_t frame, std::size_t ordinal, const Segment& segment,
          NotFed why) {
  Slot slot{0, why};
  if (why == NotFed::No) {
    if (guarded("a segment is lost", [&] { slot.id = session.observe(ordinal, segment); }))
      return slot;
    slot.not_fed = NotFed::Failed;
  }
  guarded("a TCP header is lost", [&] { session.leave_out(frame, ordinal, slot.not_fed); });
  return slot;
}

/// The layer on the frame's first visit.
Slot take_in(tvbuff_t* tvb, packet_info* pinfo, void* ip_header, std::size_t ordinal) {
  Self& s = self();
  const AdapterSettings settings{s.check_checksum, s.preferences.separate_tunnels != 0};
  Segment segment;
  const NotFed why = adapt_segment(tvb, pinfo, ip_header, settings, segment);
  const Slot slot = feed(*s.session, pinfo->num, ordinal, segment, why);
  if (slot.not_fed == NotFed::No && kernel::has_comment(*pinfo))
    kernel::hear(*pinfo, slot.id, segment, s.session->witness());
  if (why == NotFed::ErrorQuote)
    if (const auto error = quoted_segment(tvb, pinfo, settings.separate_tunnels))
      guarded("an ICMP error is lost", [&] { s.session->observe(*error); });
  return slot;
}

/// The session has it from now on. Nothing where a frame has too many, or memory ran out for the file.
std::optional<Layer> note_layer(tvbuff_t* tvb, packet_info* pinfo, void* ip_header,
                                unsigned layer) {
  Self& s = self();
  const FrameVisit::Key key = visit_key(*pinfo);
  const auto ordinal = s.visit.enter(key, layer);
  if (!ordinal || !s.session) return std::nullopt;
  if (!key.revisit) return Layer{*ordinal, take_in(tvb, pinfo, ip_header, *ordinal)};
  const auto slot = s.session->find(pinfo->num, *ordinal);
  return slot ? std::optional(Layer{*ordinal, *slot}) : std::nullopt;
}

/// Writes about the TCP layers from this one on, the outer ones first.
void write_layers(packet_info* pinfo, proto_tree* tree, const Audience& audience,
                  std::size_t first) {
  const FrameVisit& visit = self().visit;
  const auto& session = self().session;
  const std::size_t met = visit.count(visit_key(*pinfo));
  for (std::size_t i = first; i < met && session; ++i)
    if (const auto slot = session->find(pinfo->num, i))
      write_layer(pinfo, tree, audience, visit.layer(i), *slot);
}

/// Lets TCP dissect the segment. The outermost TCP layer then writes about itself and those within, also
/// where an error in a protocol above TCP (a frame cut short) ends the dissection by longjmp.
int dissect_and_write(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* ip_header,
                      const Audience& audience, std::size_t ordinal) {
  unsigned& depth = self().depth;
  volatile int taken = 0;
  ++depth;
  TRY { taken = call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header); }
  FINALLY {
    if (--depth == 0) write_layers(pinfo, tree, audience, ordinal);
  }
  ENDTRY;
  return taken;
}

}  // namespace

FrameVisit::Key visit_key(const packet_info& pinfo) {
  return {pinfo.num, pinfo.fd->file_off, pinfo.fd->visited != 0};
}

int collect_segment(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* ip_header) {
  const auto dissect = [&] { return call_dissector_only(self().tcp, tvb, pinfo, tree, ip_header); };
  if (self().disabled) return dissect();
  const unsigned number = pinfo->curr_layer_num + 1U;  // TCP's, to be
  const auto layer = note_layer(tvb, pinfo, ip_header, number);
  if (!layer) return dissect();
  if (!may_have_audience(tree)) {
    mark_info(pinfo, layer->slot);
    return dissect();
  }
  const Audience audience = audience_of(tree);
  // Within another TCP layer the outermost writes about all.
  const bool at_once =
      self().depth == 0 && layer->slot.not_fed == NotFed::No && audience.is_content_with_mark();
  if (at_once) write_layer(pinfo, tree, audience, number, layer->slot);
  mark_info(pinfo, layer->slot);
  if (at_once) return dissect();
  return dissect_and_write(tvb, pinfo, tree, ip_header, audience, layer->ordinal);
}

}  // namespace tcpwave
