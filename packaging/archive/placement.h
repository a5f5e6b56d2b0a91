// Which shard a frame belongs to: all segments of two ends, in either direction, to the same one.
//
// The ends are those of the innermost TCP header (behind VLAN, MPLS, PPPoE; IP in IP, GRE, VXLAN, GENEVE). An ICMP
// error goes with the segment that it quotes, a fragment with the first part of its packet. All else goes by its
// outermost addresses, so that what only Wireshark can unpack stays together as long as its tunnel's ends do.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "tcpwave/segment.h"

namespace tcpwave::archive {

enum class By : std::uint8_t {
  Connection,  // addresses and ports
  Hosts,       // addresses alone: also fragments that come before their first part find their shard
};

class Placement {
 public:
  Placement(int link_type, By by) : link_type_(link_type), by_(by) {}

  /// The same number for all frames that belong together; evenly spread.
  [[nodiscard]] std::uint64_t of(std::span<const std::uint8_t> frame);

  /// Whether the last frame held TCP.
  [[nodiscard]] bool was_tcp() const { return was_tcp_; }
  /// Of TCP: whether it went from the lesser end to the greater.
  [[nodiscard]] bool was_upward() const { return was_upward_; }
  /// Fragments whose first part had not come.
  [[nodiscard]] std::uint64_t strays() const { return strays_; }

 private:
  using Octets = std::span<const std::uint8_t>;
  struct Packet {
    Address source, destination;
    unsigned protocol = 0;
    Octets payload;
    std::uint64_t fragment_of = 0;  ///< of a fragment: what tells its packet; 0 of a whole packet
    bool first = true;              ///< no fragment, or the first
  };

  [[nodiscard]] static std::optional<Packet> read_ip(Octets);
  [[nodiscard]] static Octets inside(const Packet&);
  [[nodiscard]] static Octets quoted(const Packet&);
  [[nodiscard]] std::uint64_t place(const Packet&, int depth);
  [[nodiscard]] std::uint64_t place_whole(const Packet&, int depth);
  [[nodiscard]] std::uint64_t of_ends(const Packet&, bool with_ports);

  int link_type_;
  By by_;
  bool was_tcp_ = false, was_upward_ = false;
  std::uint64_t strays_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> fragments_;  ///< the last ones' places
};

}  // namespace tcpwave::archive
