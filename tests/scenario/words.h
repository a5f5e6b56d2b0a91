// Small change of the scenario reader: words of a line, one by one, with errors that say what was
// expected.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tcpwave::scenario {

[[nodiscard]] std::string_view trim(std::string_view);

/// What stands before the first `mark` and what after it (nothing where there is none).
[[nodiscard]] std::pair<std::string_view, std::string_view> split(std::string_view, char mark);

/// The words of a line; commas count as blanks, `<...>` is one word without its brackets.
class Words {
 public:
  explicit Words(std::string_view text);

  [[nodiscard]] bool done() const { return at_ == words_.size(); }
  [[nodiscard]] std::string peek() const { return done() ? "" : words_[at_]; }
  void skip() { ++at_; }

  /// @throws std::runtime_error naming `what` where there is no more word
  std::string next(const char* what);
  std::uint32_t number();
  void expect(const char* word);
  /// @throws std::runtime_error where something is left
  void end() const;

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

/// A number in decimal (also negative: it wraps) or with 0x.
[[nodiscard]] std::uint32_t to_number(const std::string& word);

/// `+0.02` from `before`, `-0.02` back from it, `1.5` from the start; in nanoseconds.
[[nodiscard]] std::int64_t read_time(const std::string& word, std::int64_t before_ns);

/// `h1` .. `h3`, `w1` .. `w4`
[[nodiscard]] bool is_step(const std::string& word);

/// @throws std::runtime_error where this is no state's name
void check_state(const std::string& word);

}  // namespace tcpwave::scenario
