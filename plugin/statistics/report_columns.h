// The columns of a report: what each is called for people and for scripts, and what stands in it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "statistics/connection_row.h"
#include "statistics/reports.h"
#include "statistics/table_writer.h"
#include "tcpwave/language.h"

namespace tcpwave {

template <class Row>
struct ReportColumn {
  const char* name;                           ///< for scripts; null where they do not get it
  std::array<const char*, kLanguages> title;  ///< for people; null where they do not get it
  CellType type;
  Cell (*cell)(const Row&, const ReportSettings&);

  [[nodiscard]] const char* head(const ReportSettings& settings) const {
    if (settings.form != TableForm::Text) return name;
    return title[static_cast<std::size_t>(settings.language)];
  }
};

/// Of the columns that the form has.
template <class Row, std::size_t kCount>
std::vector<Head> report_heads(const std::array<ReportColumn<Row>, kCount>& columns,
                               const ReportSettings& settings) {
  std::vector<Head> heads;
  for (const ReportColumn<Row>& column : columns)
    if (const char* head = column.head(settings)) heads.push_back({head, column.type});
  return heads;
}

template <class Row, std::size_t kCount>
std::vector<Cell> report_cells(const std::array<ReportColumn<Row>, kCount>& columns, const Row& row,
                               const ReportSettings& settings) {
  std::vector<Cell> cells;
  for (const ReportColumn<Row>& column : columns)
    if (column.head(settings) != nullptr) cells.push_back(column.cell(row, settings));
  return cells;
}

}  // namespace tcpwave
