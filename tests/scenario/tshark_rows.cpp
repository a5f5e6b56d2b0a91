// Rows as the real tshark prints them. See tshark_rows.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/tshark_rows.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "scenario/words.h"

namespace tcpwave::scenario {
namespace {

using Strings = std::vector<std::string>;

constexpr char kBetweenFields = '\t';
constexpr char kBetweenValues = ';';

// In the order of `enum Column`.
constexpr std::array kFields{"tcpwave.conn",
                             "tcpwave.phase",
                             "tcpwave.client.state.before",
                             "tcpwave.server.state.before",
                             "tcpwave.client.state",
                             "tcpwave.server.state",
                             "tcpwave.client.state.basis",
                             "tcpwave.server.state.basis",
                             "tcpwave.step.name",
                             "tcpwave.step.repeat",
                             "tcpwave.seq",
                             "tcpwave.ack",
                             "tcpwave.seq.check",
                             "tcpwave.ack.check",
                             "tcpwave.check.ok",
                             "tcpwave.finding",
                             "tcpwave.check.rule",
                             "tcpwave.waiting_for",
                             "tcpwave.active_closer",
                             "tcpwave.role.basis",
                             "tcpwave.outcome",
                             "tcpwave.outcome.kind",
                             "tcpwave.reset_by"};
// clang-format off
enum Column : std::size_t {
  kConn, kPhase, kClientBefore, kServerBefore, kClient, kServer, kClientBasis, kServerBasis,
  kStepName, kStepRepeat, kSeq, kAck, kSeqCheck, kAckCheck, kCheckOk, kFinding, kRule, kWaiting,
  kCloser, kRoleBasis, kOutcome, kOutcomeKind, kResetBy, kColumns
};
// clang-format on
static_assert(kFields.size() == kColumns);

Strings parts(std::string_view text, char separator) {
  Strings found;
  while (true) {
    const auto at = text.find(separator);
    found.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return found;
    text.remove_prefix(at + 1);
  }
}
Strings values(const std::string& text) {
  return text.empty() ? Strings{} : parts(text, kBetweenValues);
}

// Booleans are 1 and 0 in Wireshark 4.0, True and False in later ones.
bool is_true(const std::string& word) { return word == "1" || word == "True"; }

// `wave 3/4: second FIN` is w3.
std::string step_word(const std::string& name) {
  const auto slash = name.find('/');
  if (slash == std::string::npos || slash == 0)
    throw std::runtime_error("step named '" + name + "'");
  return (name.starts_with("wave") ? "w" : "h") + name.substr(slash - 1, 1);
}

Row row_of_fields(const Strings& field) {
  Row row;
  row.phase = field[kPhase];
  row.tracked = !field[kConn].empty() && !row.phase.empty();  // an ICMP error has no phase
  if (row.tracked) row.connection = to_number(field[kConn]);
  row.before = {field[kClientBefore], field[kServerBefore]};
  row.after = {field[kClient], field[kServer]};
  row.basis = {field[kClientBasis], field[kServerBasis]};
  const Strings names = values(field[kStepName]);
  const Strings repeats = values(field[kStepRepeat]);
  if (names.size() != repeats.size()) throw std::runtime_error("steps and their repeats differ");
  for (std::size_t i = 0; i < names.size(); ++i)
    row.steps.push_back({step_word(names[i]), is_true(repeats[i])});
  if (!field[kSeq].empty()) row.seq = to_number(field[kSeq]);
  if (!field[kAck].empty()) row.ack = to_number(field[kAck]);
  row.seq_check = field[kSeqCheck];
  row.ack_check = field[kAckCheck];
  row.check = is_true(field[kCheckOk]) ? "ok" : "failed";
  row.findings = values(field[kFinding]);
  std::sort(row.findings.begin(), row.findings.end());
  for (const std::string& rule : values(field[kRule])) row.said.push_back("rule " + rule);
  row.said.push_back("waiting " + field[kWaiting]);
  row.closer = field[kCloser];
  row.role_basis = field[kRoleBasis];
  row.outcome = field[kOutcome];
  row.outcome_kind = field[kOutcomeKind];
  row.reset_by = field[kResetBy];
  return row;
}

std::vector<Row> rows_of_text(const std::string& text) {
  std::vector<Row> rows;
  for (const std::string& line : parts(text, '\n')) {
    if (line.empty()) continue;
    const Strings field = parts(line, kBetweenFields);
    if (field.size() != kColumns) throw std::runtime_error("tshark: " + text);
    rows.push_back(row_of_fields(field));
  }
  return rows;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A folder that tshark may write into as whatever user it runs.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tcpwave-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder like " + name);
    path = name;
    std::filesystem::permissions(path, std::filesystem::perms::all);
  }
  ~Folder() {
    std::error_code left_behind;
    std::filesystem::remove_all(path, left_behind);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path path;
};

}  // namespace

std::map<std::filesystem::path, std::vector<Row>> tshark_rows(
    const std::filesystem::path& tshark, const std::filesystem::path& many,
    const std::vector<std::filesystem::path>& captures, bool two_passes) {
  if (captures.empty()) return {};
  const Folder folder;
  const auto output_of = [&](const std::filesystem::path& capture) {
    return folder.path / (capture.stem().string() + ".txt");
  };
  const std::filesystem::path list = folder.path / "list";
  {
    std::ofstream lines(list);
    for (const auto& capture : captures)
      lines << capture.string() << '\t' << output_of(capture).string() << '\n';
  }
  std::string command = "LD_PRELOAD='" + many.string() + "' TCPWAVE_MANY='" + list.string() +
                        "' '" + tshark.string() + "' -r '" + captures.front().string() + "'";
  if (two_passes) command += " -2";
  command += " -T fields -E occurrence=a -E separator=/t -E 'aggregator=;'";
  for (const char* field : kFields) command += std::string(" -e ") + field;
  const int status = std::system(command.c_str());
  std::map<std::filesystem::path, std::vector<Row>> rows;
  for (const auto& capture : captures) rows[capture] = rows_of_text(content(output_of(capture)));
  if (status != 0) throw std::runtime_error("tshark fails: " + command);
  return rows;
}

}  // namespace tcpwave::scenario
