// See statistics_block.h. Numbers are in the machine's order of bytes, as in the section around it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/statistics_block.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tcpwave::record {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_bytes(Bytes& bytes, const void* value, std::size_t size) {
  const std::size_t before = bytes.size();
  bytes.resize(before + size);
  std::memcpy(bytes.data() + before, value, size);
}

template <class Number>
void put(Bytes& bytes, Number number) {
  put_bytes(bytes, &number, sizeof number);
}

void put_option(Bytes& bytes, std::uint16_t code, const void* value, std::size_t size) {
  put(bytes, code);
  put(bytes, static_cast<std::uint16_t>(size));
  put_bytes(bytes, value, size);
  bytes.resize((bytes.size() + 3) / 4 * 4);
}

void put_count(Bytes& bytes, std::uint16_t code, std::uint64_t count) {
  put_option(bytes, code, &count, sizeof count);
}

}  // namespace

std::vector<std::uint8_t> statistics_block(const Statistics& statistics) {
  constexpr std::uint32_t kType = 5;
  constexpr std::uint16_t kComment = 1, kReceived = 4, kByInterface = 5, kBySystem = 7;
  Bytes body;
  put(body, std::uint32_t{0});  // the interface
  const auto time = static_cast<std::uint64_t>(statistics.time_ns);
  put(body, static_cast<std::uint32_t>(time >> 32U));
  put(body, static_cast<std::uint32_t>(time));
  const std::size_t longest = std::numeric_limits<std::uint16_t>::max();
  if (!statistics.comment.empty())
    put_option(body, kComment, statistics.comment.data(),
               std::min(statistics.comment.size(), longest));
  put_count(body, kReceived, statistics.received);
  put_count(body, kByInterface, statistics.dropped_by_interface);
  put_count(body, kBySystem, statistics.dropped_by_system);
  put(body, std::uint32_t{0});        // the end of the options
  constexpr std::size_t kFrame = 12;  // type, length, length again
  const auto length = static_cast<std::uint32_t>(body.size() + kFrame);
  Bytes block;
  put(block, kType);
  put(block, length);
  put_bytes(block, body.data(), body.size());
  put(block, length);
  return block;
}

}  // namespace tcpwave::record
