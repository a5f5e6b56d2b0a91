// See views.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "views.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

// NOLINTBEGIN(readability-identifier-naming): the names are Wireshark's, which installs no header for them.
extern "C" {
struct register_analysis;
struct seq_analysis_info;
register_analysis* sequence_analysis_find_by_name(const char*);
tap_packet_cb sequence_analysis_get_packet_func(register_analysis*);
const char* sequence_analysis_get_tap_listener_name(register_analysis*);
seq_analysis_info* sequence_analysis_info_new(void);
void sequence_analysis_info_free(seq_analysis_info*);
int sequence_analysis_get_nodes(seq_analysis_info*);
void sequence_analysis_dump_to_file(FILE*, seq_analysis_info*, unsigned);
}
// NOLINTEND(readability-identifier-naming)

namespace tcpwave::window {
namespace {

std::map<std::string, Calls>& calls() {
  static std::map<std::string, Calls> all;
  return all;
}

/// A listener of Wireshark's whose calls are timed.
struct Timed {
  void* data = nullptr;
  tap_packet_cb packet = nullptr;
  Calls* calls = nullptr;
};

tap_packet_status timed_packet(void* data, packet_info* pinfo, epan_dissect_t* edt,
                               const void* tapped, tap_flags_t flags) {
  auto* timed = static_cast<Timed*>(data);
  return timed->calls->time([&] { return timed->packet(timed->data, pinfo, edt, tapped, flags); });
}

void listen_once(CaptureFile& file, const std::string& name, const char* tap,
                 const std::string& filter, Timed& timed) {
  timed.calls = &calls()[name];
  GString* error =
      register_tap_listener(tap, &timed, filter.empty() ? nullptr : filter.c_str(),
                            TL_REQUIRES_NOTHING, nullptr, timed_packet, nullptr, nullptr);
  if (error != nullptr) {
    std::fprintf(stderr, "%s\n", error->str);
    std::exit(1);
  }
  file.retap();
  calls()[name + " frame"] = file.again();
  remove_tap_listener(&timed);
}

void print_item(const stat_tap_table_item_type& item) {
  switch (item.type) {
    case TABLE_ITEM_UINT:
      std::printf("%u", item.value.uint_value);
      break;
    case TABLE_ITEM_STRING:
      std::fputs(item.value.string_value, stdout);
      break;
    case TABLE_ITEM_FLOAT:
      std::printf("%.6f", item.value.float_value);
      break;
    default:
      break;
  }
}

stat_tap_table_ui* find_table(const std::string& name) {
  struct Search {
    const std::string& name;
    stat_tap_table_ui* found;
  } search{name, nullptr};
  stat_tap_iterate_tables(
      [](const void*, void* value, void* data) -> tcpwave::epan::Boolean {
        auto* ui = static_cast<stat_tap_table_ui*>(value);
        auto* wanted = static_cast<Search*>(data);
        if (wanted->name == ui->cli_string) wanted->found = ui;
        return FALSE;
      },
      &search);
  if (search.found == nullptr) {
    std::fprintf(stderr, "there is no table %s\n", name.c_str());
    std::exit(1);
  }
  return search.found;
}

void print_rows(const stat_tap_table_ui* ui) {
  const stat_tap_table* table = g_array_index(ui->tables, stat_tap_table*, 0);
  for (guint row = 0; row < table->num_elements; ++row) {
    for (guint column = 0; column < table->num_fields; ++column) {
      if (column > 0) std::putchar('\t');
      print_item(*stat_tap_get_field_data(table, row, column));
    }
    std::putchar('\n');
  }
}

const char* g_text = "";  // of the text window

void take_text_windows() {
  static funnel_ops_t ops{};
  ops.new_text_window = [](funnel_ops_id_t*, const char*) {
    return reinterpret_cast<funnel_text_window_t*>(&ops);
  };
  ops.set_text = [](funnel_text_window_t*, const char* text) { g_text = text; };
  funnel_set_funnel_ops(&ops);
}

/// Of the plugin's own menu.
template <class Visit>
void each_entry(Visit visit) {
  for (GList* m = ext_menubar_get_entries(); m != nullptr; m = m->next) {
    const auto* menu = static_cast<ext_menu_t*>(m->data);
    if (std::string(menu->label) != "TCP Wave") continue;
    for (GList* e = menu->children; e != nullptr; e = e->next)
      visit(*menu, *static_cast<ext_menu_t*>(e->data));
  }
}

void choose(const std::string& label) {
  each_entry([&](const ext_menu_t&, const ext_menu_t& entry) {
    if (entry.type != EXT_MENUBAR_ITEM || label != entry.label) return;
    calls()["ladder"].time([&] { entry.callback(EXT_MENUBAR_QT_GUI, nullptr, entry.user_data); });
  });
}

}  // namespace

void print_fields(CaptureFile& file, const std::string& names) {
  output_fields_t* fields = output_fields_new();
  std::string option = "aggregator=|", quote = "quote=d";
  output_fields_set_option(fields, option.data());
  output_fields_set_option(fields, quote.data());
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    output_fields_add(fields, names.substr(begin, end - begin).c_str());
    begin = end + 1;
  }
  if (output_fields_valid(fields) != nullptr) {  // from 4.4 on this compiles them too
    std::fputs("window: there is no such field\n", stderr);
    std::exit(1);
  }
  const auto prime_fields = [&](epan_dissect_t* edt) { tcpwave::epan::prime_fields(edt, fields); };
  // Each number below a prime comes once.
  std::uint32_t prime = file.frames() + 1;
  const auto is_prime = [](std::uint32_t n) {
    for (std::uint32_t i = 2; i * i <= n; ++i)
      if (n % i == 0) return false;
    return n > 1;
  };
  while (!is_prime(prime) || prime < 5) ++prime;
  std::vector<std::string> lines(file.frames());
  std::uint32_t number = 1;
  for (std::uint32_t i = 0; i < prime; ++i) {
    number = (number + prime * 2 / 3) % prime;
    if (number == 0 || number > file.frames()) continue;
    file.visit(number, prime_fields, [&](epan_dissect_t* edt) {
      char* text = nullptr;
      std::size_t size = 0;
      FILE* out = open_memstream(&text, &size);
      write_fields_proto_tree(fields, edt, nullptr, out);
      std::fclose(out);
      lines[number - 1].assign(text, size);
      std::free(text);
    });
  }
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  output_fields_free(fields);
}

void print_table(CaptureFile& file, const std::string& name, const std::string& filter) {
  stat_tap_table_ui* ui = find_table(name);
  stat_data_t data{ui, nullptr};
  ++ui->refcount;
  calls()[name + " opened"].time([&] { ui->stat_tap_init_cb(ui); });
  calls()[name + " emptied"].time([&] { reset_stat_table(ui); });
  Timed timed{&data, ui->packet_func};
  listen_once(file, name, ui->tap_name, filter, timed);
  print_rows(ui);
  if (--ui->refcount == 0) calls()[name + " closed"].time([&] { free_stat_tables(ui); });
}

void print_listed(std::unique_ptr<CaptureFile>& opened, const std::string& path,
                  const std::string& filter, bool again) {
  unsigned long listed = 0;
  const auto count = [](void* data, packet_info*, epan_dissect_t*, const void*, tap_flags_t) {
    ++*static_cast<unsigned long*>(data);
    return TAP_PACKET_DONT_REDRAW;
  };
  GString* error =
      register_tap_listener("frame", &listed, filter.empty() ? nullptr : filter.c_str(),
                            TL_REQUIRES_NOTHING, nullptr, count, nullptr, nullptr);
  if (error != nullptr) {
    std::fprintf(stderr, "%s\n", error->str);
    std::exit(1);
  }
  calls()[(again ? "load " : "list ") + filter].time([&] {
    if (!again) return opened->retap();
    opened.reset();  // one file at a time
    opened = std::make_unique<CaptureFile>(path);
  });
  remove_tap_listener(&listed);
  std::printf("%lu\n", listed);
}

void print_status() {
  std::puts(val_to_str_const(static_cast<guint32>(expert_get_highest_severity()),
                             expert_severity_vals, "None"));
}

void restart(std::unique_ptr<CaptureFile>& opened, const std::string& path, std::uint32_t frames) {
  for (const std::uint32_t most : {frames, CaptureFile::kAll}) {
    opened.reset();  // one file at a time
    reset_tap_listeners();
    opened = std::make_unique<CaptureFile>(path, most);
    draw_tap_listeners(TRUE);
  }
}

void keep_table_open(CaptureFile& file, const std::string& name) {
  stat_tap_table_ui* ui = find_table(name);
  stat_data_t data{ui, nullptr};
  ++ui->refcount;
  ui->stat_tap_init_cb(ui);
  reset_stat_table(ui);
  const auto empty = [](void* d) { reset_stat_table(static_cast<stat_data_t*>(d)->stat_tap_data); };
  GString* error = register_tap_listener(ui->tap_name, &data, nullptr, TL_REQUIRES_NOTHING, empty,
                                         ui->packet_func, nullptr, nullptr);
  if (error != nullptr) {
    std::fprintf(stderr, "%s\n", error->str);
    std::exit(1);
  }
  file.retap();
  reset_tap_listeners();
  file.redissect();
  draw_tap_listeners(TRUE);
  print_rows(ui);
  file.retap();
  print_rows(ui);
  remove_tap_listener(&data);
  if (--ui->refcount == 0) free_stat_tables(ui);
}

void print_flow(CaptureFile& file, const std::string& name, const std::string& filter) {
  register_analysis* analysis = sequence_analysis_find_by_name(name.c_str());
  if (analysis == nullptr) {
    std::fprintf(stderr, "there is no flow type %s\n", name.c_str());
    std::exit(1);
  }
  seq_analysis_info* info = sequence_analysis_info_new();
  Timed timed{info, sequence_analysis_get_packet_func(analysis)};
  listen_once(file, "flow," + name, sequence_analysis_get_tap_listener_name(analysis), filter,
              timed);
  sequence_analysis_get_nodes(info);
  sequence_analysis_dump_to_file(stdout, info, 0);
  sequence_analysis_info_free(info);
}

void print_menu() {
  each_entry([](const ext_menu_t& menu, const ext_menu_t& entry) {
    if (entry.type == EXT_MENUBAR_ITEM)
      std::printf("%s/%s/%s\n", menu.parent_menu, menu.label, entry.label);
  });
}

void print_overview() {
  take_text_windows();
  choose("Overview");
  std::fputs(g_text, stdout);
}

void print_ladder(std::uint32_t frame) {
  static std::uint32_t selected;
  selected = frame;
  plugin_if_register_gui_cb(PLUGIN_IF_GET_WS_INFO, [](GHashTable* data) {
    auto* info = static_cast<ws_info_t*>(g_hash_table_lookup(data, "ws_info"));
    info->ws_info_supported = true;
    info->cf_framenr = selected;
  });
  take_text_windows();
  choose("Ladder of This Connection");
  std::fputs(g_text, stdout);
}

void print_times(const CaptureFile& file) {
  calls()["frame first"] = file.first();
  for (const auto& [kind, made] : calls())
    std::printf("%s\t%lu\t%.3f\t%.3f\n", kind.c_str(), static_cast<unsigned long>(made.count),
                made.longest_ms, made.total_ms);
}

}  // namespace tcpwave::window
