// The right part of a script's line. See expected_words.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/expected_words.h"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

#include "scenario/words.h"

namespace tcpwave::scenario {
namespace {

// What the checks imply where the script does not say it (spec section 3, `tcpwave.check.ok`).
void imply_check(Expected& expected) {
  const auto is_one_of = [](const std::string& word, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return word == w; });
  };
  if (expected.check || expected.seq_check == "*" || expected.ack_check == "*") return;
  const bool failed = is_one_of(expected.seq_check, {"out_of_window", "wrong"}) ||
                      is_one_of(expected.ack_check, {"beyond_sent", "missing", "wrong"});
  expected.check = failed ? "failed" : "ok";
}

}  // namespace

void read_states(std::string_view text, const std::array<std::string, 2>& same,
                 Expected& expected) {
  Words words(text);
  for (std::size_t side = 0; side < 2; ++side) {
    std::string word = words.next("a state");
    if (word == "-") expected.tracked = false;
    expected.before[side].reset();
    expected.after[side].reset();
    if (word == "-" || word == "*") continue;
    if (const auto arrow = word.find('>'); arrow != std::string::npos) {
      if (word.front() != '?') expected.before[side] = word.substr(0, arrow);
      word = word.substr(arrow + 1);
    } else if (!same[side].empty()) {
      expected.before[side] = same[side];
    }
    expected.after[side] = word == "=" ? same[side] : word;
    check_state(*expected.after[side]);
  }
  words.end();
}

void read_remarks(std::string_view text, Expected& expected, std::uint32_t& connection) {
  const auto [remarks, findings] = split(text, '!');
  Words words(remarks);
  while (!words.done()) {
    const std::string word = words.next("a remark");
    if (word == "again" && !expected.steps.empty()) {
      expected.steps.back().again = true;
    } else if (word == "steps") {
      words.expect("*");
      expected.any_steps = true;
    } else if (word == "seq") {
      expected.seq_check = words.next("a check");
    } else if (word == "ack") {
      expected.ack_check = words.next("a check");
      if (expected.ack_check == "none") expected.ack_check.clear();
    } else if (word == "phase") {
      expected.phase = words.next("a phase");
    } else if (word == "closer") {
      expected.closer = words.next("a side");
    } else if (word == "basis") {
      for (auto& basis : expected.basis) basis = words.next("a basis");
    } else if (word == "check") {
      expected.check = words.next("ok or failed");
    } else if (word == "unnumbered") {
      expected.numbered = false;
    } else if (word == "conn") {
      connection = words.number();
    } else if (is_step(word)) {
      expected.steps.push_back({word, false});
    } else {
      throw std::runtime_error("unknown remark '" + word + "'");
    }
  }
  imply_check(expected);
  for (Words ids(findings); !ids.done();) expected.findings.push_back(ids.next("a finding"));
  std::sort(expected.findings.begin(), expected.findings.end());
}

}  // namespace tcpwave::scenario
