// Capture files to Segments. See capture.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/capture.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "tcpwave/link.h"
#include "tcpwave/parse.h"

namespace tcpwave::tools {

std::vector<Segment> read_capture(const std::filesystem::path& file, std::uint32_t snap_length) {
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
    const std::uint32_t captured = std::min<std::uint32_t>(header->caplen, snap_length);
    if (parse_ip(ip_packet(link_type, {data, captured}), segment) != ParseResult::Ok) continue;
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
