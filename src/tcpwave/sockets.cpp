// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/sockets.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace tcpwave {
namespace {

/// A socket of a host enters or leaves a state.
struct Event {
  std::int64_t time_ns = 0;
  std::uint32_t host = 0;
  State state = State::Unknown;
  std::int8_t change = 0;
};

bool is_socket(State s) { return s != State::Closed && s != State::Listen; }

class Census {
 public:
  Census(const Tracker& tracker, std::int64_t until_ns) : tracker_(tracker), until_ns_(until_ns) {}

  std::vector<SocketCount> count() {
    for (std::uint32_t c = 0; c < tracker_.connections(); ++c) add(c);
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.time_ns < b.time_ns; });
    std::vector<std::array<SocketCount, kStates>> counts(hosts_.size());
    for (const Event& event : events_) {
      SocketCount& count = counts[event.host][static_cast<std::size_t>(event.state)];
      count.now += static_cast<std::uint32_t>(static_cast<std::int32_t>(event.change));
      if (count.now <= count.peak || event.change < 0) continue;
      count.peak = count.now;
      count.peak_ns = event.time_ns;
    }
    return in_order(counts);
  }

 private:
  void add(std::uint32_t connection) {
    const Ends ends = tracker_.ends(connection);
    const std::array<std::uint32_t, 2> host{host_of(ends.address[0]), host_of(ends.address[1])};
    const auto replaced = tracker_.replaced_at(connection);
    std::array<std::optional<State>, 2> state;
    std::int64_t now = INT64_MIN;
    for (const StateChange& change : tracker_.states_of(connection)) {
      now = std::max(now, change.time_ns);  // times that run backwards
      if (replaced && now >= *replaced) break;
      const auto side = static_cast<std::size_t>(change.side);
      move(host[side], state[side], change.state, now);
      state[side] = change.state;
    }
    if (!replaced) return;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}})
      move(host[side], state[side], State::Closed, *replaced);
  }

  void move(std::uint32_t host, std::optional<State> from, State to, std::int64_t now) {
    if (now > until_ns_ || from == to) return;
    if (from && is_socket(*from)) events_.push_back({now, host, *from, -1});
    if (is_socket(to)) events_.push_back({now, host, to, +1});
  }

  std::uint32_t host_of(const Address& address) {
    return hosts_.try_emplace(address, static_cast<std::uint32_t>(hosts_.size())).first->second;
  }

  std::vector<SocketCount> in_order(const std::vector<std::array<SocketCount, kStates>>& counts) {
    std::vector<SocketCount> rows;
    for (const auto& [address, host] : hosts_) {
      for (std::size_t s = 0; s < kStates; ++s) {
        SocketCount row = counts[host][s];
        if (row.peak == 0) continue;
        row.host = address;
        row.state = static_cast<State>(s);
        rows.push_back(row);
      }
    }
    return rows;
  }

  const Tracker& tracker_;
  std::int64_t until_ns_;
  std::map<Address, std::uint32_t, ByAddress> hosts_;
  std::vector<Event> events_;
};

}  // namespace

std::vector<SocketCount> count_sockets(const Tracker& tracker, std::int64_t time_ns) {
  return Census(tracker, time_ns).count();
}

}  // namespace tcpwave
