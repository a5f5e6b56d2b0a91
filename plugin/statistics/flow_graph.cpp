// See flow_graph.h.
//
// Wireshark collects one item per segment and draws them when all have been read. In its window the
// capture has been read before; tshark reads while it collects, so there the words are written at the
// end, by a listener of ours that is drawn before the graph.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/flow_graph.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "collecting/sequence_analysis.h"
#include "guarded.h"
#include "self.h"
#include "statistics/tap.h"
#include "tcpwave/show/words.h"

namespace tcpwave {
namespace {

// More would hold the window up, and nobody reads them.
constexpr std::uint32_t kItems = 100'000;

/// What is kept about a graph that is being made; a new one begins with an empty list of items.
struct Graph {
  struct Waiting {
    FlowItem* item = nullptr;
    SegmentId id = 0;
  };
  std::vector<Waiting> waiting;  ///< items whose words are written at the end
  std::vector<Address> hosts;
  FlowItem* note = nullptr;  ///< says what is left out
  std::uint32_t items = 0, left_out = 0;
};
std::map<const FlowInfo*, Graph>& graphs() {
  static std::map<const FlowInfo*, Graph> all;
  return all;
}

void set(char*& text, const Text& words) {
  g_free(text);
  text = g_strdup(words.c_str());
}

// --- words --------------------------------------------------------------------------------------

Text flags_text(Flags flags) {
  Text text;
  const auto add = [&](bool is_set, const char* name) {
    if (is_set) text << (text.empty() ? "" : ",") << name;
  };
  add(flags.syn(), "SYN");
  add(flags.fin(), "FIN");
  add(flags.rst(), "RST");
  add(flags.ack(), "ACK");
  return text.empty() ? Text("-") : text;
}

/// `w1 FIN,ACK 161/734`: tshark has 20 columns for it.
Text label_of(const Annotation& a, const Captured& segment, Language language) {
  Text text;
  Phase phase = Phase::None;
  for (const StepMark& step : a.steps) {
    const bool english = language == Language::English;
    const char* letter =
        step.phase == Phase::Handshake ? (english ? "h" : "握") : (english ? "w" : "挥");
    text << (step.phase == phase ? "+" : letter) << std::uint32_t{step.number};
    phase = step.phase;
  }
  if (!text.empty()) text << " ";
  text << flags_text(segment.flags).view() << " " << a.seq;
  if (a.ack) text << "/" << *a.ack;
  if (segment.payload > 0) text << " +" << segment.payload;
  return text;
}

void add_state(Text& text, std::string_view side, const EndpointView& end) {
  text << side << (end.previous != end.after ? " → " : " ") << name(end.after);
}

/// `likely lost; client → FIN_WAIT_1, server → CLOSE_WAIT; FINDING (conn 0)`: Wireshark's window cuts it after some
/// 40 columns, which the states alone can take. So what no arrow shows comes first, and what the colour shows last;
/// of a capture's only connection the number says nothing.
Text comment_of(const Annotation& a, const Captured& segment, bool only_one, Language language) {
  const bool english = language == Language::English;
  const WordTable& w = words(language);
  const char* stop = english ? "; " : "；";
  Text text;
  if (segment.lost) text << (english ? "likely lost" : "很可能丢失") << stop;
  if (a.seq_check == SeqCheck::Retransmission) text << (english ? "sent again" : "重传") << stop;
  if (a.tracked) {
    add_state(text, word(w.side, Side::Client), a.client());
    add_state(text << word(w.glue, Glue::Comma), word(w.side, Side::Server), a.server());
  } else {
    text << (english ? "no known connection" : "不属于任何已知连接");
  }
  for (const FindingHit& hit : a.findings) text << stop << finding_text(a, hit, language).view();
  if (a.tracked && !only_one)
    text << (english ? " (conn " : "（连接 ") << a.connection << (english ? ")" : "）");
  return text;
}

void write_words(FlowItem& item, SegmentId id) {
  Annotation annotation;
  Captured segment;
  bool only_one = false;
  guarded("an arrow has no words", [&] {
    annotation = self().session->annotate(id, Known::Final);
    segment = self().session->tracker().captured(id);
    only_one = self().session->tracker().connections() == 1;
  });
  const Language language = self().preferences.shown_language();
  set(item.label, label_of(annotation, segment, language));
  set(item.comment, comment_of(annotation, segment, only_one, language));
  item.conversation = static_cast<guint16>(annotation.connection);
}

// --- hosts --------------------------------------------------------------------------------------

/// Wireshark draws so many hosts and no more. False where this one is too many.
bool has_column(std::vector<Address>& hosts, const Address& host) {
  for (const Address& known : hosts)
    if (known == host) return true;
  if (hosts.size() == FlowInfo::kNodes) return false;
  return guarded("a host is not drawn", [&] { hosts.push_back(host); });
}

void put_address(address& to, const Address& from) {
  alloc_address_wmem(nullptr, &to, from.v6 ? AT_IPv6 : AT_IPv4, from.v6 ? 16 : 4,
                     from.octets.data());
}

// --- items --------------------------------------------------------------------------------------

FlowItem* new_arrow(packet_info* pinfo, FlowInfo* info, const Route& route) {
  FlowItem* item = new_flow_item(pinfo, info);
  if (item == nullptr) return nullptr;
  put_address(item->source, route.source);
  put_address(item->destination, route.destination);
  item->source_port = route.source_port;
  item->destination_port = route.destination_port;
  item->frame_number = pinfo->num;
  item->line_style = 1;
  item->display = true;
  item->label = g_strdup("");
  item->comment = g_strdup("");
  g_queue_push_tail(info->items, item);
  return item;
}

void leave_out(Graph& g, packet_info* pinfo, FlowInfo* info) {
  ++g.left_out;
  if (g.note == nullptr && g.hosts.size() >= 2)
    g.note = new_arrow(pinfo, info, {g.hosts[0], g.hosts[1]});
  if (g.note == nullptr) return;
  Text text;
  const bool english = self().preferences.shown_language() == Language::English;
  text << g.left_out << (english ? " segments are not drawn: at most " : " 个报文段未画出：最多 ")
       << std::uint32_t{FlowInfo::kNodes} << (english ? " hosts and " : " 台主机、") << kItems
       << (english ? " arrows" : " 个箭头");
  set(g.note->label, Text(english ? "(left out)" : "（未画出）"));
  set(g.note->comment, text);
}

/// Writes what waited; drawn before the graph, because Wireshark draws the last listener first.
void write_waiting(void*) {
  if (!self().session) return;
  for (auto& [info, g] : graphs()) {
    for (const Graph::Waiting& waiting : g.waiting) write_words(*waiting.item, waiting.id);
    g.waiting.clear();
  }
}

void wait_for_end(Graph& g, FlowItem* item, SegmentId id) {
  static bool listening = false;
  if (!std::exchange(listening, true)) {
    static int any_data = 0;
    GString* error = register_tap_listener(kTapName, &any_data, nullptr, TL_REQUIRES_NOTHING,
                                           nullptr, nullptr, write_waiting, nullptr);
    if (error != nullptr) g_string_free(error, TRUE);
  }
  guarded("an arrow has no words", [&] { g.waiting.push_back({item, id}); });
}

/// The graph that Wireshark collects there; null where there is no memory for it.
Graph* graph_of(FlowInfo* info) {
  Graph* g = nullptr;
  guarded("no flow graph", [&] {
    g = &graphs()[info];
    if (g_queue_is_empty(info->items)) *g = Graph{};
  });
  return g;
}

tap_packet_status add_item(void* data, packet_info* pinfo, epan_dissect_t*, const void* tapped,
                           tap_flags_t) {
  auto* info = static_cast<FlowInfo*>(data);
  const Tapped& segment = *static_cast<const Tapped*>(tapped);
  Graph* g = self().session ? graph_of(info) : nullptr;
  if (g == nullptr) return TAP_PACKET_DONT_REDRAW;
  Route route;
  if (!guarded("a segment is not drawn",
               [&] { route = self().session->tracker().route(segment.id); }))
    return TAP_PACKET_DONT_REDRAW;
  if (g->items >= kItems || !has_column(g->hosts, route.source) ||
      !has_column(g->hosts, route.destination)) {
    leave_out(*g, pinfo, info);
    return TAP_PACKET_REDRAW;
  }
  FlowItem* item = new_arrow(pinfo, info, route);
  if (item == nullptr) return TAP_PACKET_DONT_REDRAW;
  ++g->items;
  if (segment.known == Known::Final)
    write_words(*item, segment.id);
  else
    wait_for_end(*g, item, segment.id);
  return TAP_PACKET_REDRAW;
}

}  // namespace

void register_flow_graph() {
  if (!epan::kFlowGraphsKnown) {
    ws_message(
        "no flow type \"TCP Wave\": it is known for Wireshark 4.0, 4.4 and 4.6, not for %d.%d",
        WIRESHARK_VERSION_MAJOR, WIRESHARK_VERSION_MINOR);
    return;
  }
  register_flow_type("tcpwave", "TCP Wave", self().ids.tcpwave, kTapName, add_item);
}

}  // namespace tcpwave
