// The words. See statistics_help.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistics_help.h"

#include <algorithm>

#include "statistics/connection_row.h"
#include "tcpwave/catalogue.h"
#include "writing/field_values.h"

namespace tcpwave {
namespace {

std::vector<Term> connection_terms() {
  std::vector<Term> terms;
  for (const Column& column : connection_columns())
    if ((column.where & kScript) != 0) terms.push_back({column.name, column.meaning});
  return terms;
}

const Term kForm{"csv|json",
                 "comma-separated values or JSON, for scripts; otherwise a table to read"};
const Term kFilter{"FILTER", "a display filter: only connections with a segment that passes"};

StatisticHelp connections() {
  return {
      "tcpwave,conns",
      "tcpwave,conns[,csv|json][,FILTER]",
      "a row per connection: how it opened, what became of it, who ended it and why",
      {"A connection is tcpwave's, not tcp.stream: ports that are used again begin a new one,",
       "a stray SYN does not. The table to read says the main things in words; CSV and JSON have",
       "the columns below. Cells are empty where there is nothing to say."},
      {kForm, kFilter},
      connection_terms(),
      {"tshark -q -r FILE.pcap -z tcpwave,conns", "tshark -q -r FILE.pcap -z tcpwave,conns,csv",
       "tshark -q -r FILE.pcap -z tcpwave,conns,json,tcp.flags.reset==1"}};
}

StatisticHelp overview() {
  return {"tcpwave,overview",
          "tcpwave,overview[,csv|json][,FILTER]",
          "connections between the same hosts that went the same way, counted: a scan is a row",
          {"The largest group first."},
          {kForm, kFilter},
          {{"connections", "how many"},
           {"client", "address"},
           {"server", "address"},
           {"server_ports", "the server's ports, with blanks between"},
           {"tcpwave.outcome", "what became of them"},
           {"tcpwave.outcome.kind", "which kind of that"},
           {"tcpwave.reset_by", "whose RST ended them"},
           {"tcpwave.reset_cause", "why they were reset"},
           {"first_conn", "the number of the first one, as in tcpwave.conn"},
           {"start", "time of their first segment, in seconds since 1970"},
           {"end", "time of their last segment"}},
          {"tshark -q -r FILE.pcap -z tcpwave,overview",
           "tshark -q -r FILE.pcap -z tcpwave,overview,json"}};
}

StatisticHelp sockets() {
  return {
      "tcpwave,sockets",
      "tcpwave,sockets[,TIME][,csv|json][,FILTER]",
      "how many sockets each host has in each state",
      {"As netstat would count them on the hosts at that moment, with the most that there were at",
       "once. TIME_WAIT ends after 2MSL (-o tcpwave.time_wait:SECONDS). The table to read has a "
       "row",
       "per host; CSV and JSON have a row per host and state, with the columns below."},
      {{"TIME", "seconds from the start of the capture, such as 12 or 0.25; without it, its end"},
       kForm,
       {"FILTER", "a display filter: only hosts with a segment that passes, all their sockets"}},
      {{"host", "its address"},
       {"state", "of RFC 9293"},
       {"sockets", "how many at that time"},
       {"peak", "the most at once, up to that time"},
       {"peak_at", "when that was reached first, in seconds from the start"}},
      {"tshark -q -r FILE.pcap -z tcpwave,sockets",
       "tshark -q -r FILE.pcap -z tcpwave,sockets,0.01",
       "tshark -q -r FILE.pcap -z tcpwave,sockets,csv"}};
}

StatisticHelp states() {
  return {
      "tcpwave,states",
      "tcpwave,states[,STATE][,csv|json][,FILTER]",
      "how long each end of each connection was in each state",
      {"A row for each state that an end was in, in order, but for CLOSED and LISTEN, in which the",
       "connection has no socket. A state begins with the segment that it shows on, and TIME_WAIT",
       "ends after 2MSL (-o tcpwave.time_wait:SECONDS). The duration is 0 where one segment shows",
       "that the state was reached and that it was left."},
      {{"STATE", "this one alone, such as CLOSE_WAIT or FIN_WAIT_2"}, kForm, kFilter},
      {{"tcpwave.conn", "the connection's number, as in the field"},
       {"end", "client or server"},
       {"host", "address of that end"},
       {"port", "its port"},
       {"peer", "address of the other end"},
       {"peer_port", "its port"},
       {"state", "of RFC 9293"},
       {"basis", "why it is said to be in it: as in tcpwave.client.state.basis on that frame"},
       {"frame", "the frame that it shows on"},
       {"start", "time of that frame, in seconds since 1970"},
       {"duration", "how long it lasted, in seconds"},
       {"next",
        "the state that followed; capture_end where it still lasted then; ports_reused where "
        "another connection took the ports"}},
      {"tshark -q -r FILE.pcap -z tcpwave,states",
       "tshark -q -r FILE.pcap -z tcpwave,states,CLOSE_WAIT",
       "tshark -q -r FILE.pcap -z tcpwave,states,FIN_WAIT_2,csv,tcp.port==80"}};
}

StatisticHelp resets() {
  return {"tcpwave,resets",
          "tcpwave,resets[,csv|json][,FILTER]",
          "which service's connections are reset, by whom and why",
          {"A row per server, port, sender of the RST and cause, the most resets first. Refused",
           "connections count. Services without resets have no row."},
          {kForm, kFilter},
          {{"server", "address"},
           {"server_port", "its port"},
           {"connections", "how many it has, however they ended"},
           {"resets", "how many of them were reset so"},
           {"percent", "the same, of these connections"},
           {"tcpwave.reset_by", "whose RST ended them: client, server or third_party"},
           {"tcpwave.reset_cause", "why, as the identifier of a finding"},
           {"first_conn", "the number of the first one, as in tcpwave.conn"}},
          {"tshark -q -r FILE.pcap -z tcpwave,resets",
           "tshark -q -r FILE.pcap -z tcpwave,resets,csv,ip.addr==10.0.0.2"}};
}

StatisticHelp tree() {
  return {
      "tcpwave,tree",
      "tcpwave,tree[,csv|json][,FILTER]",
      "outcomes, their kinds and findings, counted: each connection once",
      {"Outcomes first, then findings, the most frequent ones first. The table to read begins",
       "with all that are counted, of how many in the capture; in CSV and JSON that is the sum of",
       "the outcomes."},
      {kForm, kFilter},
      {{"tcpwave.outcome", "what became of them; empty on a finding's row"},
       {"tcpwave.outcome.kind", "which kind of that"},
       {"tcpwave.finding", "what was found on their segments; empty on an outcome's row"},
       {"connections", "how many have it"},
       {"percent", "of all connections that are counted"}},
      {"tshark -q -r FILE.pcap -z tcpwave,tree"}};
}

StatisticHelp ladder() {
  return {"tcpwave,ladder",
          "tcpwave,ladder,CONN[,FILE.svg]|FILTER",
          "one connection as a ladder diagram: segments, steps, states, what was lost",
          {"As text to standard output, or as a picture. Stretches of data are folded into a line.",
           "Exit code 2 where there is no such connection or the file cannot be written."},
          {{"CONN", "the connection's number, as in the field tcpwave.conn"},
           {"FILE.svg", "the picture to write, in place of text; always SVG, so no other ending"},
           {"FILTER", "a display filter: the first 20 connections with a segment that passes"}},
          {},
          {"tshark -q -r FILE.pcap -z tcpwave,ladder,0",
           "tshark -q -r FILE.pcap -z tcpwave,ladder,tcp.flags.reset==1",
           "tshark -q -r FILE.pcap -z tcpwave,ladder,0,ladder.svg"}};
}

StatisticHelp accuracy() {
  return {
      "tcpwave,accuracy",
      "tcpwave,accuracy",
      "how often the inferred states are those that the kernel said, by state, basis and reset "
      "cause",
      {"Needs a capture made by tcpwave-record, which holds the kernel's own word on its sockets;",
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

std::string list_of_all() {
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
  return {connections(), overview(), sockets(),  states(), resets(),
          tree(),        ladder(),   accuracy(), flow()};
}

std::vector<std::string> common_help() {
  return {
      "rest on the whole capture, with or without -2, and come when it has been read;",
      "-q leaves out the list of packets. A FILTER on fields of tcpwave is judged by what is known",
      "when its segment is read: with -2, by all. An argument that is not understood is answered",
      "with the usage and exit code 1. `-z tcpwave,help` lists them, `-z tcpwave,help,values` all",
      "values that fields can have."};
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
  // Of the help itself, and of whatever is none of them.
  std::string names;
  for (const StatisticHelp& help : statistics_help())
    if (help.name.starts_with("tcpwave,")) names += (names.empty() ? "" : " ") + help.name;
  return "tcpwave,help[,values], or one of: " + names + " (each has a help: -z NAME,help)";
}

std::string help_text(std::string_view name) {
  for (const StatisticHelp& help : statistics_help())
    if (help.name == name) return page(help);
  return list_of_all();
}

std::string values_text() {
  std::string text =
      "The values of TCP Wave's fields, one a line. A filter that misspells one finds nothing and "
      "says\n"
      "nothing; Wireshark refuses a misspelt name of tcpwave.finding.NAME, tcpwave.state.code and\n"
      "tcpwave.outcome.code.\n";
  for (const Field& field : fields()) {
    const std::vector<std::string> values = values_of(field);
    if (values.empty()) continue;
    text += std::string("\n") + field.filter + "\n";
    for (const std::string& value : values) text += "  " + value + "\n";
  }
  text += "\nExpert infos\n";
  for (const FindingInfo& finding : kCatalogue)
    text += std::string("  tcpwave.finding.") + finding.id + "\n";
  return text;
}

}  // namespace tcpwave
