// Outcomes and findings counted, each connection once. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/connection_row.h"
#include "tcpwave/summary.h"

namespace tcpwave {

/// A row: an outcome with its kind, a finding, or all of them.
struct OutcomeRow {
  Outcome outcome = Outcome::Partial;
  OutcomeKind kind = OutcomeKind::None;
  std::optional<Finding> finding = std::nullopt;
  std::uint32_t connections = 0;  ///< that have it
  bool all = false;               ///< of what is counted, against which shares are
  std::uint32_t captured = 0;     ///< of all: what the capture has, counted or not
};

class OutcomeCount {
 public:
  OutcomeCount() : rows_(1) { rows_.front().all = true; }
  void set_captured(std::uint32_t connections) { rows_.front().captured = connections; }
  /// The number of the row that it is counted in.
  std::size_t add(Outcome, OutcomeKind);
  std::size_t add(Finding);
  [[nodiscard]] const std::vector<OutcomeRow>& rows() const {
    return rows_;
  }  ///< all, then as they were met
  [[nodiscard]] std::uint32_t connections() const { return rows_.front().connections; }

 private:
  std::size_t count(const OutcomeRow&);
  std::vector<OutcomeRow> rows_;  // no more than there are outcomes, kinds and findings
};

/// What a column of a row says; `all` is the number of connections.
struct OutcomeColumn {
  const char* name;                           ///< for scripts; null: for people alone
  std::array<const char*, kLanguages> title;  ///< null: for scripts alone
  CellType type;
  Cell (*cell)(const OutcomeRow&, std::uint32_t all, Language);
};
inline constexpr std::size_t kOutcomeColumns = 7;
[[nodiscard]] const std::array<OutcomeColumn, kOutcomeColumns>& outcome_columns();

}  // namespace tcpwave
