// The columns. See connection_row.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/connection_row.h"

#include <cstdio>

#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"

namespace tcpwave {
namespace {

Cell number(std::uint32_t n) { return {true, n, 0, {}}; }

Cell words(std::string_view w) { return {!w.empty(), 0, 0, std::string(w)}; }

Cell seconds(const std::optional<std::int64_t>& ns) {
  constexpr double kSecond = 1e9;
  if (!ns) return {};
  return {true, 0, static_cast<double>(*ns) / kSecond, {}};
}

template <Side kSide>
Cell end(const ConnectionSummary& s) {
  constexpr auto kIndex = static_cast<std::size_t>(kSide);
  return words(address_text(s.ends.address[kIndex], s.ends.port[kIndex]).view());
}

Cell findings(const ConnectionSummary& s) {
  std::string list;
  for (std::size_t i = 0; i < kFindings; ++i) {
    if (!s.findings[i]) continue;
    if (!list.empty()) list += ' ';
    list += kCatalogue[i].id;
  }
  return words(list);
}

using enum CellType;
using S = ConnectionSummary;

// clang-format off
constexpr std::array<Column, kColumns> kConnectionColumns{{
  {"conn", "Connection", Number,
   "number of the connection, as in the field tcpwave.conn",
   [](const S& s) { return number(s.number); }},
  {"first_frame", "First frame", Number,
   "frame of its first segment",
   [](const S& s) { return number(s.first_frame); }},
  {"client", "Client", Words,
   "address and port of the end that sent the first SYN or is taken for the client",
   end<Side::Client>},
  {"server", "Server", Words,
   "address and port of the other end",
   end<Side::Server>},
  {"opened", "Opened", Words,
   "what was captured of the opening: handshake, simultaneous, syn_ack, syn or not_captured",
   [](const S& s) { return words(name(s.opened)); }},
  {"handshake_rtt", "Handshake RTT", Seconds,
   "seconds from the SYN to the third ACK",
   [](const S& s) { return seconds(s.handshake_rtt_ns); }},
  {"outcome", "Outcome", Words,
   "how it ended, as in tcpwave.outcome",
   [](const S& s) { return words(name(s.outcome)); }},
  {"kind", "Kind", Words,
   "kind of outcome, as in tcpwave.outcome.kind",
   [](const S& s) { return words(name(s.outcome_kind)); }},
  {"closed_first_by", "Closed first by", Words,
   "who sent the first FIN: client, server or both",
   [](const S& s) { return words(name(s.closed_first_by)); }},
  {"reset_by", "Reset by", Words,
   "who reset it: client, server or third_party",
   [](const S& s) { return words(name(s.reset_by)); }},
  {"cause", "Cause of reset", Words,
   "cause of the reset: identifier of a finding",
   [](const S& s) { return s.reset_cause ? words(info(*s.reset_cause).id) : Cell{}; }},
  {"half_close", "Half-closed for", Seconds,
   "seconds from the first FIN to the second one or to the end of the connection",
   [](const S& s) { return seconds(s.half_close_ns); }},
  {"duration", "Duration", Seconds,
   "seconds from the first segment to the last",
   [](const S& s) { return seconds(s.duration_ns); }},
  {"frames", "Frames", Number,
   "number of its segments",
   [](const S& s) { return number(s.frames); }},
  {"findings", "Findings", Words,
   "identifiers of the findings on its segments, separated by spaces",
   findings},
}};
// clang-format on

}  // namespace

const std::array<Column, kColumns>& connection_columns() { return kConnectionColumns; }

std::string cell_text(const Column& column, const Cell& cell) {
  if (!cell.present) return {};
  switch (column.type) {
    case Number:
      return std::to_string(cell.number);
    case Seconds: {
      std::array<char, 64> digits{};
      const int n = std::snprintf(digits.data(), digits.size(), "%.6f", cell.seconds);
      return {digits.data(), static_cast<std::size_t>(n)};
    }
    case Words:
      return cell.words;
  }
  return {};
}

}  // namespace tcpwave
