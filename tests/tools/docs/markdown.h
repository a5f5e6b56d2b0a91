// Small change of generated documents: tables, code words, files and their tab-separated tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tcpwave::docs {

/// `word`
[[nodiscard]] std::string code(std::string_view word);

/// [text](target)
[[nodiscard]] std::string link(std::string_view text, std::string_view target);

/// The parts with `between` between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view between);

/// A row of a table; a bar in a cell is escaped.
[[nodiscard]] std::string row(const std::vector<std::string>& cells);

/// The two lines that begin a table.
[[nodiscard]] std::string heading(const std::vector<std::string>& cells);

/// The comment on top of a page that is made from `sources`.
[[nodiscard]] std::string made_from(std::string_view sources);

/// @throws std::runtime_error where the file cannot be read
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// The rows of a tab-separated file below its heading; lines beginning with # are comments.
/// @throws std::runtime_error `file:line: what is wrong` where a row has not `columns` cells
[[nodiscard]] std::vector<std::vector<std::string>> read_table(const std::filesystem::path& file,
                                                               std::size_t columns);

}  // namespace tcpwave::docs
