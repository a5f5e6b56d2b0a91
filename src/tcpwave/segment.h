// One TCP segment as a value: what a capture shows of it, free of bytes and of Wireshark.
//
// Whoever feeds the engine (the plugin, the scenario reader, a library user with libpcap) makes one
// `Segment` per captured TCP header. Names follow RFC 9293 section 3.1 and 4: SEG.SEQ, SEG.ACK, ...
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tcpwave/seq.h"

namespace tcpwave {

/// The control bits of the header, as on the wire (RFC 9293 section 3.1).
struct Flags {
  static constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10,
                                kUrg = 0x20;
  std::uint8_t bits = 0;

  [[nodiscard]] constexpr bool fin() const { return (bits & kFin) != 0; }
  [[nodiscard]] constexpr bool syn() const { return (bits & kSyn) != 0; }
  [[nodiscard]] constexpr bool rst() const { return (bits & kRst) != 0; }
  [[nodiscard]] constexpr bool psh() const { return (bits & kPsh) != 0; }
  [[nodiscard]] constexpr bool ack() const { return (bits & kAck) != 0; }
  [[nodiscard]] constexpr bool urg() const { return (bits & kUrg) != 0; }
  [[nodiscard]] constexpr bool has_step() const { return (bits & (kSyn | kFin | kRst)) != 0; }
  [[nodiscard]] constexpr bool is_ack_alone() const { return ack() && !has_step(); }
  friend constexpr bool operator==(Flags, Flags) = default;
};

/// RFC 7323 section 3: both values are those of the header, in the sender's own ticks.
struct Timestamps {
  std::uint32_t value = 0;  ///< TSval
  std::uint32_t echo = 0;   ///< TSecr
};

/// One block of RFC 2018; the first one may be a D-SACK (RFC 2883).
struct SackBlock {
  Seq left;   ///< first number of the block
  Seq right;  ///< one past its last
};

/// TCP Fast Open option (RFC 7413 section 4.1.1).
enum class FastOpen : std::uint8_t { None, Request, Cookie };

struct Options {
  std::optional<std::uint16_t> mss;          ///< bytes
  std::optional<std::uint8_t> window_scale;  ///< shift count as sent; above 14 counts as 14
  std::optional<Timestamps> timestamps;
  bool sack_permitted = false;
  FastOpen fast_open = FastOpen::None;
  std::uint8_t sack_count = 0;  ///< used entries of `sack`, 0..4; the others are empty
  std::array<SackBlock, 4> sack{};
};

/// An IPv4 address in the first four bytes (the rest zero), or an IPv6 address.
struct Address {
  std::array<std::uint8_t, 16> octets{};
  bool v6 = false;
  friend constexpr bool operator==(const Address&, const Address&) = default;
};

struct Segment {
  std::uint32_t frame = 0;   ///< frame number in the capture, from 1; shown, never used to decide
  std::int64_t time_ns = 0;  ///< capture time; any epoch; may run backwards
  Address source, destination;
  std::uint16_t source_port = 0, destination_port = 0;
  /// What else tells connections apart (VLAN, VNI, tunnel key), hashed by the feeder; 0 for nothing.
  std::uint32_t context = 0;

  Seq seq;  ///< SEG.SEQ, raw
  Seq ack;  ///< SEG.ACK as in the header, raw, also where the ACK bit is not set
  Flags flags;
  std::uint16_t window = 0;  ///< SEG.WND as in the header, unscaled
  std::uint16_t urgent = 0;  ///< urgent pointer as in the header
  /// Payload bytes by the IP length, so right even if the snap length cut the frame.
  std::uint32_t payload = 0;
  Options options;
  bool options_cut =
      false;  ///< the snap length cut the options: what is absent may have been there

  std::uint16_t checksum = 0;   ///< as in the header; tells copies of a frame
  std::uint16_t ip_id = 0;      ///< IPv4 identification; 0 for IPv6
  std::uint8_t ttl = 0;         ///< TTL or hop limit; 0 where unknown
  std::uint32_t interface = 0;  ///< capture interface

  /// SEG.LEN: payload plus one each for SYN and FIN (RFC 9293 section 3.4).
  [[nodiscard]] constexpr std::uint32_t length() const {
    return payload + (flags.syn() ? 1U : 0U) + (flags.fin() ? 1U : 0U);
  }
  [[nodiscard]] constexpr Seq end() const { return seq + length(); }
  /// The sequence number of the FIN itself; only meaningful where the FIN bit is set.
  [[nodiscard]] constexpr Seq fin_seq() const { return end() - 1U; }
};

}  // namespace tcpwave
