// See audience.h. In a tree that nobody sees, fields count that a filter or column has referenced; one
// by one, proto_field_is_referenced() would cost more than what it saves.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/audience.h"

#include "self.h"

namespace tcpwave {
namespace {

/// The GUI shows the gravest one of the file in its status bar.
void add_experts(Audience& audience) {
  const bool listed = have_tap_listener(self().ids.expert_tap) != FALSE;
  audience.gravest_alone = self().graphical && !listed && !self().severities_changed;
  audience.experts = self().graphical || listed;
}

bool is_referenced(const header_field_info* field) { return field->ref_type != HF_REF_TYPE_NONE; }

/// So many are looked at without a branch for each: nobody asks for most of them.
constexpr std::size_t kAtOnce = 8;

bool any_is_referenced(const header_field_info* const* fields) {
  static_assert(HF_REF_TYPE_NONE == 0);
  unsigned any = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i) any |= static_cast<unsigned>(fields[i]->ref_type);
  return any != 0;
}

/// Calls `found` with the place of each that is referenced.
template <std::size_t kSize, class Found>
void each_referenced(const std::array<const header_field_info*, kSize>& fields, Found found) {
  for (std::size_t from = 0; from < kSize; from += kAtOnce) {
    const bool whole = from + kAtOnce <= kSize;
    if (whole && !any_is_referenced(&fields[from])) continue;
    for (std::size_t i = from; i < (whole ? from + kAtOnce : kSize); ++i)
      if (is_referenced(fields[i])) found(i);
  }
}

bool is_visible(const proto_tree* tree) { return PTREE_DATA(tree)->visible != 0; }

bool asks_for_subtree(const References& names) {
  return is_referenced(names.tcpwave) || is_referenced(names.expert);
}

/// By its own name, and not only for a field of it.
bool is_asked_for(const header_field_info* protocol) {
  return is_referenced(protocol) && protocol->ref_type != HF_REF_TYPE_INDIRECT;
}

void add_referenced(const References& names, Audience& audience) {
  each_referenced(names.field, [&](std::size_t i) {
    audience.fields.push(static_cast<std::uint8_t>(i));
    audience.all |= !is_of_mark(i);
  });
  // A filter or column may ask for a finding's own name, or for expert infos of any.
  audience.all |= is_referenced(names.expert);
  each_referenced(names.finding, [&](std::size_t) { audience.all = true; });
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

Audience audience_of(proto_tree* tree) {
  Audience audience;
  add_experts(audience);
  if (tree == nullptr) return audience;
  audience.visible = is_visible(tree);
  if (audience.visible) {
    audience.subtree = audience.item = audience.all = true;
    return audience;
  }
  const References& names = self().references;
  audience.subtree = asks_for_subtree(names);
  audience.item = is_asked_for(names.tcpwave);
  if (audience.subtree) add_referenced(names, audience);
  return audience;
}

bool may_have_audience(const proto_tree* tree) {
  const Self& s = self();
  const bool sees_subtree = tree != nullptr && (is_visible(tree) || asks_for_subtree(s.references));
  return sees_subtree || s.graphical || have_tap_listener(s.ids.tap) ||
         have_tap_listener(s.ids.expert_tap);
}

bool wants_mark(const packet_info& pinfo) {
  return self().preferences.info_mark && pinfo.cinfo != nullptr &&
         pinfo.cinfo->col_first[COL_INFO] >= 0;
}

}  // namespace tcpwave
