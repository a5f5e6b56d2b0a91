// See statistic_args.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistic_args.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "tcpwave/show/sockets.h"

namespace tcpwave {
namespace {

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end || text.empty()) return std::nullopt;
  return value;
}

/// `12`, `0.25`: no sign, no exponent.
std::optional<std::int64_t> seconds(std::string_view text) {
  constexpr double kSecond = 1e9, kLongest = 4e9;
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const auto value = whole<double>(text);
  if (!value || *value > kLongest) return std::nullopt;
  return std::llround(*value * kSecond);
}

/// `CLOSE_WAIT`: one that a socket can be in.
std::optional<State> socket_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    if (is_socket(state) && name(state) == text) return state;
  }
  return std::nullopt;
}

/// A picture is SVG whatever its name says, so no other ending is taken.
bool names_svg(std::string_view file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  return ending.empty() || ending == ".svg" || ending == ".SVG";
}

/// Takes the next word off `tail`, without its comma; nothing where there is none.
std::optional<std::string_view> next_word(std::string_view& tail) {
  if (!tail.starts_with(',')) return std::nullopt;
  const std::string_view rest = tail.substr(1);
  const std::string_view one = rest.substr(0, rest.find(','));
  tail = rest.substr(one.size());
  return one;
}

/// Takes the word in front off `tail`, where `read` understands it.
void take_word(std::string_view& tail, auto read) {
  std::string_view rest = tail;
  if (const auto one = next_word(rest); one && read(*one)) tail = rest;
}

/// `csv` or `json`.
void take_form(std::string_view& tail, StatisticArgs& args) {
  take_word(tail, [&](std::string_view word) {
    if (word == "csv") args.form = TableForm::Csv;
    if (word == "json") args.form = TableForm::Json;
    return word == "csv" || word == "json";
  });
}

/// What is left is a filter. False where there is a comma and none behind it.
bool take_filter(std::string_view tail, StatisticArgs& args) {
  if (tail.empty()) return true;
  if (!tail.starts_with(',') || tail.find_first_not_of(" ,") == std::string_view::npos)
    return false;
  args.filter = tail.substr(1);
  return true;
}

}  // namespace

std::optional<StatisticArgs> parse_table_args(std::string_view tail) {
  StatisticArgs args;
  take_form(tail, args);
  return take_filter(tail, args) ? std::optional(args) : std::nullopt;
}

std::optional<StatisticArgs> parse_sockets_args(std::string_view tail) {
  StatisticArgs args;
  take_word(tail, [&](auto word) { return (args.after_ns = seconds(word)).has_value(); });
  take_form(tail, args);
  return take_filter(tail, args) ? std::optional(args) : std::nullopt;
}

std::optional<StatisticArgs> parse_states_args(std::string_view tail) {
  StatisticArgs args;
  take_word(tail, [&](auto word) { return (args.state = socket_state(word)).has_value(); });
  take_form(tail, args);
  return take_filter(tail, args) ? std::optional(args) : std::nullopt;
}

std::optional<StatisticArgs> parse_ladder_args(std::string_view tail) {
  StatisticArgs args;
  std::string_view rest = tail;
  const auto one = next_word(rest);
  if (!one) return std::nullopt;
  args.connection = whole<std::uint32_t>(*one);
  if (!args.connection) return take_filter(tail, args) ? std::optional(args) : std::nullopt;
  if (rest.empty()) return args;
  args.file = rest.substr(1);
  return args.file.empty() || !names_svg(args.file) ? std::nullopt : std::optional(args);
}

}  // namespace tcpwave
