// What is kept of a connection for ever, and what only while it is in use.
//
// The slot is small: where the connection's segments are in the log, who it is, what its hosts count of it. The
// model is loaded by applying these segments again, and evicted when others need its memory (load.cpp).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <memory>

#include "tcpwave/hindsight/connection.h"
#include "tcpwave/hindsight/course.h"
#include "tcpwave/store/pool.h"

namespace tcpwave {

inline constexpr std::uint32_t kNowhere = 0xffffffffU;  ///< no connection, no number, no segment

/// A SYN on a connection that may still live: it waits for proof.
struct Candidate {
  Row row = kNoRow;  ///< of the first SYN with this ISN
  Seq iss;
  End from = End::A;
  bool with_ack = false;  ///< a SYN,ACK
  bool answered = false;  ///< the other end has sent an ACK since
  Seq last_answer;        ///< its latest

  [[nodiscard]] bool is_sent_again(const SegmentRecord& syn) const {
    return row != kNoRow && !with_ack && syn.from == from && syn.seq == iss;
  }
};

/// The connections that had a connection's addresses and ports before and after it.
struct Kin {
  std::uint32_t predecessor = kNowhere, successor = kNowhere;
};

/// A connection while segments of it come or somebody asks about it.
struct Loaded {
  Loaded(SegmentLog& log, std::int64_t time_wait_ns, std::optional<End> lower_port)
      : connection(log, time_wait_ns, lower_port) {}
  Candidate candidate;
  Connection connection;
  std::uint64_t load =
      0;  ///< the n-th that the tracker has made: tells it from one that was evicted
};

/// One line of cache, as the records are.
struct alignas(kCacheLine) ConnectionSlot {
  Pool<Loaded>::Pointer loaded;
  std::uint32_t flow = 0;                           ///< its addresses and ports in the flow table
  std::uint32_t number = kNowhere;                  ///< none while nothing but RSTs was seen
  std::uint32_t first = kNowhere, last = kNowhere;  ///< its segments in the log, a chain
  std::uint32_t segments = 0;
  [[no_unique_address]] Course course;  ///< as long as it needs no model
  State counted_a : 4 = State::Unknown, counted_b : 4 = State::Unknown;  ///< as its hosts count it
  RoleBasis first_basis : 2 = RoleBasis::Order;                          ///< as it seemed at first
  RoleBasis best_basis : 2 = RoleBasis::Order;
  End first_client : 1 = End::A, best_client : 1 = End::A;
  bool answered : 1 = false;   ///< its host has counted the connect
  bool a_is_high : 1 = false;  ///< end A is the flow key's high end
  bool reopened : 1 = false, replaced : 1 = false;
  bool inherits : 1 = false;    ///< it began with an older connection's socket, kept in `pasts`
  bool given_up : 1 = false;    ///< memory ran out while it was changed: not to be asked
  bool used : 1 = false;        ///< since it was last looked at for eviction
  bool queued : 1 = false;      ///< stands in the queue of those loaded
  bool in_records : 1 = false;  ///< not loaded, and its records tell the result
  bool concluded : 1 = false;   ///< with what the end of the capture tells
  bool conclusion_tells : 1 = false;  ///< the end of the capture may tell something
  bool has_kin : 1 = false;  ///< others had its addresses and ports before or after it: see `kin`

  [[nodiscard]] State counted(End e) const { return e == End::A ? counted_a : counted_b; }
  void set_counted(End e, State state) {
    if (e == End::A)
      counted_a = state;
    else
      counted_b = state;
  }
};
static_assert(sizeof(ConnectionSlot) == kCacheLine);

/// A segment of a connection that is loaded.
struct Place {
  ConnectionSlot& slot;
  Connection& connection;
  Row row = 0;
};

inline bool is_over(State s) {
  return s == State::Closed || s == State::Listen || s == State::Unknown;
}

}  // namespace tcpwave
