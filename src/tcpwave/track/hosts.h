// Hosts over time: how many of a host's connections are in the states that pile up, and what that tells.
//
// The tracker reports each change of an endpoint's state as it is known when the segment is observed;
// hindsight does not rewrite a host's past. A TIME_WAIT ends by capture time and shows on the host's
// next segment. Work per change is constant on average; the history grows only where a count changes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <unordered_map>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/store/chunks.h"
#include "tcpwave/store/fifo.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/store/large_pages.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class Hosts {
 public:
  using Id = std::uint32_t;  ///< the number of its address

  Hosts(const Settings& settings, std::uint64_t seed)
      : settings_(settings),
        held_(0, PairHash{seed}),
        place_(LargePages<std::uint32_t>(pages_of(settings.large_pages))),
        hosts_(pages_of(settings.large_pages)) {}

  /// Whether something may have expired at any host; false is certain.
  [[nodiscard]] bool may_be_due(std::int64_t now_ns) const {
    return earliest_ns_ < now_ns || latest_ns_ > now_ns + settings_.time_wait_ns;
  }
  /// A segment of the host comes: what has expired by then is over.
  void advance(Id id, SegmentId segment, std::int64_t now_ns) {
    const Host* host = find(id);
    if (host != nullptr && is_due(*host, now_ns)) expire(id, segment, now_ns);
  }
  /// An endpoint of the host went from one state to another with the segment; `end` tells endpoints
  /// apart for good. `towards` names its peer's address and port where the host is the client, else 0.
  void change(Id, std::uint64_t end, std::uint64_t towards, State from, State to, SegmentId,
              std::int64_t now_ns);
  /// Whether change() has anything to do.
  [[nodiscard]] static constexpr bool matters(State from, State to) {
    return piles_up(from) || piles_up(to) || holds_port(from) != holds_port(to);
  }
  /// A connect of the host ended: refused, or known to be answered.
  void connected(Id, bool good, SegmentId);
  /// A socket of another host that a first segment was for.
  struct Target {
    Id host = 0;
    std::uint16_t port = 0;
    friend bool operator==(const Target&, const Target&) = default;
  };
  /// A first segment of the host opens nothing: odd, refused, hung up on, or (`answered` false) not answered.
  void probed(Id, Target, bool answered, SegmentId, std::int64_t now_ns);

  /// The counts that held after a segment.
  [[nodiscard]] HostGauge gauge(Id, SegmentId) const;
  /// The findings of hosts on a segment, appended to those of the annotation.
  void add_findings(SegmentId, Annotation&) const;
  [[nodiscard]] bool found_at(SegmentId) const;

 private:
  /// A bit for each of them.
  [[nodiscard]] static constexpr unsigned set_of(std::initializer_list<State> states) {
    unsigned set = 0;
    for (const State s : states) set |= 1U << static_cast<unsigned>(s);
    return set;
  }
  [[nodiscard]] static constexpr bool piles_up(State s) {
    return (set_of({State::SynReceived, State::CloseWait, State::TimeWait}) & set_of({s})) != 0;
  }
  [[nodiscard]] static constexpr bool holds_port(State s) {
    return (set_of({State::Unknown, State::Closed, State::Listen}) & set_of({s})) == 0;
  }
  struct Pair {
    Id host = 0;
    std::uint64_t towards = 0;
    friend bool operator==(const Pair&, const Pair&) = default;
  };
  struct PairHash {
    std::uint64_t seed = 0;
    std::size_t operator()(const Pair&) const;
  };
  /// How many there are in a state from a segment on.
  struct Sample {
    SegmentId since = 0;
    std::uint32_t count = 0;
  };
  /// An alarm that has been given waits until the count has halved before it can be given again.
  struct Alarm {
    bool given = false;
    bool rises(std::uint32_t count, std::uint32_t limit);
  };
  /// The host's endpoints in one of the states that pile up.
  struct Pile {
    std::uint32_t count = 0;
    Alarm alarm;
    std::vector<Sample> history;
  };
  struct Expiry {
    std::int64_t at_ns = 0;
    std::uint64_t end = 0, towards = 0;
  };
  struct Try {
    std::int64_t at_ns = 0;
    Target target;
    bool answered = false;
  };
  struct Host {
    std::array<Pile, 3> piles;  ///< as kPiles has them, hosts.cpp
    Fifo<Expiry> time_wait;
    Alarm refusals, scan;
    std::uint32_t connects = 0;  ///< outcomes in `outcomes`, up to kWindow
    std::uint32_t outcomes = 0;  ///< a bit for each of the last connects: failed
    std::vector<Try> tries;  ///< of first segments that opened nothing: the latest for each target
  };
  struct Hit {
    SegmentId id = 0;
    Id host = 0;
    FindingHit hit;
  };

  [[nodiscard]] const Host* find(Id id) const {
    return id < place_.size() && place_[id] != kNone ? &hosts_[place_[id]] : nullptr;
  }
  [[nodiscard]] Host& of(Id);
  void count(Id, State, int by, SegmentId);
  /// Also what ends later than it could by now: the capture's clock was set back.
  [[nodiscard]] bool is_due(const Host& host, std::int64_t now_ns) const {
    if (host.time_wait.empty()) return false;
    const std::int64_t at = host.time_wait.front().at_ns;
    return at < now_ns || at > now_ns + settings_.time_wait_ns;
  }
  void note_end(std::uint64_t end, std::int64_t at_ns);
  /// False where it had ended already.
  bool forget_end(std::uint64_t end);
  void expire(Id, SegmentId, std::int64_t now_ns);
  void hold(Id, std::uint64_t towards, int by, SegmentId);
  void alarm(Id, Alarm&, FindingHit, std::uint32_t limit, SegmentId);
  void found(Id, FindingHit, SegmentId);

  /// A connection that is split reports segments from before the latest: they count from the latest on.
  SegmentId in_order(SegmentId segment) { return latest_ = std::max(latest_, segment); }

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  const Settings& settings_;
  SegmentId latest_ = 0;
  std::unordered_map<Pair, std::uint32_t, PairHash>
      held_;  ///< ports of a client held towards one server's port
  std::unordered_map<std::uint64_t, std::int64_t> ends_in_time_wait_;
  std::int64_t earliest_ns_ = kNever, latest_ns_ = -kNever;  ///< bounds of these times
  static constexpr std::uint32_t kNone = 0xffffffffU;
  LargeVector<std::uint32_t> place_;  ///< by Id: in `hosts_`; kNone where it has nothing to count
  Chunks<Host> hosts_;
  std::vector<Hit> hits_;  ///< by rising segment
};

}  // namespace tcpwave
