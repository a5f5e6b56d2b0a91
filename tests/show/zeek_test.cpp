// Zeek's codes and letters: each of the 13 codes from the segments that lead to it, the letters, and
// where tcpwave says otherwise than Zeek (src/docs/zeek.md).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/zeek.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

struct Case {
  std::string_view name;
  std::string_view conn_state, history;
  std::string_view segments;  ///< a line each, in the scripts' words, without the time
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

// C is 192.0.2.10:40000, S is 198.51.100.20:8000.
constexpr Case kCases[] = {
    // The codes.
    {"s0", "S0", "S", "C> S 0:0(0)"},
    {"s1", "S1", "ShADa",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\nS> . 1:1(0) ack 9"},
    {"sf", "SF", "ShAFaf",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> F. 1:1(0) ack 1\n"
     "S> . 1:1(0) ack 2\nS> F. 1:1(0) ack 2\nC> . 2:2(0) ack 2"},
    {"rej", "REJ", "Sr", "C> S 0:0(0)\nS> R. 0:0(0) ack 1 win 0"},
    {"s2", "S2", "ShAFa",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> F. 1:1(0) ack 1\nS> . 1:1(0) ack 2"},
    {"s3", "S3", "ShAf",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nS> F. 1:1(0) ack 1\nC> . 1:1(0) ack 2"},
    {"rsto", "RSTO", "ShAR",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> R. 1:1(0) ack 1"},
    {"rstr", "RSTR", "ShAr",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nS> R. 1:1(0) ack 1"},
    {"rstos0", "RSTOS0", "SR", "C> S 0:0(0)\nC> R 1:1(0) win 0"},
    {"rstrh", "RSTRH", "^hr", "S> S. 0:0(0) ack 1\nS> R 1:1(0) win 0"},
    {"sh", "SH", "SF", "C> S 0:0(0)\nC> F. 1:1(0) ack 1"},
    {"shr", "SHR", "^hf", "S> S. 0:0(0) ack 1\nS> F. 1:1(0) ack 1"},
    {"oth", "OTH", "DdA", "C> P. 1:9(8) ack 1\nS> P. 1:9(8) ack 9\nC> . 9:9(0) ack 9"},

    // The rules on the way to a code.
    {"established_by_synack_alone", "S1", "Sh", "C> S 0:0(0)\nS> S. 0:0(0) ack 1"},
    {"syn_missed", "S1", "^hA", "S> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1"},
    {"synack_captured_first", "S1", "^hSA", "S> S. 0:0(0) ack 1\nC> S 0:0(0)\nC> . 1:1(0) ack 1"},
    {"synack_missed", "S0", "SA", "C> S 0:0(0)\nC> . 1:1(0) ack 1"},
    {"rst_after_fin_of_both", "SF", "ShAFfR",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> F. 1:1(0) ack 1\n"
     "S> F. 1:1(0) ack 2\nC> R 2:2(0) win 0"},
    {"rst_after_own_fin", "RSTO", "ShAFaR",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> F. 1:1(0) ack 1\n"
     "S> . 1:1(0) ack 2\nC> R 2:2(0) win 0"},
    {"both_reset_without_data", "REJ", "ShARr",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> R. 1:1(0) ack 1\nS> R. 1:1(0) ack 1"},
    {"server_seen_first", "OTH", "^d", "S> P. 1:9(8) ack 1"},

    // The letters.
    {"data_of_a_fin_is_no_d", "S2", "ShAF",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> FP. 1:9(8) ack 1"},
    {"syn_again_is_one_s", "S1", "Sh", "C> S 0:0(0)\n+1 C> S 0:0(0)\nS> S. 0:0(0) ack 1"},
    {"data_again_is_t", "S1", "ShADT",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\n"
     "+1 C> P. 1:9(8) ack 1"},
    {"zero_window_is_w", "S1", "ShADaw",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\n"
     "S> . 1:1(0) ack 9 win 0"},
    {"ack_of_what_is_missing_is_g", "S1", "ShADaGd",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 9:17(8) ack 1\n"
     "S> . 1:1(0) ack 17\nS> P. 1:9(8) ack 17"},
    {"a_frame_copied_is_no_t", "S1", "ShAD",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\n+0.00001 copy"},

    // Where tcpwave knows better.
    {"forged_rst_counts_for_nobody", "SF", "ShADadFf",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\nS> . 1:1(0) ack 9\n"
     "S> P. 1:9(8) ack 9\nC> R 900001:900001(0) win 0\n+1 C> F. 9:9(0) ack 9\n"
     "S> F. 9:9(0) ack 10\nC> . 10:10(0) ack 10"},
    {"forged_fin_counts_for_nobody", "S1", "ShADa",
     "C> S 0:0(0)\nS> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1\nC> P. 1:9(8) ack 1\nS> . 1:1(0) ack 9\n"
     "C> F 9:9(0)\n+1 C> P. 9:17(8) ack 1"},
    {"rst_in_answer_to_an_old_ack", "S1", "SaRhA",
     "C> S 0:0(0)\nS> . 700:700(0) ack -5000\nC> R -5000:-5000(0) win 0\n+1 C> S 0:0(0)\n"
     "S> S. 0:0(0) ack 1\nC> . 1:1(0) ack 1"},
    {"rst_in_answer_to_an_old_ack_then_nothing", "RSTOS0", "SaR",
     "C> S 0:0(0)\nS> . 700:700(0) ack -5000\nC> R -5000:-5000(0) win 0"},
};

/// The segments as a script that expects nothing: a hundredth of a second apart, where no time is given.
scenario::Scenario script_of(const Case& c) {
  std::string text = "# " + std::string(c.name) + "\niss C 100 S 300\n";
  std::istringstream lines{std::string(c.segments)};
  for (std::string line; std::getline(lines, line);)
    text += (line.starts_with('+') ? "" : "+0.01 ") + line + " | * * |\n";
  return scenario::parse_scenario(text, std::string(c.name));
}

class Zeek : public testing::TestWithParam<Case> {};

TEST_P(Zeek, CodeAndLetters) {
  const scenario::Scenario script = script_of(GetParam());
  for (const scenario::Variant& variant : scenario::variants_of(script)) {
    Tracker tracker;
    SegmentId last = 0;
    for (const Segment& segment : scenario::play(script, variant)) last = tracker.observe(segment);
    const Annotation a = tracker.annotate(last, Known::Final);
    if (a.role_basis == RoleBasis::Port && variant.swapped)
      continue;  // the other end is the client
    EXPECT_EQ(name(a.conn_state), GetParam().conn_state) << variant.name;
    EXPECT_EQ(history_text(a).view(), GetParam().history) << variant.name;
    const Annotation first = tracker.annotate(0, Known::Final);  // as every row of the connection
    EXPECT_EQ(first.conn_state, a.conn_state) << variant.name;
    EXPECT_EQ(history_text(first).view(), history_text(a).view()) << variant.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Zeek, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// Every code has a row above.
TEST(ZeekCodes, AllAreShown) {
  for (std::size_t i = 0; i < kConnStates; ++i) {
    const std::string_view code = name(static_cast<ConnState>(i));
    const auto shows = [code](const Case& c) { return c.conn_state == code; };
    EXPECT_TRUE(std::any_of(std::begin(kCases), std::end(kCases), shows)) << code;
  }
}

}  // namespace
}  // namespace tcpwave
