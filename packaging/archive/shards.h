// The files that are written: for each shard a capture, and beside it which frame of the archive each of its own is.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "merged.h"

namespace tcpwave::archive {

class Shards {
 public:
  /// @throws std::runtime_error where a file cannot be made, or the folder already has shards
  Shards(const std::filesystem::path& folder, std::size_t count, int link_type);

  /// `number`: of the frame in the archive, from 1.
  void write(std::size_t shard, const Frame&, std::uint64_t number);
  /// The last frames of each shard; they have no number in the archive.
  void write_to_all(std::int64_t time_ns, const std::vector<std::uint8_t>& octets);
  /// @throws std::runtime_error where not everything could be written
  void close();

  [[nodiscard]] std::size_t count() const { return shards_.size(); }
  [[nodiscard]] std::uint64_t fullest() const;

 private:
  struct Shard {
    std::filesystem::path file;
    std::unique_ptr<pcap_dumper_t, decltype(&pcap_dump_close)> capture{nullptr, &pcap_dump_close};
    std::ofstream numbers;
    std::uint64_t frames = 0;
  };

  Pcap format_;
  std::vector<Shard> shards_;
};

}  // namespace tcpwave::archive
