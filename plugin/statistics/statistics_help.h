// What `-z tcpwave,...` can do, in words: THE text of `-z ...,help`, of the usage in error messages and of
// plugin/docs/statistics.md. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tcpwave {

struct Term {
  std::string word;
  std::string meaning;
};

struct StatisticHelp {
  std::string name;      ///< "tcpwave,conns"
  std::string synopsis;  ///< "tcpwave,conns[,csv|json][,FILTER]"
  std::string purpose;   ///< one line
  std::vector<std::string> description;
  std::vector<Term> arguments;
  std::vector<Term> columns;
  std::vector<std::string> examples;  ///< commands, on a capture FILE.pcap
};

/// Of all, in the order in which they are listed.
[[nodiscard]] std::vector<StatisticHelp> statistics_help();

/// What holds for all of them.
[[nodiscard]] std::vector<std::string> common_help();

/// `tcpwave,ladder,CONN[,FILE.svg]  (CONN ...)`: what to say to who got it wrong.
[[nodiscard]] std::string usage_of(std::string_view name);

/// A page for the terminal: of one, or (`tcpwave,help`) a list of all.
[[nodiscard]] std::string help_text(std::string_view name);

/// Every value of every field whose values are words.
[[nodiscard]] std::string values_text();

}  // namespace tcpwave
