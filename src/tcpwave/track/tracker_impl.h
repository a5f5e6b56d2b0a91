// What a Tracker holds; shared by the files that implement it and by nobody else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <random>
#include <span>
#include <stdexcept>
#include <unordered_map>

#include "tcpwave/store/address_table.h"
#include "tcpwave/store/flow_table.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/store/recent_flows.h"
#include "tcpwave/track/capture_clock.h"
#include "tcpwave/track/connection_slot.h"
#include "tcpwave/track/hosts.h"
#include "tcpwave/track/other_legs.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// While somebody goes through a connection, none is evicted.
class Pin {
 public:
  explicit Pin(unsigned& pins) : pins_(pins) { ++pins_; }
  ~Pin() { --pins_; }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

 private:
  unsigned& pins_;
};

/// Data or an ACK in order, on an open connection: it has no finding but, as its connection's last, of what is absent.
[[nodiscard]] bool is_quiet(const SegmentLog&, const Hosts&, SegmentId);
/// Of a connection on its course: nothing was noted of the segment's numbers, and its sender cannot have been in
/// CLOSE_WAIT for longer than that.
[[nodiscard]] bool is_uneventful(const SegmentLog&, SegmentId, std::int64_t close_wait_ns);

struct Tracker::Impl {
  explicit Impl(const Settings& s)
      : settings(s),
        addresses(std::random_device{}(), pages_of(s.large_pages)),
        flows(std::random_device{}(), pages_of(s.large_pages)),
        log(pages_of(s.large_pages)),
        hosts(settings, std::random_device{}()),
        legs(std::random_device{}()),
        tagged(std::random_device{}(), pages_of(s.large_pages)),
        pool(pages_of(s.large_pages)),
        slots(pages_of(s.large_pages)),
        pasts(0, NumberHash{std::random_device{}()}),
        kin(0, NumberHash{std::random_device{}()}) {}

  Settings settings;
  AddressTable addresses;
  /// By addresses, ports and context: its latest connection, or kPartOf and the flow that it is part of.
  FlowTable flows;
  RecentFlows recent;
  SegmentLog log;
  Hosts hosts;
  OtherLegs legs;
  /// By addresses and ports alone: the flow of the latest VLAN or tunnel seen.
  FlowTable tagged;
  SegmentId first_pending = 0;  ///< of those observed, the first that is not judged yet
  Pool<Loaded> pool;
  Chunks<ConnectionSlot> slots;
  std::vector<std::uint32_t> numbered;  ///< by connection number: its slot
  /// By slot: the socket that it began with.
  std::unordered_map<std::uint32_t, Endpoint, NumberHash> pasts;
  std::unordered_map<std::uint32_t, Kin, NumberHash> kin;  ///< by slot, of those that have some
  std::deque<std::uint32_t> eviction_queue;  ///< slots that are loaded, eldest first; see load.cpp
  unsigned looks_due = 0;                    ///< how many of them are to be looked at next
  std::uint64_t rows_applied = 0;            ///< by those that are not loaded any more
  std::uint64_t loads = 0;                   ///< how many were made
  bool both_directions = false;              ///< some connection was captured in both directions
  std::int64_t start_ns = 0;                 ///< capture time of the first segment
  CaptureClock clock;
  std::uint32_t in_work = kNowhere;  ///< the slot that judge() may have changed
  std::shared_ptr<void> shown;       ///< what `show` keeps for the next question
  unsigned pins = 0;                 ///< how many need what is loaded to stay

  /// Judges what is pending. @throws std::bad_alloc; the segment that it happened to is given up, and its
  /// connection where that had been changed already.
  void catch_up() {
    if (first_pending != log.size()) judge_pending();
  }
  void judge_pending();
  /// A segment in order needs no more of what its connection has in memory.
  static constexpr std::size_t kLinesOfSteady = 3;
  void prefetch_pending() const;
  void observe_batch(std::span<const Segment>);
  /// Where a segment is, with all judged that was observed; its connection is loaded.
  /// @throws GivenUp; std::out_of_range for an unknown id
  [[nodiscard]] Place place(SegmentId id);
  /// The slot of a segment's connection, loaded or not. @throws as place()
  [[nodiscard]] ConnectionSlot& slot_of(SegmentId id);

  /// The connection of a slot, loaded where it is not. @throws std::bad_alloc
  Loaded& load(std::uint32_t index) { return load(index, slots[index]); }
  Loaded& load(std::uint32_t index, ConnectionSlot& slot) {
    slot.used = true;
    if (!slot.loaded) return load_again(index, slot);
    if (slot.loaded->connection.waits()) apply_waiting(slot);
    return *slot.loaded;
  }
  Connection& connection(std::uint32_t index) { return load(index).connection; }
  Loaded& load_again(std::uint32_t index, ConnectionSlot&);
  /// So many records are four times what a model takes; to build one again no more rows are applied than these.
  static constexpr std::uint32_t kMany = 64;
  /// So far a connection goes on its course without a model. To build that takes as many rows at once, but only once: it is
  /// never evicted. A bound of that time, some 60 ms.
  static constexpr std::uint32_t kLongestCourse = std::uint32_t{1} << 20U;
  void apply_waiting(ConnectionSlot&);
  [[nodiscard]] Pool<Loaded>::Pointer make_loaded(const ConnectionSlot&);
  /// Evicts some that nobody has used for long. No reference from load() holds after it, unless pinned.
  void make_room() {
    if (pins == 0 && looks_due > 0) evict_some();
  }
  void evict_some();
  [[nodiscard]] bool may_be_evicted(const ConnectionSlot&) const;
  void evict(ConnectionSlot&);

  void judge_next();
  void judge(SegmentId, SegmentRecord&, std::uint32_t flow, bool high);  ///< sets who sent it
  std::uint32_t incarnation_of(SegmentId, const SegmentRecord&, std::uint32_t latest, bool high);
  /// Takes the segment where it goes on in order on a connection that is loaded.
  [[nodiscard]] bool take_in_order(std::uint32_t index, SegmentId, SegmentRecord&);
  /// Takes the segment where it comes next on the course that its connection has taken so far.
  [[nodiscard]] bool take_on_course(std::uint32_t index, SegmentId, SegmentRecord&);
  void put_first(std::uint32_t index, SegmentId, SegmentRecord&);
  void put_first_syn(std::uint32_t index, SegmentId, SegmentRecord&);

  /// Gives its addresses numbers and the flow a place, where they have none. @throws std::bad_alloc
  [[nodiscard]] RecentFlows::Found flow_of(const Segment&);
  [[nodiscard]] FlowKey key_of(const Segment&, bool& high);
  SegmentId take(const Segment&, RecentFlows::Found);
  std::uint32_t start(bool a_is_high, std::uint32_t flow);

  static constexpr std::uint32_t kPartOf = 0x80000000U;
  /// The flow that this one is part of, itself as a rule.
  [[nodiscard]] std::uint32_t whole(std::uint32_t flow) const {
    const std::uint32_t value = flows.value(flow);
    return value != FlowTable::kNone && (value & kPartOf) != 0 ? value & ~kPartOf : flow;
  }
  /// The same for a segment's: part of that of another VLAN or tunnel where it plainly goes on there.
  std::uint32_t joined(std::uint32_t flow, const SegmentRecord& r, bool high) {
    return flows.value(flow) == FlowTable::kNone ? join(flow, r, high) : whole(flow);
  }
  std::uint32_t join(std::uint32_t flow, const SegmentRecord&, bool high);
  [[nodiscard]] bool goes_on(std::uint32_t flow, const SegmentRecord&, bool high);

  void put(std::uint32_t index, SegmentId);
  /// The segment is the connection's last.
  static void link(std::uint32_t index, ConnectionSlot&, SegmentId, SegmentRecord&);
  void number(std::uint32_t index);
  static void note_roles(ConnectionSlot&);

  /// The number of the end's address, which is its host's too.
  [[nodiscard]] Hosts::Id host(const ConnectionSlot& c, End e) const {
    const FlowKey& key = flows.key(c.flow);
    return (e == End::A) == c.a_is_high ? key.high : key.low;
  }
  /// The peer's address and port, where the end is the client; 0 elsewhere.
  [[nodiscard]] std::uint64_t towards(const ConnectionSlot& c, End e, End client) const {
    if (client != e) return 0;
    const FlowKey& key = flows.key(c.flow);
    const std::uint16_t port = (e == End::A) == c.a_is_high ? key.low_port : key.high_port;
    return (std::uint64_t{host(c, other(e))} + 1) << 16 | port;
  }
  [[nodiscard]] HostGauge gauge(const ConnectionSlot& c, End e, SegmentId id) {
    return hosts.gauge(host(c, e), id);
  }
  /// What a first segment of that end was for.
  [[nodiscard]] Hosts::Target target(const ConnectionSlot& c, End e) const {
    const FlowKey& key = flows.key(c.flow);
    const bool is_high = (e == End::A) == c.a_is_high;
    return {is_high ? key.low : key.high, is_high ? key.low_port : key.high_port};
  }
  void count_probe(const ConnectionSlot&, const Connection&, SegmentId, const SegmentRecord&);
  /// A segment of it comes: time passes in the capture, and at both of its hosts.
  void pass_time(const ConnectionSlot& c, SegmentId id, const SegmentRecord& r) {
    clock.pass(r.time_ns);
    if (hosts.may_be_due(clock.now_ns())) expire(c, id);
  }
  void expire(const ConnectionSlot&, SegmentId);
  void count(ConnectionSlot&, std::uint32_t index, SegmentId, const SegmentRecord&);
  void count_state(ConnectionSlot&, std::uint32_t index, End, State now, End client, SegmentId);
  void release(std::uint32_t index, End client, SegmentId first);

  [[nodiscard]] bool other_addresses(std::uint32_t slot, std::uint32_t other) const;
  void belong_together(OtherLegs::Leg, OtherLegs::Leg, Finding);
  void note_handshake(const Connection&, End client, OtherLegs::Leg syn_ack);
  void note_handshake(SegmentId syn, Seq client_iss, Seq server_iss, OtherLegs::Leg syn_ack);
  void note_first(OtherLegs::Leg, const SegmentRecord&);

  /// @throws GivenUp
  ConnectionSlot& sound(std::uint32_t index) {
    if (index == kNowhere || slots[index].given_up) throw GivenUp{};
    return slots[index];
  }
  /// @throws GivenUp; std::bad_alloc, and then it is given up
  Connection& as_known(std::uint32_t index, Known);
  void make_known(ConnectionSlot&, Connection&, Known);
  /// The slot of the connection with this number. @throws std::out_of_range
  [[nodiscard]] std::uint32_t index_of(std::uint32_t number) const {
    if (number >= numbered.size()) throw std::out_of_range("tcpwave: no such connection");
    return numbered[number];
  }
  /// The connection with this number, with the whole capture in view, and all judged.
  Connection& numbered_connection(std::uint32_t number) {
    catch_up();
    make_room();
    return as_known(index_of(number), Known::Final);
  }
  /// Whether the record has all that a mark of the segment is made of.
  [[nodiscard]] static bool record_tells(const ConnectionSlot&, const SegmentRecord&, Known);
  /// The mark of a segment, where its record tells it; false elsewhere.
  [[nodiscard]] bool mark_from_record(SegmentId, Known, Annotation&) const;

  /// An answer to a new SYN comes among its first segments: a bound on what is applied once more.
  static constexpr std::uint32_t kFewAnswers = 16;
  bool starts_connection(const Loaded&, const SegmentRecord&) const;
  bool follows_its_end(const Loaded&, const SegmentRecord&) const;
  [[nodiscard]] bool prove_survivor(std::uint32_t old, Connection& before, End,
                                    const SegmentRecord&);
  void look_for_survivor(std::uint32_t index, const SegmentRecord&);
  bool proves_candidate(const Loaded&, const SegmentRecord&) const;
  [[nodiscard]] static bool answer_came_before(const Loaded& old, const SegmentRecord& syn);
  std::uint32_t succeed(std::uint32_t old, SegmentId first, bool high);
  void replace(std::uint32_t old, std::uint32_t fresh);
  [[nodiscard]] Kin kin_of(std::uint32_t index) const {
    return slots[index].has_kin ? kin.at(index) : Kin{};
  }
  [[nodiscard]] bool follows_course(const ConnectionSlot& old, const SegmentRecord&) const;
  std::uint32_t succeed_course(std::uint32_t old, SegmentId first, bool high);
  std::uint32_t split(std::uint32_t old);
};

}  // namespace tcpwave
