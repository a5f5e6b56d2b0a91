// See audience.h. In a tree that nobody sees, fields count that a filter or column has referenced; one
// by one, proto_field_is_referenced() would cost more than what it saves.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "audience.h"

#include "self.h"

namespace tcpwave {
namespace {

bool lists_experts() {
  // The GUI shows the gravest one of the file in its status bar.
  return self().graphical || have_tap_listener(self().ids.expert_tap);
}

bool is_referenced(const header_field_info* field) { return field->ref_type != HF_REF_TYPE_NONE; }

/// By its own name, and not only for a field of it.
bool is_asked_for(const header_field_info* protocol) {
  return is_referenced(protocol) && protocol->ref_type != HF_REF_TYPE_INDIRECT;
}

/// Whether a filter or column asks for a finding's own name, or for expert infos of any.
bool asks_for_findings(const References& names) {
  if (is_referenced(names.expert)) return true;
  for (const header_field_info* finding : names.finding)
    if (is_referenced(finding)) return true;
  return false;
}

void add_referenced(const References& names, Audience& audience) {
  for (std::size_t i = 0; i < kFields; ++i) {
    if (!is_referenced(names.field[i])) continue;
    audience.fields.push(static_cast<std::uint8_t>(i));
    audience.all |= !is_of_mark(i);
  }
  audience.all |= asks_for_findings(names);
}

}  // namespace

References look_up_references(const Ids& ids) {
  const auto named = [](int id) { return proto_registrar_get_nth(static_cast<guint>(id)); };
  References names;
  names.tcpwave = named(ids.tcpwave);
  names.expert = named(proto_get_id_by_filter_name("_ws.expert"));
  for (std::size_t i = 0; i < kFields; ++i) names.field[i] = named(ids.field[i]);
  for (std::size_t i = 0; i < kFindings; ++i) names.finding[i] = named(ids.finding[i].hf);
  return names;
}

Audience audience_of(packet_info* pinfo, proto_tree* tree) {
  Audience audience;
  audience.mark = self().preferences.info_mark && pinfo->cinfo != nullptr &&
                  pinfo->cinfo->col_first[COL_INFO] >= 0;
  audience.experts = lists_experts();
  if (tree == nullptr) return audience;
  audience.visible = PTREE_DATA(tree)->visible != 0;
  if (audience.visible) {
    audience.subtree = audience.item = audience.all = true;
    return audience;
  }
  const References& names = self().references;
  audience.subtree = is_referenced(names.tcpwave) || is_referenced(names.expert);
  audience.item = is_asked_for(names.tcpwave);
  if (audience.subtree) add_referenced(names, audience);
  return audience;
}

}  // namespace tcpwave
