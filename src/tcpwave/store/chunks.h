// A sequence that grows at its end by chunks: what stands in it never moves, and growing copies nothing.
//
// For what there is one of per segment or per connection, where a vector would hold twice the memory
// while it grows and leave up to half of it unused.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace tcpwave {

template <class T, std::size_t kPerChunk = 256>
class Chunks {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T& operator[](std::size_t i) { return chunks_[i / kPerChunk][i % kPerChunk]; }
  [[nodiscard]] const T& operator[](std::size_t i) const {
    return chunks_[i / kPerChunk][i % kPerChunk];
  }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }

  /// One more, as T begins. @throws std::bad_alloc, and nothing has changed.
  T& grow() {
    if (size_ == chunks_.size() * kPerChunk) chunks_.push_back(std::make_unique<T[]>(kPerChunk));
    return (*this)[size_++];
  }
  /// @throws std::bad_alloc, and nothing has changed.
  T& push_back(T value) { return grow() = std::move(value); }

  /// Gives back the chunk of the i-th, which nobody asks for again, nor for any before it.
  void release_chunk_of(std::size_t i) { chunks_[i / kPerChunk].reset(); }
  [[nodiscard]] static constexpr bool is_last_of_chunk(std::size_t i) {
    return i % kPerChunk == kPerChunk - 1;
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
