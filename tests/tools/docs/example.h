// A script of tests/scenarios as an example in a document: what tcpwave says of it in the end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/annotation.h"

namespace tcpwave::docs {

struct Example {
  std::string script;                   ///< without the licence's line
  std::vector<Annotation> annotations;  ///< of frame 1 and on, with the whole capture in view
};

/// @throws std::runtime_error where there is no such script
[[nodiscard]] Example play_example(const std::filesystem::path& project, std::string_view script);

/// `[NAME.pcapng](../../captures/NAME.pcapng)`, as seen from PART/docs
[[nodiscard]] std::string capture_link(std::string_view script);

}  // namespace tcpwave::docs
