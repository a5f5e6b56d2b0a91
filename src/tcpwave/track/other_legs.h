// Connections that belong together though their addresses differ: the two sides of a NAT, and a SYN that is answered
// from another address.
//
// A NAT leaves the ISNs as they are, and one handshake lies within the other: SYN, SYN, SYN,ACK, SYN,ACK. Some stacks and
// generators use the same ISNs all the time, so what a third handshake has says nothing. Of a SYN,ACK without its SYN
// the client's address, port and ISN tell which SYN it answers. The latest handshakes and SYNs are kept: in two halves, of
// which the older is dropped when the newer is full, so which ones they are depends on the capture alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/seq.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/store/index_table.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class OtherLegs {
 public:
  explicit OtherLegs(std::uint64_t seed) : seed_(seed), links_(0, NumberHash{seed}) {}

  /// The segment that shows what a connection belongs to, and the connection.
  struct Leg {
    SegmentId segment = 0;
    std::uint32_t slot = 0;
  };

  /// Remembers a handshake by its SYN,ACK. Gives the one that lies within it and has the same ISNs.
  std::optional<Leg> handshake(Seq client_iss, Seq server_iss, SegmentId syn, Leg syn_ack);
  /// Remembers the first SYN of a connection.
  void syn(std::uint32_t client, std::uint16_t port, Seq iss, Leg syn);
  /// The latest SYN of this client.
  [[nodiscard]] std::optional<Leg> syn_of(std::uint32_t client, std::uint16_t port, Seq iss) const;

  /// The finding is said of the segment. The first one stays.
  void link(SegmentId segment, FindingHit hit) { links_.try_emplace(segment, hit); }
  [[nodiscard]] bool found_at(SegmentId id) const { return !links_.empty() && links_.contains(id); }
  void add_findings(SegmentId, Annotation&) const;

 private:
  static constexpr std::size_t kHalf = 4096;
  struct Entry {
    std::uint64_t key = 0;
    Leg leg;
    SegmentId syn = 0;
    std::uint32_t times = 0;  ///< that the key was met
  };
  [[nodiscard]] std::uint64_t syn_key(std::uint32_t client, std::uint16_t port, Seq iss) const {
    return mix(mix((std::uint64_t{client} << 32 | iss.raw()) ^ seed_) ^ port);
  }
  struct Half {
    IndexTable table{Pages::Small};
    std::vector<Entry> entries;

    [[nodiscard]] const Entry* find(std::uint64_t key) const;
    /// @throws std::bad_alloc, and nothing has changed.
    void put(const Entry&);
  };
  [[nodiscard]] const Entry* find(std::uint64_t key) const;
  /// In place of what the key had. @throws std::bad_alloc, and nothing has changed.
  void put(const Entry&);

  std::uint64_t seed_;
  Half newer_, older_;
  std::unordered_map<SegmentId, FindingHit, NumberHash> links_;
};

}  // namespace tcpwave
