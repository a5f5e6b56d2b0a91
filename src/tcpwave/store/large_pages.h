// Large pages of memory: for what is written from end to end, and for tables that are read here and there.
//
// A page that a processor does not know yet costs more than a cache line that it has not got, and a virtual machine
// twice that. Whether they are asked for is the user's choice: Settings::large_pages.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace tcpwave {

inline constexpr std::size_t kLargePage = std::size_t{1} << 21;  ///< bytes

enum class Pages : bool { Small, Large };
constexpr Pages pages_of(bool large) { return large ? Pages::Large : Pages::Small; }

/// Memory that begins with a line of cache, or of Large with a large page where the system has them on demand.
/// @throws std::bad_alloc
[[nodiscard]] void* allocate_pages(Pages pages, std::size_t bytes);
void free_pages(Pages pages, void* block) noexcept;

/// For a vector: large pages as soon as it fills one.
template <class T>
class LargePages {
 public:
  using value_type = T;
  using propagate_on_container_swap = std::true_type;

  explicit constexpr LargePages(Pages pages) : pages_(pages) {}
  template <class U>
  explicit constexpr LargePages(const LargePages<U>& other) noexcept : pages_(other.pages()) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (!is_large(count)) return std::allocator<T>{}.allocate(count);
    return static_cast<T*>(allocate_pages(pages_, count * sizeof(T)));
  }
  void deallocate(T* block, std::size_t count) noexcept {
    if (is_large(count))
      free_pages(pages_, block);
    else
      std::allocator<T>{}.deallocate(block, count);
  }
  [[nodiscard]] constexpr Pages pages() const { return pages_; }
  friend constexpr bool operator==(LargePages a, LargePages b) { return a.pages_ == b.pages_; }

 private:
  [[nodiscard]] static constexpr bool is_large(std::size_t count) {
    return count >= kLargePage / sizeof(T) && count <= static_cast<std::size_t>(-1) / sizeof(T);
  }
  Pages pages_;
};
template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace tcpwave
