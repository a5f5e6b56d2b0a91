// Words of a line. See words.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/words.h"

#include <cmath>
#include <stdexcept>

#include "tcpwave/state.h"

namespace tcpwave::scenario {
namespace {

constexpr std::string_view kBlanks = " \t\r,";

}  // namespace

std::string_view trim(std::string_view s) {
  const auto first = s.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

std::pair<std::string_view, std::string_view> split(std::string_view s, char mark) {
  const auto at = s.find(mark);
  if (at == std::string_view::npos) return {s, {}};
  return {s.substr(0, at), s.substr(at + 1)};
}

Words::Words(std::string_view text) {
  std::size_t at = 0;
  while ((at = text.find_first_not_of(kBlanks, at)) != std::string_view::npos) {
    if (text[at] == '<') {
      const auto close = text.find('>', at);
      if (close == std::string_view::npos) throw std::runtime_error("`<` without `>`");
      words_.emplace_back(text.substr(at, close - at));
      at = close + 1;
    } else {
      const auto end = text.find_first_of(kBlanks, at);
      words_.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
}

std::string Words::next(const char* what) {
  if (done()) throw std::runtime_error(std::string("expected ") + what);
  return words_[at_++];
}

std::uint32_t Words::number() { return to_number(next("a number")); }

void Words::expect(const char* word) {
  if (next(word) != word) throw std::runtime_error(std::string("expected ") + word);
}

void Words::end() const {
  if (!done()) throw std::runtime_error("did not expect '" + peek() + "'");
}

std::uint32_t to_number(const std::string& word) {
  std::size_t used = 0;
  long long value = 0;
  try {
    value = std::stoll(word, &used, 0);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != word.size() || value > 0xFFFFFFFFLL || value < -0x80000000LL)
    throw std::runtime_error("'" + word + "' is no number of 32 bits");
  return static_cast<std::uint32_t>(value);
}

std::int64_t read_time(const std::string& word, std::int64_t before_ns) {
  std::size_t used = 0;
  double seconds = 0;
  try {
    seconds = std::stod(word, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != word.size()) throw std::runtime_error("'" + word + "' is no time");
  const auto ns = static_cast<std::int64_t>(std::llround(seconds * 1e9));
  return word.starts_with('+') || word.starts_with('-') ? before_ns + ns : ns;
}

bool is_step(const std::string& word) {
  if (word.size() != 2) return false;
  return (word[0] == 'h' && word[1] >= '1' && word[1] <= '3') ||
         (word[0] == 'w' && word[1] >= '1' && word[1] <= '4');
}

void check_state(const std::string& word) {
  for (std::size_t i = 0; i < kStates; ++i)
    if (word == name(static_cast<State>(i))) return;
  throw std::runtime_error("'" + word + "' is no state");
}

}  // namespace tcpwave::scenario
