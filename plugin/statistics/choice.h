// Which segments passed a statistic's display filter, and so which connections and hosts it tells about: each
// that has one that did. What is told of them then is whole. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <set>
#include <vector>

#include "tcpwave/show/sockets.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class Choice {
 public:
  /// Without a filter everything is chosen.
  void set_filtered() { filtered_ = true; }
  [[nodiscard]] bool filtered() const { return filtered_; }

  /// A segment that passed. One bit each.
  void add(SegmentId id) {
    if (id >= passed_.size()) passed_.resize(id + 1);
    passed_[id] = true;
  }

  /// By rising number.
  [[nodiscard]] std::vector<std::uint32_t> connections(const Tracker& tracker) const {
    std::vector<bool> chosen(tracker.connections(), !filtered_);
    each([&](SegmentId id) {
      if (const auto connection = tracker.connection_of(id)) chosen[*connection] = true;
    });
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t c = 0; c < chosen.size(); ++c)
      if (chosen[c]) numbers.push_back(c);
    return numbers;
  }

  /// The addresses that segments came from or went to; only where there is a filter.
  [[nodiscard]] std::set<Address, ByAddress> hosts(const Tracker& tracker) const {
    std::set<Address, ByAddress> all;
    each([&](SegmentId id) {
      const Route route = tracker.route(id);
      all.insert(route.source);
      all.insert(route.destination);
    });
    return all;
  }

 private:
  template <class Visit>
  void each(Visit visit) const {
    for (SegmentId id = 0; id < passed_.size(); ++id)
      if (passed_[id]) visit(id);
  }

  bool filtered_ = false;
  std::vector<bool> passed_;
};

}  // namespace tcpwave
