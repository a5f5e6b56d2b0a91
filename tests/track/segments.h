// Segments of one connection, for tests of the tracker that no script can say.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "tcpwave/segment.h"

namespace tcpwave {

inline Segment segment(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                       bool from_client = true) {
  Segment s;
  s.source.octets = {192, 0, 2, 10};
  s.destination.octets = {198, 51, 100, 20};
  s.source_port = 40000;
  s.destination_port = 8000;
  if (!from_client) {
    std::swap(s.source, s.destination);
    std::swap(s.source_port, s.destination_port);
  }
  s.flags = Flags{flags};
  s.seq = Seq(seq);
  s.ack = Seq(ack);
  s.window = 65535;
  return s;
}

inline constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin,
                              kRst = Flags::kRst;

}  // namespace tcpwave
