// Registration: made from the list of fields and the catalogue of findings. See registration.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "registration.h"

#include <array>
#include <list>
#include <string>
#include <vector>

#include "collecting/collector.h"
#include "collecting/postdissector.h"
#include "guarded.h"
#include "self.h"
#include "statistics/conversation_filter.h"
#include "statistics/flow_graph.h"
#include "statistics/menu.h"
#include "statistics/statistics.h"
#include "statistics/tap.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/finding_titles.h"
#include "writing/field_values.h"
#include "writing/severity.h"

namespace tcpwave {

constinit Self the_self;

namespace {

ftenum epan_type(FieldType type) {
  switch (type) {
    case FieldType::Uint8:
    case FieldType::Code:
      return FT_UINT8;
    case FieldType::Uint32:
      return FT_UINT32;
    case FieldType::Bool:
      return FT_BOOLEAN;
    case FieldType::String:
      return FT_STRING;
    case FieldType::RelativeTime:
      return FT_RELATIVE_TIME;
    case FieldType::Frame:
    case FieldType::RequestFrame:
    case FieldType::ResponseFrame:
    case FieldType::AckFrame:
    case FieldType::OriginalFrame:
      return FT_FRAMENUM;
  }
  return FT_NONE;
}

/// How the packet list draws a link to a frame.
ft_framenum_type link_type(FieldType type) {
  switch (type) {
    case FieldType::RequestFrame:
      return FT_FRAMENUM_REQUEST;
    case FieldType::ResponseFrame:
      return FT_FRAMENUM_RESPONSE;
    case FieldType::AckFrame:
      return FT_FRAMENUM_ACK;
    case FieldType::OriginalFrame:
      return FT_FRAMENUM_RETRANS_PREV;
    case FieldType::Uint8:
    case FieldType::Uint32:
    case FieldType::Code:
    case FieldType::Bool:
    case FieldType::String:
    case FieldType::RelativeTime:
    case FieldType::Frame:
      return FT_FRAMENUM_NONE;
  }
  return FT_FRAMENUM_NONE;
}

int display(FieldType type) {
  const bool number =
      type == FieldType::Uint8 || type == FieldType::Uint32 || type == FieldType::Code;
  return number ? BASE_DEC : BASE_NONE;
}

/// The names of a Code's numbers, which Wireshark keeps a pointer to; with them it refuses a filter that
/// misspells one.
const value_string* names_of(const Field& field) {
  struct Names {
    std::vector<std::string> texts;
    std::vector<value_string> rows;
  };
  static std::list<Names> kept;
  Names& names = kept.emplace_back();
  names.texts = values_of(field);
  for (const std::string& text : names.texts)
    names.rows.push_back({static_cast<guint32>(names.rows.size()), text.c_str()});
  names.rows.push_back({0, nullptr});
  return names.rows.data();
}

const void* strings_of(const Field& field) {
  if (field.type == FieldType::Code) return VALS(names_of(field));
  const bool link = epan_type(field.type) == FT_FRAMENUM;
  return link ? FRAMENUM_TYPE(link_type(field.type)) : nullptr;
}

/// Wireshark keeps pointers to the rows, and says in them who asks for what.
const auto* register_fields(Ids& ids) {
  static std::array<hf_register_info, kFields> rows;
  const auto list = fields();
  for (std::size_t i = 0; i < kFields; ++i) {
    const Field& field = list[i];
    const ftenum type = epan_type(field.type);
    ids.field[i] = -1;
    rows[i] = {&ids.field[i],
               {field.label.front(), field.filter, type, display(field.type), strings_of(field), 0,
                field.meaning, HFILL}};
  }
  proto_register_field_array(ids.tcpwave, rows.data(), static_cast<int>(rows.size()));
  return &rows;
}

void register_subtrees(Ids& ids) {
  std::array<gint*, kBranches + 1> subtrees{&ids.subtree};
  ids.branch.fill(-1);
  for (std::size_t i = 0; i < kBranches; ++i) subtrees[i + 1] = &ids.branch[i];
  proto_register_subtree_array(subtrees.data(), static_cast<int>(subtrees.size()));
}

/// Ours is open where TCP's is, so that it explains at once; what stands below its lines is not. After
/// that it is as the user leaves it. Wireshark has no room for this before its first file.
void open_subtree(const Ids& ids) {
  static bool done = false;
  if (!done) tree_expanded_set(ids.subtree, TRUE);
  done = true;
}

/// `tcpwave.finding.<id>` for each row of the catalogue, and what the plugin itself has to say. Wireshark keeps pointers to
/// the rows here, too.
const auto* register_experts(Ids& ids) {
  static std::array<Text, kFindings> filters;
  static std::array<ei_register_info, kFindings> rows;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const FindingInfo& finding = kCatalogue[i];
    filters[i] << "tcpwave.finding." << finding.id;
    ids.finding[i] = {EI_INIT_EI, EI_INIT_HF};
    rows[i] = {&ids.finding[i],
               {filters[i].c_str(), PI_SEQUENCE, expert_severity(finding.severity),
                title(finding.finding, Language::English), EXPFILL}};
  }
  ids.unseen = ids.lost = {EI_INIT_EI, EI_INIT_HF};
  static std::array<ei_register_info, 2> own{{
      {&ids.unseen,
       {"tcpwave.unseen", PI_UNDECODED, PI_NOTE, "TCP Wave did not receive this segment", EXPFILL}},
      {&ids.lost, {"tcpwave.lost", PI_DEBUG, PI_ERROR, "TCP Wave failed on this segment", EXPFILL}},
  }};
  expert_module_t* const module = expert_register_protocol(ids.tcpwave);
  expert_register_field_array(module, rows.data(), static_cast<int>(rows.size()));
  expert_register_field_array(module, own.data(), static_cast<int>(own.size()));
  return &rows;
}

/// What Wireshark has no room for where it registers expert infos.
void describe_experts(const Ids& ids) {
  for (std::size_t i = 0; i < kFindings; ++i)
    proto_registrar_get_nth(static_cast<guint>(ids.finding[i].hf))->blurb =
        kCatalogue[i].english.explanation;
  proto_registrar_get_nth(static_cast<guint>(ids.unseen.hf))->blurb =
      "TCP came another way than through TCP Wave, by Decode As say";
  proto_registrar_get_nth(static_cast<guint>(ids.lost.hf))->blurb =
      "Memory ran out, or there is an error in TCP Wave; Wireshark's log says which";
}

/// Fields and groups of expert infos are called by their names in the language of the preference, which is
/// known when a file is opened.
void name_in_language(const Ids& ids, Language language) {
  const auto list = fields();
  for (std::size_t i = 0; i < kFields; ++i)
    proto_registrar_get_nth(static_cast<guint>(ids.field[i]))->name =
        list[i].label[static_cast<std::size_t>(language)];
  for (std::size_t i = 0; i < kFindings; ++i)
    proto_registrar_get_nth(static_cast<guint>(ids.finding[i].hf))->name =
        title(static_cast<Finding>(i), language);
}

/// The user's table of severities has a row.
bool changes_severities() {
  const uat_t* table = uat_get_table_by_name("Expert Info Severity Level Configuration");
  return table == nullptr || table->raw_data->len > 0;
}

/// By the user. Wireshark dissects the file again when that changes.
bool is_disabled(int protocol) {
  return proto_is_protocol_enabled(find_protocol_by_id(protocol)) == FALSE;
}

void start_session() {
  Self& s = self();
  s.check_checksum = tcp_checks_checksums();
  s.protocol_6 = dissector_get_uint_handle(find_dissector_table("ip.proto"), IP_PROTO_TCP);
  s.ids.expert = proto_get_id_by_filter_name("_ws.expert");
  s.ids.expert_tap = find_tap_id("expert");
  s.references.tcpwave = proto_registrar_get_nth(static_cast<guint>(s.ids.tcpwave));
  s.references.expert = proto_registrar_get_nth(static_cast<guint>(s.ids.expert));
  s.disabled = is_disabled(s.ids.tcpwave) || is_disabled(s.ids.tcp);
  s.graphical = has_windows();
  s.severities_changed = changes_severities();
  name_in_language(s.ids, s.preferences.shown_language());
  name_statistics(s.preferences.shown_language());
  guarded("out of memory for a new file",
          [&] { s.session.emplace(s.preferences.settings(), s.graphical); });
  s.visit.finish();
  s.depth = 0;
  watch_for_unseen();
  open_subtree(s.ids);
}

void end_session() { self().session.reset(); }

}  // namespace

void register_protocol() {
  Self& s = self();
  s.ids.tcpwave =
      proto_register_protocol("TCP Wave: handshake and close step by step", "TCP Wave", "tcpwave");
  s.ids.tcp = proto_get_id_by_filter_name("tcp");
  s.ids.ip = proto_get_id_by_filter_name("ip");
  s.ids.ipv6 = proto_get_id_by_filter_name("ipv6");
  s.ids.icmp = proto_get_id_by_filter_name("icmp");
  s.ids.icmpv6 = proto_get_id_by_filter_name("icmpv6");
  s.references.field = register_fields(s.ids);
  register_subtrees(s.ids);
  s.references.finding = register_experts(s.ids);
  describe_experts(s.ids);
  register_preferences(s.ids.tcpwave, s.preferences);
  s.ids.tap = register_tap(kTapName);
  register_tap(kEndTapName);
  register_menu(s.ids.tcpwave);
  register_init_routine(start_session);
  register_cleanup_routine(end_session);
  register_connection_filter();
}

void register_handoff() {
  Self& s = self();
  s.tcp = find_dissector("tcp");
  // Of no protocol, which would stand in the list of protocols and in the frame's; Decode As shows its
  // description.
  s.collector = create_dissector_handle_with_name_and_description(
      collect_segment, -1, "tcpwave_collector", "TCP with TCP Wave");
  dissector_add_uint("ip.proto", IP_PROTO_TCP, s.collector);
  register_flow_graph();
}

}  // namespace tcpwave
