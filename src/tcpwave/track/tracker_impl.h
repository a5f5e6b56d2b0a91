// What a Tracker holds; shared by the files that implement it and by nobody else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <deque>
#include <random>
#include <stdexcept>
#include <variant>
#include <vector>

#include "tcpwave/findings/annotator.h"
#include "tcpwave/store/address_table.h"
#include "tcpwave/store/flow_table.h"
#include "tcpwave/store/recent_flows.h"
#include "tcpwave/track/connection.h"
#include "tcpwave/track/hosts.h"
#include "tcpwave/track/pending.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// A SYN on a connection that may still live: it waits for proof.
struct Candidate {
  Row row = kNoRow;  ///< of the first SYN with this ISN
  Seq iss;
  End from = End::A;
  bool with_ack = false;  ///< a SYN,ACK

  [[nodiscard]] bool is_sent_again(const Record& syn) const {
    return row != kNoRow && !with_ack && syn.from == from && syn.seq == iss;
  }
};

/// What a connection needs while segments of it come or somebody asks about it. There is one for each, for a
/// time: of no more than 1,032 octets, for what is larger glibc does not keep at hand for the next.
struct Awake {
  Awake(std::int64_t time_wait_ns, std::optional<End> lower_port)
      : connection(time_wait_ns, lower_port) {}
  Connection connection;
  Candidate candidate;
  Row laid_down = 0;     ///< how many records it had when it last went to sleep
  PackedRecords packed;  ///< they, if it did not doze
};

/// A steady connection that sleeps, and takes what goes on in order without being woken.
struct Dozing {
  Steady steady;
  PackedSequence records;
  Row laid_down = 0;
};

/// One connection. Most of a capture's are asleep at any time: their records are packed, and all else
/// is found again by playing them (awake.cpp).
struct Incarnation {
  static constexpr std::uint32_t kUnnumbered = 0xffffffffU;
  /// Asleep, dozing or awake.
  std::variant<PackedRecords, std::unique_ptr<Dozing>, std::unique_ptr<Awake>> being;
  std::uint32_t flow = 0;                   ///< its addresses and ports in the flow table
  std::uint32_t number = kUnnumbered;       ///< none while nothing but RSTs was seen
  std::uint32_t successor = kUnnumbered;    ///< the connection that took its addresses and ports
  std::uint32_t predecessor = kUnnumbered;  ///< the one that it took them from
  std::array<State, 2> counted{State::Unknown, State::Unknown};  ///< by End: as its host counts it
  std::uint8_t woken = 0;      ///< how often, since its records have doubled
  bool answered : 1 = false;   ///< its host has counted the connect
  bool a_is_high : 1 = false;  ///< end A is the key's high end
  bool reopened : 1 = false, replaced : 1 = false;
  bool given_up : 1 = false;  ///< memory ran out while it was changed: not to be asked
  bool used : 1 = false;      ///< since it was last looked at for sleeping

  /// Null unless it is awake.
  [[nodiscard]] Awake* awake() const {
    const auto* const held = std::get_if<std::unique_ptr<Awake>>(&being);
    return held != nullptr ? held->get() : nullptr;
  }
  /// Null unless it dozes.
  [[nodiscard]] Dozing* dozing() const {
    const auto* const held = std::get_if<std::unique_ptr<Dozing>>(&being);
    return held != nullptr ? held->get() : nullptr;
  }
};

inline constexpr std::uint32_t kNowhere = 0xffffffffU;  ///< judging it failed for lack of memory

/// A segment of a connection that is awake.
struct Place {
  Incarnation& incarnation;
  Connection& connection;
  Row row = 0;
};

inline bool is_over(State s) {
  return s == State::Closed || s == State::Listen || s == State::Unknown;
}

/// While somebody goes through a connection, none is laid down.
class Watch {
 public:
  explicit Watch(unsigned& watches) : watches_(watches) { ++watches_; }
  ~Watch() { --watches_; }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  unsigned& watches_;
};

struct Tracker::Impl {
  explicit Impl(const Settings& s)
      : settings(s),
        addresses(std::random_device{}()),
        flows(std::random_device{}()),
        hosts(settings, std::random_device{}()),
        tagged(std::random_device{}()) {}

  Settings settings;
  AddressTable addresses;
  /// By addresses, ports and context: its latest incarnation, or kPartOf and the flow that it is part of.
  FlowTable flows;
  RecentFlows recent;
  Backlog backlog;
  Hosts hosts;
  FlowTable tagged;  ///< by addresses and ports alone: the latest flow with a context
  Chunks<Incarnation, 64> incarnations;
  std::deque<std::uint32_t> awake_ones;       ///< in the order in which they are looked at
  Chunks<std::uint32_t, 1024> connection_of;  ///< by segment: index of the incarnation
  std::uint64_t rows_played = 0;              ///< by those that sleep now
  Chunks<std::uint32_t, 1024> numbered;       ///< by number: index of the incarnation
  bool both_directions = false;               ///< some connection was captured in both directions
  std::int64_t start_ns = 0;                  ///< capture time of the first segment
  std::int64_t end_ns = 0;                    ///< the latest capture time
  std::uint32_t in_work = kNowhere;           ///< the incarnation that judge() may have changed
  unsigned watches = 0;                       ///< how many go through a connection

  /// Judges what waits. @throws std::bad_alloc; the segment that it happened to is given up, and its
  /// connection where that had been changed already.
  void catch_up() {
    while (!backlog.empty()) judge_next();
  }
  /// Where a segment is, with all judged that was observed; its connection is awake.
  /// @throws GivenUp; std::out_of_range for an unknown id
  [[nodiscard]] Place place(SegmentId id);
  /// The connection with this index, woken where it sleeps. @throws std::bad_alloc
  Awake& awake(std::uint32_t index) { return awake(index, incarnations[index]); }
  Awake& awake(std::uint32_t index, Incarnation& c) {
    c.used = true;
    Awake* const known = c.awake();
    return known != nullptr ? *known : wake(index);
  }
  Connection& connection(std::uint32_t index) { return awake(index).connection; }
  Awake& wake(std::uint32_t index);
  /// Lets connections sleep that nobody has used for long. No reference from awake() holds after it, but
  /// while there is a Watch.
  void rest() {
    if (watches == 0 && awake_ones.size() > settings.awake) look_for_sleepers();
  }
  void look_for_sleepers();
  [[nodiscard]] static bool may_sleep(const Incarnation&);
  void lay_down(Incarnation&);
  /// Takes a segment that goes on in order, where the connection dozes. @throws std::bad_alloc
  [[nodiscard]] bool takes_dozing(std::uint32_t index, const Record&);
  [[nodiscard]] std::unique_ptr<Awake> make_awake(const Incarnation&) const;
  void judge_next();
  void judge(Record&, std::uint32_t flow, bool high);  ///< sets who sent it
  std::uint32_t incarnation_of(const Record&, std::uint32_t latest, bool high);

  /// Gives its addresses numbers and the flow a place, where they have none. @throws std::bad_alloc
  [[nodiscard]] RecentFlows::Found flow_of(const Segment&);
  std::uint32_t start(bool a_is_high, std::uint32_t flow);

  static constexpr std::uint32_t kPartOf = 0x80000000U;
  /// The flow that this one is part of, itself as a rule.
  [[nodiscard]] std::uint32_t whole(std::uint32_t flow) const {
    const std::uint32_t value = flows.value(flow);
    return value != FlowTable::kNone && (value & kPartOf) != 0 ? value & ~kPartOf : flow;
  }
  /// The same for a segment's: part of that of another VLAN or tunnel where it plainly goes on there.
  std::uint32_t joined(std::uint32_t flow, const Record& r, bool high) {
    return flows.value(flow) == FlowTable::kNone ? join(flow, r, high) : whole(flow);
  }
  std::uint32_t join(std::uint32_t flow, const Record&, bool high);
  [[nodiscard]] bool goes_on(std::uint32_t flow, const Record&, bool high);

  void put(std::uint32_t index, const Record& r);

  /// The number of the end's address, which is its host's too.
  [[nodiscard]] Hosts::Id host(const Incarnation& c, End e) const {
    const FlowKey& key = flows.key(c.flow);
    return (e == End::A) == c.a_is_high ? key.high : key.low;
  }
  /// The peer's address and port, where the end is the client; 0 elsewhere.
  [[nodiscard]] std::uint64_t towards(const Incarnation& c, End e, End client) const {
    if (client != e) return 0;
    const FlowKey& key = flows.key(c.flow);
    const std::uint16_t port = (e == End::A) == c.a_is_high ? key.low_port : key.high_port;
    return (std::uint64_t{host(c, other(e))} + 1) << 16 | port;
  }
  [[nodiscard]] HostGauge gauge(const Incarnation& c, End e, SegmentId id) {
    return hosts.gauge(host(c, e), id);
  }
  /// A segment of it comes: time passes in the capture, and at both of its hosts.
  void pass_time(const Incarnation&, const Record&);
  void count(Incarnation&, std::uint32_t index, const Record&);
  void count_state(Incarnation&, std::uint32_t index, End, const Record&);
  void release(std::uint32_t index, const Record&);

  /// @throws GivenUp
  Incarnation& sound(std::uint32_t index) {
    if (index == kNowhere || incarnations[index].given_up) throw GivenUp{};
    return incarnations[index];
  }
  /// @throws GivenUp; std::bad_alloc, and then it is given up
  Connection& as_known(std::uint32_t index, Known);
  void make_known(Incarnation&, Connection&, Known);
  /// With the whole capture in view.
  Connection& concluded(std::uint32_t index) { return as_known(index, Known::Final); }
  /// The index of the connection with this number. @throws std::out_of_range
  [[nodiscard]] std::uint32_t index_of(std::uint32_t number) const {
    if (number >= numbered.size()) throw std::out_of_range("tcpwave: no such connection");
    return numbered[number];
  }
  /// The connection with this number, with the whole capture in view, and all judged.
  Connection& numbered_connection(std::uint32_t number) {
    catch_up();
    rest();
    Connection& found = concluded(index_of(number));
    found.settle();
    return found;
  }

  /// An answer to a new SYN comes among its first segments: a bound on what is played once more.
  static constexpr Row kFewAnswers = 16;
  bool starts_anew(const Awake&, const Record&) const;
  bool follows_its_end(const Awake&, const Record&) const;
  void look_for_survivor(std::uint32_t index, const Record&);
  bool proves_candidate(const Awake&, const Record&) const;
  std::uint32_t succeed(std::uint32_t old, const Record& first, bool high);
  std::uint32_t split(std::uint32_t old);
};

}  // namespace tcpwave
