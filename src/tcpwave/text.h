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
#include <new>
#include <string_view>
#include <type_traits>

namespace tcpwave {

class Text {
 public:
  static constexpr std::size_t kCapacity = 511;  ///< bytes: the longest explanation has room

  constexpr Text() { chars_[0] = '\0'; }
  constexpr explicit Text(std::string_view s) : Text() { *this << s; }

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
  std::array<char, kCapacity + 1> chars_;  ///< those behind the NUL are nothing
  std::size_t size_ = 0;
};
static_assert(std::is_trivially_destructible_v<Text>);

/// Up to N values in place; needs no destructor either. What does not fit is dropped. There is no value where none was
/// pushed: an annotation has room for every finding, and most have none.
template <class T, std::size_t N>
class Few {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Few() {}  // not `= default`: that would let `Few{}` fill the room
  friend bool operator==(const Few& a, const Few& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  bool push(const T& value) {
    if (size_ == N) return false;
    new (&room_[size_++ * sizeof(T)]) T(value);
    return true;
  }
  [[nodiscard]] T* begin() { return std::launder(reinterpret_cast<T*>(room_.data())); }
  [[nodiscard]] T* end() { return begin() + size_; }
  [[nodiscard]] const T* begin() const {
    return std::launder(reinterpret_cast<const T*>(room_.data()));
  }
  [[nodiscard]] const T* end() const { return begin() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  T& operator[](std::size_t i) { return begin()[i]; }

 private:
  alignas(T) std::array<std::byte, sizeof(T) * N> room_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
