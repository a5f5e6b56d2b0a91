// The generated pages, as text. Each is made from the tables that the programs themselves use, so it
// says what they do; docgen compares it with the committed file.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace tcpwave::docs {

/// src/docs/states.md: the table of transitions.
[[nodiscard]] std::string states_page();

/// plugin/docs/fields.md: the list of fields.
[[nodiscard]] std::string fields_page();

/// plugin/docs/statistics.md: the `-z` options.
[[nodiscard]] std::string statistics_page();

/// plugin/docs/findings.md: the catalogue, each finding with the frames that show it.
[[nodiscard]] std::string findings_page(const std::filesystem::path& project);

/// plugin/docs/peers-findings.md: what other tools call it, from plugin/docs/peers.tsv.
/// @throws std::runtime_error where the table is incomplete or names a finding that does not exist
[[nodiscard]] std::string peers_page(const std::filesystem::path& project);

/// A page written by hand, with what stands below each `<!-- script GROUP/NAME -->` and
/// `<!-- cases GROUP -->` replaced: that script and what tcpwave says of it; links to the cases of
/// plugin/docs/when/GROUP.md.
[[nodiscard]] std::string with_scripts(const std::filesystem::path& project,
                                       const std::string& page);

}  // namespace tcpwave::docs
