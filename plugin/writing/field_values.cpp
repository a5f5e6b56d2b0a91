// See field_values.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/field_values.h"

#include <algorithm>
#include <string_view>

#include "tcpwave/catalogue.h"

namespace tcpwave {
namespace {

using Values = std::vector<std::string>;

/// The names of an enumeration's first `count` values; those that mean "none" have no name.
template <class Enumeration>
Values names(std::size_t count) {
  Values all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view one = name(static_cast<Enumeration>(i));
    if (!one.empty()) all.emplace_back(one);
  }
  return all;
}

Values findings() {
  Values all;
  for (const FindingInfo& finding : kCatalogue) all.emplace_back(finding.id);
  return all;
}

Values causes() {
  Values all;
  for (const Finding cause : kResetCauses) all.emplace_back(info(cause).id);
  return all;
}

void add_once(Values& all, const Text& text) {
  if (!text.empty() && std::find(all.begin(), all.end(), text.view()) == all.end())
    all.emplace_back(text.view());
}

Values steps() {
  Values all;
  Annotation a;
  for (const ActiveCloser closer : {ActiveCloser::Client, ActiveCloser::Both})
    for (const bool repeated : {false, true})
      for (const Phase phase : {Phase::Handshake, Phase::Wave})
        for (std::uint8_t n = 1; n <= (phase == Phase::Handshake ? 3 : 4); ++n) {
          a.active_closer = closer;
          add_once(all, step_text(a, {phase, n, repeated, kNoFrame}));
        }
  return all;
}

Values waitings() {
  Values all;
  Annotation a;
  for (const ActiveCloser closer : {ActiveCloser::Client, ActiveCloser::Server})
    for (std::size_t i = 0; i < kWaitings; ++i) {
      a.active_closer = closer;
      a.waiting_for = static_cast<WaitingFor>(i);
      add_once(all, waiting_text(a));
    }
  return all;
}

struct Row {
  std::string_view filter;
  Values (*values)();
};

Values states() { return names<State>(kStates); }

constexpr std::array kRows{
    Row{"tcpwave.state", states},
    Row{"tcpwave.state.code", states},
    Row{"tcpwave.client.state", states},
    Row{"tcpwave.server.state", states},
    Row{"tcpwave.client.state.before", states},
    Row{"tcpwave.server.state.before", states},
    Row{"tcpwave.reset_states", states},
    Row{"tcpwave.client.state.basis", [] { return names<Basis>(kBases); }},
    Row{"tcpwave.server.state.basis", [] { return names<Basis>(kBases); }},
    Row{"tcpwave.phase", [] { return names<Phase>(kPhases); }},
    Row{"tcpwave.role.basis", [] { return names<RoleBasis>(kRoleBases); }},
    Row{"tcpwave.seq.check", [] { return names<SeqCheck>(kSeqChecks); }},
    Row{"tcpwave.ack.check", [] { return names<AckCheck>(kAckChecks); }},
    Row{"tcpwave.outcome", [] { return names<Outcome>(kOutcomes); }},
    Row{"tcpwave.outcome.code", [] { return names<Outcome>(kOutcomes); }},
    Row{"tcpwave.outcome.kind", [] { return names<OutcomeKind>(kOutcomeKinds); }},
    Row{"tcpwave.active_closer", [] { return names<ActiveCloser>(4); }},
    Row{"tcpwave.reset_by", [] { return names<ResetBy>(4); }},
    Row{"tcpwave.reset_confidence", [] { return names<Confidence>(4); }},
    Row{"tcpwave.reset_cause", causes},
    Row{"tcpwave.reset_cause.code", causes},
    Row{"tcpwave.conn_state", [] { return names<ConnState>(kConnStates); }},
    Row{"tcpwave.known",
        [] {
          return Values{"so_far", "final"};
        }},
    Row{"tcpwave.finding", findings},
    Row{"tcpwave.step.name", steps},
    Row{"tcpwave.waiting_for", waitings},
};

}  // namespace

std::vector<std::string> values_of(const Field& field) {
  for (const Row& row : kRows)
    if (row.filter == field.filter) return row.values();
  return {};
}

}  // namespace tcpwave
