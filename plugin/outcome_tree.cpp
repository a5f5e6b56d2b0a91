// See outcome_tree.h.
//
// A statistics tree sees segments, one after the other and never the last one. In Wireshark's window
// the capture has been read by then, so the first segment of a connection brings its outcome, and each
// segment its findings. tshark reads while it counts; there the tree is filled when all has been read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "outcome_tree.h"

#include <bitset>
#include <utility>
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
  struct Counted {
    bool outcome = false;
    Findings findings;
  };
  Nodes nodes;
  std::vector<Counted> counted;  ///< by connection
};
Window& window() {
  static Window the_window;
  return the_window;
}

void start_window(stats_tree* tree) {
  window().counted.clear();
  window().nodes = make_nodes(tree);
}

/// What a segment adds.
struct News {
  bool outcome = false;
  Findings findings;
  ConnectionSummary summary;
};

News news_of(SegmentId id) {
  const Tracker& tracker = self().session->tracker();
  const Annotation a = tracker.annotate(id, Known::Final);
  News news;
  if (!a.tracked) return news;
  auto& all = window().counted;
  if (a.connection >= all.size()) all.resize(tracker.connections());
  Window::Counted& counted = all[a.connection];
  for (const FindingHit& hit : a.findings) news.findings.set(static_cast<std::size_t>(hit.finding));
  news.findings &= ~counted.findings;
  counted.findings |= news.findings;
  news.outcome = !std::exchange(counted.outcome, true);
  if (news.outcome) news.summary = summarize_briefly(tracker, a.connection);
  return news;
}

tap_packet_status add_to_window(stats_tree* tree, packet_info*, epan_dissect_t*, const void* data,
                                tap_flags_t) {
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  News news;
  guarded("a connection is not counted",
          [&] { news = news_of(static_cast<const Tapped*>(data)->id); });
  if (news.outcome) count_outcome(tree, window().nodes, news.summary);
  if (news.findings.any()) count_findings(tree, window().nodes, news.findings);
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
