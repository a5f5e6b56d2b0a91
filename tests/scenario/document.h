// Scripts inside documents: the fenced blocks marked `tcpwave` of a Markdown file.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "scenario/scenario.h"

namespace tcpwave::scenario {

/// In order; named FILE_1, FILE_2, ...
/// @throws std::runtime_error where a block is no script
[[nodiscard]] std::vector<Scenario> scenarios_in_document(const std::filesystem::path& file);

/// The project's Markdown files.
[[nodiscard]] std::vector<std::filesystem::path> documents(const std::filesystem::path& project);

}  // namespace tcpwave::scenario
