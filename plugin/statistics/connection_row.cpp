// The columns. See connection_row.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/connection_row.h"

#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/finding_titles.h"
#include "tcpwave/show/words.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

using S = ConnectionSummary;
using C = RowContext;

Cell seconds(const std::optional<std::int64_t>& ns) {
  constexpr double kSecond = 1e9;
  if (!ns) return {};
  return {true, 0, static_cast<double>(*ns) / kSecond, {}};
}

template <Side kSide>
Cell host(const S& s, const C&) {
  return some(address_text(s.ends.address[static_cast<std::size_t>(kSide)]).view());
}
template <Side kSide>
Cell port(const S& s, const C&) {
  return number(s.ends.port[static_cast<std::size_t>(kSide)]);
}
template <Side kSide>
Cell state(const S& s, const C&) {
  return some(name(s.state[static_cast<std::size_t>(kSide)]));
}
template <Side kSide>
Cell bytes(const S& s, const C&) {
  return number(s.bytes[static_cast<std::size_t>(kSide)]);
}

Cell findings(const S& s, const C&) {
  std::string list;
  for (std::size_t i = 0; i < kFindings; ++i)
    if (s.findings[i]) list += (list.empty() ? "" : " ") + std::string(kCatalogue[i].id);
  return some(list);
}

Cell finding_words(const S& s, const C& c) {
  std::string list;
  for (std::size_t i = 0; i < kFindings; ++i)
    if (s.findings[i])
      list += (list.empty() ? "" : "; ") + std::string(title(static_cast<Finding>(i), c.language));
  return some(list);
}

std::string_view opened_words(Opened opened, Language language) {
  static constexpr std::array<std::array<std::string_view, kLanguages>, kOpenings> kWords{
      {{"before the capture", "抓包开始之前"},
       {"SYN only", "只有 SYN"},
       {"SYN and SYN,ACK", "SYN 和 SYN,ACK"},
       {"handshake", "三次握手"},
       {"simultaneous open", "同时打开"}}};
  return kWords[static_cast<std::size_t>(opened)][static_cast<std::size_t>(language)];
}

using enum CellType;

// clang-format off
constexpr std::array<Column, kColumns> kConnectionColumns{{
  {"tcpwave.conn", {"Conn", "连接"}, Number, kScript | kPeople,
   "its number, as in the field",
   [](const S& s, const C&) { return number(s.number); }},
  {"first_frame", {"Frame", "首帧"}, Number, kScript | kPeople,
   "the frame of its first segment",
   [](const S& s, const C&) { return number(s.first_frame); }},
  {"start", {"Start", "开始"}, Seconds, kScript,
   "time of its first segment, in seconds since 1970",
   [](const S& s, const C&) { return seconds(s.start_ns); }},
  {"start_after", {"Start (s)", "开始（秒）"}, Seconds, kPeople,
   "time of its first segment, in seconds from the start of the capture",
   [](const S& s, const C& c) { return seconds(s.start_ns - c.start_ns); }},
  {"client", {"Client", "客户端"}, Words, kScript | kPeople,
   "address of the end that sent the first SYN, or is taken for it", host<Side::Client>},
  {"client_port", {"Port", "端口"}, Number, kScript | kPeople, "its port", port<Side::Client>},
  {"server", {"Server", "服务器"}, Words, kScript | kPeople, "address of the other end", host<Side::Server>},
  {"server_port", {"Port", "端口"}, Number, kScript | kPeople, "its port", port<Side::Server>},
  {"tcpwave.outcome", {"Outcome", "结局"}, Words, kScript,
   "what became of it",
   [](const S& s, const C&) { return some(name(s.outcome)); }},
  {"tcpwave.outcome.kind", {"Kind", "类型"}, Words, kScript,
   "which kind of that",
   [](const S& s, const C&) { return some(name(s.outcome_kind)); }},
  {"outcome", {"Outcome", "结局"}, Words, kPeople,
   "what became of it",
   [](const S& s, const C& c) { return some(outcome_text(s.outcome, s.outcome_kind, c.language).view()); }},
  {"tcpwave.active_closer", {"Closed first by", "主动关闭方"}, Words, kScript | kPeople,
   "client, server or both, from the first FIN on",
   [](const S& s, const C& c) {
     return some(c.language == Language::English ? name(s.closed_first_by)
                                                 : word(words(c.language).closer, s.closed_first_by)); }},
  {"tcpwave.reset_by", {"Reset by", "重置方"}, Words, kScript,
   "who ended it by a RST: client, server or third_party",
   [](const S& s, const C&) { return some(name(s.reset_by)); }},
  {"reset_by", {"Reset by", "重置方"}, Words, kPeople,
   "who ended it by a RST",
   [](const S& s, const C& c) { return some(reset_by_text(s.reset_by, c.language)); }},
  {"tcpwave.reset_cause", {"Cause", "原因"}, Words, kScript,
   "why, as the identifier of a finding",
   [](const S& s, const C&) { return s.reset_cause ? some(info(*s.reset_cause).id) : Cell{}; }},
  {"reset_cause", {"Cause of the reset", "重置原因"}, Words, kPeople,
   "why it was reset",
   [](const S& s, const C& c) { return s.reset_cause ? some(title(*s.reset_cause, c.language)) : Cell{}; }},
  {"tcpwave.reset_confidence", {"Confidence", "可信度"}, Words, kScript | kWindow,
   "how sure that is: certain, likely or possible",
   [](const S& s, const C& c) {
     return s.reset_cause ? some(word(words(c.language).confidence, s.reset_confidence)) : Cell{}; }},
  {"duration", {"Duration (s)", "持续（秒）"}, Seconds, kScript | kPeople,
   "from the first segment to the last, in seconds",
   [](const S& s, const C&) { return seconds(s.duration_ns); }},
  {"segments", {"Segments", "报文段"}, Number, kScript | kPeople,
   "how many segments it has",
   [](const S& s, const C&) { return number(s.frames); }},
  {"client_bytes", {"Bytes from client", "客户端字节"}, Number, kScript | kPeople,
   "payload captured from the client, in bytes, without what was sent again", bytes<Side::Client>},
  {"server_bytes", {"Bytes from server", "服务器字节"}, Number, kScript | kPeople,
   "payload captured from the server, in bytes, without what was sent again", bytes<Side::Server>},
  {"tcpwave.client.state", {"Client's state", "客户端状态"}, Words, kScript | kWindow,
   "of the client's end when the capture ends, or another connection takes its addresses and ports", state<Side::Client>},
  {"tcpwave.server.state", {"Server's state", "服务器状态"}, Words, kScript | kWindow,
   "of the server's end when the capture ends, or another connection takes its addresses and ports", state<Side::Server>},
  {"opened", {"Opened", "打开方式"}, Words, kScript,
   "handshake, simultaneous, syn_ack or syn (that much of it was captured), or not_captured",
   [](const S& s, const C&) { return some(name(s.opened)); }},
  {"opened", {"Opened", "打开方式"}, Words, kWindow,
   "how it was opened",
   [](const S& s, const C& c) { return some(opened_words(s.opened, c.language)); }},
  {"tcpwave.handshake.rtt", {"Handshake (s)", "握手（秒）"}, Seconds, kScript | kWindow,
   "from the SYN to the third ACK, in seconds",
   [](const S& s, const C&) { return seconds(s.handshake_rtt_ns); }},
  {"half_close", {"Half-closed (s)", "半关闭（秒）"}, Seconds, kScript | kWindow,
   "from the first FIN to the second, or to the connection's last segment without one, in seconds",
   [](const S& s, const C&) { return seconds(s.half_close_ns); }},
  {"tcpwave.finding", {"Findings", "发现"}, Set, kScript,
   "identifiers of everything found on its segments, with blanks between", findings},
  {"findings", {"Findings", "发现"}, Set, kWindow,
   "what was found on its segments", finding_words},
}};
// clang-format on
consteval std::size_t window_columns() {
  std::size_t count = 0;
  for (const Column& column : kConnectionColumns) count += (column.where & kWindow) != 0 ? 1 : 0;
  return count;
}
static_assert(window_columns() == kWindowColumns);
static_assert(kConnectionColumns.back().name != nullptr, "kColumns is the number of columns");

}  // namespace

const std::array<Column, kColumns>& connection_columns() { return kConnectionColumns; }

}  // namespace tcpwave
