// How fast the engine judges segments, and what it keeps of them.
//
// The captures are made in memory, each a kind of traffic that costs it most in some way. `memory/segment`
// is what is allocated for each segment when all are judged (its connection's share included), measured
// with the allocator's own count. Time is for one core; read it as a ratio between runs of one machine.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "tcpwave/tracker.h"
#include "track/allocated.h"

namespace tcpwave {
namespace {

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin,
                       kPsh = Flags::kPsh;

/// One connection as both its ends go on with it.
struct Talk {
  std::uint32_t number = 0;
  std::array<std::uint32_t, 2> next{1000, 5000};  ///< by end: client, server
  std::uint32_t sent = 0;
};

Segment segment(Talk& talk, bool client, std::uint8_t flags, std::uint32_t payload,
                std::int64_t time_ns) {
  Segment s;
  s.time_ns = time_ns;
  s.source.octets = {10, static_cast<std::uint8_t>(talk.number >> 24),
                     static_cast<std::uint8_t>(talk.number >> 16), 1};
  s.destination.octets = {192, 0, 2, 1};
  s.source_port = static_cast<std::uint16_t>(talk.number);
  s.destination_port = 80;
  if (!client) {
    std::swap(s.source, s.destination);
    std::swap(s.source_port, s.destination_port);
  }
  s.flags = Flags{flags};
  s.seq = Seq(talk.next[client ? 0 : 1]);
  if ((flags & kAck) != 0) s.ack = Seq(talk.next[client ? 1 : 0]);
  s.window = 65535;
  s.payload = payload;
  s.ip_id = static_cast<std::uint16_t>(time_ns);
  s.ttl = 64;
  const auto now = static_cast<std::uint32_t>(time_ns / 1'000'000);
  s.options.timestamps = Timestamps{now, now};
  if ((flags & kSyn) != 0) s.options.window_scale = std::uint8_t{7};
  talk.next[client ? 0 : 1] +=
      payload + ((flags & kSyn) != 0 ? 1U : 0U) + ((flags & kFin) != 0 ? 1U : 0U);
  ++talk.sent;
  return s;
}

/// The next segment of a connection that opens and then sends data for ever, two and an ACK.
Segment steady(Talk& talk, std::int64_t now) {
  switch (talk.sent) {
    case 0:
      return segment(talk, true, kSyn, 0, now);
    case 1:
      return segment(talk, false, kSyn | kAck, 0, now);
    case 2:
      return segment(talk, true, kAck, 0, now);
    default:
      if (talk.sent % 3 == 2) return segment(talk, true, kAck, 0, now);
      return segment(talk, false, kAck | kPsh, 1448, now);
  }
}

/// The next segment of a request in a connection of its own, eleven in all.
Segment request(Talk& talk, std::int64_t now) {
  struct Sent {
    bool client;
    std::uint8_t flags;
    std::uint32_t payload;
  };
  constexpr std::array<Sent, 11> kSent{{{true, kSyn, 0},
                                        {false, kSyn | kAck, 0},
                                        {true, kAck, 0},
                                        {true, kAck | kPsh, 84},
                                        {false, kAck, 0},
                                        {false, kAck | kPsh, 853},
                                        {true, kAck, 0},
                                        {false, kFin | kAck, 0},
                                        {true, kAck, 0},
                                        {true, kFin | kAck, 0},
                                        {false, kAck, 0}}};
  const Sent& s = kSent[talk.sent % kSent.size()];
  return segment(talk, s.client, s.flags, s.payload, now);
}

/// A capture in which `connections` go on at once, the next one by chance or in turn.
class Traffic {
 public:
  Traffic(std::uint32_t connections, bool by_chance) : talks_(connections), by_chance_(by_chance) {
    for (std::uint32_t i = 0; i < connections; ++i) talks_[i].number = i;
  }
  template <class Next>
  Segment next(Next make) {
    now_ += 1000;
    at_ = by_chance_ ? chance_() % talks_.size() : (at_ + 1) % talks_.size();
    Segment s = make(talks_[at_], now_);
    s.frame = ++frame_;
    return s;
  }
  void go_by_chance() { by_chance_ = true; }
  /// A fresh connection takes the place of each that has sent its `segments`.
  Segment next_request() {
    Segment s = next(request);
    Talk& talk = talks_[at_];
    if (talk.sent == 11) {
      const std::uint32_t number = talk.number + static_cast<std::uint32_t>(talks_.size());
      talk = Talk{};
      talk.number = number;
    }
    return s;
  }

 private:
  std::vector<Talk> talks_;
  bool by_chance_;
  std::minstd_rand chance_{1};
  std::size_t at_ = 0;
  std::int64_t now_ = 1'700'000'000'000'000'000;
  std::uint32_t frame_ = 0;
};

std::vector<Segment> taken(std::size_t segments, Traffic& traffic, auto next) {
  std::vector<Segment> all;
  all.reserve(segments);
  for (std::size_t i = 0; i < segments; ++i) all.push_back(next(traffic));
  return all;
}

/// Judges `opening` unmeasured and then the rest, so that a steady state can be measured alone.
void judge_all(benchmark::State& state, const std::vector<Segment>& segments, std::size_t opening) {
  double kept = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::size_t before = allocated();
    {
      Tracker tracker;
      for (std::size_t i = 0; i < opening; ++i) tracker.observe(segments[i]);
      tracker.judge();
      const std::size_t opened = allocated();
      state.ResumeTiming();
      tracker.observe(std::span(segments).subspan(opening));
      state.PauseTiming();
      kept = static_cast<double>(allocated() - (opening == 0 ? before : opened));
    }
    state.ResumeTiming();
  }
  const auto judged = static_cast<std::int64_t>(segments.size() - opening);
  state.SetItemsProcessed(state.iterations() * judged);
  state.counters["memory/segment"] = kept / static_cast<double>(judged);
}

/// Data on open connections, in turn.
void steady_traffic(benchmark::State& state) {
  const auto connections = static_cast<std::uint32_t>(state.range(0));
  Traffic traffic(connections, false);
  const std::size_t opening = std::size_t{3} * connections;
  const auto segments = taken(opening + static_cast<std::size_t>(state.range(1)), traffic,
                              [](Traffic& t) { return t.next(steady); });
  judge_all(state, segments, opening);
}
BENCHMARK(steady_traffic)
    ->Args({1, 1'000'000})
    ->Args({10'000, 1'000'000})
    ->Args({100'000, 1'000'000})
    ->Unit(benchmark::kMillisecond);

/// The same on a million connections by chance: each segment finds nothing in the cache.
void random_traffic(benchmark::State& state) {
  const auto connections = static_cast<std::uint32_t>(state.range(0));
  Traffic traffic(connections, false);
  const std::size_t opening = std::size_t{3} * connections;
  auto segments = taken(opening, traffic, [](Traffic& t) { return t.next(steady); });
  traffic.go_by_chance();
  for (int i = 0; i < 1'000'000; ++i) segments.push_back(traffic.next(steady));
  judge_all(state, segments, opening);
}
BENCHMARK(random_traffic)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Iterations(1);

/// Connections of eleven segments, 64 at a time.
void short_connections(benchmark::State& state) {
  Traffic traffic(64, true);
  judge_all(state,
            taken(static_cast<std::size_t>(state.range(0)), traffic,
                  [](Traffic& t) { return t.next_request(); }),
            0);
}
BENCHMARK(short_connections)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

/// The same with so many open at the same time: a busy server.
void short_at_once(benchmark::State& state) {
  Traffic traffic(static_cast<std::uint32_t>(state.range(0)), true);
  judge_all(state, taken(1'000'000, traffic, [](Traffic& t) { return t.next_request(); }), 0);
}
BENCHMARK(short_at_once)->Arg(64)->Arg(1000)->Arg(20'000)->Unit(benchmark::kMillisecond);

/// Every SYN from another address and port: a connection of one segment each.
void flood_of_syns(benchmark::State& state) {
  const auto syns = static_cast<std::uint32_t>(state.range(0));
  Traffic traffic(syns, false);
  judge_all(state, taken(syns, traffic, [](Traffic& t) { return t.next(steady); }), 0);
}
BENCHMARK(flood_of_syns)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

// Whether the cost of a segment hangs on how many there are. Made piece by piece, as ten million segments
// would not stand in memory beside what the engine keeps of them; `flat` draws these two.

/// Judges as many, and says what one of them takes.
void judge_pieces(benchmark::State& state, std::size_t segments, Traffic& traffic, auto next) {
  constexpr std::size_t kPiece = 50'000;
  for (auto _ : state) {
    state.PauseTiming();
    {
      Tracker tracker;
      for (std::size_t done = 0; done < segments; done += kPiece) {
        const auto piece = taken(std::min(kPiece, segments - done), traffic, next);
        state.ResumeTiming();
        tracker.observe(piece);
        state.PauseTiming();
      }
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(segments));
}

/// Short connections, 64 at a time: ten thousand segments to ten million.
void flat_by_segments(benchmark::State& state) {
  Traffic traffic(64, true);
  judge_pieces(state, static_cast<std::size_t>(state.range(0)), traffic,
               [](Traffic& t) { return t.next_request(); });
}
BENCHMARK(flat_by_segments)
    ->RangeMultiplier(10)
    ->Range(10'000, 10'000'000)
    ->Unit(benchmark::kMillisecond);

/// A million segments of data on one connection to a million at once, in turn.
void flat_by_connections(benchmark::State& state) {
  Traffic traffic(static_cast<std::uint32_t>(state.range(0)), false);
  judge_pieces(state, 1'000'000, traffic, [](Traffic& t) { return t.next(steady); });
}
BENCHMARK(flat_by_connections)
    ->RangeMultiplier(10)
    ->Range(1, 1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tcpwave
