// See sequence_analysis.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/sequence_analysis.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// NOLINTBEGIN(readability-identifier-naming): the names are Wireshark's.
extern "C" {
void register_seq_analysis(const char*, const char*, int, const char*, guint, tap_packet_cb);
tcpwave::FlowItem* sequence_analysis_create_sai_with_addresses(packet_info*, tcpwave::FlowInfo*);
tcpwave::FlowInfo* sequence_analysis_info_new(void);
void sequence_analysis_info_free(tcpwave::FlowInfo*);
int sequence_analysis_get_nodes(tcpwave::FlowInfo*);
void sequence_analysis_dump_to_file(FILE*, tcpwave::FlowInfo*, unsigned);
}
// NOLINTEND(readability-identifier-naming)

namespace tcpwave {
namespace {

constexpr std::array<guint8, 4> kFirst{192, 0, 2, 1}, kSecond{192, 0, 2, 2};

FlowItem* trial_item() {
  auto* item = g_new0(FlowItem, 1);
  alloc_address_wmem(nullptr, &item->source, AT_IPv4, kFirst.size(), kFirst.data());
  alloc_address_wmem(nullptr, &item->destination, AT_IPv4, kSecond.size(), kSecond.data());
  item->label = g_strdup("label");
  item->time = g_strdup("time");
  item->comment = g_strdup("comment");
  item->display = true;
  return item;
}

bool is(const address& a, const std::array<guint8, 4>& octets) {
  return a.type == AT_IPv4 && a.len == static_cast<int>(octets.size()) &&
         std::memcmp(a.data, octets.data(), octets.size()) == 0;
}

/// Wireshark found both hosts of the trial item, and put them where we look for them.
bool nodes_fit(FlowInfo* info, const FlowItem& item) {
  return sequence_analysis_get_nodes(info) == 1 && info->node_count == 2 &&
         is(info->nodes[0], kFirst) && is(info->nodes[1], kSecond) && item.source_node == 0 &&
         item.destination_node == 1;
}

/// Wireshark prints the words of the trial item.
bool words_fit(FlowInfo* info) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* file = open_memstream(&text, &size);
  if (file == nullptr) return false;
  sequence_analysis_dump_to_file(file, info, 0);
  std::fclose(file);
  const bool found = std::strstr(text, "label") != nullptr &&
                     std::strstr(text, "time") != nullptr &&
                     std::strstr(text, "comment") != nullptr;
  std::free(text);
  return found;
}

}  // namespace

bool sequence_analysis_fits() {
  FlowInfo* info = sequence_analysis_info_new();
  bool fits = info->items != nullptr && info->by_frame != nullptr && info->node_count == 0;
  if (fits) {
    FlowItem* item = trial_item();
    g_queue_push_tail(info->items, item);
    fits = nodes_fit(info, *item) && words_fit(info);
  }
  if (fits) sequence_analysis_info_free(info);
  return fits;
}

FlowItem* new_flow_item(packet_info* pinfo, FlowInfo* info) {
  FlowItem* item = sequence_analysis_create_sai_with_addresses(pinfo, info);
  if (item == nullptr) return nullptr;
  free_address(&item->source);
  free_address(&item->destination);
  return item;
}

void register_flow_type(const char* name, const char* title, int protocol, const char* tap,
                        tap_packet_cb packet) {
  register_seq_analysis(name, title, protocol, tap, TL_REQUIRES_NOTHING, packet);
}

}  // namespace tcpwave
