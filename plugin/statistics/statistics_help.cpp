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
      "a row per connection: how it opened, what became of it, who ended it and why",
      {"A connection is tcpwave's, not tcp.stream: ports that are used again begin a new one,",
       "a stray SYN does not. Cells are empty where there is nothing to say."},
      {{"csv", "comma-separated values, names first, for scripts"}},
      connection_terms(),
      {"tshark -q -r FILE.pcap -z tcpwave,conns", "tshark -q -r FILE.pcap -z tcpwave,conns,csv"}};
}

StatisticHelp sockets() {
  return {
      "tcpwave,sockets",
      "tcpwave,sockets[,TIME]",
      "how many sockets each host has in each state",
      {"As netstat would count them on the hosts at that moment, with the most that there were at",
       "once and when. TIME_WAIT ends after 2MSL (-o tcpwave.time_wait:SECONDS)."},
      {{"TIME", "seconds from the start of the capture, such as 12 or 0.25; without it, its end"}},
      {{"host", "its address"},
       {"state", "of RFC 9293"},
       {"sockets", "how many at that time"},
       {"peak", "the most at once, over the whole capture"},
       {"peak_at", "when that was reached first, in seconds from the start"}},
      {"tshark -q -r FILE.pcap -z tcpwave,sockets",
       "tshark -q -r FILE.pcap -z tcpwave,sockets,2.5"}};
}

StatisticHelp tree() {
  return {"tcpwave,tree",
          "tcpwave,tree",
          "outcomes, their kinds and findings, counted: each connection once",
          {"The same tree stands in Wireshark's window: Statistics, TCP Wave."},
          {},
          {},
          {"tshark -q -r FILE.pcap -z tcpwave,tree"}};
}

StatisticHelp ladder() {
  return {"tcpwave,ladder",
          "tcpwave,ladder,CONN[,FILE.svg]",
          "one connection as a ladder diagram: segments, steps, states, what was lost",
          {"As text to standard output, or as a picture. Stretches of data are folded into a line.",
           "Exit code 2 where there is no such connection or the file cannot be written."},
          {{"CONN", "the connection's number, as in the field tcpwave.conn"},
           {"FILE.svg", "the picture to write, in place of text; always SVG, so no other ending"}},
          {},
          {"tshark -q -r FILE.pcap -z tcpwave,ladder,0",
           "tshark -q -r FILE.pcap -z tcpwave,ladder,0,ladder.svg"}};
}

StatisticHelp accuracy() {
  return {
      "tcpwave,accuracy",
      "tcpwave,accuracy",
      "how often what was inferred is what the kernel said, by state, basis and reset cause",
      {"Of captures made by tcpwave-record, which hold the kernel's own word beside the packets;",
       "see plugin/docs/kernel.md. The display filter tcpwave.kernel.agrees == 0 finds each "
       "segment",
       "where they differ."},
      {},
      {},
      {"tshark -q -r FILE.pcapng -z tcpwave,accuracy"}};
}

StatisticHelp flow() {
  return {
      "flow,tcpwave",
      "flow,tcpwave,standard|network[,FILTER]",
      "Wireshark's flow graph, with steps and states as labels",
      {"Of the whole capture, up to 40 hosts and 100,000 arrows. Wireshark's own option; it has no",
       "help of its own. In the window: Statistics, Flow Graph, Flow type TCP Wave."},
      {{"standard|network", "as Wireshark has it: by any address, or by network addresses"},
       {"FILTER", "a display filter: only what it selects"}},
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
  return {connections(), sockets(), tree(), ladder(), accuracy(), flow()};
}

std::vector<std::string> common_help() {
  return {"rest on the whole capture, with or without -2, and come when it has been read;",
          "-q leaves out the list of packets. An argument that is not understood is answered with",
          "the usage and exit code 1. `-z tcpwave,help` lists them."};
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
  return std::string(name) + "  (lists all of them; for one: -z NAME,help)";
}

std::string help_text(std::string_view name) {
  for (const StatisticHelp& help : statistics_help())
    if (help.name == name) return page(help);
  return overview();
}

}  // namespace tcpwave
