// What tcpwave said about a segment, in the words of a script, and how that differs from what the
// script expects.
//
// A row comes from an annotation of the engine or from the fields that tshark prints; both are
// compared by the same rules, so engine and plugin are held to the same scripts.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "tcpwave/annotation.h"

namespace tcpwave::scenario {

struct Row {
  bool tracked = false;
  std::uint32_t connection = 0;
  std::array<std::string, 2> before, after, basis;  ///< by Side
  std::vector<StepWord> steps;
  std::string seq_check, ack_check, check, phase, closer, role_basis;
  std::uint32_t seq = 0;
  std::optional<std::uint32_t> ack;
  std::vector<std::string> findings;  ///< sorted
  std::vector<std::string> said;      ///< `rule ...`, `waiting ...`, as lines with `:` in a script
  std::string outcome, outcome_kind, reset_by;
};

[[nodiscard]] Row row_of(const Annotation&);

/// The row as the right part of a script's line.
[[nodiscard]] std::string text_of(const Row&);

/// Each sentence names one thing that is not as expected. `exchanged`: the script's C is the server.
[[nodiscard]] std::vector<std::string> differences(const Line&, const Expected&, const Row&,
                                                   bool exchanged);

/// The same for the `:` lines, which describe two passes.
[[nodiscard]] std::vector<std::string> said_differences(const Line&, const Row&);

[[nodiscard]] std::vector<std::string> outcome_differences(const ExpectedOutcome&, const Row&,
                                                           bool exchanged);

/// All differences under the script's line and the actual one; empty where there are none.
[[nodiscard]] std::string report(const Scenario&, const Line&, const char* pass,
                                 const std::vector<std::string>& differences, const Row&);

}  // namespace tcpwave::scenario
