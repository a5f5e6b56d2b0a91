// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tcpwave/catalogue.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

enum Column : std::size_t { kEvent, kSystem, kWhen, kCovers, kRemark, kColumns };
using Cells = std::vector<std::string>;

struct System {
  const char* id;
  std::size_t events;  ///< so many does it have: none may be missing
  const char* title;
};

constexpr std::array kSystems{
    System{"suricata", 71, "Suricata's stream events"},
    System{"zeek", 38, "Zeek's TCP weirds"},
    System{"snort", 20, "Snort 3's events of GID 129"},
    System{"wireshark", 30, "Wireshark's own experts of a TCP connection"},
};

bool in_catalogue(const std::string& id) {
  return std::any_of(kCatalogue.begin(), kCatalogue.end(),
                     [&](const FindingInfo& f) { return id == f.id; });
}

/// Our findings, linked.
std::string covered_by(const Cells& cells) {
  std::vector<std::string> findings;
  std::istringstream words(cells[kCovers]);
  for (std::string id; words >> id;) {
    if (!in_catalogue(id))
      throw std::runtime_error("peers.tsv: " + cells[kEvent] + ": no finding " + id);
    findings.push_back(link(id, "findings.md#" + id));
  }
  if (findings.empty() && cells[kRemark].empty())
    throw std::runtime_error("peers.tsv: " + cells[kEvent] + ": neither a finding nor a reason");
  return findings.empty() ? "none" : joined(findings, ", ");
}

std::string table_of(const System& system, const std::vector<Cells>& table) {
  std::set<std::string> events;
  std::string text = heading({"event", "raised when", "our findings", "remark"});
  for (const Cells& cells : table) {
    if (cells[kSystem] != system.id) continue;
    if (!events.insert(cells[kEvent]).second)
      throw std::runtime_error("peers.tsv: " + cells[kEvent] + " stands there twice");
    text += row({code(cells[kEvent]), cells[kWhen], covered_by(cells), cells[kRemark]});
  }
  if (events.size() != system.events)
    throw std::runtime_error(std::string("peers.tsv: ") + system.id + " has " +
                             std::to_string(system.events) + " events, not " +
                             std::to_string(events.size()));
  return text;
}

}  // namespace

std::string peers_page(const std::filesystem::path& project) {
  const auto table = read_table(project / "plugin/docs/peers.tsv", kColumns);
  for (const Cells& cells : table)
    if (std::none_of(kSystems.begin(), kSystems.end(),
                     [&](const System& s) { return cells[kSystem] == s.id; }))
      throw std::runtime_error("peers.tsv: " + cells[kEvent] + ": no system " + cells[kSystem]);

  std::string text = "# What other tools call it\n\n" + made_from("plugin/docs/peers.tsv");
  text +=
      "For those who come from another tool: each of its events about the TCP protocol, and the "
      "[findings](findings.md)\nthat say the same here, or why there is none. The conditions were "
      "read from the tools' sources; where a\ncondition is known to be wrong, the remark says so. "
      "One event can have several findings here, because tcpwave\ntells apart what the other tool "
      "does not, and the other way round: a state is a field here\n(`tcpwave.state`) and not part "
      "of "
      "a finding's name.\n\n"
      "\"None\" mostly has one of these reasons: ordinary loss, reordering and retransmission are "
      "no fault of anybody\nand stand in `tcpwave.seq.check` and `tcpwave.ack.check`; a capture "
      "that "
      "begins in the middle or lacks a\ndirection is normal input; and tcpwave reads no payload.\n";
  for (const System& system : kSystems)
    text += "\n## " + std::string(system.title) + "\n\n" + table_of(system, table);
  return text;
}

}  // namespace tcpwave::docs
