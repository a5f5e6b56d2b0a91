// Many capture files as one, in order of time: what mergecap does, without writing it.
//
// Each file is taken as it is, from its first frame to its last; between files the earlier frame comes first.
// A file is open only while its turn is near, so an archive can have any number of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tcpwave::archive {

using Pcap = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

/// Times are kept in nanoseconds. @throws std::runtime_error where the file is no capture
[[nodiscard]] Pcap open_capture(const std::string& file);

struct Frame {
  const pcap_pkthdr* header = nullptr;
  std::span<const std::uint8_t> octets;

  [[nodiscard]] std::int64_t time_ns() const {
    return header->ts.tv_sec * std::int64_t{1'000'000'000} + header->ts.tv_usec;
  }
};

class Merged {
 public:
  /// @throws std::runtime_error where a file is no capture, or has another link type than the others
  explicit Merged(const std::vector<std::string>& files);

  /// The next frame, valid until the next call; nothing at the end.
  [[nodiscard]] const Frame* next();

  [[nodiscard]] int link_type() const { return link_type_; }
  /// What was wrong with the ends of files, a line each: the frames before were taken.
  [[nodiscard]] const std::vector<std::string>& damaged() const { return damaged_; }

 private:
  struct Source {
    std::string file;
    std::int64_t first_ns = 0;
    std::size_t order = 0;
    Pcap capture{nullptr, &pcap_close};
    Frame frame;
  };

  void open_due();
  void advance(Source&);
  [[nodiscard]] static bool later(const Source& a, const Source& b);

  std::vector<Source> waiting_;  ///< the earliest last
  std::vector<Source> open_;     ///< a heap, the earliest on top
  bool taken_ = false;           ///< the top's frame has been given out
  int link_type_ = -1;
  std::vector<std::string> damaged_;
};

}  // namespace tcpwave::archive
