// See accuracy.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/accuracy.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "kernel/reasons.h"
#include "statistics/text_table.h"
#include "tcpwave/catalogue.h"

namespace tcpwave::kernel {
namespace {

struct Score {
  std::uint64_t compared = 0, agreed = 0;
  void add(bool same) {
    ++compared;
    agreed += same ? 1U : 0U;
  }
};

struct Accuracy {
  Score all, changes;  ///< changes: where the kernel said it at this very segment
  std::array<Score, kStates> by_state;
  std::array<Score, kBases> by_basis;
  std::map<std::pair<State, State>, std::uint64_t> mistaken;  ///< the kernel's, ours
  std::uint64_t not_inferred = 0;
  /// The kernel's reason and our cause; kFindings stands for none.
  std::map<std::pair<std::string, std::size_t>, std::pair<std::uint64_t, Verdict>> resets;
};

void count_end(const EndpointView& inferred, const Said& said, Accuracy& accuracy) {
  if (said.state == State::Unknown) return;
  const auto same = agrees(inferred, said);
  if (!same) {
    ++accuracy.not_inferred;
    return;
  }
  accuracy.all.add(*same);
  if (said.here) accuracy.changes.add(*same);
  accuracy.by_state[static_cast<std::size_t>(said.state)].add(*same);
  accuracy.by_basis[static_cast<std::size_t>(inferred.basis)].add(*same);
  if (!*same) ++accuracy.mistaken[{said.state, inferred.after}];
}

void count_reset(const Annotation& annotation, const Said& sender, Accuracy& accuracy) {
  if (sender.reset_reason == nullptr) return;
  std::size_t cause = kFindings;
  for (const FindingHit& hit : annotation.findings)
    if (is_cause(hit.finding) && cause == kFindings) cause = static_cast<std::size_t>(hit.finding);
  const State met = sender.here ? sender.before : State::Unknown;
  const Verdict verdict = cause == kFindings
                              ? Verdict::Open
                              : verdict_on(sender.reset_reason, met, static_cast<Finding>(cause));
  // A pair can get both verdicts, by the state; the worse one is shown.
  auto& [count, worst] = accuracy.resets[{sender.reset_reason, cause}];
  if (count++ == 0 || verdict == Verdict::Differs) worst = verdict;
}

std::string percent(const Score& score) {
  if (score.compared == 0) return "-";
  std::array<char, 32> digits{};
  constexpr double kWhole = 100;
  std::snprintf(digits.data(), digits.size(), "%.2f",
                kWhole * static_cast<double>(score.agreed) / static_cast<double>(score.compared));
  return digits.data();
}

void add_row(TextTable& table, std::string_view what, const Score& score) {
  if (score.compared == 0) return;
  table.row({std::string(what), std::to_string(score.compared), std::to_string(score.agreed),
             percent(score)});
}

TextTable scores(std::FILE* out, const char* what) {
  return {out,
          {{what},
           {"compared", TextTable::Align::Right},
           {"agreed", TextTable::Align::Right},
           {"percent", TextTable::Align::Right}}};
}

void print_states(std::FILE* out, const Accuracy& accuracy) {
  TextTable by_state = scores(out, "kernel's state");
  for (std::size_t i = 0; i < kStates; ++i)
    add_row(by_state, name(static_cast<State>(i)), accuracy.by_state[i]);
  add_row(by_state, "all", accuracy.all);
  add_row(by_state, "where it changes", accuracy.changes);
  by_state.finish();
  std::fputs("\n", out);
  TextTable by_basis = scores(out, "inferred by");
  for (std::size_t i = 0; i < kBases; ++i)
    add_row(by_basis, name(static_cast<Basis>(i)), accuracy.by_basis[i]);
  by_basis.finish();
  if (accuracy.mistaken.empty()) return;
  std::fputs("\n", out);
  TextTable mistaken(out,
                     {{"kernel's state"}, {"inferred"}, {"segments", TextTable::Align::Right}});
  for (const auto& [states, count] : accuracy.mistaken)
    mistaken.row(
        {std::string(name(states.first)), std::string(name(states.second)), std::to_string(count)});
  mistaken.finish();
}

void print_resets(std::FILE* out, const Accuracy& accuracy) {
  if (accuracy.resets.empty()) return;
  constexpr std::array<const char*, 3> kVerdicts{"agrees", "differs", "-"};
  std::fputs("\n", out);
  TextTable table(
      out,
      {{"kernel's reason"}, {"inferred cause"}, {"RSTs", TextTable::Align::Right}, {"verdict"}});
  for (const auto& [pair, counted] : accuracy.resets)
    table.row({pair.first, pair.second == kFindings ? "" : kCatalogue[pair.second].id,
               std::to_string(counted.first), kVerdicts[static_cast<std::size_t>(counted.second)]});
  table.finish();
}

}  // namespace

void print_accuracy(std::FILE* out, const Tracker& tracker, const Witness& witness) {
  if (witness.empty()) {
    std::fputs("Accuracy: no word of a kernel in this capture (tcpwave-record makes such)\n", out);
    return;
  }
  Accuracy accuracy;
  for (SegmentId id = 0; id < tracker.segments(); ++id) {
    if (!tracker.connection_of(id)) continue;
    const Annotation annotation = tracker.annotate(id, Known::Final);
    const BothSaid both = witness.at(tracker, id, annotation.sender);
    for (std::size_t side = 0; side < both.size(); ++side)
      count_end(annotation.endpoint[side], both[side], accuracy);
    count_reset(annotation, both[static_cast<std::size_t>(annotation.sender)], accuracy);
  }
  std::fprintf(out,
               "Accuracy: inferred states beside the kernel's, one for each end and segment; %llu "
               "not inferred\n\n",
               static_cast<unsigned long long>(accuracy.not_inferred));
  print_states(out, accuracy);
  print_resets(out, accuracy);
}

}  // namespace tcpwave::kernel
