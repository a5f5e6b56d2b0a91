// Reads scripts. See scenario.h. A line's segment is read by segment_words.h, what is expected of it by
// expected_words.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/scenario.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "scenario/expected_words.h"
#include "scenario/segment_words.h"
#include "scenario/words.h"

namespace tcpwave::scenario {
namespace {

namespace fs = std::filesystem;

// What holds from one line of a script to the next.
struct Reader {
  Scenario scenario;
  std::array<Seq, 2> iss;
  std::array<std::uint16_t, 2> ports{40000, 8000};
  std::array<std::uint8_t, 2> hosts{10, 20};
  std::int64_t now_ns = 0;
  std::uint32_t connection = 0;
  bool in_preamble = true;
  std::uint32_t repeats = 0;                                       // inside `repeat`: how often
  std::vector<std::pair<std::string, int>> repeated;               // its lines and their numbers
  std::map<std::uint32_t, std::array<std::string, 2>> last_state;  // by connection; for `=`

  void line(std::string_view text, int number);
  void segment(std::string_view text, int number);
  void one_pass(std::string_view text);
  void outcome(Words words, int number);
  void unreachable(Words& words, Line& line);
  bool repeat(std::string_view text, int number);
  bool setting(Words words);
};

void Reader::segment(std::string_view text, int number) {
  Line line;
  line.number = number;
  line.text = std::string(trim(text));
  line.iss = iss;
  line.ports = ports;
  line.hosts = hosts;
  line.role_basis = scenario.role_basis;
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
  } else if (words.peek() == "unreachable") {
    unreachable(words, line);
  } else {
    read_segment(words, line);
  }
  line.two_pass.ack_check = line.segment.flags.ack() ? "ok" : "";
  read_remarks(remark_words, line.two_pass, connection);
  line.two_pass.connection = connection;
  auto& last = last_state[connection];
  read_states(state_words, last, line.two_pass);
  if (line.two_pass.tracked)
    for (std::size_t side = 0; side < 2; ++side)
      last[side] = line.two_pass.after[side].value_or("");
  line.one_pass = line.two_pass;
  scenario.lines.push_back(line);
}

// `unreachable TYPE/CODE of FRAME`
void Reader::unreachable(Words& words, Line& line) {
  words.skip();
  const std::string what = words.next("TYPE/CODE");
  const auto [type, code] = split(what, '/');
  words.expect("of");
  line.quote = Quote{static_cast<std::uint8_t>(to_number(std::string(type))),
                     static_cast<std::uint8_t>(to_number(std::string(code))), words.number()};
  words.end();
  if (line.quote->frame == 0 || line.quote->frame > scenario.lines.size())
    throw std::runtime_error("no frame of this number above");
}

// `repeat N` ... `end`: the lines between, N times, each time for the next connection, from the next
// port of the client's.
bool Reader::repeat(std::string_view text, int number) {
  if (text.starts_with("repeat ")) {
    Words words(text);
    words.skip();
    repeats = words.number();
    repeated.clear();
    return true;
  }
  if (repeats == 0) return false;
  if (text != "end") {
    repeated.emplace_back(text, number);
    return true;
  }
  const std::uint32_t times = std::exchange(repeats, 0);
  for (std::uint32_t i = 0; i < times; ++i) {
    for (const auto& [again, at] : repeated) line(again, at);
    ++ports[0];
    ++connection;
  }
  return true;
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
  if (has_remarks) {
    expected = {};
    expected.connection = line.two_pass.connection;
    expected.ack_check = line.segment.flags.ack() ? "ok" : "";
    read_remarks(remark_words, expected, expected.connection);
  }
  std::array<std::string, 2> same;
  for (std::size_t side = 0; side < 2; ++side) same[side] = line.two_pass.after[side].value_or("");
  read_states(state_words, same, expected);
  expected.before = {};
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
    ports[0] = static_cast<std::uint16_t>(words.number());
    words.expect("S");
    ports[1] = static_cast<std::uint16_t>(words.number());
  } else if (word == "hosts") {
    words.expect("C");
    hosts[0] = static_cast<std::uint8_t>(words.number());
    words.expect("S");
    hosts[1] = static_cast<std::uint8_t>(words.number());
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
      std::istringstream words{std::string(comment)};
      for (std::string word; words >> word;)
        scenario.description += (scenario.description.empty() ? "" : " ") + word;
    }
    return;
  }
  text = trim(text.substr(0, text.find('#')));
  if (text.empty()) return;
  in_preamble = false;
  if (repeat(text, number)) return;
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

std::string located(const std::string& name, int number, const char* what,
                    const std::string& line) {
  return name + ":" + std::to_string(number) + ": " + what + "\n  " + line;
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
      throw std::runtime_error(located(name, number, e.what(), line));
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
