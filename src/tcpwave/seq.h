// TCP sequence numbers as a type of their own.
//
// A sequence number lives on a circle of 2^32 points, so two of them have a signed distance but no
// total order: RFC 9293 section 3.4. `Seq` offers what is true on a circle (distance, "before" and
// "after" within half the circle) and refuses what is not (sorting, implicit mixing with integers).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace tcpwave {

class Seq {
 public:
  constexpr Seq() = default;
  constexpr explicit Seq(std::uint32_t raw) : raw_(raw) {}

  [[nodiscard]] constexpr std::uint32_t raw() const { return raw_; }

  /// Moves forward on the circle; wraps.
  friend constexpr Seq operator+(Seq a, std::uint32_t n) { return Seq(a.raw_ + n); }
  friend constexpr Seq operator-(Seq a, std::uint32_t n) { return Seq(a.raw_ - n); }

  /// Signed distance from `b` to `a`, in -2^31 .. 2^31-1.
  friend constexpr std::int32_t operator-(Seq a, Seq b) {
    return static_cast<std::int32_t>(a.raw_ - b.raw_);
  }

  friend constexpr bool operator==(Seq a, Seq b) = default;

  /// Points exactly half the circle apart are unordered.
  friend constexpr std::partial_ordering operator<=>(Seq a, Seq b) {
    const std::uint32_t distance = a.raw_ - b.raw_;
    if (distance == 0) return std::partial_ordering::equivalent;
    if (distance == 0x80000000U) return std::partial_ordering::unordered;
    return distance < 0x80000000U ? std::partial_ordering::greater : std::partial_ordering::less;
  }

 private:
  std::uint32_t raw_ = 0;
};

/// The later of two numbers that are known to be near each other.
constexpr Seq later(Seq a, Seq b) { return a - b >= 0 ? a : b; }

/// `length` consecutive sequence numbers from `begin`: a segment, or a window.
struct SeqRange {
  Seq begin;
  std::uint32_t length = 0;

  [[nodiscard]] constexpr Seq end() const { return begin + length; }
  [[nodiscard]] constexpr bool contains(Seq s) const { return s.raw() - begin.raw() < length; }
};

static_assert(Seq{0xfffffffeU} < Seq{3});
static_assert(Seq{3} - Seq{0xfffffffeU} == 5);
static_assert(!std::three_way_comparable<Seq, std::weak_ordering>);

}  // namespace tcpwave

// Declared without a body: an ordered container of Seq does not compile, as the order would be false.
template <>
struct std::less<tcpwave::Seq>;
