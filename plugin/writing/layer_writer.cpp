// See layer_writer.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/layer_writer.h"

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

/// What the ends' kernels said of the segment. False where none did.
bool hear_kernels(kernel::BothSaid& said, SegmentId id, Side sender) {
  const Session& session = *self().session;
  return !session.witness().empty() && guarded("the kernel's word is missing", [&] {
    said = session.witness().at(session.tracker(), id, sender);
  });
}

/// A frame is revisited when the capture has been read, or as far as it has been.
Known known_in(const packet_info& pinfo) {
  return pinfo.fd->visited != 0 ? Known::Final : Known::SoFar;
}

/// What stands in front of Info's text, with a blank behind it; empty where there is nothing to say. `room` has it where the
/// session does not.
const char* info_prefix(Text& room, SegmentId id, Known known) {
  Self& s = self();
  const Language language = s.preferences.shown_language();
  const auto steps = s.session->steps_of_mark(id, known);
  if (steps && (*steps == 0 || !s.session->prefix(*steps, language).empty()))
    return s.session->prefix(*steps, language).c_str();
  const Annotation* annotation = &s.session->annotate(id, known, Detail::Mark);
  if (annotation->rst)
    annotation = &s.session->annotate(id, known);  // what it does takes the findings
  const Text mark = info_mark(*annotation, language);
  if (!mark.empty()) room << '[' << mark.view() << "] ";
  if (steps) s.session->prefix(*steps, language) = room.view();
  return room.c_str();
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

/// Writes for that audience, which is not empty.
void write_for(packet_info* pinfo, proto_tree* frame, const Audience& audience, unsigned layer,
               SegmentId id, Known known) {
  Self& s = self();
  proto_tree* const tree =
      audience.visible ? tree_of_layer(pinfo, frame, layer) : below_latest(frame);
  const Annotation* annotation = nullptr;
  guarded("an annotation is missing",
          [&] { annotation = &s.session->annotate(id, known, audience.detail()); });
  if (annotation == nullptr) {
    write_absence(pinfo, tree, reason(NotFed::Failed), &s.ids.lost);
    return;
  }
  View view{*annotation, known, s.preferences.shown_language()};
  kernel::BothSaid said;
  if (audience.subtree && hear_kernels(said, id, annotation->sender)) view.kernel = &said;
  write_annotation(pinfo, tree, view, audience);
}

void write_judged(packet_info* pinfo, proto_tree* frame, const Audience& audience, unsigned layer,
                  SegmentId id) {
  const Known known = known_in(*pinfo);
  tap_segment(pinfo, {id, known});
  if (audience.experts && !audience.all && !adds_to_experts(audience, id, known)) {
    Audience rest = audience;
    rest.experts = false;
    if (rest.anybody()) write_for(pinfo, frame, rest, layer, id, known);
  } else if (audience.anybody()) {
    write_for(pinfo, frame, audience, layer, id, known);
  }
}

void write_slot(packet_info* pinfo, proto_tree* frame, const Audience& audience, unsigned layer,
                const Slot& slot) {
  Self& s = self();
  if (slot.not_fed == NotFed::No) {
    write_judged(pinfo, frame, audience, layer, slot.id);
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

void mark_info(packet_info* pinfo, const Slot& slot) {
  if (slot.not_fed != NotFed::No || !wants_mark(*pinfo)) return;
  Text room;
  const char* prefix = "";
  guarded("a mark is missing", [&] { prefix = info_prefix(room, slot.id, known_in(*pinfo)); });
  if (*prefix == '\0') return;
  // TCP and what is above it clear the column as far as the fence.
  col_add_str(pinfo->cinfo, COL_INFO, prefix);
  col_set_fence(pinfo->cinfo, COL_INFO);
}

void write_layer(packet_info* pinfo, proto_tree* frame, const Audience& audience, unsigned layer,
                 const Slot& slot) {
  // Whose expert infos these are; and what an ICMP error quotes has no listeners, but what we say has.
  const char* const protocol = pinfo->current_proto;
  const bool in_error_packet = pinfo->flags.in_error_pkt != 0;
  pinfo->current_proto = "TCP Wave";
  pinfo->flags.in_error_pkt = FALSE;
  write_slot(pinfo, frame, audience, layer, slot);
  pinfo->flags.in_error_pkt = in_error_packet;
  pinfo->current_proto = protocol;
}

}  // namespace tcpwave
