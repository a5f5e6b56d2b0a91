// What must hold for every trace: all scripts, and the captures of real kernels.
//
// Where sequence numbers begin, who has the lower port, the address family, the time of day and what
// else is on the wire: none of it changes what is said. Asking changes nothing either.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/transform.h"
#include "scenario/variant.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"

namespace tcpwave {
namespace {

using scenario::Trace;

struct NamedTrace {
  std::string name;
  Trace segments;
};

// Read once for all properties.
const std::vector<NamedTrace>& all_traces() {
  static const std::vector<NamedTrace> traces = [] {
    std::vector<NamedTrace> all;
    for (const auto& file : scenario::scenario_files(TCPWAVE_SOURCE_DIR "/tests/scenarios"))
      all.push_back({file.stem(), scenario::play(scenario::read_scenario(file), {})});
    // Thousands of connections alike show no more here than a hundred do.
    constexpr std::size_t kVeryLong = 2000;
    std::erase_if(all, [](const NamedTrace& t) { return t.segments.size() > kVeryLong; });
    for (const char* folder : {"/kernel", "/lwip"}) {
      const std::filesystem::path path = std::string(TCPWAVE_CAPTURES) + folder;
      if (!std::filesystem::exists(path)) continue;
      for (const auto& entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == ".pcapng")
          all.push_back({entry.path().stem(), tools::read_capture(entry.path())});
    }
    return all;
  }();
  return traces;
}

// All that an annotation says, as text. Numbers of connections depend on what else is on the wire.
std::string everything(const Annotation& a, bool with_connection = true) {
  scenario::Row row = scenario::row_of(a);
  if (!with_connection) row.connection = 0;
  std::string text = scenario::text_of(row) + " seq " + std::to_string(a.seq) + " expected " +
                     std::to_string(a.seq_expected) + " ack " + std::to_string(a.ack.value_or(0)) +
                     " expected " + std::to_string(a.ack_expected.value_or(0)) + " outcome " +
                     row.outcome + row.outcome_kind + row.reset_by;
  for (const std::uint32_t frame : a.handshake_frame) text += " " + std::to_string(frame);
  for (const std::uint32_t frame : a.wave_frame) text += " " + std::to_string(frame);
  for (const EndpointView& view : a.endpoint) text += " " + std::to_string(view.proof_frame);
  for (const StepMark& step : a.steps) text += " " + std::to_string(step.original_frame);
  for (const std::string& said : row.said) text += "\n    " + said;
  return text;
}

using Said = std::vector<std::string>;
using Describe = std::function<std::string(const Annotation&)>;
const Describe kEverything = [](const Annotation& a) { return everything(a); };
const Describe kWithoutConnection = [](const Annotation& a) { return everything(a, false); };

struct BothPasses {
  Said one, two;
};

BothPasses annotate_all(const Trace& trace, const Describe& describe = kEverything) {
  Tracker tracker;
  BothPasses said;
  std::vector<SegmentId> ids;
  for (const Segment& segment : trace) {
    ids.push_back(tracker.observe(segment));
    said.one.push_back(describe(tracker.annotate(ids.back())));
  }
  for (const SegmentId id : ids) said.two.push_back(describe(tracker.annotate(id, Known::Final)));
  return said;
}

// The first line in which two descriptions differ.
std::string difference(const std::string& want, const std::string& got) {
  std::istringstream wants(want);
  std::istringstream gots(got);
  std::string a;
  std::string b;
  do {
    std::getline(wants, a);
    std::getline(gots, b);
  } while (a == b && wants && gots);
  return "\n  want: " + a + "\n  got:  " + b;
}

void expect_same(const NamedTrace& trace, const Said& want, const Said& got, const char* pass) {
  ASSERT_EQ(want.size(), got.size()) << trace.name;
  for (std::size_t i = 0; i < want.size(); ++i)
    if (want[i] != got[i]) {
      ADD_FAILURE() << trace.name << ", frame " << trace.segments[i].frame << ", " << pass
                    << difference(want[i], got[i]);
      return;
    }
}

void expect_invariant(const std::function<Trace(const Trace&)>& change,
                      const std::function<bool(const NamedTrace&)>& concerns = {}) {
  for (const NamedTrace& trace : all_traces()) {
    if (concerns && !concerns(trace)) continue;
    const BothPasses want = annotate_all(trace.segments);
    const BothPasses got = annotate_all(change(trace.segments));
    expect_same(trace, want.one, got.one, "one pass");
    expect_same(trace, want.two, got.two, "two passes");
  }
}

// Two that are known by their ISNs, and name each other by their numbers.
bool has_one_leg(const NamedTrace& trace) {
  return trace.name != "other_leg" && trace.name != "answered_elsewhere";
}

// Ports decide who the client is only where no SYN tells.
bool roles_are_known(const NamedTrace& trace) {
  Tracker tracker;
  return std::all_of(trace.segments.begin(), trace.segments.end(), [&](const Segment& segment) {
    const Annotation a = tracker.annotate(tracker.observe(segment));
    return a.role_basis == RoleBasis::Syn || a.role_basis == RoleBasis::SynAck;
  });
}

TEST(Property, SequenceNumbersMayBeginAnywhere) {
  for (const std::uint32_t seed : {1U, 2U})
    expect_invariant([seed](const Trace& t) { return scenario::with_other_isns(t, seed); },
                     has_one_leg);
}

TEST(Property, WhoHasTheLowerPortDoesNotMatterWhereASynTells) {
  expect_invariant([](const Trace& t) { return scenario::with_reversed_order(t); },
                   roles_are_known);
}

TEST(Property, AddressFamilyDoesNotMatter) {
  expect_invariant([](const Trace& t) { return scenario::as_ipv6(t); });
}

TEST(Property, TimeOfDayDoesNotMatter) {
  for (const std::int64_t ns : {std::int64_t{86'400'000'000'000} * 365, -std::int64_t{1} << 60})
    expect_invariant([ns](const Trace& t) { return scenario::later_by(t, ns); });
}

TEST(Property, TheSameAgain) {
  expect_invariant([](const Trace& t) { return t; });
}

TEST(Property, OtherConnectionsInBetweenDoNotMatter) {
  for (const NamedTrace& trace : all_traces()) {
    if (!has_one_leg(trace)) continue;
    const BothPasses want = annotate_all(trace.segments, kWithoutConnection);
    const Trace others = scenario::between_other_hosts(trace.segments);
    Trace mixed;
    for (std::size_t i = 0; i < trace.segments.size(); ++i) {
      mixed.push_back(others[i]);
      mixed.push_back(trace.segments[i]);
    }
    const BothPasses both = annotate_all(mixed, kWithoutConnection);
    for (const std::size_t first : {0U, 1U}) {
      BothPasses got;
      for (std::size_t i = first; i < mixed.size(); i += 2) {
        got.one.push_back(both.one[i]);
        got.two.push_back(both.two[i]);
      }
      expect_same(trace, want.one, got.one, "one pass");
      expect_same(trace, want.two, got.two, "two passes");
    }
  }
}

/// Hears a trace with segments of others in between, so that its connections are evicted.
class Evicting {
 public:
  SegmentId observe(const Segment& segment) {
    Segment other;
    other.source.octets = {203, 0, 113, 1};
    other.destination.octets = {203, 0, 113, 2};
    other.flags = Flags{Flags::kAck};
    other.time_ns = segment.time_ns;
    for (int twice = 0; twice < 2; ++twice) tracker_.observe(other);
    applied_before_ = tracker_.rows_applied();
    ids_.push_back(tracker_.observe(segment));
    return ids_.back();
  }
  /// How many rows the latest segment was worth.
  [[nodiscard]] std::uint64_t applied() const { return tracker_.rows_applied() - applied_before_; }
  [[nodiscard]] std::string said(SegmentId id, Known known) const {
    return everything(tracker_.annotate(id, known), false);
  }
  [[nodiscard]] std::vector<std::string> said_at_end() const {
    std::vector<std::string> all;
    for (const SegmentId id : ids_) all.push_back(said(id, Known::Final));
    return all;
  }

 private:
  Tracker tracker_{Settings{.model_bytes = 0}};
  std::vector<SegmentId> ids_;
  std::uint64_t applied_before_ = 0;
};

// A connection that was evicted is the same when it is loaded. That it was evicted shows in the rows that are applied
// again.
TEST(Property, EvictionChangesNothing) {
  std::size_t loaded = 0;
  for (const NamedTrace& trace : all_traces()) {
    if (!has_one_leg(trace)) continue;
    const BothPasses want = annotate_all(trace.segments, kWithoutConnection);
    Evicting evicting;
    std::vector<std::string> one;
    for (const Segment& segment : trace.segments) {
      one.push_back(evicting.said(evicting.observe(segment), Known::SoFar));
      if (evicting.applied() > 1) ++loaded;
    }
    expect_same(trace, want.one, one, "one pass");
    expect_same(trace, want.two, evicting.said_at_end(), "two passes");
  }
  EXPECT_GT(loaded, 1000U) << "hardly any connection was evicted";
}

// A connection that goes on in order takes a segment without applying it, and applies it when somebody asks: all of it
// is the same then.
TEST(Property, WaitingChangesNothing) {
  std::size_t taken = 0;
  for (const NamedTrace& trace : all_traces()) {
    if (!has_one_leg(trace)) continue;
    Evicting evicting;
    for (const Segment& segment : trace.segments) {
      evicting.observe(segment);
      if (evicting.applied() == 0) ++taken;
    }
    expect_same(trace, annotate_all(trace.segments, kWithoutConnection).two, evicting.said_at_end(),
                "two passes");
  }
  EXPECT_GT(taken, 500U) << "hardly any segment waited";
}

// Asking for final knowledge before the end, and for frames in any order, changes no later answer.
TEST(Property, AskingChangesNothing) {
  for (const NamedTrace& trace : all_traces()) {
    const BothPasses want = annotate_all(trace.segments);
    Tracker tracker;
    BothPasses got;
    std::vector<SegmentId> ids;
    for (const Segment& segment : trace.segments) {
      ids.push_back(tracker.observe(segment));
      got.one.push_back(everything(tracker.annotate(ids.back())));
      static_cast<void>(tracker.annotate(ids[ids.size() / 2], Known::Final));
      static_cast<void>(tracker.annotate(ids.front()));
      static_cast<void>(tracker.annotate(ids.back(), Known::Final));
    }
    got.two.resize(ids.size());
    for (std::size_t i = ids.size(); i-- > 0;) {
      static_cast<void>(tracker.annotate(ids[i]));
      got.two[i] = everything(tracker.annotate(ids[i], Known::Final));
    }
    expect_same(trace, want.one, got.one, "one pass");
    expect_same(trace, want.two, got.two, "two passes");
  }
}

// What a mark needs, as the record tells it.
std::string mark_of(const Annotation& a) {
  std::ostringstream text;
  text << a.connection << ' ' << a.tracked << ' ' << static_cast<int>(a.role_basis) << ' '
       << static_cast<int>(a.sender) << ' ' << name(a.phase) << ' ' << a.rst << a.lost << a.copy
       << ' ' << name(a.seq_check) << ' ' << name(a.ack_check);
  for (const StepMark& step : a.steps)
    text << ' ' << name(step.phase) << int{step.number} << step.repeated << ' '
         << step.original_frame;
  return text.str();
}

void expect_marks_without_a_model(const NamedTrace& trace) {
  const BothPasses want = annotate_all(trace.segments, mark_of);
  const BothPasses everything_then = annotate_all(trace.segments);
  Tracker tracker;
  BothPasses got;
  Said everything_now;
  const auto mark = [&](SegmentId id, Known known) {
    const auto steps = tracker.steps_of_mark(id, known);
    Annotation a;
    tracker.annotate(id, known, Detail::Mark, a);
    if (steps) {
      EXPECT_EQ(steps, a.steps_alone()) << trace.name << ' ' << id;
    }
    return mark_of(a);
  };
  for (const Segment& segment : trace.segments)
    got.one.push_back(mark(tracker.observe(segment), Known::SoFar));
  for (SegmentId id = 0; id < tracker.segments(); ++id) got.two.push_back(mark(id, Known::Final));
  for (SegmentId id = 0; id < tracker.segments(); ++id)
    everything_now.push_back(everything(tracker.annotate(id, Known::Final)));
  expect_same(trace, want.one, got.one, "marks, one pass");
  expect_same(trace, want.two, got.two, "marks, two passes");
  expect_same(trace, everything_then.two, everything_now, "everything, two passes");
}

// Who asks for no more keeps a connection on its course; who asks for all has a model built at once.
TEST(Property, MarksAreTheSameWithoutAModel) {
  for (const NamedTrace& trace : all_traces()) expect_marks_without_a_model(trace);
}

// The same ports again, within 2MSL of the last segment and after it.
TEST(Property, MarksOfPortsUsedAgainAreTheSameWithoutAModel) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  for (const NamedTrace& trace : all_traces()) {
    if (trace.segments.size() > 500) continue;
    const std::int64_t lasts = trace.segments.back().time_ns - trace.segments.front().time_ns;
    for (const std::int64_t seconds : {1, 59, 61}) {
      NamedTrace twice{trace.name + " again after " + std::to_string(seconds) + " s",
                       trace.segments};
      for (Segment s : scenario::later_by(scenario::with_other_isns(trace.segments, 7),
                                          lasts + seconds * kSecond)) {
        s.frame = static_cast<std::uint32_t>(twice.segments.size() + 1);
        twice.segments.push_back(s);
      }
      expect_marks_without_a_model(twice);
    }
  }
}

// So nobody asks for the annotation of most segments of a long connection.
TEST(Property, WhatHasNoFindingsIsKnownBefore) {
  std::size_t certain = 0;
  for (const NamedTrace& trace : all_traces()) {
    Tracker tracker;
    const auto check = [&](SegmentId id, Known known) {
      if (tracker.may_have_findings(id, known)) return;
      ++certain;
      EXPECT_TRUE(tracker.annotate(id, known).findings.empty()) << trace.name << ' ' << id;
    };
    for (const Segment& segment : trace.segments) check(tracker.observe(segment), Known::SoFar);
    for (SegmentId id = 0; id < tracker.segments(); ++id) check(id, Known::Final);
    // And where nobody has asked before.
    Tracker fresh;
    fresh.observe(trace.segments);
    for (SegmentId id = 0; id < fresh.segments(); ++id)
      if (!fresh.may_have_findings(id, Known::Final)) {
        EXPECT_TRUE(tracker.annotate(id, Known::Final).findings.empty()) << trace.name << ' ' << id;
      }
  }
  EXPECT_GT(certain, 10'000U);
}

bool has_a_grave_one(const Annotation& a) {
  return std::any_of(a.findings.begin(), a.findings.end(), [](const FindingHit& hit) {
    return info(hit.finding).severity != Severity::Chat;
  });
}

// So the window, which shows the gravest of a file, asks for no annotation of an ordinary connection.
TEST(Property, WhatHasNoGraveFindingsIsKnownBefore) {
  std::size_t certain = 0;
  for (const NamedTrace& trace : all_traces()) {
    Tracker tracker;
    for (const Segment& segment : trace.segments) tracker.observe(segment);
    std::vector<SegmentId> none;
    for (SegmentId id = 0; id < tracker.segments(); ++id)
      if (!tracker.may_have_grave_findings(id, Known::Final)) none.push_back(id);
    certain += none.size();
    for (const SegmentId id : none) {
      EXPECT_FALSE(has_a_grave_one(tracker.annotate(id, Known::Final))) << trace.name << ' ' << id;
    }
    // And while segments come.
    Tracker live, asked;
    for (const Segment& segment : trace.segments) {
      const SegmentId id = live.observe(segment);
      asked.observe(segment);
      if (live.may_have_grave_findings(id, Known::SoFar)) continue;
      EXPECT_FALSE(has_a_grave_one(asked.annotate(id, Known::SoFar))) << trace.name << ' ' << id;
    }
  }
  EXPECT_GT(certain, 4'000U);
}

TEST(Property, WhatIsSaidHangsTogether) {
  for (const NamedTrace& trace : all_traces()) {
    Tracker tracker;
    for (const Segment& segment : trace.segments) tracker.observe(segment);
    for (SegmentId id = 0; id < tracker.segments(); ++id) {
      const Annotation a = tracker.annotate(id, Known::Final);
      const std::string where = trace.name + ", frame " + std::to_string(trace.segments[id].frame);
      EXPECT_TRUE(!a.tracked || a.connection < tracker.connections()) << where;
      const bool no_ack = a.ack_check == AckCheck::None || a.ack_check == AckCheck::Missing;
      EXPECT_EQ(no_ack, !a.ack.has_value()) << where;
      for (const StepMark& step : a.steps) {
        EXPECT_GE(step.number, 1) << where;
        EXPECT_LE(step.number, step.phase == Phase::Wave ? 4 : 3) << where;
        EXPECT_EQ(step.repeated, step.original_frame != kNoFrame) << where;
        EXPECT_TRUE(a.check_ok()) << where << ": a step whose numbers do not fit";
      }
    }
  }
}

}  // namespace
}  // namespace tcpwave
