// Put into a copy of the engine by run.py: each comparison there can become another one, and each row of
// the transition table be missing or lead elsewhere, each of its other cells lead somewhere.
// TCPWAVE_MUTANT in the environment says which.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdlib>
#include <type_traits>

namespace tcpwave::mutation {

inline constexpr int kNone = -1, kTable = 100000, kCells = 200000;

inline int active() {
  static const int number = [] {
    const char* text = std::getenv("TCPWAVE_MUTANT");
    return text == nullptr ? kNone : std::atoi(text);
  }();
  return number;
}

/// Not where the compiler evaluates: what is proven then is no test's business.
constexpr bool is(int mutant) { return !std::is_constant_evaluated() && active() == mutant; }

enum class Is { Less, LessEqual, Greater, GreaterEqual, Equal, Unequal };

template <Is kIs, class A, class B>
constexpr bool holds(const A& a, const B& b) {
  if constexpr (kIs == Is::Less) return a < b;
  if constexpr (kIs == Is::LessEqual) return a <= b;
  if constexpr (kIs == Is::Greater) return a > b;
  if constexpr (kIs == Is::GreaterEqual) return a >= b;
  if constexpr (kIs == Is::Equal) return a == b;
  if constexpr (kIs == Is::Unequal) return a != b;
}

/// Two mutants of a comparison that orders: at its edge, and turned round. Of the others one.
template <int kMutant, Is kIs, class A, class B>
constexpr bool compare(const A& a, const B& b) {
  if (!is(kMutant) && !is(kMutant + 1)) return holds<kIs>(a, b);
  if constexpr (kIs == Is::Less) return is(kMutant) ? a <= b : a >= b;
  if constexpr (kIs == Is::LessEqual) return is(kMutant) ? a < b : a > b;
  if constexpr (kIs == Is::Greater) return is(kMutant) ? a >= b : a <= b;
  if constexpr (kIs == Is::GreaterEqual) return is(kMutant) ? a > b : a < b;
  return !holds<kIs>(a, b);
}

/// The one that is added for a SYN or FIN, or is not.
template <int kMutant>
constexpr unsigned one() {
  return is(kMutant) ? 0U : 1U;
}

}  // namespace tcpwave::mutation
