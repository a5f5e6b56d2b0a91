// See postdissector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "postdissector.h"

#include "collector.h"
#include "guarded.h"
#include "self.h"
#include "tap.h"
#include "tree_writer.h"
#include "unseen.h"

namespace tcpwave {
namespace {

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
  if (slot.not_fed == NotFed::ErrorQuote) {
    if (const auto syn = s.session->unreachable_in(pinfo->num))
      write_unreachable(pinfo, tree, *syn);
    return;
  }
  if (slot.not_fed != NotFed::No) {
    const char* why = reason(slot.not_fed);
    expert_field* expert = slot.not_fed == NotFed::Failed ? &s.ids.lost : nullptr;
    if (why != nullptr) write_absence(pinfo, tree, why, expert);
    return;
  }
  // A frame is revisited when the capture has been read, or as far as it has been.
  const Known known = pinfo->fd->visited != 0 ? Known::Final : Known::SoFar;
  tap_segment(pinfo, {slot.id, known});
  Annotation annotation;
  if (guarded("an annotation is missing",
              [&] { annotation = s.session->annotate(slot.id, known); }))
    write_annotation(pinfo, tree, View{annotation, known, s.preferences.shown_language()});
  else
    write_absence(pinfo, tree, reason(NotFed::Failed), &s.ids.lost);
}

}  // namespace

int annotate_frame(tvbuff_t*, packet_info* pinfo, proto_tree* tree, void*) {
  Self& s = self();
  const std::size_t seen = s.visit.count(visit_key(*pinfo));
  for (std::size_t i = 0; i < seen && s.session; ++i)
    if (const auto slot = s.session->find(pinfo->num, i))
      write_layer(pinfo, tree_of_layer(pinfo, tree, s.visit.layer(i)), *slot);
  write_unseen_layers(pinfo, tree, s.visit, seen);
  s.visit.finish();
  return 0;
}

}  // namespace tcpwave
