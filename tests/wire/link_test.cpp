// Frames to IP packets, link type by link type.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/link.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace tcpwave {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Case {
  const char* name;
  int link_type;
  Bytes before;  ///< what stands before the IP packet
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

const Bytes kPacket{0x45, 1, 2, 3};

Bytes ethernet(const Bytes& from_type) {
  Bytes b(12, 0xEE);
  b.insert(b.end(), from_type.begin(), from_type.end());
  return b;
}

std::vector<Case> cases() {
  Bytes cooked(14, 0), cooked2(20, 0);
  cooked.insert(cooked.end(), {0x08, 0});
  cooked2[0] = 0x08;
  return {
      {"ethernet", 1, ethernet({0x08, 0})},
      {"vlan", 1, ethernet({0x81, 0, 0, 5, 0x08, 0})},
      {"two_vlans", 1, ethernet({0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 0x86, 0xDD})},
      {"mpls", 1, ethernet({0x88, 0x47, 0, 0, 0x10, 64, 0, 0, 0x21, 64})},
      {"pppoe", 1, ethernet({0x88, 0x64, 0x11, 0, 0, 1, 0, 6, 0, 0x21})},
      {"raw", 12, {}},
      {"raw_by_its_public_number", 101, {}},
      {"loopback", 0, {2, 0, 0, 0}},
      {"cooked", 113, cooked},
      {"cooked2", 276, cooked2},
      {"ppp", 9, {0, 0x21}},
      {"ppp_with_hdlc", 9, {0xFF, 3, 0, 0x57}},
  };
}

class LinkTypes : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Link, LinkTypes, testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(LinkTypes, ThePacketIsFound) {
  Bytes frame = GetParam().before;
  frame.insert(frame.end(), kPacket.begin(), kPacket.end());
  EXPECT_TRUE(knows_link_type(GetParam().link_type));
  const auto found = ip_packet(GetParam().link_type, frame);
  EXPECT_EQ(Bytes(found.begin(), found.end()), kPacket);
}

TEST_P(LinkTypes, AFrameThatIsCutAnywhereDoesNoHarm) {
  Bytes frame = GetParam().before;
  frame.insert(frame.end(), kPacket.begin(), kPacket.end());
  for (std::size_t n = 0; n < frame.size(); ++n) {
    const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_LT(ip_packet(GetParam().link_type, cut).size(), kPacket.size());
  }
}

TEST(Link, WhatIsNoIpHasNoPacket) {
  Bytes arp = ethernet({0x08, 0x06});
  arp.resize(60);
  EXPECT_TRUE(ip_packet(1, arp).empty());
  EXPECT_FALSE(knows_link_type(105));  // radio
  EXPECT_TRUE(ip_packet(105, arp).empty());
}

}  // namespace
}  // namespace tcpwave
