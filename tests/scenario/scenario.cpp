// Reads scripts. See scenario.h; segment_words.h reads the part of a line left of the first `|`.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/scenario.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "scenario/segment_words.h"
#include "scenario/words.h"

namespace tcpwave::scenario {
namespace {

namespace fs = std::filesystem;

// What holds from one line of a script to the next.
struct Reader {
  Scenario scenario;
  std::array<Seq, 2> iss;
  std::int64_t now_ns = 0;
  std::uint32_t connection = 0;
  bool in_preamble = true;
  std::map<std::uint32_t, std::array<std::string, 2>> last_state;  // by connection; for `=`

  void line(std::string_view text, int number);
  void segment(std::string_view text, int number);
  void one_pass(std::string_view text);
  void outcome(Words words, int number);
  bool setting(Words words);
  void states(Words& words, Expected& expected, const std::array<std::string, 2>& same);
};

// `STATE`, `BEFORE>AFTER`, `=` (no change), `*` (any), `?>AFTER` (from any); both `-`: no connection.
// Without `>` the state before is that after the connection's row above.
void Reader::states(Words& words, Expected& expected, const std::array<std::string, 2>& same) {
  for (std::size_t side = 0; side < 2; ++side) {
    std::string word = words.next("a state");
    if (word == "-") expected.tracked = false;
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

// The third column: steps, checks and the like, then findings after `!`.
void read_remarks(std::string_view text, Expected& expected, std::uint32_t& connection) {
  const auto [remarks, findings] = split(text, '!');
  Words words(remarks);
  while (!words.done()) {
    const std::string word = words.next("a remark");
    if (word == "again" && !expected.steps.empty()) {
      expected.steps.back().again = true;
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

void Reader::segment(std::string_view text, int number) {
  Line line;
  line.number = number;
  line.text = std::string(trim(text));
  line.iss = iss;
  const auto [left, right] = split(text, '|');
  if (right.empty()) throw std::runtime_error("no expected states");
  const auto [state_words, remark_words] = split(right, '|');

  Words words(left);
  now_ns = read_time(words.next("a time"), now_ns);
  line.time_ns = now_ns;
  if (words.peek() == "copy") {
    if (scenario.lines.empty()) throw std::runtime_error("nothing to copy");
    const Line& original = scenario.lines.back();
    line.copy = true;
    line.segment = original.segment;
    line.from_client = original.from_client;
    words.skip();
    words.end();
  } else {
    read_segment(words, line);
  }
  line.two_pass.ack_check = line.segment.flags.ack() ? "ok" : "";
  read_remarks(remark_words, line.two_pass, connection);
  line.two_pass.connection = connection;
  auto& last = last_state[connection];
  Words expected_states(state_words);
  states(expected_states, line.two_pass, last);
  for (std::size_t side = 0; side < 2; ++side) last[side] = line.two_pass.after[side].value_or("");
  line.one_pass = line.two_pass;
  scenario.lines.push_back(line);
}

// `one pass: STATE STATE [| remarks ! findings]` under a segment: what differs there. What
// led to a state is not looked at, as it would have to be written for every row that follows.
void Reader::one_pass(std::string_view text) {
  constexpr std::string_view kTitle = "one pass:";
  if (scenario.lines.empty() || !text.starts_with(kTitle))
    throw std::runtime_error("expected `~ one pass:` below a segment");
  text.remove_prefix(kTitle.size());
  const bool has_remarks = text.find('|') != std::string_view::npos;
  const auto [state_words, remark_words] = split(text, '|');
  Line& line = scenario.lines.back();
  Expected expected = line.two_pass;
  expected.before = {};
  std::array<std::string, 2> same;
  for (std::size_t side = 0; side < 2; ++side) same[side] = line.two_pass.after[side].value_or("");
  Words words(state_words);
  states(words, expected, same);
  expected.before = {};
  if (has_remarks) {
    expected.steps.clear();
    expected.findings.clear();
    expected.check.reset();
    expected.seq_check = "ok";
    expected.ack_check = line.segment.flags.ack() ? "ok" : "";
    read_remarks(remark_words, expected, expected.connection);
  }
  line.one_pass = expected;
}

void Reader::outcome(Words words, int number) {
  ExpectedOutcome o;
  o.number = number;
  words.skip();
  o.connection = words.number();
  o.outcome = words.next("an outcome");
  if (!words.done() && words.peek() != "by") o.kind = words.next("a kind");
  if (!words.done()) {
    words.skip();
    o.reset_by = words.next("a side");
  }
  words.end();
  scenario.outcomes.push_back(o);
}

// Lines that say something of the whole script, or of the lines below.
bool Reader::setting(Words words) {
  const std::string word = words.next("a word");
  if (word == "iss") {
    words.expect("C");
    iss[0] = Seq(words.number());
    words.expect("S");
    iss[1] = Seq(words.number());
  } else if (word == "ports") {
    words.expect("C");
    scenario.ports[0] = static_cast<std::uint16_t>(words.number());
    words.expect("S");
    scenario.ports[1] = static_cast<std::uint16_t>(words.number());
  } else if (word == "role") {
    scenario.role_basis = words.next("a role basis");
    if (!words.done()) {
      words.expect("one-pass");
      scenario.one_pass_role_basis = words.next("a role basis");
    }
  } else {
    return false;
  }
  words.end();
  return true;
}

void Reader::line(std::string_view text, int number) {
  text = trim(text);
  if (text.starts_with("#") && in_preamble) {
    const std::string_view comment = trim(text.substr(1));
    if (!comment.starts_with("SPDX")) {
      if (!scenario.description.empty()) scenario.description += ' ';
      scenario.description += comment;
    }
    return;
  }
  text = trim(text.substr(0, text.find('#')));
  if (text.empty()) return;
  in_preamble = false;
  if (text.starts_with("~")) return one_pass(trim(text.substr(1)));
  if (text.starts_with(":")) {
    if (scenario.lines.empty()) throw std::runtime_error("`:` belongs below a segment");
    scenario.lines.back().said.emplace_back(trim(text.substr(1)));
    return;
  }
  if (text.starts_with("outcome")) return outcome(Words(text), number);
  if (setting(Words(text))) return;
  segment(text, number);
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& name) {
  Reader reader;
  reader.scenario.name = name;
  std::istringstream in{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    try {
      reader.line(line, ++number);
    } catch (const std::exception& e) {
      throw std::runtime_error(name + ":" + std::to_string(number) + ": " + e.what() + "\n  " +
                               line);
    }
  }
  if (reader.scenario.lines.empty()) throw std::runtime_error(name + ": no segment in it");
  if (reader.scenario.description.empty())
    throw std::runtime_error(name + ": begin with a comment that says what is tested");
  return reader.scenario;
}

Scenario read_scenario(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be opened");
  std::stringstream text;
  text << in.rdbuf();
  Scenario scenario = parse_scenario(text.str(), file.stem().string());
  scenario.group = file.parent_path().filename().string();
  return scenario;
}

std::vector<fs::path> scenario_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".tw") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tcpwave::scenario
