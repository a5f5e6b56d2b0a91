// A script of tests/scenarios as an example in a document: what tcpwave says of it in the end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/finding.h"

namespace tcpwave::docs {

struct Remark {
  std::uint32_t frame = 0;
  Finding finding{};
  std::string text;
};

struct Example {
  std::string script;                             ///< without the licence's line
  std::vector<Remark> remarks;                    ///< all findings, with the whole capture in view
  std::map<std::uint32_t, std::string> outcomes;  ///< by connection, as Markdown
};

/// @throws std::runtime_error where there is no such script
[[nodiscard]] Example play_example(const std::filesystem::path& project, std::string_view script);

/// `[NAME.pcapng](../../captures/NAME.pcapng)`, as seen from PART/docs
[[nodiscard]] std::string capture_link(std::string_view script);

}  // namespace tcpwave::docs
