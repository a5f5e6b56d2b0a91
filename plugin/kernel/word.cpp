// See word.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/word.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

#include "tcpwave/address.h"

namespace tcpwave::kernel {
namespace {

constexpr std::string_view kPrefix = "kernel:";
constexpr std::size_t kLongestName = 32;
constexpr std::array<std::string_view, 4> kOwners{"", "descriptor", "call", "listener"};

bool is_plain(char c) { return c > ' ' && c < '\x7f' && c != '%'; }

/// With blanks, bytes that are no ASCII and `%` as %XX.
void add_name(Text& text, std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : name.substr(0, kLongestName)) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      text << c;
    else
      text << '%' << kDigits[byte >> 4U] << kDigits[byte & 15U];
  }
}

std::string without_escapes(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size() && name.size() < kLongestName; ++i) {
    unsigned byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      name += static_cast<char>(byte);
      i += 2;
    } else {
      name += text[i];
    }
  }
  return name;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool read_end(std::string_view text, End& end) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !read_number(text.substr(colon + 1), end.port))
    return false;
  std::string address(text.substr(0, colon));
  end.address.v6 = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (end.address.v6) address = address.substr(1, address.size() - 2);
  return inet_pton(end.address.v6 ? AF_INET6 : AF_INET, address.c_str(),
                   end.address.octets.data()) == 1;
}

std::optional<State> state_named(std::string_view text) {
  for (std::size_t i = 1; i < kStates; ++i)
    if (name(static_cast<State>(i)) == text) return static_cast<State>(i);
  return std::nullopt;
}

/// Calls `take` with each part between separators; false where one of them made it so.
template <class Take>
bool split(std::string_view text, char separator, Take take) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!take(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool read_states(std::string_view text, Word& word) {
  return split(text, '>', [&](std::string_view part) {
    const auto state = state_named(part);
    return state && word.states.push(*state);
  });
}

bool read_events(std::string_view text, Word& word) {
  return split(text, ',', [&](std::string_view part) {
    word.sends_reset |= part == "send_reset";
    word.receives_reset |= part == "receive_reset";
    word.retransmits |= part == "retransmit";
    return !part.empty();
  });
}

/// `curl[1234]`
bool read_process(std::string_view text, Process& process) {
  const std::size_t bracket = text.rfind('[');
  if (bracket == std::string_view::npos || text.back() != ']') return false;
  process.name = without_escapes(text.substr(0, bracket));
  text = text.substr(bracket + 1);
  if (process.owner == Owner::None) process.owner = Owner::Descriptor;
  return read_number(text.substr(0, text.size() - 1), process.pid);
}

bool read_owner(std::string_view text, Process& process) {
  for (std::size_t i = 1; i < kOwners.size(); ++i)
    if (kOwners[i] == text) process.owner = static_cast<Owner>(i);
  return process.owner != Owner::None;
}

/// Seconds with up to nine decimals.
bool read_seconds(std::string_view text, std::int64_t& ns) {
  constexpr double kSecond = 1e9, kMost = 1e9;
  double seconds = 0;
  if (!read_number(text, seconds) || !(seconds > -kMost && seconds < kMost)) return false;
  ns = static_cast<std::int64_t>(seconds * kSecond + (seconds < 0 ? -0.5 : 0.5));
  return true;
}

bool read_pair(std::string_view key, std::string_view value, Word& word) {
  if (key == "end") return read_end(value, word.end);
  if (key == "state") return read_states(value, word);
  if (key == "event") return read_events(value, word);
  if (key == "process") return read_process(value, word.process);
  if (key == "owner") return read_owner(value, word.process);
  if (key == "netns") return read_number(value, word.process.netns);
  if (key == "at") return read_seconds(value, word.at_ns.emplace());
  if (key == "reset_reason") word.reset_reason = without_escapes(value);
  return true;
}

void add_states(Text& text, const Word& word) {
  if (word.states.empty()) return;
  text << " state=";
  bool first = true;
  for (const State state : word.states) {
    if (!first) text << '>';
    text << name(state);
    first = false;
  }
}

void add_events(Text& text, const Word& word) {
  std::string_view before = " event=";
  const auto add = [&](bool happened, std::string_view what) {
    if (!happened) return;
    text << before << what;
    before = ",";
  };
  add(word.sends_reset, "send_reset");
  add(word.receives_reset, "receive_reset");
  add(word.retransmits, "retransmit");
}

void add_process(Text& text, const Process& process) {
  if (!process.known()) return;
  text << " process=";
  add_name(text, process.name);
  text << '[' << process.pid << "] owner=" << kOwners[static_cast<std::size_t>(process.owner)];
  if (process.netns != 0) text << " netns=" << process.netns;
}

/// `-0.000012`: in microseconds, which is as near as two clocks agree.
void add_time(Text& text, std::int64_t ns) {
  constexpr double kSecond = 1e9;
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.6f", static_cast<double>(ns) / kSecond);
  text << " at=" << std::string_view(digits.data());
}

}  // namespace

Text comment_of(const Word& word) {
  Text text(kPrefix);
  text << " end=" << address_text(word.end.address, word.end.port).view();
  add_states(text, word);
  add_events(text, word);
  if (!word.reset_reason.empty()) {
    text << " reset_reason=";
    add_name(text, word.reset_reason);
  }
  add_process(text, word.process);
  if (word.at_ns) add_time(text, *word.at_ns);
  return text;
}

std::optional<Word> word_of(std::string_view comment) {
  if (!comment.starts_with(kPrefix)) return std::nullopt;
  comment.remove_prefix(kPrefix.size());
  Word word;
  bool has_end = false;
  const bool understood = split(comment, ' ', [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (pair.empty()) return true;
    if (equals == std::string_view::npos || equals + 1 == pair.size()) return false;
    has_end |= pair.substr(0, equals) == "end";
    return read_pair(pair.substr(0, equals), pair.substr(equals + 1), word);
  });
  if (!understood || !has_end) return std::nullopt;
  return word;
}

}  // namespace tcpwave::kernel
