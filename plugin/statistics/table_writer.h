// Rows as a table for people, as CSV or as JSON.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "statistics/connection_row.h"
#include "statistics/reports.h"

namespace tcpwave {

struct Head {
  std::string name;  ///< for people: the title; for scripts: the key
  CellType type = CellType::Words;
};

class TableWriter {
 public:
  TableWriter(std::FILE*, TableForm, std::vector<Head>);
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  void row(const std::vector<Cell>&);
  /// To be called after the last row, and no destructor's work: writing needs memory.
  void finish();

 private:
  struct Json;
  std::FILE* out_;
  TableForm form_;
  std::vector<Head> heads_;
  std::unique_ptr<class TextTable> text_;
  std::unique_ptr<Json> json_;
};

/// As it stands in a table or CSV; empty where there is nothing to say.
[[nodiscard]] std::string cell_text(CellType, const Cell&);

}  // namespace tcpwave
