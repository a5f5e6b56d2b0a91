// See statistic_args.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistic_args.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

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

/// A picture is SVG whatever its name says, so no other ending is taken.
bool names_svg(std::string_view file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  return ending.empty() || ending == ".svg" || ending == ".SVG";
}

}  // namespace

std::optional<TableForm> parse_connections_args(std::string_view tail) {
  if (tail.empty()) return TableForm::Text;
  if (tail == ",csv") return TableForm::Csv;
  return std::nullopt;
}

std::optional<SocketsArgs> parse_sockets_args(std::string_view tail) {
  if (tail.empty()) return SocketsArgs{};
  if (!tail.starts_with(',')) return std::nullopt;
  const auto after = seconds(tail.substr(1));
  return after ? std::optional(SocketsArgs{after}) : std::nullopt;
}

std::optional<LadderArgs> parse_ladder_args(std::string_view tail) {
  if (!tail.starts_with(',')) return std::nullopt;
  tail.remove_prefix(1);
  const std::size_t comma = tail.find(',');
  const auto connection = whole<std::uint32_t>(tail.substr(0, comma));
  if (!connection) return std::nullopt;
  if (comma == std::string_view::npos) return LadderArgs{*connection, {}};
  const std::string_view file = tail.substr(comma + 1);
  if (file.empty() || !names_svg(file)) return std::nullopt;
  return LadderArgs{*connection, std::string(file)};
}

}  // namespace tcpwave
