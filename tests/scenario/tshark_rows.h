// Rows as the real tshark prints them: the fields `tcpwave.*` of every frame of a capture.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "scenario/row.h"

namespace tcpwave::scenario {

/// By capture, one row per frame. `said` holds what has a field: rules and `waiting`. tshark starts once: `many` is
/// the library of tests/plugin/many.cpp.
/// @throws std::runtime_error with what tshark printed, where it fails
[[nodiscard]] std::map<std::filesystem::path, std::vector<Row>> tshark_rows(
    const std::filesystem::path& tshark, const std::filesystem::path& many,
    const std::vector<std::filesystem::path>& captures, bool two_passes);

}  // namespace tcpwave::scenario
