// The list of fields: what each row says of an annotation, without a Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/fields.h"
#include "writing/field_values.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/catalogue.h"

namespace tcpwave {
namespace {

class Recorder final : public ValueSink {
 public:
  void number(std::uint32_t value) override { values.push_back(std::to_string(value)); }
  void text(const char* value) override { values.emplace_back(value); }
  void duration(std::int64_t ns) override { values.push_back(std::to_string(ns) + " ns"); }
  std::vector<std::string> values;
};

using Values = std::vector<std::string>;

Values read(const char* filter, const Annotation& annotation, Known known = Known::SoFar) {
  for (const Field& field : fields())
    if (std::string(filter) == field.filter) {
      Recorder recorder;
      field.read(View{annotation, known}, recorder);
      return recorder.values;
    }
  ADD_FAILURE() << "no field " << filter;
  return {};
}

/// FIN,ACK of a passive closer: two steps at once, the second one sent again.
Annotation merged() {
  Annotation a;
  a.tracked = true;
  a.phase = Phase::Wave;
  a.steps.push({Phase::Wave, 2, false, kNoFrame});
  a.steps.push({Phase::Wave, 3, true, 7});
  a.endpoint[0] = {.before = State::FinWait1,
                   .after = State::TimeWait,
                   .previous = State::FinWait1,
                   .basis = Basis::Presumed};
  a.endpoint[1] = {.before = State::CloseWait,
                   .after = State::CloseWait,
                   .previous = State::CloseWait,
                   .basis = Basis::Sent};
  a.wave_frame = {6, 8, 7, kNoFrame};
  return a;
}

TEST(Fields, AreNamedOnceAndExplained) {
  std::set<std::string> names;
  for (const Field& field : fields()) {
    EXPECT_TRUE(names.insert(field.filter).second) << field.filter;
    EXPECT_EQ(std::string(field.filter).rfind("tcpwave.", 0), 0U) << field.filter;
    for (const std::string label : field.label) EXPECT_FALSE(label.empty()) << field.filter;
    const std::string meaning = field.meaning;
    ASSERT_FALSE(meaning.empty()) << field.filter;
    EXPECT_NE(meaning.back(), '.') << field.filter;
  }
}

TEST(Fields, OfTheStepsHaveOneValuePerStepInTheSameOrder) {
  const Annotation a = merged();
  EXPECT_EQ(read("tcpwave.step", a), (Values{"2", "3"}));
  EXPECT_EQ(read("tcpwave.wave.step", a), (Values{"2", "3"}));
  EXPECT_EQ(read("tcpwave.handshake.step", a), Values{});
  EXPECT_EQ(read("tcpwave.step.repeat", a), (Values{"0", "1"}));
  EXPECT_EQ(read("tcpwave.step.name", a).size(), 2U);
  EXPECT_EQ(read("tcpwave.step.original.frame", a), Values{"7"});
}

TEST(Fields, OfTheStatesNameTheClientFirst) {
  const Annotation a = merged();
  EXPECT_EQ(read("tcpwave.state", a), (Values{"TIME_WAIT", "CLOSE_WAIT"}));
  EXPECT_EQ(read("tcpwave.client.state.before", a), Values{"FIN_WAIT_1"});
  EXPECT_EQ(read("tcpwave.client.state.basis", a), Values{"presumed"});
  EXPECT_EQ(read("tcpwave.server.state.basis", a), Values{"sent"});
  EXPECT_EQ(read("tcpwave.transition", a), Values{"client: FIN_WAIT_1 -> TIME_WAIT"});
}

TEST(Fields, AreAbsentWhereThereIsNothingToSay) {
  const Annotation a = merged();
  for (const char* absent :
       {"tcpwave.ack", "tcpwave.ack.expected", "tcpwave.ack.check", "tcpwave.active_closer",
        "tcpwave.wave.step4.frame", "tcpwave.wave.duration", "tcpwave.outcome.kind",
        "tcpwave.handshake.duration", "tcpwave.reset.idle", "tcpwave.reset_by", "tcpwave.finding",
        "tcpwave.check.rule"})
    EXPECT_EQ(read(absent, a), Values{}) << absent;
  EXPECT_EQ(read("tcpwave.wave.step1.frame", a), Values{"6"});
}

TEST(Fields, SayHowLongItTook) {
  Annotation a = merged();
  a.handshake_duration_ns = 3'041'000'000;
  a.reset_idle_ns = 350'000'000'000;
  EXPECT_EQ(read("tcpwave.handshake.duration", a), Values{"3041000000 ns"});
  EXPECT_EQ(read("tcpwave.reset.idle", a), Values{"350000000000 ns"});
}

TEST(Fields, SayHowMuchIsKnown) {
  EXPECT_EQ(read("tcpwave.known", merged()), Values{"so_far"});
  EXPECT_EQ(read("tcpwave.known", merged(), Known::Final), Values{"final"});
}

TEST(Fields, WithANumberForANameListTheNamesByNumber) {
  std::size_t codes = 0;
  for (const Field& field : fields()) {
    if (field.type != FieldType::Code) continue;
    ++codes;
    const std::string filter = field.filter;
    const auto name_of = [&](std::size_t i) {
      if (filter == "tcpwave.state.code") return name(static_cast<State>(i));
      if (filter == "tcpwave.outcome.code") return name(static_cast<Outcome>(i));
      return std::string_view(info(kResetCauses.at(i)).id);
    };
    const std::vector<std::string> names = values_of(field);
    for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], name_of(i)) << filter;
  }
  EXPECT_EQ(codes, 3U);
  EXPECT_EQ(read("tcpwave.state.code", merged()), (Values{"11", "8"}));
}

TEST(Fields, NoValueThatIsAWordHasAComma) {
  std::size_t listed = 0;
  for (const Field& field : fields())
    for (const std::string& value : values_of(field)) {
      ++listed;
      EXPECT_EQ(value.find(','), std::string::npos) << field.filter << ": " << value;
    }
  EXPECT_GT(listed, 200U);
}

TEST(Fields, SayWhatAResetDoes) {
  Annotation a = merged();
  EXPECT_EQ(read("tcpwave.label", a).size(), 2U);  // a value per step
  a.steps = {};
  EXPECT_EQ(read("tcpwave.label", a), Values{});
  a.rst = true;
  a.findings.push({Finding::RstAbort, 0, 0});
  EXPECT_EQ(read("tcpwave.label", a), Values{"Open connection aborted by RST"});
}

TEST(Fields, NameFindingsByTheirIdentifier) {
  Annotation a = merged();
  a.findings.push({Finding::RstAbort, 0, 0});
  a.findings.push({Finding::AckUnsent, 1, 2});
  EXPECT_EQ(read("tcpwave.finding", a), (Values{"rst_abort", "ack_unsent"}));
}

}  // namespace
}  // namespace tcpwave
