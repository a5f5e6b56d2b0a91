// See outcome_tree.h.
//
// A statistics tree sees segments, one after the other and never the last one. In Wireshark's window
// the capture has been read by then, so the first segment of a connection that passes the window's filter
// brings its outcome, and every segment its findings. tshark reads while it counts; there the tree is
// filled when all has been read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/outcome_tree.h"

#include <bitset>
#include <deque>
#include <utility>

#include "guarded.h"
#include "self.h"
#include "statistics/tap.h"
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
void count_outcome(stats_tree* tree, const Nodes& nodes, const ConnectionSummary& summary) {
  const char* kind = name(summary.outcome_kind).data();
  tick_stat_node(tree, kOutcomesNode, 0, TRUE);
  const int node = tick_stat_node(tree, name(summary.outcome).data(), nodes.outcomes, TRUE);
  if (summary.outcome_kind != OutcomeKind::None) tick_stat_node(tree, kind, node, FALSE);
}

using Findings = std::bitset<kFindings>;

void count_findings(stats_tree* tree, const Nodes& nodes, const Findings& findings) {
  for (std::size_t i = 0; i < kFindings; ++i) {
    if (!findings[i]) continue;
    tick_stat_node(tree, kFindingsNode, 0, TRUE);
    tick_stat_node(tree, kCatalogue[i].id, nodes.findings, FALSE);
  }
}

/// Of the window that is being filled: Wireshark fills one after the other.
struct Window {
  struct Connection {
    bool counted = false;
    Findings findings;  ///< so far
  };
  stats_tree* tree = nullptr;
  Nodes nodes;
  bool filling = false;
  std::deque<Connection> connections;  ///< by number; grows in small steps
};
Window& window() {
  static Window the_window;
  return the_window;
}

/// Null where no window is filled, and for a segment of no known connection.
Window::Connection* known(SegmentId id) {
  Window::Connection* found = nullptr;
  guarded("a connection is not counted", [&] {
    const auto connection = self().session->tracker().connection_of(id);
    if (!window().filling || !connection) return;
    auto& all = window().connections;
    if (*connection >= all.size()) all.resize(*connection + 1);
    found = &all[*connection];
  });
  return found;
}

void end_filling() {
  window().filling = false;
  window().connections.clear();
}

/// A segment that passes the window's filter: its connection counts.
tap_packet_status add_to_window(stats_tree* tree, packet_info*, epan_dissect_t*, const void* data,
                                tap_flags_t) {
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  const SegmentId id = static_cast<const Tapped*>(data)->id;
  Window::Connection* connection = known(id);
  if (connection == nullptr || std::exchange(connection->counted, true))
    return TAP_PACKET_DONT_REDRAW;
  ConnectionSummary summary;
  const Tracker& tracker = self().session->tracker();
  if (guarded("a connection is not counted",
              [&] { summary = summarize_briefly(tracker, *tracker.connection_of(id)); }))
    count_outcome(tree, window().nodes, summary);
  count_findings(tree, window().nodes, connection->findings);
  return TAP_PACKET_REDRAW;
}

/// Every segment: its findings are its connection's.
void hear(const Tapped& segment) {
  const Tracker& tracker = self().session->tracker();
  if (segment.known != Known::Final) end_filling();  // another file
  if (Window::Connection* connection = known(segment.id)) {
    Findings news;
    guarded("a finding is not counted", [&] {
      for (const FindingHit& hit : tracker.annotate(segment.id, Known::Final).findings)
        news.set(static_cast<std::size_t>(hit.finding));
    });
    news &= ~connection->findings;
    connection->findings |= news;
    if (connection->counted) count_findings(window().tree, window().nodes, news);
  }
  if (segment.id + 1 == tracker.segments()) end_filling();
}

void start_window(stats_tree* tree) {
  const Nodes nodes = make_nodes(tree);
  if (!guarded("outcomes are not counted", [] { window(); }))
    return;  // the first call needs memory
  hear_every_segment(hear);
  end_filling();
  window().tree = tree;
  window().nodes = nodes;
  window().filling = true;
}

/// The window has been closed, filled or not.
void end_window(stats_tree* tree) {
  if (!guarded("outcomes are not counted", [] { window(); })) return;
  if (window().tree != tree) return;
  window().tree = nullptr;
  end_filling();
}

}  // namespace

void register_outcome_tree() {
  static const Text title = Text("TCP Wave") << epan::kMenuSeparator << "Outcomes and Findings";
  stats_tree_register_plugin(kTapName, kAbbreviation, title.c_str(), TL_REQUIRES_NOTHING,
                             add_to_window, start_window, end_window);
}

void print_outcome_tree(const Tracker& tracker) {
  stats_tree* tree = stats_tree_new(stats_tree_get_cfg_by_abbr(kAbbreviation), nullptr, nullptr);
  const Nodes nodes = make_nodes(tree);
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    ConnectionSummary summary;
    if (!guarded("a connection is not counted", [&] { summary = summarize(tracker, c); })) continue;
    count_outcome(tree, nodes, summary);
    count_findings(tree, nodes, summary.findings);
  }
  GString* text =
      stats_tree_format_as_str(tree, ST_FORMAT_PLAIN, stats_tree_get_default_sort_col(tree),
                               stats_tree_is_default_sort_DESC(tree));
  std::fputs(text->str, stdout);
  g_string_free(text, TRUE);
  stats_tree_free(tree);
}

}  // namespace tcpwave
