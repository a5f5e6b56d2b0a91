// Bytes to segments: what is sent comes back, and hostile bytes do no harm.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/parse.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "scenario/packet.h"

namespace tcpwave {
namespace {

using Bytes = std::vector<std::uint8_t>;

Segment example(bool v6) {
  Segment s;
  s.source.octets = {192, 0, 2, 10};
  s.destination.octets = {198, 51, 100, 20};
  s.source.v6 = s.destination.v6 = v6;
  s.source_port = 40000;
  s.destination_port = 8000;
  s.seq = Seq(0xFFFFFFF0);
  s.ack = Seq(7);
  s.flags = Flags{Flags::kFin | Flags::kAck | Flags::kPsh};
  s.window = 512;
  s.urgent = 3;
  s.payload = 100;
  s.ttl = 61;
  s.ip_id = v6 ? 0 : 77;
  return s;
}

// The TCP part of an example, with these octets as options.
Bytes tcp_with_options(std::initializer_list<std::uint8_t> options) {
  Bytes b(20 + options.size());
  std::copy(options.begin(), options.end(), b.begin() + 20);
  b[12] = static_cast<std::uint8_t>(b.size() / 4 * 16);
  b[13] = Flags::kSyn;
  return b;
}

Segment parsed_options(std::initializer_list<std::uint8_t> options) {
  const Bytes b = tcp_with_options(options);
  Segment s;
  EXPECT_EQ(parse_tcp(b, static_cast<std::uint32_t>(b.size()), s), ParseResult::Ok);
  return s;
}

class ParseFamily : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Ip, ParseFamily, testing::Bool(),
                         [](const auto& test) { return test.param ? "v6" : "v4"; });

TEST_P(ParseFamily, ReadsWhatWasWritten) {
  Segment sent = example(GetParam());
  sent.options.mss = 1460;
  sent.options.window_scale = 7;
  sent.options.sack_permitted = true;
  sent.options.timestamps = Timestamps{123456, 654321};
  sent.options.fast_open = FastOpen::Cookie;
  Segment got;
  ASSERT_EQ(parse_ip(scenario::ip_packet(sent), got), ParseResult::Ok);
  EXPECT_EQ(got.source, sent.source);
  EXPECT_EQ(got.destination, sent.destination);
  EXPECT_EQ(got.source_port, sent.source_port);
  EXPECT_EQ(got.destination_port, sent.destination_port);
  EXPECT_EQ(got.seq, sent.seq);
  EXPECT_EQ(got.ack, sent.ack);
  EXPECT_EQ(got.flags, sent.flags);
  EXPECT_EQ(got.window, sent.window);
  EXPECT_EQ(got.urgent, sent.urgent);
  EXPECT_EQ(got.payload, sent.payload);
  EXPECT_EQ(got.ttl, sent.ttl);
  EXPECT_EQ(got.ip_id, sent.ip_id);
  EXPECT_EQ(got.options.mss, sent.options.mss);
  EXPECT_EQ(got.options.window_scale, sent.options.window_scale);
  EXPECT_TRUE(got.options.sack_permitted);
  ASSERT_TRUE(got.options.timestamps.has_value());
  EXPECT_EQ(got.options.timestamps->value, 123456U);
  EXPECT_EQ(got.options.timestamps->echo, 654321U);
  EXPECT_EQ(got.options.fast_open, FastOpen::Cookie);
  EXPECT_FALSE(got.options_cut);
}

TEST_P(ParseFamily, PayloadComesFromTheIpLengthWhateverWasCaptured) {
  Segment sent = example(GetParam());
  sent.options.mss = 1460;
  sent.options.timestamps = Timestamps{1, 2};
  const Bytes packet = scenario::ip_packet(sent);
  const std::size_t ip_header = GetParam() ? 40 : 20;
  for (std::size_t captured = 0; captured <= packet.size(); ++captured) {
    Segment got;
    const ParseResult result = parse_ip(std::span(packet).first(captured), got);
    if (captured < ip_header + 20) {
      EXPECT_EQ(result, ParseResult::Truncated) << captured;
      continue;
    }
    ASSERT_EQ(result, ParseResult::Ok) << captured;
    EXPECT_EQ(got.payload, 100U) << captured;
    EXPECT_EQ(got.options_cut, captured < ip_header + 20 + 16) << captured;
    EXPECT_EQ(got.options.mss.has_value(), captured >= ip_header + 24) << captured;
  }
}

TEST_P(ParseFamily, PaddingBehindThePacketIsNoPayload) {
  Segment sent = example(GetParam());
  sent.payload = 0;
  Bytes packet = scenario::ip_packet(sent);
  packet.resize(packet.size() + 6);
  Segment got;
  ASSERT_EQ(parse_ip(packet, got), ParseResult::Ok);
  EXPECT_EQ(got.payload, 0U);
}

// A sender that leaves segmentation to its device writes no length.
TEST_P(ParseFamily, LengthZeroIsThePacketAsCaptured) {
  Bytes packet = scenario::ip_packet(example(GetParam()));
  const std::size_t at = GetParam() ? 4 : 2;
  packet[at] = packet[at + 1] = 0;
  Segment got;
  ASSERT_EQ(parse_ip(packet, got), ParseResult::Ok);
  EXPECT_EQ(got.payload, 100U);
}

TEST(ParseIp, FragmentsAreRefused) {
  for (const unsigned fragment : {0x2000U, 0x0001U, 0x2001U, 0x1FFFU}) {
    Bytes packet = scenario::ip_packet(example(false));
    packet[6] = static_cast<std::uint8_t>(fragment >> 8);
    packet[7] = static_cast<std::uint8_t>(fragment);
    Segment got;
    EXPECT_EQ(parse_ip(packet, got), ParseResult::Fragment) << fragment;
  }
}

TEST(ParseIp, OtherProtocolsAndVersionsAreRefused) {
  Segment got;
  Bytes udp = scenario::ip_packet(example(false));
  udp[9] = 17;
  EXPECT_EQ(parse_ip(udp, got), ParseResult::NotTcp);
  Bytes udp6 = scenario::ip_packet(example(true));
  udp6[6] = 17;
  EXPECT_EQ(parse_ip(udp6, got), ParseResult::NotTcp);
  EXPECT_EQ(parse_ip(Bytes{0x55, 0, 0, 0}, got), ParseResult::BadHeader);
  EXPECT_EQ(parse_ip(Bytes{}, got), ParseResult::Truncated);
}

TEST(ParseIp, HeadersThatContradictThemselvesAreRefused) {
  Segment got;
  Bytes short_header = scenario::ip_packet(example(false));
  short_header[0] = 0x44;
  EXPECT_EQ(parse_ip(short_header, got), ParseResult::BadHeader);
  Bytes short_total = scenario::ip_packet(example(false));
  short_total[2] = 0;
  short_total[3] = 30;  // 20 of IP and 10 of TCP
  EXPECT_EQ(parse_ip(short_total, got), ParseResult::BadHeader);
  Bytes long_offset = scenario::ip_packet(example(false));
  long_offset[2] = 0;
  long_offset[3] = 44;
  long_offset[20 + 12] = 0xF0;  // 60 octets of header in 24 of segment
  EXPECT_EQ(parse_ip(long_offset, got), ParseResult::BadHeader);
  Bytes low_offset = scenario::ip_packet(example(false));
  low_offset[20 + 12] = 0x40;
  EXPECT_EQ(parse_ip(low_offset, got), ParseResult::BadHeader);
}

// An IPv6 packet with these octets between its header and TCP.
Bytes with_extension(std::uint8_t kind, const Bytes& extension) {
  Bytes packet = scenario::ip_packet(example(true));
  packet[6] = kind;
  packet.insert(packet.begin() + 40, extension.begin(), extension.end());
  const std::size_t length = packet.size() - 40;
  packet[4] = static_cast<std::uint8_t>(length >> 8);
  packet[5] = static_cast<std::uint8_t>(length);
  return packet;
}

TEST(ParseIp, ExtensionHeadersArePassedOver) {
  const Bytes hop_by_hop{6, 0, 1, 4, 0, 0, 0, 0};
  const Bytes routing_then_options{60, 0, 0, 0, 0, 0, 0, 0, 6, 1, 0, 0,
                                   0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const Bytes authentication{6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1,
                             1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9};
  const Bytes atomic_fragment{6, 0, 0, 0, 0, 0, 0, 1};
  for (const auto& packet :
       {with_extension(0, hop_by_hop), with_extension(43, routing_then_options),
        with_extension(51, authentication), with_extension(44, atomic_fragment)}) {
    Segment got;
    ASSERT_EQ(parse_ip(packet, got), ParseResult::Ok);
    EXPECT_EQ(got.payload, 100U);
    EXPECT_EQ(got.seq, example(true).seq);
  }
}

TEST(ParseIp, Ipv6FragmentsAreRefused) {
  Segment got;
  EXPECT_EQ(parse_ip(with_extension(44, {6, 0, 0, 1, 0, 0, 0, 1}), got), ParseResult::Fragment);
  EXPECT_EQ(parse_ip(with_extension(44, {6, 0, 0, 8, 0, 0, 0, 1}), got), ParseResult::Fragment);
}

TEST(ParseIp, ExtensionLongerThanThePacketIsRefused) {
  Segment got;
  EXPECT_EQ(parse_ip(with_extension(0, {6, 255, 0, 0, 0, 0, 0, 0}), got), ParseResult::BadHeader);
}

TEST(ParseTcp, NothingIsWrittenWhereItFails) {
  Segment got = example(false);
  EXPECT_EQ(parse_tcp(Bytes(19), 40, got), ParseResult::Truncated);
  EXPECT_EQ(parse_tcp(Bytes(20), 20, got), ParseResult::BadHeader);
  EXPECT_EQ(got.seq, example(false).seq);
  EXPECT_EQ(got.payload, 100U);
}

TEST(ParseTcp, SackBlocks) {
  const Segment s =
      parsed_options({1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 9, 255, 255, 255, 0, 0, 0, 0, 4});
  ASSERT_EQ(s.options.sack_count, 2);
  EXPECT_EQ(s.options.sack[0].left, Seq(1));
  EXPECT_EQ(s.options.sack[0].right, Seq(9));
  EXPECT_EQ(s.options.sack[1].left, Seq(0xFFFFFF00));
  EXPECT_EQ(s.options.sack[1].right, Seq(4));
}

TEST(ParseTcp, OfTwoSackOptionsOnlyTheLastCounts) {
  const Segment s = parsed_options(
      {5, 18, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 20, 0, 0, 0, 40, 5, 10, 0, 0, 0, 60, 0, 0, 0, 90});
  ASSERT_EQ(s.options.sack_count, 1);
  EXPECT_EQ(s.options.sack[0].left, Seq(60));
  EXPECT_EQ(s.options.sack[0].right, Seq(90));
  EXPECT_EQ(s.options.sack[1].left, Seq(0));
  EXPECT_EQ(s.options.sack[1].right, Seq(0));
}

TEST(ParseTcp, FastOpenInBothNumbers) {
  EXPECT_EQ(parsed_options({34, 2, 0, 0}).options.fast_open, FastOpen::Request);
  EXPECT_EQ(parsed_options({34, 6, 1, 2, 3, 4, 1, 1}).options.fast_open, FastOpen::Cookie);
  EXPECT_EQ(parsed_options({254, 4, 0xF9, 0x89}).options.fast_open, FastOpen::Request);
  EXPECT_EQ(parsed_options({254, 8, 0xF9, 0x89, 1, 2, 3, 4}).options.fast_open, FastOpen::Cookie);
  EXPECT_EQ(parsed_options({254, 4, 0x12, 0x34}).options.fast_open, FastOpen::None);
}

TEST(ParseTcp, AfterTheEndOfOptionsNothingCounts) {
  EXPECT_FALSE(parsed_options({0, 2, 4, 5, 180, 1, 1, 1}).options.mss.has_value());
}

TEST(ParseTcp, MalformedLengthEndsTheOptions) {
  for (const std::uint8_t length : std::initializer_list<std::uint8_t>{0, 1, 9, 255}) {
    const Segment s = parsed_options({3, 3, 7, 8, length, 0, 2, 4});
    EXPECT_EQ(s.options.window_scale, 7) << int{length};
    EXPECT_FALSE(s.options.timestamps.has_value());
    EXPECT_FALSE(s.options_cut);
  }
}

TEST(ParseTcp, OptionOfAnotherLengthThanItsKindIsPassedOver) {
  const Segment s = parsed_options({2, 3, 5, 4, 3, 1, 3, 3, 2, 1, 1, 1});
  EXPECT_FALSE(s.options.mss.has_value());
  EXPECT_FALSE(s.options.sack_permitted);
  EXPECT_EQ(s.options.window_scale, 2);
}

// Under the sanitizers this is a small fuzz test: any byte changed, any length captured.
TEST(ParseIp, HostileBytesDoNoHarm) {
  std::mt19937 random(20260101);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same bytes every time
  Segment sent = example(false);
  sent.payload = 8;
  sent.options.timestamps = Timestamps{1, 2};
  for (int i = 0; i < 50'000; ++i) {
    sent.source.v6 = sent.destination.v6 = i % 2 == 1;
    Bytes packet = scenario::ip_packet(sent);
    for (int changes = 0; changes < 4; ++changes)
      packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
    packet.resize(random() % (packet.size() + 1));
    packet.shrink_to_fit();
    Segment got;
    if (parse_ip(packet, got) == ParseResult::Ok) {
      EXPECT_LE(got.options.sack_count, 4);
      EXPECT_LE(got.payload, 0xFFFFU);
    }
  }
}

}  // namespace
}  // namespace tcpwave
