// Capture files to Segments. See capture.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/capture.h"

#include <pcap/pcap.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include "tcpwave/parse.h"

namespace tcpwave::tools {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Ethernet and what its type field leads through: VLAN tags.
Bytes behind_ethernet(Bytes frame) {
  constexpr std::size_t kAddresses = 12;
  std::size_t at = kAddresses;
  while (at + 2 <= frame.size()) {
    const unsigned type = (unsigned{frame[at]} << 8) | frame[at + 1];
    if (type == 0x0800 || type == 0x86DD) return frame.subspan(at + 2);
    if (type != 0x8100 && type != 0x88A8) break;
    at += 4;
  }
  return {};
}

// The IP packet in a frame of this link type; empty where there is none.
Bytes ip_packet(int link_type, Bytes frame) {
  const auto skip = [&](std::size_t n) { return frame.size() < n ? Bytes{} : frame.subspan(n); };
  switch (link_type) {
    case DLT_EN10MB:
      return behind_ethernet(frame);
    case DLT_RAW:
      return frame;
    case DLT_NULL:
      return skip(4);
    case DLT_LINUX_SLL:
      return skip(16);
#ifdef DLT_LINUX_SLL2
    case DLT_LINUX_SLL2:
      return skip(20);
#endif
    default:
      return {};
  }
}

}  // namespace

std::vector<Segment> read_capture(const std::filesystem::path& file) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> capture(
      pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                              error.data()),
      &pcap_close);
  if (!capture) throw std::runtime_error(file.string() + ": " + error.data());

  std::vector<Segment> segments;
  const int link_type = pcap_datalink(capture.get());
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  std::uint32_t frame = 0;
  int got = 0;
  while ((got = pcap_next_ex(capture.get(), &header, &data)) == 1) {
    ++frame;
    Segment segment;
    if (parse_ip(ip_packet(link_type, {data, header->caplen}), segment) != ParseResult::Ok)
      continue;
    segment.frame = frame;
    // In nanosecond precision tv_usec holds nanoseconds.
    segment.time_ns =
        std::int64_t{header->ts.tv_sec} * 1'000'000'000 + std::int64_t{header->ts.tv_usec};
    segments.push_back(segment);
  }
  if (got != PCAP_ERROR_BREAK)
    throw std::runtime_error(file.string() + ": " + pcap_geterr(capture.get()));
  return segments;
}

}  // namespace tcpwave::tools
