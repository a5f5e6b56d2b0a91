// Connections that belong together though their addresses differ: the two sides of a NAT, and a SYN that is answered
// from another address.
//
// A NAT leaves the ISNs as they are, and both of a handshake are the same by chance once in 2^64. Of a SYN,ACK without
// its SYN the client's address, port and ISN tell which SYN it answers. The latest handshakes and SYNs are kept, as
// many as the table has places; both sides of a NAT are captured within a round trip.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/seq.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class OtherLegs {
 public:
  explicit OtherLegs(std::uint64_t seed) : seed_(seed), links_(0, IdHash{seed}) {}

  /// A segment, and the slot of its connection.
  struct Leg {
    SegmentId segment = 0;
    std::uint32_t slot = 0;
  };

  /// Remembers the SYN,ACK of a handshake. Gives that of the latest other one with the same two ISNs.
  std::optional<Leg> handshake(Seq client_iss, Seq server_iss, Leg syn_ack) {
    const std::uint64_t isns = std::uint64_t{client_iss.raw()} << 32 | server_iss.raw();
    return exchange(mix(isns ^ seed_), syn_ack);
  }
  /// Remembers the first SYN of a connection.
  void syn(std::uint32_t client, std::uint16_t port, Seq iss, Leg syn) {
    exchange(syn_key(client, port, iss), syn);
  }
  /// The latest SYN of this client.
  [[nodiscard]] std::optional<Leg> syn_of(std::uint32_t client, std::uint16_t port, Seq iss) const {
    const std::uint64_t key = syn_key(client, port, iss);
    if (latest_.empty() || place(key).key != key) return std::nullopt;
    return place(key).leg;
  }

  /// The finding is said of the segment. The first one stays.
  void link(SegmentId segment, FindingHit hit) { links_.try_emplace(segment, hit); }
  void add_findings(SegmentId, Annotation&) const;

 private:
  static constexpr std::size_t kPlaces = 8192;
  struct Entry {
    std::uint64_t key = 0;
    Leg leg;
  };
  struct IdHash {
    std::uint64_t seed = 0;
    std::size_t operator()(SegmentId id) const { return static_cast<std::size_t>(mix(seed ^ id)); }
  };
  [[nodiscard]] std::uint64_t syn_key(std::uint32_t client, std::uint16_t port, Seq iss) const {
    return mix(mix((std::uint64_t{client} << 32 | iss.raw()) ^ seed_) ^ port);
  }
  [[nodiscard]] const Entry& place(std::uint64_t key) const { return latest_[key % kPlaces]; }
  std::optional<Leg> exchange(std::uint64_t key, Leg fresh) {
    if (latest_.empty()) latest_.resize(kPlaces);
    Entry& entry = latest_[key % kPlaces];
    const bool known = entry.key == key;
    const Leg before = entry.leg;
    entry = {key, fresh};
    return known ? std::optional(before) : std::nullopt;
  }

  std::uint64_t seed_;
  std::vector<Entry> latest_;  ///< none until the first
  std::unordered_map<SegmentId, FindingHit, IdHash> links_;
};

}  // namespace tcpwave
