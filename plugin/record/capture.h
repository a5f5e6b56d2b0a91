// Packets from an interface by libpcap, on a thread of its own that does nothing but copy them into a
// queue: whatever the kernel says, and however long that takes to sort, no packet waits for it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <pcap/pcap.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tcpwave::record {

struct CaptureOptions {
  std::string device = "any";
  std::string filter;
  int snap_length = 262144;  ///< bytes, as dumpcap has it
  int buffer_mib = 64;       ///< the kernel's
  bool promiscuous = true;
};

struct RawPacket {
  std::int64_t time_ns = 0;
  std::uint32_t length = 0;  ///< on the wire
  std::vector<std::uint8_t> bytes;
};

class Capture {
 public:
  struct Counts {
    std::uint64_t received = 0, dropped_by_kernel = 0, dropped_by_interface = 0,
                  dropped_by_queue = 0;
  };
  /// Opens the interface. @throws std::runtime_error with what libpcap says, and what rights are needed
  explicit Capture(const CaptureOptions&);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  void start();
  /// The thread takes what the kernel still has, and ends.
  void stop();
  /// What came since the last call.
  [[nodiscard]] std::deque<RawPacket> take();
  /// Every packet with an earlier stamp has been put into the queue; CLOCK_REALTIME, in nanoseconds.
  [[nodiscard]] std::int64_t complete_until_ns() const { return complete_until_ns_; }
  /// Whether the interface has gone, or an error ended it; `error` then says which.
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] std::string error() const;

  [[nodiscard]] int link_type() const { return link_type_; }
  [[nodiscard]] Counts counts() const;

 private:
  struct Closed {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
  };
  void run();
  [[nodiscard]] int take_all();
  void put(const pcap_pkthdr&, const std::uint8_t*);

  std::unique_ptr<pcap_t, Closed> handle_;
  int link_type_ = 0;
  bool nanoseconds_ = false;
  std::atomic<bool> stopping_ = false, over_ = false;
  std::atomic<std::int64_t> complete_until_ns_ = 0;
  std::thread thread_;

  mutable std::mutex mutex_;  // of what follows
  std::deque<RawPacket> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t received_ = 0, dropped_by_queue_ = 0;
  std::string error_;
};

/// An interface one can capture on.
struct Device {
  std::string name, description;
};
/// @throws std::runtime_error
[[nodiscard]] std::vector<Device> devices();

}  // namespace tcpwave::record
