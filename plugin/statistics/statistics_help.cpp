// The words. See statistics_help.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistics_help.h"

#include <algorithm>

#include "statistics/connection_row.h"

namespace tcpwave {
namespace {

std::vector<Term> connection_terms() {
  std::vector<Term> terms;
  for (const Column& column : connection_columns()) terms.push_back({column.name, column.meaning});
  return terms;
}

StatisticHelp connections() {
  return {
      "tcpwave,conns",
      "tcpwave,conns[,csv]",
      "one row per connection: how it opened and ended, who ended it and why",
      {"Connections are those of tcpwave.conn, not of tcp.stream: reused ports start a new one,",
       "a stray SYN does not. Cells without a value are empty."},
      {{"csv", "comma-separated values for scripts; the first line has the column names"}},
      connection_terms(),
      {"tshark -q -r FILE.pcap -z tcpwave,conns", "tshark -q -r FILE.pcap -z tcpwave,conns,csv"}};
}

StatisticHelp sockets() {
  return {
      "tcpwave,sockets",
      "tcpwave,sockets[,TIME]",
      "number of sockets of each host in each state",
      {"As netstat would count them on the hosts at that time, and the largest number at any time.",
       "TIME_WAIT ends after 2MSL (-o tcpwave.time_wait:SECONDS)."},
      {{"TIME", "seconds from the start of the capture, such as 12 or 0.25; default: its end"}},
      {{"host", "address of the host"},
       {"state", "state of the sockets (RFC 9293)"},
       {"sockets", "number at that time"},
       {"peak", "largest number at once in the whole capture"},
       {"peak_at", "when the peak was first reached, in seconds from the start"}},
      {"tshark -q -r FILE.pcap -z tcpwave,sockets",
       "tshark -q -r FILE.pcap -z tcpwave,sockets,2.5"}};
}

StatisticHelp tree() {
  return {"tcpwave,tree",
          "tcpwave,tree",
          "outcomes, their kinds and findings; each connection is counted once",
          {"Wireshark shows the same tree in its menu Statistics, TCP Wave."},
          {},
          {},
          {"tshark -q -r FILE.pcap -z tcpwave,tree"}};
}

StatisticHelp ladder() {
  return {
      "tcpwave,ladder",
      "tcpwave,ladder,CONN[,FILE.svg]",
      "ladder diagram of one connection: segments, steps, states and losses",
      {"Text on standard output or an SVG file. Runs of data segments are folded into one line.",
       "The exit code is 2 if the connection does not exist or the file cannot be written."},
      {{"CONN", "number of the connection, as in the field tcpwave.conn"},
       {"FILE.svg", "SVG file to write instead of text; its name ends in .svg or has no ending"}},
      {},
      {"tshark -q -r FILE.pcap -z tcpwave,ladder,0",
       "tshark -q -r FILE.pcap -z tcpwave,ladder,0,ladder.svg"}};
}

StatisticHelp flow() {
  return {
      "flow,tcpwave",
      "flow,tcpwave,standard|network[,FILTER]",
      "Wireshark's flow graph with steps and states as labels",
      {"Up to 40 hosts and 100,000 arrows. This is an option of Wireshark and has no help of its",
       "own. In Wireshark: Statistics, Flow Graph, Flow type TCP Wave."},
      {{"standard|network",
        "as for Wireshark's own flow graphs: any addresses or network addresses"},
       {"FILTER", "display filter: draws only the segments that it selects"}},
      {},
      {"tshark -q -r FILE.pcap -z flow,tcpwave,standard"}};
}

void add_terms(std::string& text, const char* title, const std::vector<Term>& terms) {
  if (terms.empty()) return;
  std::size_t widest = 0;
  for (const Term& term : terms) widest = std::max(widest, term.word.size());
  text += std::string("\n") + title + "\n";
  for (const Term& term : terms)
    text +=
        "  " + term.word + std::string(widest + 2 - term.word.size(), ' ') + term.meaning + "\n";
}

void add_lines(std::string& text, const char* title, const std::vector<std::string>& lines) {
  if (*title != '\0') text += std::string("\n") + title + "\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
}

std::string overview() {
  std::vector<Term> terms;
  for (const StatisticHelp& help : statistics_help())
    terms.push_back({help.synopsis, help.purpose});
  std::string text = "TCP Wave's statistics";
  add_terms(text += "\n", "tshark -q -z ...", terms);
  add_lines(text, "ALL OF THEM", common_help());
  return text;
}

std::string page(const StatisticHelp& help) {
  std::string text = "tshark -z " + help.synopsis + "\n\n  " + help.purpose + "\n\n";
  add_lines(text, "", help.description);
  add_terms(text, "ARGUMENTS", help.arguments);
  add_terms(text, "COLUMNS", help.columns);
  add_lines(text, "EXAMPLES", help.examples);
  add_lines(text, "ALL STATISTICS OF TCP WAVE", common_help());
  return text;
}

}  // namespace

std::vector<StatisticHelp> statistics_help() {
  return {connections(), sockets(), tree(), ladder(), flow()};
}

std::vector<std::string> common_help() {
  return {"are based on the whole capture, with or without -2, and are printed at its end;",
          "-q suppresses the list of packets. An invalid argument is answered with the usage and",
          "exit code 1. `-z tcpwave,help` lists all statistics."};
}

std::string usage_of(std::string_view name) {
  for (const StatisticHelp& help : statistics_help()) {
    if (help.name != name) continue;
    std::string text = help.synopsis;
    for (const Term& argument : help.arguments)
      text += (&argument == &help.arguments.front() ? "  (" : "; ") + argument.word + ": " +
              argument.meaning;
    return help.arguments.empty() ? text : text + ")";
  }
  // That of the help itself, which is on no list.
  return std::string(name) + "  (lists all statistics; help for one: -z NAME,help)";
}

std::string help_text(std::string_view name) {
  for (const StatisticHelp& help : statistics_help())
    if (help.name == name) return page(help);
  return overview();
}

}  // namespace tcpwave
