// Rows as the real tshark prints them: the fields `tcpwave.*` of every frame of a capture.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "scenario/row.h"

namespace tcpwave::scenario {

/// One row per frame. `said` holds what has a field: rules and `waiting`.
/// @throws std::runtime_error with what tshark printed, where it fails
[[nodiscard]] std::vector<Row> tshark_rows(const std::filesystem::path& tshark,
                                           const std::filesystem::path& capture, bool two_passes);

}  // namespace tcpwave::scenario
