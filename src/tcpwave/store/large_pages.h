// Large pages of memory: for what is written from end to end, and for tables that are read here and there.
//
// A page that a processor does not know yet costs more than a cache line that it has not got, and a virtual machine
// twice that.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace tcpwave {

inline constexpr std::size_t kLargePage = std::size_t{1} << 21;  ///< bytes

/// Asks for large pages where the system has them on demand; does nothing elsewhere.
void prefer_large_pages(void* block, std::size_t bytes);

/// Memory that begins with a large page. @throws std::bad_alloc
[[nodiscard]] void* allocate_large(std::size_t bytes);
void free_large(void* block) noexcept;

/// For a vector: large pages as soon as it fills one.
template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  explicit constexpr LargePages(const LargePages<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (is_large(count)) return static_cast<T*>(allocate_large(bytes));
    return std::allocator<T>{}.allocate(count);
  }
  void deallocate(T* block, std::size_t count) noexcept {
    if (is_large(count))
      free_large(block);
    else
      std::allocator<T>{}.deallocate(block, count);
  }
  friend constexpr bool operator==(LargePages, LargePages) { return true; }

 private:
  [[nodiscard]] static constexpr bool is_large(std::size_t count) {
    return count >= kLargePage / sizeof(T) && count <= static_cast<std::size_t>(-1) / sizeof(T);
  }
};
template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace tcpwave
