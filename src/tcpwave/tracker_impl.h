// What a Tracker holds; shared by the files that implement it and by nobody else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <deque>
#include <random>

#include "tcpwave/annotator.h"
#include "tcpwave/connection.h"
#include "tcpwave/flow_table.h"
#include "tcpwave/hosts.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// A SYN on a connection that may still live: it waits for proof.
struct Candidate {
  Row row = kNoRow;  ///< of the first SYN with this ISN
  End from = End::A;
  Seq iss;
  bool with_ack = false;  ///< a SYN,ACK

  [[nodiscard]] bool is_sent_again(const Record& syn) const {
    return row != kNoRow && !with_ack && syn.from == from && syn.seq == iss;
  }
};

struct Incarnation {
  Incarnation(std::int64_t time_wait_ns, std::optional<End> lower_port)
      : connection(time_wait_ns, lower_port) {}
  Connection connection;
  Candidate candidate;
  std::array<State, 2> counted{State::Unknown, State::Unknown};  ///< by End: as its host counts it
  bool answered = false;               ///< its host has counted the connect
  bool given_up = false;               ///< memory ran out while it was changed: not to be asked
  int port_order = 0;                  ///< low end's port minus the high end's: its sign
  bool a_is_high = false;              ///< end A is the key's high end
  std::uint32_t flow = 0;              ///< its addresses and ports in the flow table
  std::uint32_t number = kUnnumbered;  ///< none while nothing but RSTs was seen
  std::uint32_t successor =
      kUnnumbered;  ///< index of the connection that took its addresses and ports
  static constexpr std::uint32_t kUnnumbered = 0xffffffffU;
};

struct Place {
  std::uint32_t connection = 0;
  Row row = 0;
};

inline bool is_over(State s) {
  return s == State::Closed || s == State::Listen || s == State::Unknown;
}

struct Tracker::Impl {
  explicit Impl(const Settings& s)
      : settings(s),
        flows(std::random_device{}()),
        hosts(settings, std::random_device{}()),
        tagged(std::random_device{}()) {}

  Settings settings;
  FlowTable flows;
  Hosts hosts;
  FlowTable tagged;  ///< by addresses and ports alone: the latest flow with a context
  std::vector<std::uint32_t> same_as;  ///< by flow: the flow that it is part of, itself as a rule
  std::deque<Incarnation> incarnations;
  std::vector<Place> places;
  std::vector<std::uint32_t> numbered;  ///< by number: index of the incarnation
  bool both_directions = false;         ///< some connection was captured in both directions
  std::int64_t start_ns = 0;            ///< capture time of the first segment
  std::int64_t end_ns = 0;              ///< the latest capture time
  std::uint32_t in_work = kNothing;     ///< the incarnation that take() may have changed
  static constexpr std::uint32_t kNothing = 0xffffffffU;

  std::uint32_t start(bool a_is_high, int port_order, std::uint32_t flow) {
    std::optional<End> lower_port;
    if (port_order != 0) lower_port = (port_order < 0) != a_is_high ? End::A : End::B;
    Incarnation& fresh = incarnations.emplace_back(settings.time_wait_ns, lower_port);
    fresh.port_order = port_order;
    fresh.a_is_high = a_is_high;
    fresh.flow = flow;
    return static_cast<std::uint32_t>(incarnations.size() - 1);
  }

  /// Where the segment's flow stands; that of another VLAN or tunnel where it plainly goes on there.
  std::uint32_t flow_of(const FlowKey&, const Segment&, bool high);
  [[nodiscard]] bool goes_on(std::uint32_t flow, const Segment&, bool high);

  void put(std::uint32_t connection, const Record& r) {
    Incarnation& incarnation = incarnations[connection];
    if (incarnation.number == Incarnation::kUnnumbered && !r.flags.rst()) {
      numbered.push_back(connection);
      incarnation.number = static_cast<std::uint32_t>(numbered.size() - 1);
    }
    const Row row = incarnation.connection.add(r);
    places[r.id] = {connection, row};
    count(connection, r);
    const Facts& facts = incarnation.connection.facts();
    both_directions |= facts.seen[0] && facts.seen[1];
    end_ns = std::max(end_ns, r.time_ns);
  }

  [[nodiscard]] const Address& address(const Incarnation& c, End e) const {
    const FlowKey& key = flows.key(c.flow);
    return (e == End::A) == c.a_is_high ? key.high : key.low;
  }
  /// The peer's address and port, where the end is the client; 0 elsewhere.
  [[nodiscard]] std::uint64_t towards(const Incarnation& c, End e) {
    if (c.connection.role(Known::SoFar).client != e) return 0;
    const FlowKey& key = flows.key(c.flow);
    const std::uint16_t port = (e == End::A) == c.a_is_high ? key.low_port : key.high_port;
    return (std::uint64_t{hosts.of(address(c, other(e)))} + 1) << 16 | port;
  }
  [[nodiscard]] HostGauge gauge(const Incarnation& c, End e, SegmentId id) {
    return hosts.gauge(hosts.of(address(c, e)), id);
  }
  void count(std::uint32_t connection, const Record&);
  void release(std::uint32_t connection, const Record&);

  /// @throws GivenUp
  Incarnation& sound(std::uint32_t incarnation) {
    if (incarnations[incarnation].given_up) throw GivenUp{};
    return incarnations[incarnation];
  }
  /// The same with the whole capture in view.
  Incarnation& concluded(std::uint32_t incarnation) {
    Incarnation& found = sound(incarnation);
    try {
      found.connection.conclude();
    } catch (...) {
      found.given_up = true;
      throw;
    }
    return found;
  }
  /// The connection with this number, with the whole capture in view.
  Incarnation& numbered_connection(std::uint32_t number) { return concluded(numbered.at(number)); }

  void take(const Segment&, SegmentId);

  bool starts_anew(const Incarnation&, const Record&) const;
  bool proves_candidate(const Incarnation&, const Record&) const;
  std::uint32_t succeed(std::uint32_t old, const Record& first, bool high);
  std::uint32_t split(std::uint32_t old);
};

}  // namespace tcpwave
