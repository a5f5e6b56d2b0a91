// What was said, and how it differs from what was expected. See row.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/row.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "scenario/words.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/sentences.h"

namespace tcpwave::scenario {
namespace {

using Strings = std::vector<std::string>;

std::string joined(const Strings& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "nothing" : text;
}

std::string joined(const std::vector<StepWord>& steps) {
  Strings words;
  for (const StepWord& step : steps) words.push_back(step.word + (step.again ? " again" : ""));
  return joined(words);
}

void differ(Strings& out, const std::string& what, const std::string& want,
            const std::string& got) {
  if (want != got && want != "*")
    out.push_back(what + ": expected " + (want.empty() ? "nothing" : want) + ", got " +
                  (got.empty() ? "nothing" : got));
}

void differ(Strings& out, const std::string& what, const std::optional<std::string>& want,
            const std::string& got) {
  if (want) differ(out, what, *want, got);
}

std::string seconds(std::int64_t ns) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", static_cast<double>(ns) / 1e9);
  return text.data();
}

std::string exchange(const std::string& side) {
  if (side == "client") return "server";
  if (side == "server") return "client";
  return side;
}

// `said` lines of one kind: those that begin with the same word.
Strings of_kind(const Strings& said, const std::string& kind) {
  Strings found;
  for (const std::string& line : said)
    if (line.starts_with(kind + " ")) found.push_back(line);
  std::sort(found.begin(), found.end());
  return found;
}

void add_said(Row& row, const Annotation& a) {
  for (const Rule& rule : a.rules)
    row.said.push_back("rule " + std::string(rule_text(rule).view()));
  row.said.push_back("waiting " + std::string(waiting_text(a).view()));
  row.said.push_back("headline " + std::string(headline(a).view()));
  for (const Side side : {Side::Client, Side::Server})
    row.said.push_back(std::string(name(side)) + " " +
                       std::string(endpoint_text(a, side, Language::English).view()));
  row.said.push_back("mark " + std::string(short_mark(a).view()));
  if (a.handshake_rtt_ns) row.said.push_back("rtt " + seconds(*a.handshake_rtt_ns));
  if (a.handshake_duration_ns) row.said.push_back("opened " + seconds(*a.handshake_duration_ns));
  if (a.reset_idle_ns) row.said.push_back("idle " + seconds(*a.reset_idle_ns));
  if (a.wave_duration_ns) row.said.push_back("duration " + seconds(*a.wave_duration_ns));
  if (a.since_previous_step_ns) row.said.push_back("since " + seconds(*a.since_previous_step_ns));
  for (const FindingHit& hit : a.findings)
    row.said.push_back("finding " + std::string(finding_text(a, hit).view()));
  for (const StepMark& step : a.steps)
    row.said.push_back("step " + std::string(step_text(a, step).view()));
}

}  // namespace

Row row_of(const Annotation& a) {
  Row row;
  row.tracked = a.tracked;
  row.connection = a.connection;
  for (std::size_t side = 0; side < 2; ++side) {
    row.before.at(side) = name(a.endpoint.at(side).before);
    row.after.at(side) = name(a.endpoint.at(side).after);
    row.basis.at(side) = name(a.endpoint.at(side).basis);
  }
  for (const StepMark& step : a.steps)
    row.steps.push_back(
        {(step.phase == Phase::Wave ? "w" : "h") + std::to_string(step.number), step.repeated});
  row.seq_check = name(a.seq_check);
  row.ack_check = name(a.ack_check);
  row.check = a.check_ok() ? "ok" : "failed";
  row.phase = name(a.phase);
  row.closer = name(a.active_closer);
  row.role_basis = name(a.role_basis);
  row.seq = a.seq;
  row.ack = a.ack;
  for (const FindingHit& hit : a.findings) row.findings.emplace_back(info(hit.finding).id);
  std::sort(row.findings.begin(), row.findings.end());
  add_said(row, a);
  row.outcome = name(a.outcome);
  row.outcome_kind = name(a.outcome_kind);
  row.reset_by = name(a.reset_by);
  return row;
}

std::string text_of(const Row& row) {
  std::string text = "| ";
  if (!row.tracked) text += "- -  shown as ";
  for (std::size_t side = 0; side < 2; ++side)
    text += (row.before.at(side) == row.after.at(side) ? "" : row.before.at(side) + ">") +
            row.after.at(side) + ' ';
  text += "| " + (row.steps.empty() ? "" : joined(row.steps) + ' ');
  if (row.seq_check != "ok") text += "seq " + row.seq_check + ' ';
  if (row.ack_check != "ok" && !row.ack_check.empty()) text += "ack " + row.ack_check + ' ';
  text += "conn " + std::to_string(row.connection) + " phase " + row.phase;
  if (!row.closer.empty()) text += " closer " + row.closer;
  text += " basis " + row.basis[0] + ' ' + row.basis[1];
  if (!row.findings.empty()) text += " ! " + joined(row.findings);
  return text;
}

Strings differences(const Line& line, const Expected& want, const Row& got, bool exchanged) {
  Strings out;
  if (want.tracked != got.tracked)
    out.emplace_back(want.tracked ? "expected a known connection" : "expected no known connection");
  for (std::size_t side = 0; side < 2; ++side) {
    const std::size_t at = exchanged ? 1 - side : side;
    const std::string who = at == 0 ? "client" : "server";
    differ(out, who + " before", want.before[side], got.before[at]);
    differ(out, who, want.after[side], got.after[at]);
    differ(out, who + "'s basis", want.basis[side], got.basis[at]);
  }
  if (!want.any_steps) differ(out, "steps", joined(want.steps), joined(got.steps));
  differ(out, "findings", joined(want.findings), joined(got.findings));
  differ(out, "phase", want.phase, got.phase);
  if (want.closer)
    differ(out, "closer", exchanged ? exchange(*want.closer) : *want.closer, got.closer);
  if (!want.tracked) return out;
  differ(out, "connection", std::to_string(want.connection), std::to_string(got.connection));
  differ(out, "seq check", want.seq_check, got.seq_check);
  differ(out, "ack check", want.ack_check, got.ack_check);
  differ(out, "check", want.check, got.check);
  if (!want.numbered) return out;
  differ(out, "seq", std::to_string(line.segment.seq.raw()), std::to_string(got.seq));
  if (!want.ack_check.empty() && want.ack_check != "missing")
    differ(out, "ack", std::to_string(line.segment.ack.raw()),
           got.ack ? std::to_string(*got.ack) : "nothing");
  return out;
}

Strings said_differences(const Line& line, const Row& got) {
  Strings out;
  for (const std::string& said : line.said) {
    const std::string kind = said.substr(0, said.find(' '));
    const Strings have = of_kind(got.said, kind);
    if (std::find(have.begin(), have.end(), said) != have.end()) continue;
    std::string text = "expected `" + said + "`, got";
    for (const std::string& h : have) text += " `" + h + "`";
    out.push_back(have.empty() ? text + " nothing of the kind" : text);
  }
  return out;
}

Strings outcome_differences(const ExpectedOutcome& want, const Row& got, bool exchanged) {
  Strings out;
  differ(out, "outcome", want.outcome, got.outcome);
  differ(out, "kind of outcome", want.kind, got.outcome_kind);
  differ(out, "reset by", exchanged ? exchange(want.reset_by) : want.reset_by, got.reset_by);
  return out;
}

std::string report(const Scenario& scenario, const Line& line, const char* pass,
                   const Strings& found, const Row& row) {
  if (found.empty()) return "";
  std::string text = scenario.group + "/" + scenario.name + ".tw:" + std::to_string(line.number) +
                     " (" + pass + ")\n  script: " + line.text + "\n  actual: " + text_of(row) +
                     "\n";
  for (const std::string& difference : found) text += "  - " + difference + "\n";
  return text;
}

}  // namespace tcpwave::scenario
