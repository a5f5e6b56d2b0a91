// See layer_writer.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/layer_writer.h"

#include "collecting/audience.h"
#include "guarded.h"
#include "self.h"
#include "statistics/tap.h"
#include "writing/labels.h"
#include "writing/severity.h"
#include "writing/tcp_subtree.h"
#include "writing/tree_writer.h"

namespace tcpwave {
namespace {

const char* reason(NotFed why) {
  switch (why) {
    case NotFed::No:
    case NotFed::ErrorQuote:
      return nullptr;  // a quotation is no segment: nothing to say
    case NotFed::Fragment:
      return "not analyzed: part of a fragmented IP packet";
    case NotFed::BadHeader:
      return "not analyzed: truncated or malformed TCP header";
    case NotFed::BadChecksum:
      return "not analyzed: bad checksum";
    case NotFed::Failed:
      return "not analyzed: out of memory or an internal error";
  }
  return nullptr;
}

/// Beside what is inferred, what the ends' kernels said.
void write_with_kernel(packet_info* pinfo, proto_tree* tree, View view, const Audience& audience,
                       SegmentId id) {
  const Session& session = *self().session;
  kernel::BothSaid said;
  if (audience.subtree && !session.witness().empty() &&
      guarded("the kernel's word is missing",
              [&] { said = session.witness().at(session.tracker(), id, view.annotation.sender); }))
    view.kernel = &said;
  write_annotation(pinfo, tree, view, audience);
}

/// A frame is revisited when the capture has been read, or as far as it has been.
Known known_in(const packet_info& pinfo) {
  return pinfo.fd->visited != 0 ? Known::Final : Known::SoFar;
}

/// Appends what stands in front of Info's text, with a blank behind it. False where there is nothing to say.
bool add_mark(Text& text, SegmentId id, Known known) {
  Self& s = self();
  if (!s.session->tracker().may_be_marked(id, known)) return false;
  const Annotation* annotation = &s.session->annotate(id, known, Detail::Mark);
  if (annotation->rst)
    annotation = &s.session->annotate(id, known);  // what it does takes the findings
  const Text mark = info_mark(*annotation, s.preferences.shown_language());
  if (mark.empty()) return false;
  text << '[' << mark.view() << "] ";
  return true;
}

/// A listener takes every expert info; of a window without one only the gravest shows.
bool adds_to_experts(const Audience& audience, SegmentId id, Known known) {
  const Tracker& tracker = self().session->tracker();
  const int shown = audience.gravest_alone ? expert_get_highest_severity() : 0;
  if (shown >= kGravest) return false;
  bool some = true;
  guarded("findings are missing", [&] {
    some = shown >= PI_CHAT ? tracker.may_have_grave_findings(id, known)
                            : tracker.may_have_findings(id, known);
  });
  return some;
}

void write_judged(packet_info* pinfo, proto_tree* frame, unsigned layer, SegmentId id) {
  Self& s = self();
  const Known known = known_in(*pinfo);
  tap_segment(pinfo, {id, known});
  Audience audience = audience_of(frame);
  if (audience.experts && !audience.all) audience.experts = adds_to_experts(audience, id, known);
  if (!audience.anybody()) return;
  proto_tree* const tree = tree_of_layer(pinfo, frame, layer);
  const Annotation* annotation = nullptr;
  guarded("an annotation is missing",
          [&] { annotation = &s.session->annotate(id, known, audience.detail()); });
  if (annotation != nullptr)
    write_with_kernel(pinfo, tree, View{*annotation, known, s.preferences.shown_language()},
                      audience, id);
  else
    write_absence(pinfo, tree, reason(NotFed::Failed), &s.ids.lost);
}

void write_slot(packet_info* pinfo, proto_tree* frame, unsigned layer, Slot slot) {
  Self& s = self();
  if (slot.not_fed == NotFed::No) {
    write_judged(pinfo, frame, layer, slot.id);
    return;
  }
  proto_tree* const tree = tree_of_layer(pinfo, frame, layer);
  if (slot.not_fed == NotFed::ErrorQuote) {
    if (const auto syn = s.session->unreachable_in(pinfo->num))
      write_unreachable(pinfo, tree, *syn);
  } else if (const char* why = reason(slot.not_fed)) {
    write_absence(pinfo, tree, why, slot.not_fed == NotFed::Failed ? &s.ids.lost : nullptr);
  }
}

}  // namespace

void mark_info(packet_info* pinfo, std::size_t ordinal) {
  const auto& session = self().session;
  if (!session || !wants_mark(*pinfo)) return;
  const auto slot = session->find(pinfo->num, ordinal);
  if (!slot || slot->not_fed != NotFed::No) return;
  Text mark;
  bool any = false;
  guarded("a mark is missing", [&] { any = add_mark(mark, slot->id, known_in(*pinfo)); });
  if (!any) return;
  // TCP and what is above it clear the column as far as the fence.
  col_add_str(pinfo->cinfo, COL_INFO, mark.c_str());
  col_set_fence(pinfo->cinfo, COL_INFO);
}

void write_layer(packet_info* pinfo, proto_tree* frame, std::size_t ordinal, unsigned layer) {
  const auto& session = self().session;
  if (!session) return;
  const auto slot = session->find(pinfo->num, ordinal);
  if (!slot) return;
  // Whose expert infos these are; and what an ICMP error quotes has no listeners, but what we say has.
  const char* const protocol = pinfo->current_proto;
  const bool in_error_packet = pinfo->flags.in_error_pkt != 0;
  pinfo->current_proto = "TCP Wave";
  pinfo->flags.in_error_pkt = FALSE;
  write_slot(pinfo, frame, layer, *slot);
  pinfo->flags.in_error_pkt = in_error_packet;
  pinfo->current_proto = protocol;
}

}  // namespace tcpwave
