// `ss` for a capture: how many sockets each host has in each state, at a moment and at most.
//
// Every connection is two sockets, one at each end. CLOSED is no socket, and LISTEN is the listener's
// and not the connection's, so neither counts. A connection that takes over the addresses and ports
// of an older one takes its sockets too. The clock is the capture's: a time that runs backwards does
// not turn it back.
//
// A census goes through the segments one by one, so that a window can count while it is given them:
// a step costs the states of one connection at most, and what has happened since the step before.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "tcpwave/track/capture_clock.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// CLOSED and LISTEN are none.
[[nodiscard]] constexpr bool is_socket(State s) { return s != State::Closed && s != State::Listen; }

struct SocketCount {
  Address host;
  State state = State::Unknown;
  std::uint32_t now = 0;     ///< at the moment asked for
  std::uint32_t peak = 0;    ///< most at once, up to that moment
  std::int64_t peak_ns = 0;  ///< capture time at which the peak was reached first
};

/// IPv4 first, then by octets.
struct ByAddress {
  bool operator()(const Address& a, const Address& b) const {
    return a.v6 != b.v6 ? b.v6 : a.octets < b.octets;
  }
};

class SocketCensus {
 public:
  using HostId = std::uint32_t;
  /// A host and a state; numbered as they are met.
  using CellId = std::uint32_t;

  /// Rests on what the tracker knows at each call. Nothing after `until_ns` is counted.
  explicit SocketCensus(const Tracker&, std::int64_t until_ns = INT64_MAX);

  /// Goes on until this segment has come; nothing where it has already.
  void go_to(SegmentId);
  /// After the last segment: to the end of the capture.
  void finish();

  [[nodiscard]] std::optional<HostId> find(const Address&) const;
  [[nodiscard]] HostId host_of(CellId cell) const { return cells_[cell].host; }
  /// Where the peak is 0, the state has not been reached yet.
  [[nodiscard]] SocketCount counted(CellId) const;
  [[nodiscard]] CellId cells() const { return static_cast<CellId>(cells_.size()); }
  /// Those of one host, by number.
  [[nodiscard]] std::vector<CellId> cells_of(HostId) const;
  /// What the last call has changed.
  [[nodiscard]] const std::vector<CellId>& changed() const { return changed_; }

 private:
  static constexpr CellId kNone = 0xffffffffU;
  struct Cell {
    std::int64_t peak_ns = 0;
    std::uint32_t now = 0, peak = 0;
    HostId host = 0;
    CellId next = kNone;     ///< the host's next one
    std::uint32_t step = 0;  ///< of its last change
    State state = State::Unknown;
  };
  struct Host {
    Address address;
    CellId first = kNone;
  };
  /// A socket enters or leaves a cell.
  struct Event {
    std::int64_t time_ns = 0;
    std::uint32_t order = 0;  ///< among those of one time
    CellId cell = 0;
    std::int8_t change = 0;
    friend bool operator>(const Event& a, const Event& b) {
      return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.order > b.order;
    }
  };
  /// What is still to come, earliest first. Connections are much alike: their n-th events come about in
  /// order, so most of them queue up in a few runs; the heap takes the others.
  class Agenda {
   public:
    void push(const Event&);
    /// Null where nothing is left.
    [[nodiscard]] const Event* next() const;
    void pop();

   private:
    static constexpr std::size_t kRuns = 8, kHeap = kRuns;
    [[nodiscard]] const Event* head(std::size_t) const;
    void choose();
    std::array<std::deque<Event>, kRuns> runs_;
    std::priority_queue<Event, std::deque<Event>, std::greater<>> heap_;
    std::size_t next_ = kHeap;
  };

  void add(std::uint32_t connection);
  void move(HostId, std::optional<State> from, State to, std::int64_t time_ns);
  using Shard = std::vector<HostId>;  ///< by rising address
  [[nodiscard]] std::size_t shard_of(const Address&) const;
  [[nodiscard]] Shard::const_iterator place(const Shard&, const Address&) const;
  void start_step();
  void count(SegmentId);
  void pass(std::int64_t until_ns);
  HostId host(const Address&);
  CellId cell(HostId, State);

  const Tracker& tracker_;
  std::int64_t until_ns_, now_ns_ = INT64_MIN;
  CaptureClock clock_;
  SegmentId next_ = 0;
  std::uint32_t events_ = 0;
  // No large table here is ever copied to a larger one, or freed piece by piece: that would be one long
  // step. Where a host's number stands nobody can foretell.
  std::uint64_t seed_;
  std::array<Shard, 4096> shards_;
  std::deque<Host> hosts_;
  std::deque<Cell> cells_;
  Agenda ahead_;
  std::vector<CellId> changed_;
  std::uint32_t step_ = 0;  ///< calls so far
};

/// By host (in that order) and state; only those that occur up to `time_ns`.
[[nodiscard]] std::vector<SocketCount> count_sockets(const Tracker&, std::int64_t time_ns);

}  // namespace tcpwave
