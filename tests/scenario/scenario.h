// The scenario language: a trace in packetdrill's notation with two senders, and beside each segment
// what tcpwave should say about it. tests/scenarios/README.md is its manual.
//
//     # Both sides close at once: the FINs cross.
//     iss C 100 S 300
//     +0.02 S> S. 0:0(0) ack 1 win 8192 <mss 1460>  | ESTABLISHED SYN_RECEIVED | h2
//     +1.00 C> F. 1:1(0) ack 1                      | FIN_WAIT_1  CLOSING      | w1 ! close_initiated
//           ~ one pass: FIN_WAIT_1 CLOSE_WAIT
//
// This file holds what a script says; variant.h makes segments of it, outcome.h compares.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/segment.h"

namespace tcpwave::scenario {

/// A step as a script writes it: `w3` or `w3 again`.
struct StepWord {
  std::string word;
  bool again = false;
  friend bool operator==(const StepWord&, const StepWord&) = default;
};

/// What is expected of one segment in one pass. Absent, or `*`: not looked at. By `Side`.
struct Expected {
  bool tracked = true;
  bool numbered = true;    ///< relative numbers are as the script's
  bool any_steps = false;  ///< steps are not looked at
  std::array<std::optional<std::string>, 2> before, after, basis;
  std::vector<StepWord> steps;
  std::string seq_check = "ok";
  std::string ack_check;  ///< `ok`, or nothing where the segment has no ACK bit
  std::vector<std::string> findings;
  std::optional<std::string> phase, closer, check;  ///< `check`: ok or failed
  std::uint32_t connection = 0;
  friend bool operator==(const Expected&, const Expected&) = default;
};

/// An ICMP error that quotes the segment of a frame: no segment itself.
struct Quote {
  std::uint8_t type = 0, code = 0;  ///< of ICMP for IPv4
  std::uint32_t frame = 0;
};

/// A line of a script with a segment in it, or an ICMP error.
struct Line {
  int number = 0;
  std::string text;
  std::int64_t time_ns = 0;  ///< from the start of the script
  bool from_client = true;
  std::array<Seq, 2> iss;  ///< of client and server as written, in force on this line
  std::array<std::uint16_t, 2> ports{};
  std::array<std::uint8_t, 2> hosts{};  ///< the last octets of the addresses
  /// Flags, window, payload and options; `seq`, `ack` and SACK edges relative to `iss`.
  Segment segment;
  std::string role_basis;  ///< how client and server are known
  bool copy = false;       ///< the frame before, captured again
  std::optional<Quote> quote;

  Expected two_pass, one_pass;
  /// Lines beginning with `:`, two passes: `rule ...`, `waiting ...`, `headline ...`. Each is said.
  std::vector<std::string> said;
};

/// How the connection as a whole ends: a line `outcome CONNECTION OUTCOME [KIND] [by SIDE]`.
struct ExpectedOutcome {
  int number = 0;
  std::uint32_t connection = 0;
  std::string outcome, kind, reset_by;
};

struct Scenario {
  std::string name;         ///< of the file, without folder and extension
  std::string group;        ///< the folder, named as a group of findings
  std::string description;  ///< the comment on top
  std::string role_basis = "syn";
  std::string one_pass_role_basis;  ///< where it differs
  std::vector<Line> lines;
  std::vector<ExpectedOutcome> outcomes;
};

/// @throws std::runtime_error `file:line: what is wrong`
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file);
[[nodiscard]] Scenario parse_scenario(std::string_view text, const std::string& name);

/// All `.tw` files below a folder, sorted by name.
[[nodiscard]] std::vector<std::filesystem::path> scenario_files(
    const std::filesystem::path& folder);

}  // namespace tcpwave::scenario
