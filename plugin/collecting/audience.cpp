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

bool is_referenced(const header_field_info& field) { return field.ref_type != HF_REF_TYPE_NONE; }

const header_field_info& field_of(const hf_register_info& row) { return row.hfinfo; }
const header_field_info& field_of(const ei_register_info& row) { return row.eiinfo.hf_info.hfinfo; }

/// What all rows say together: 0 where none is referenced.
template <class Row, std::size_t kSize>
unsigned sum_of_references(const std::array<Row, kSize>& rows) {
  static_assert(HF_REF_TYPE_NONE == 0 && HF_REF_TYPE_INDIRECT > 0 && HF_REF_TYPE_DIRECT > 0);
  unsigned sum = 0;
#pragma GCC unroll 128
  for (const Row& row : rows) sum += static_cast<unsigned>(field_of(row).ref_type);
  return sum;
}

bool is_visible(const proto_tree* tree) { return PTREE_DATA(tree)->visible != 0; }

bool asks_for_subtree(const References& names) {
  return is_referenced(*names.tcpwave) || is_referenced(*names.expert);
}

/// By its own name, and not only for a field of it.
bool is_asked_for(const header_field_info& protocol) {
  return is_referenced(protocol) && protocol.ref_type != HF_REF_TYPE_INDIRECT;
}

/// Whether each of these is asked for, and no other.
bool are_asked_for(const SomeFields& some, const References& names) {
  unsigned sum = 0;
  bool each = true;
  for (const std::uint8_t i : some) {
    const header_field_info& field = field_of((*names.field)[i]);
    each &= is_referenced(field);
    sum += static_cast<unsigned>(field.ref_type);
  }
  return each && sum == sum_of_references(*names.field);
}

/// Nearly always the same as last time.
const SomeFields& fields_asked_for(const References& names) {
  std::optional<SomeFields>& latest = self().asked_for;
  if (latest && are_asked_for(*latest, names)) return *latest;
  latest.emplace();
  for (std::size_t i = 0; i < kFields; ++i)
    if (is_referenced(field_of((*names.field)[i]))) latest->push(static_cast<std::uint8_t>(i));
  return *latest;
}

void add_referenced(const References& names, Audience& audience) {
  audience.fields = &fields_asked_for(names);
  for (const std::uint8_t i : *audience.fields) audience.all |= !is_of_mark(i);
  // A filter or column may ask for a finding's own name, or for expert infos of any.
  audience.all |= is_referenced(*names.expert) || sum_of_references(*names.finding) != 0;
}

}  // namespace

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
  audience.item = is_asked_for(*names.tcpwave);
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
