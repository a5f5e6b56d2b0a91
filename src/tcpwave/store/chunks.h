// A sequence that grows at its end by chunks: what stands in it never moves, and growing copies nothing.
//
// For what there is one of per segment or per connection, where a vector would hold twice the memory
// while it grows. A chunk has as much room as all before it, so where something stands follows from its number; what is
// not in use yet of the last one was never touched and takes no memory. The system may use large pages for the large
// ones: a fresh page is paid for once for two mebibytes, and who looks here and there in a large sequence finds the
// pages known.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "tcpwave/store/large_pages.h"

namespace tcpwave {

/// `kFirst`: the room of the first chunk, a power of two. Has room for 2^32 in all.
template <class T, std::size_t kFirst = 256>
class Chunks {
  static_assert(std::has_single_bit(kFirst));

 public:
  explicit Chunks(Pages pages) : pages_(pages) {}
  ~Chunks() {
    for (std::size_t i = 0; i < size_; ++i) std::destroy_at(&at(i));
    for (std::size_t n = 0; n < kMost && first_of(n) < size_; ++n)
      free_pages(pages_of(n), &at(first_of(n)));
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
    const std::size_t chunk = chunk_of(size_);
    if (size_ == first_of(chunk)) {
      void* const fresh = allocate_pages(pages_of(chunk), room_of(chunk) * sizeof(T));
      origin_[chunk] = reinterpret_cast<std::uintptr_t>(fresh) - size_ * sizeof(T);
    }
    T& fresh = *std::construct_at(&at(size_));
    ++size_;
    return fresh;
  }
  /// @throws std::bad_alloc, and nothing has changed.
  T& push_back(T value) { return grow() = std::move(value); }

 private:
  static constexpr std::size_t kFirstBits = std::bit_width(kFirst) - 1;
  static constexpr std::size_t kMost = 33 - kFirstBits;

  /// Where the i-th stands: the first has those below kFirst, the next as many as all before it.
  [[nodiscard]] static constexpr std::size_t chunk_of(std::size_t i) {
    return static_cast<std::size_t>(std::bit_width(i | (kFirst - 1))) - kFirstBits;
  }
  [[nodiscard]] static constexpr std::size_t first_of(std::size_t chunk) {
    return chunk == 0 ? 0 : kFirst << (chunk - 1);
  }
  [[nodiscard]] static constexpr std::size_t room_of(std::size_t chunk) {
    return chunk == 0 ? kFirst : first_of(chunk);
  }
  [[nodiscard]] Pages pages_of(std::size_t chunk) const {
    return room_of(chunk) * sizeof(T) < kLargePage ? Pages::Small : pages_;
  }
  [[nodiscard]] T& at(std::size_t i) const {
    return *reinterpret_cast<T*>(origin_[chunk_of(i)] + i * sizeof(T));
  }

  Pages pages_;
  /// Of each chunk the address that the sequence's first would have, if all stood where the chunk stands.
  std::array<std::uintptr_t, kMost> origin_{};
  std::size_t size_ = 0;
};

}  // namespace tcpwave
