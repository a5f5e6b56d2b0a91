// A short text in a fixed buffer.
//
// The plugin calls functions of Wireshark that may longjmp, which skips destructors. What it holds
// across such a call must therefore need none: no std::string there, but this.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace tcpwave {

class Text {
 public:
  static constexpr std::size_t kCapacity = 511;  ///< bytes: the longest explanation has room

  constexpr Text() = default;
  constexpr explicit Text(std::string_view s) { *this << s; }

  /// Appends; what does not fit is cut off.
  constexpr Text& operator<<(std::string_view s) {
    std::size_t n = std::min(s.size(), kCapacity - size_);
    if (n < s.size())  // between two characters of UTF-8
      while (n > 0 && (static_cast<unsigned char>(s[n]) & 0xC0U) == 0x80U) --n;
    std::copy_n(s.begin(), n, chars_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += n;
    chars_[size_] = '\0';
    return *this;
  }
  constexpr Text& operator<<(char c) { return *this << std::string_view(&c, 1); }
  Text& operator<<(std::int64_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
  Text& operator<<(std::uint32_t number) { return *this << static_cast<std::int64_t>(number); }

  [[nodiscard]] constexpr std::string_view view() const { return {chars_.data(), size_}; }
  [[nodiscard]] constexpr const char* c_str() const { return chars_.data(); }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<char, kCapacity + 1> chars_{};
  std::size_t size_ = 0;
};
static_assert(std::is_trivially_destructible_v<Text>);

/// Up to N values in place; needs no destructor either. What does not fit is dropped.
template <class T, std::size_t N>
class Few {
 public:
  friend constexpr bool operator==(const Few&, const Few&) = default;
  constexpr bool push(const T& value) {
    if (size_ == N) return false;
    items_[size_++] = value;
    return true;
  }
  [[nodiscard]] constexpr T* begin() { return items_.data(); }
  [[nodiscard]] constexpr T* end() { return items_.data() + size_; }
  [[nodiscard]] constexpr const T* begin() const { return items_.data(); }
  [[nodiscard]] constexpr const T* end() const { return items_.data() + size_; }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t i) const { return items_[i]; }
  constexpr T& operator[](std::size_t i) { return items_[i]; }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

}  // namespace tcpwave
