// A sequence that grows at its end by chunks: what stands in it never moves, and growing copies nothing.
//
// For what there is one of per segment or per connection, where a vector would hold twice the memory
// while it grows. What is not in use yet of the last chunk was never touched and takes no memory. The system may use large
// pages, for all chunks but the first: a fresh page is paid for once for two mebibytes, and who looks here and there
// in a large sequence finds the pages known.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

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
    for (std::size_t n = 0; n < chunks_.size(); ++n) free_pages(pages_of(n), chunks_[n]);
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
    if (size_ == chunks_.size() * kPerChunk) add_chunk();
    T& fresh = *std::construct_at(&at(size_));
    ++size_;
    return fresh;
  }
  /// @throws std::bad_alloc, and nothing has changed.
  T& push_back(T value) { return grow() = std::move(value); }

 private:
  /// At least a large page, and a power of two, so that it is quickly found where something stands.
  static constexpr std::size_t kPerChunk = std::bit_ceil(kLargePage / sizeof(T));

  [[nodiscard]] T& at(std::size_t i) const { return chunks_[i / kPerChunk][i % kPerChunk]; }
  [[nodiscard]] Pages pages_of(std::size_t chunk) const {
    return chunk == 0 ? Pages::Small : pages_;
  }
  [[gnu::cold]] void add_chunk() {
    if (chunks_.size() == chunks_.capacity()) chunks_.reserve(2 * chunks_.size() + 1);
    const Pages pages = pages_of(chunks_.size());
    chunks_.push_back(static_cast<T*>(allocate_pages(pages, kPerChunk * sizeof(T))));
  }

  Pages pages_;
  std::vector<T*> chunks_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
