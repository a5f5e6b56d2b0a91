// See postdissector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "postdissector.h"

#include "collector.h"
#include "guarded.h"
#include "self.h"
#include "tree_writer.h"

namespace tcpwave {
namespace {

/// TCP keeps its own subtree here, one per layer: a habit of packet-tcp.c and no promise, so the
/// frame's tree is the fallback.
proto_tree* tree_of_layer(packet_info* pinfo, proto_tree* tree, unsigned layer) {
  if (tree == nullptr) return nullptr;
  void* own = p_get_proto_data(pinfo->pool, pinfo, self().ids.tcp, layer);
  return own != nullptr ? static_cast<proto_tree*>(own) : tree;
}

const char* reason(NotFed why) {
  switch (why) {
    case NotFed::No:
    case NotFed::ErrorQuote:
      return nullptr;  // a quotation is no segment: nothing to say
    case NotFed::Fragment:
      return "not judged: part of a fragmented IP packet";
    case NotFed::BadHeader:
      return "not judged: the header is cut or contradicts itself";
    case NotFed::BadChecksum:
      return "not judged: bad checksum";
    case NotFed::Failed:
      return "not judged: out of memory or an error in tcpwave";
  }
  return nullptr;
}

void write_layer(packet_info* pinfo, proto_tree* tree, Slot slot) {
  Self& s = self();
  if (slot.not_fed != NotFed::No) {
    const char* why = reason(slot.not_fed);
    expert_field* expert = slot.not_fed == NotFed::Failed ? &s.ids.lost : nullptr;
    if (why != nullptr) write_absence(pinfo, tree, why, expert);
    return;
  }
  Annotation annotation;
  if (guarded("an annotation is missing", [&] { annotation = s.session->annotate(slot.id); }))
    write_annotation(pinfo, tree, View{annotation, pinfo->fd->visited != 0});
  else
    write_absence(pinfo, tree, reason(NotFed::Failed), &s.ids.lost);
}

/// TCP that did not come through the collector: Decode As, or a dissector that calls TCP itself.
void name_unseen_layers(packet_info* pinfo, proto_tree* tree, bool any_seen) {
  Self& s = self();
  unsigned layer = 0;
  for (wmem_list_frame_t* at = wmem_list_head(pinfo->layers); at != nullptr;
       at = wmem_list_frame_next(at)) {
    ++layer;
    if (GPOINTER_TO_INT(wmem_list_frame_data(at)) != s.ids.tcp) continue;
    if (any_seen && s.visit.met(layer)) continue;
    write_absence(pinfo, tree_of_layer(pinfo, tree, layer),
                  "not judged: Decode As or another dissector hands it to TCP directly",
                  &s.ids.unseen);
  }
}

}  // namespace

int annotate_frame(tvbuff_t*, packet_info* pinfo, proto_tree* tree, void*) {
  Self& s = self();
  const std::size_t seen = s.visit.count(visit_key(*pinfo));
  for (std::size_t i = 0; i < seen && s.session; ++i)
    if (const auto slot = s.session->find(pinfo->num, i))
      write_layer(pinfo, tree_of_layer(pinfo, tree, s.visit.layer(i)), *slot);
  name_unseen_layers(pinfo, tree, seen != 0);
  s.visit.finish();
  return 0;
}

}  // namespace tcpwave
