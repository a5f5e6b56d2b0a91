// See shards.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "shards.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace tcpwave::archive {
namespace {

constexpr int kLongestFrame = 262'144;

std::string shard_name(std::size_t number) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "shard-%04zu", number);
  return name.data();
}

}  // namespace

Shards::Shards(const std::filesystem::path& folder, std::size_t count, int link_type)
    : format_(pcap_open_dead_with_tstamp_precision(link_type, kLongestFrame,
                                                   PCAP_TSTAMP_PRECISION_NANO),
              &pcap_close) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < count; ++i) {
    Shard shard;
    shard.file = folder / (shard_name(i) + ".pcap");
    if (std::filesystem::exists(shard.file))
      throw std::runtime_error(shard.file.string() + " exists; choose another folder or empty it");
    shard.capture.reset(pcap_dump_open(format_.get(), shard.file.c_str()));
    if (!shard.capture) throw std::runtime_error(pcap_geterr(format_.get()));
    shard.numbers.open(folder / (shard_name(i) + ".frames"), std::ios::binary);
    if (!shard.numbers) throw std::runtime_error(shard.file.string() + ": cannot write beside it");
    shards_.push_back(std::move(shard));
  }
}

void Shards::write(std::size_t shard, const Frame& frame, std::uint64_t number) {
  Shard& to = shards_[shard];
  pcap_dump(reinterpret_cast<u_char*>(to.capture.get()), frame.header, frame.octets.data());
  std::array<char, 8> octets{};  // least first
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(number >> (8 * i));
  to.numbers.write(octets.data(), octets.size());
  ++to.frames;
}

void Shards::write_to_all(std::int64_t time_ns, const std::vector<std::uint8_t>& octets) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  pcap_pkthdr header{};
  header.ts.tv_sec = time_ns / kSecond;
  header.ts.tv_usec = time_ns % kSecond;  // nanoseconds, by the file's precision
  header.caplen = header.len = static_cast<bpf_u_int32>(octets.size());
  for (Shard& shard : shards_)
    pcap_dump(reinterpret_cast<u_char*>(shard.capture.get()), &header, octets.data());
}

void Shards::close() {
  for (Shard& shard : shards_) {
    const bool flushed = pcap_dump_flush(shard.capture.get()) == 0 &&
                         std::ferror(pcap_dump_file(shard.capture.get())) == 0;
    shard.capture.reset();
    shard.numbers.close();
    if (!flushed || !shard.numbers)
      throw std::runtime_error(shard.file.string() + ": not everything could be written");
  }
}

std::uint64_t Shards::fullest() const {
  std::uint64_t most = 0;
  for (const Shard& shard : shards_) most = std::max(most, shard.frames);
  return most;
}

}  // namespace tcpwave::archive
