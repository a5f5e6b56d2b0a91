// Prints the states of both ends beside each TCP segment of a capture: libpcap reads, tcpwave judges.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <pcap/pcap.h>
#include <tcpwave/tcpwave.h>

#include <cinttypes>
#include <cstdio>

int main(int argc, char** argv) {
  char error[PCAP_ERRBUF_SIZE] = "usage: states CAPTURE";
  pcap_t* capture = argc != 2 ? nullptr
                              : pcap_open_offline_with_tstamp_precision(
                                    argv[1], PCAP_TSTAMP_PRECISION_NANO, error);
  if (capture == nullptr) return std::fprintf(stderr, "%s\n", error), 2;

  tcpwave::Tracker tracker;
  pcap_pkthdr* header = nullptr;
  const u_char* octets = nullptr;
  int got = 0;
  for (std::uint32_t frame = 1; (got = pcap_next_ex(capture, &header, &octets)) == 1; ++frame) {
    tcpwave::Segment segment;
    const auto packet = tcpwave::ip_packet(pcap_datalink(capture), {octets, header->caplen});
    if (tcpwave::parse_ip(packet, segment) != tcpwave::ParseResult::Ok) continue;
    segment.frame = frame;
    segment.time_ns = header->ts.tv_sec * std::int64_t{1'000'000'000} + header->ts.tv_usec;
    tracker.observe(segment);
  }
  if (got != PCAP_ERROR_BREAK) return std::fprintf(stderr, "%s\n", pcap_geterr(capture)), 1;

  for (tcpwave::SegmentId id = 0; id < tracker.segments(); ++id) {
    const tcpwave::Annotation a = tracker.annotate(id, tcpwave::Known::Final);
    std::printf("%4" PRIu32 " connection %" PRIu32 ": %-12s %-12s %s\n", tracker.captured(id).frame,
                a.connection, name(a.client().after).data(), name(a.server().after).data(),
                headline(a).c_str());
  }
  pcap_close(capture);
}
