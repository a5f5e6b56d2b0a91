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
// What is kept by lines of cache or by pages.
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  if (g_until_failure != kNever && g_until_failure-- == 0) throw std::bad_alloc();
  const auto align = static_cast<std::size_t>(alignment);
  void* block = std::aligned_alloc(align, (size + align - 1) / align * align);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

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

/// All are evicted that may be, so that loading meets the failure, too.
const Settings evicting{.model_bytes = 0};

// Every second segment is of the connection that never meets the failure.
TEST_P(Exhaustion, AConnectionIsGivenUpAndNoOther) {
  const scenario::Trace trace = mixed();
  Tracker undisturbed;
  for (const Segment& s : trace) undisturbed.observe(s);
  std::vector<std::string> want;
  for (SegmentId id = 1; id < trace.size(); id += 2) want.push_back(said(undisturbed, id));

  std::int64_t n = 0;
  for (bool failed = true; failed; ++n) {
    Tracker tracker(evicting);
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
    Tracker tracker(evicting);
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
