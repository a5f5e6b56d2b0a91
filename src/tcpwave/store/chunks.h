// A sequence that grows at its end by chunks: what stands in it never moves, and growing copies nothing.
//
// For what there is one of per segment or per connection, where a vector would hold twice the memory
// while it grows and leave up to half of it unused. The chunks are small at first; beyond the first 64 they are blocks
// for which the system may use large pages: a fresh page is paid for once for two mebibytes, and who looks here and
// there in a large sequence finds the pages known.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tcpwave/store/large_pages.h"

namespace tcpwave {

template <class T, std::size_t kPerChunk = 256>
class Chunks {
 public:
  explicit Chunks(Pages pages) : pages_(pages) {}
  ~Chunks() {
    for (std::size_t i = kAllSmall; i < size_; ++i) std::destroy_at(&(*this)[i]);
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
    if (size_ < kAllSmall) {
      if (size_ == small_.size() * kPerChunk) small_.push_back(std::make_unique<T[]>(kPerChunk));
      return at(size_++);
    }
    if (size_ - kAllSmall == large_.size() * kPerLarge)
      large_.push_back(Large(static_cast<T*>(allocate_pages(pages_, kLargePage)), Free{pages_}));
    T& fresh = *std::construct_at(&at(size_));
    ++size_;
    return fresh;
  }
  /// @throws std::bad_alloc, and nothing has changed.
  T& push_back(T value) { return grow() = std::move(value); }

 private:
  static constexpr std::size_t kAllSmall = 64 * kPerChunk;
  static constexpr std::size_t kPerLarge = kLargePage / sizeof(T);

  [[nodiscard]] T& at(std::size_t i) const {
    if (i < kAllSmall) return small_[i / kPerChunk][i % kPerChunk];
    const std::size_t beyond = i - kAllSmall;
    return large_[beyond / kPerLarge].get()[beyond % kPerLarge];
  }

  /// Gives back the block; what stood in it is gone before.
  struct Free {
    Pages pages = Pages::Small;
    void operator()(T* block) const { free_pages(pages, block); }
  };
  using Large = std::unique_ptr<T, Free>;

  Pages pages_;
  std::vector<std::unique_ptr<T[]>> small_;
  std::vector<Large> large_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
