// See outcome_tree.h.
//
// A statistics tree sees segments, one after the other and never the last one. In Wireshark's window
// the capture has been read by then, so the first segment of a connection brings the whole of it.
// tshark reads while it counts; there the tree is filled when all has been read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "outcome_tree.h"

#include <vector>

#include "guarded.h"
#include "self.h"
#include "tap.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/summary.h"

namespace tcpwave {
namespace {

static_assert(std::is_trivially_destructible_v<ConnectionSummary>);

constexpr const char* kAbbreviation = "tcpwave";  // `-z tcpwave,tree`
constexpr const char* kOutcomesNode = "Outcomes";
constexpr const char* kFindingsNode = "Findings";

/// Where in the tree; Wireshark gives one tree its numbers when it makes it.
struct Nodes {
  int outcomes = 0, findings = 0;
};

Nodes make_nodes(stats_tree* tree) {
  return {stats_tree_create_node(tree, kOutcomesNode, 0, STAT_DT_INT, TRUE),
          stats_tree_create_node(tree, kFindingsNode, 0, STAT_DT_INT, TRUE)};
}

// The engine's names are string literals, so there is a NUL behind each.
void count(stats_tree* tree, const Nodes& nodes, const ConnectionSummary& summary) {
  const char* outcome = name(summary.outcome).data();
  tick_stat_node(tree, kOutcomesNode, 0, TRUE);
  if (summary.outcome_kind == OutcomeKind::None) {
    tick_stat_node(tree, outcome, nodes.outcomes, TRUE);
  } else {
    const int node = tick_stat_node(tree, outcome, nodes.outcomes, TRUE);
    tick_stat_node(tree, name(summary.outcome_kind).data(), node, FALSE);
  }
  for (std::size_t i = 0; i < kFindings; ++i) {
    if (!summary.findings[i]) continue;
    tick_stat_node(tree, kFindingsNode, 0, TRUE);
    tick_stat_node(tree, kCatalogue[i].id, nodes.findings, FALSE);
  }
}

/// Of the window that is being filled: Wireshark fills one after the other.
struct Window {
  Nodes nodes;
  std::vector<bool> counted;  ///< by connection
};
Window& window() {
  static Window the_window;
  return the_window;
}

void start_window(stats_tree* tree) {
  window().counted.clear();
  window().nodes = make_nodes(tree);
}

/// Nothing where the connection has been counted, or there is none.
bool first_time(SegmentId id, ConnectionSummary& summary) {
  const Session& session = *self().session;
  const Annotation a = session.annotate(id, Known::Final);
  std::vector<bool>& counted = window().counted;
  if (!a.tracked) return false;
  if (a.connection >= counted.size()) counted.resize(session.tracker().connections());
  if (counted[a.connection]) return false;
  counted[a.connection] = true;
  summary = summarize(session.tracker(), a.connection);
  return true;
}

tap_packet_status add_to_window(stats_tree* tree, packet_info*, epan_dissect_t*, const void* data,
                                tap_flags_t) {
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  ConnectionSummary summary;
  bool first = false;
  guarded("a connection is not counted",
          [&] { first = first_time(static_cast<const Tapped*>(data)->id, summary); });
  if (!first) return TAP_PACKET_DONT_REDRAW;
  count(tree, window().nodes, summary);
  return TAP_PACKET_REDRAW;
}

}  // namespace

void register_outcome_tree() {
  static const Text title = Text("TCP Wave") << epan::kMenuSeparator << "Outcomes and Findings";
  stats_tree_register_plugin(kTapName, kAbbreviation, title.c_str(), TL_REQUIRES_NOTHING,
                             add_to_window, start_window, nullptr);
}

void print_outcome_tree(const Tracker& tracker) {
  stats_tree* tree = stats_tree_new(stats_tree_get_cfg_by_abbr(kAbbreviation), nullptr, nullptr);
  const Nodes nodes = make_nodes(tree);
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    ConnectionSummary summary;
    if (guarded("a connection is not counted", [&] { summary = summarize(tracker, c); }))
      count(tree, nodes, summary);
  }
  GString* text =
      stats_tree_format_as_str(tree, ST_FORMAT_PLAIN, stats_tree_get_default_sort_col(tree),
                               stats_tree_is_default_sort_DESC(tree));
  std::fputs(text->str, stdout);
  g_string_free(text, TRUE);
  stats_tree_free(tree);
}

}  // namespace tcpwave
