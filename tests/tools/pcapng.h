// Writes pcapng files through Wireshark's own wiretap.
//
// The same content gives the same bytes: no time of writing, host or program version is put in.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tcpwave::tools {

struct CapturedFrame {
  std::int64_t time_ns = 0;  ///< since 1970
  std::vector<std::uint8_t> ethernet;
};

/// @throws std::runtime_error with the file's name.
void write_pcapng(const std::filesystem::path& file, const std::string& comment,
                  const std::vector<CapturedFrame>& frames);

}  // namespace tcpwave::tools
