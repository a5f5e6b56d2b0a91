// Many segments at once: what the next ones need of memory is asked for before the first is judged.
//
// Where a capture holds many connections, each segment finds its flow, its slot and its model out of the cache. These
// are looked up in rounds: in each, all segments of a batch ask for what the next round reads, so that their misses overlap.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "tcpwave/store/prefetch.h"
#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

/// As many as a processor has misses under way, twice: what the first half asked for is still there when it is read.
constexpr std::size_t kBatch = 32;

/// So few connections are in the processor's cache as it is, slots and latest records: some 200 bytes each.
constexpr std::size_t kCached = 4096;

/// A segment's way to its flow.
struct Sought {
  RecentFlows::Found found;
  bool known = false;
  FlowKey key;  ///< where it is not known, and its hash
  std::uint32_t hash = 0;
};

}  // namespace

SegmentId Tracker::observe(std::span<const Segment> segments) {
  const SegmentId first = impl_->log.size();
  for (std::size_t from = 0; from < segments.size(); from += kBatch)
    impl_->observe_batch(segments.subspan(from, std::min(kBatch, segments.size() - from)));
  return first;
}

void Tracker::Impl::observe_batch(std::span<const Segment> segments) {
  std::array<Sought, kBatch> sought;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Sought& s = sought[i];
    if (const RecentFlows::Found* const known = recent.find(segments[i])) {
      s.found = *known;
      s.known = true;
      continue;
    }
    s.key = key_of(segments[i], s.found.high);
    s.hash = flows.hash(s.key);
    flows.prefetch_slot(s.hash);
  }
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (!sought[i].known) flows.prefetch_flow(sought[i].hash);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Sought& s = sought[i];
    if (!s.known) {
      s.found.flow = flows.place(s.key, s.hash);
      recent.remember(segments[i], s.found);
    }
    take(segments[i], s.found);
  }
  catch_up();
}

/// Of what waits to be judged: the slot of its connection, then what that has in memory.
void Tracker::Impl::prefetch_pending() const {
  const SegmentId end = std::min<SegmentId>(log.size(), first_pending + kBatch);
  std::array<std::uint32_t, kBatch> index{};
  for (SegmentId id = first_pending; id < end; ++id) {
    const std::uint32_t latest = flows.value(log[id].connection);
    index[id - first_pending] = latest;
    if (latest < slots.size()) prefetch(&slots[latest]);
  }
  for (SegmentId id = first_pending; id < end; ++id) {
    const std::uint32_t latest = index[id - first_pending];
    if (latest >= slots.size()) continue;
    const ConnectionSlot& slot = slots[latest];
    const Loaded* const model = slot.loaded.get();
    if (model == nullptr) continue;  // on its course, or to be built
    const auto* const bytes = reinterpret_cast<const std::byte*>(model);
    for (std::size_t line = 0; line < kLinesOfSteady; ++line) prefetch(bytes + line * kCacheLine);
  }
}

void Tracker::Impl::judge_pending() {
  while (first_pending != log.size()) {
    const SegmentId end = std::min<SegmentId>(log.size(), first_pending + kBatch);
    if (end - first_pending > 2 && slots.size() > kCached) prefetch_pending();
    while (first_pending != end) judge_next();
  }
}

}  // namespace tcpwave
