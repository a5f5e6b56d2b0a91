// A sequence that grows at its end by chunks: what stands in it never moves, and growing copies nothing.
//
// For what there is one of per segment or per connection, where a vector would hold twice the memory
// while it grows. It grows by small blocks at first, so that who keeps few takes little, and by large pages later:
// a fresh page is paid for once for two mebibytes, and who looks here and there in a large sequence finds the pages
// known. What is not in use yet of the last chunk was never touched and takes no memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tcpwave/store/large_pages.h"

namespace tcpwave {

template <class T>
class Chunks {
 public:
  explicit Chunks(Pages pages) : pages_(pages) {}
  ~Chunks() {
    for (std::size_t i = 0; i < size_; ++i) std::destroy_at(&at(i));
    for (std::size_t n = 0; n < blocks_.size(); n += blocks_at(n))
      free_pages(pages_at(n), blocks_[n]);
  }
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T& operator[](std::size_t i) { return at(i); }
  [[nodiscard]] const T& operator[](std::size_t i) const { return at(i); }
  [[nodiscard]] T& back() { return at(size_ - 1); }

  /// One more, as T begins. @throws std::bad_alloc, and nothing has changed.
  T& grow() {
    if (size_ == blocks_.size() * kPerBlock) add_chunk();
    T& fresh = *std::construct_at(&at(size_));
    ++size_;
    return fresh;
  }
  /// @throws std::bad_alloc, and nothing has changed.
  T& push_back(T value) { return grow() = std::move(value); }

 private:
  /// Powers of two, so that it is quickly found where something stands.
  static constexpr std::size_t kPerBlock =
      std::max<std::size_t>(std::bit_floor((std::size_t{1} << 17) / sizeof(T)), 1);
  static constexpr std::size_t kBlocksOfChunk =
      std::bit_ceil(kLargePage / sizeof(T)) / kPerBlock;  ///< at least a large page

  [[nodiscard]] T& at(std::size_t i) const { return blocks_[i / kPerBlock][i % kPerBlock]; }
  /// How many blocks are allocated at once where there are `n`, and in which pages.
  static std::size_t blocks_at(std::size_t n) { return n < kBlocksOfChunk ? 1 : kBlocksOfChunk; }
  [[nodiscard]] Pages pages_at(std::size_t n) const {
    return n < kBlocksOfChunk ? Pages::Small : pages_;
  }
  [[gnu::cold]] void add_chunk() {
    const std::size_t there = blocks_.size(), count = blocks_at(there);
    if (blocks_.capacity() - there < count) blocks_.reserve(2 * there + count);
    T* const chunk =
        static_cast<T*>(allocate_pages(pages_at(there), count * kPerBlock * sizeof(T)));
    for (std::size_t n = 0; n < count; ++n) blocks_.push_back(chunk + n * kPerBlock);
  }

  Pages pages_;
  std::vector<T*> blocks_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
