// Memory runs out at the n-th allocation, for every n: what the engine keeps stays fit for use.
//
// The segment that met it is not taken, its connection is given up at most, every other connection is
// as if nothing had happened, and the tracker goes on.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/transform.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace {
constexpr std::int64_t kNever = -1;
std::int64_t g_until_failure = kNever;  // allocations that succeed before one that does not
}  // namespace

// Out of line, or the compiler sees malloc meet delete and calls it a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (g_until_failure != kNever && g_until_failure-- == 0) throw std::bad_alloc();
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tcpwave {
namespace {

/// Fails the n-th allocation (from 0) of what is done in its life.
class FailAt {
 public:
  explicit FailAt(std::int64_t n) { g_until_failure = n; }
  ~FailAt() { g_until_failure = kNever; }
  FailAt(const FailAt&) = delete;
  FailAt& operator=(const FailAt&) = delete;
};

std::string said(const Tracker& tracker, SegmentId id, Known known = Known::Final) {
  try {
    scenario::Row row = scenario::row_of(tracker.annotate(id, known));
    row.connection = 0;  // numbers count connections, and one more may have begun
    return scenario::text_of(row) + row.outcome + row.outcome_kind;
  } catch (const GivenUp&) {
    return "given up";
  }
}

/// Whatever may be asked of a tracker, asked; throws nothing but GivenUp.
void ask_everything(const Tracker& tracker) {
  const auto ask = [](const auto& question) {
    try {
      question();
    } catch (const GivenUp&) {
      SUCCEED();
    }
  };
  for (SegmentId id = 0; id < tracker.segments(); ++id) {
    static_cast<void>(said(tracker, id, Known::SoFar));
    static_cast<void>(said(tracker, id));
    ask([&] { static_cast<void>(tracker.route(id)); });
    ask([&] { static_cast<void>(tracker.captured(id)); });
    ask([&] { static_cast<void>(tracker.connection_of(id)); });
  }
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    ask([&] { ASSERT_GT(tracker.segments_of(c), 0U); });
    ask([&] { ASSERT_LT(tracker.segment_of(c, 0), tracker.segments()); });
    ask([&] { static_cast<void>(tracker.ends(c)); });
    ask([&] { static_cast<void>(tracker.states_of(c)); });
    ask([&] { static_cast<void>(tracker.replaced_at(c)); });
    ask([&] { static_cast<void>(tracker.way_to(c, Side::Client)); });
  }
}

class Exhaustion : public testing::TestWithParam<const char*> {
 protected:
  /// The script's segments, each followed by the same of another pair of hosts.
  [[nodiscard]] static scenario::Trace mixed() {
    const std::string path =
        std::string(TCPWAVE_SOURCE_DIR "/tests/scenarios/") + GetParam() + ".tw";
    const scenario::Trace trace = scenario::play(scenario::read_scenario(path), {});
    const scenario::Trace others = scenario::between_other_hosts(trace);
    scenario::Trace all;
    for (std::size_t i = 0; i < trace.size(); ++i) {
      all.push_back(trace[i]);
      all.push_back(others[i]);
    }
    return all;
  }
};

/// All are laid down that may be, so that waking and laying down meets the failure, too.
const Settings sleepy{.awake = 0};

// Every second segment is of the connection that never meets the failure.
TEST_P(Exhaustion, AConnectionIsGivenUpAndNoOther) {
  const scenario::Trace trace = mixed();
  Tracker undisturbed;
  for (const Segment& s : trace) undisturbed.observe(s);
  std::vector<std::string> want;
  for (SegmentId id = 1; id < trace.size(); id += 2) want.push_back(said(undisturbed, id));

  std::int64_t n = 0;
  for (bool failed = true; failed; ++n) {
    Tracker tracker(sleepy);
    std::vector<SegmentId> others;
    std::int64_t left = n;
    failed = false;
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const SegmentId next = tracker.segments();
      if (i % 2 == 1) {
        others.push_back(tracker.observe(trace[i]));
        tracker.judge();
        continue;
      }
      try {
        g_until_failure = failed ? kNever : left;
        tracker.observe(trace[i]);
        tracker.judge();
        left = g_until_failure;
        g_until_failure = kNever;
      } catch (const std::bad_alloc&) {
        g_until_failure = kNever;
        failed = true;
        ASSERT_LE(tracker.segments(), next + 1) << "n = " << n;
        ask_everything(tracker);
      }
    }
    ask_everything(tracker);
    ASSERT_EQ(others.size(), want.size());
    for (std::size_t i = 0; i < others.size(); ++i)
      ASSERT_EQ(said(tracker, others[i]), want[i]) << "n = " << n;
  }
  EXPECT_GT(n, 10) << "hardly anything was allocated: is operator new the one above?";
}

TEST_P(Exhaustion, AnAnswerIsRightOrRefused) {
  const scenario::Trace trace = mixed();
  Tracker undisturbed;
  for (const Segment& s : trace) undisturbed.observe(s);
  std::vector<std::string> want;
  for (SegmentId id = 0; id < trace.size(); ++id) want.push_back(said(undisturbed, id));

  for (std::int64_t n = 0;; ++n) {
    Tracker tracker(sleepy);
    for (const Segment& s : trace) tracker.observe(s);
    tracker.judge();
    bool failed = false;
    try {
      const FailAt here(n);
      static_cast<void>(tracker.annotate(0, Known::Final));
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    for (SegmentId id = 0; id < trace.size(); ++id) {
      const std::string got = said(tracker, id);
      const bool refused = failed && id % 2 == 0 && got == "given up";
      ASSERT_EQ(got, refused ? got : want[id]) << "n = " << n;
    }
    if (!failed) return;
  }
}

Segment segment(std::uint16_t port, bool client, std::uint8_t flags, std::uint32_t seq,
                std::uint32_t ack, std::uint32_t payload = 0) {
  Segment s;
  s.source.octets = {192, 0, 2, 10};
  s.destination.octets = {198, 51, 100, 20};
  s.source_port = port;
  s.destination_port = 80;
  if (!client) {
    std::swap(s.source, s.destination);
    std::swap(s.source_port, s.destination_port);
  }
  s.flags = Flags{flags};
  s.seq = Seq(seq);
  s.ack = Seq(ack);
  s.payload = payload;
  s.window = 65535;
  s.ttl = 64;
  return s;
}

// Memory runs out where a TIME_WAIT of the same host ends with a segment that a dozing connection takes: what
// the connection holds is never a segment that nobody knows.
TEST(DozingExhaustion, AConnectionKeepsNoSegmentThatWasGivenUp) {
  constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin;
  int failures = 0;
  for (std::int64_t n = 0, failed = 1; failed != 0; ++n) {
    Tracker tracker(sleepy);
    for (const Segment& s :
         {segment(5000, true, kSyn, 100, 0), segment(5000, false, kSyn | kAck, 300, 101),
          segment(5000, true, kAck, 101, 301), segment(5000, true, kFin | kAck, 101, 301),
          segment(5000, false, kFin | kAck, 301, 102), segment(5000, true, kAck, 102, 302),
          segment(4000, true, kSyn, 100, 0), segment(4000, false, kSyn | kAck, 300, 101),
          segment(4000, true, kAck, 101, 301), segment(4000, true, kAck, 101, 301, 10)})
      tracker.observe(s);
    // It sleeps, is asked about, and dozes then.
    const auto leave_alone = [&] {
      for (SegmentId id = 0; id < 6; ++id) static_cast<void>(tracker.annotate(id));
    };
    leave_alone();
    static_cast<void>(tracker.annotate(9));
    leave_alone();
    const std::uint64_t played = tracker.rows_played();
    Segment next = segment(4000, true, kAck, 111, 301, 10);
    next.time_ns = Settings{}.time_wait_ns + 1;
    const SegmentId id = tracker.observe(next);
    failed = 0;
    try {
      const FailAt here(n);
      tracker.judge();
    } catch (const std::bad_alloc&) {
      failed = 1;
      ++failures;
    }
    ASSERT_EQ(tracker.rows_played(), played) << "it did not doze";
    try {
      const std::uint32_t count = tracker.segments_of(1);
      const bool kept = tracker.segment_of(1, count - 1) == id;
      EXPECT_EQ(kept, failed == 0) << "n = " << n;
    } catch (const GivenUp&) {
      EXPECT_EQ(failed, 1) << "n = " << n;
    }
  }
  EXPECT_GT(failures, 0);
}

std::string name_of(const testing::TestParamInfo<const char*>& test) {
  std::string name = test.param;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scripts, Exhaustion,
                         testing::Values("closing/four_segment", "closing/ack_of_fin_lost",
                                         "closing/second_fin_lost", "opening/port_reuse_client",
                                         "opening/port_reuse_late", "closing/port_reuse_time_wait",
                                         "opening/three_way", "opening/half_open_peer",
                                         "resets/rst_repeated", "segments/syn_in_connection",
                                         "opening/syn_unanswered", "closing/starts_at_fin"),
                         name_of);

}  // namespace
}  // namespace tcpwave
