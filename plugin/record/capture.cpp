// See capture.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/capture.h"

#include <poll.h>
#include <time.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace tcpwave::record {
namespace {

/// A writer that hangs must not take the machine's memory.
constexpr std::size_t kMostQueued = 256U << 20U;
constexpr int kBlockMilliseconds = 20;  ///< the kernel hands packets over that often at least
constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(pcap_t* handle, const std::string& what) {
  throw std::runtime_error(what + ": " + pcap_geterr(handle));
}

}  // namespace

Capture::Capture(const CaptureOptions& options) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  handle_.reset(pcap_create(options.device.c_str(), error.data()));
  if (!handle_) throw std::runtime_error(options.device + ": " + error.data());
  pcap_t* const handle = handle_.get();
  pcap_set_snaplen(handle, options.snap_length);
  pcap_set_promisc(handle, options.promiscuous ? 1 : 0);
  pcap_set_timeout(handle, kBlockMilliseconds);
  pcap_set_buffer_size(handle, options.buffer_mib << 20);
  nanoseconds_ = pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0;
  const int status = pcap_activate(handle);
  if (status == PCAP_ERROR_PERM_DENIED)
    fail(handle, options.device + ": capturing needs root or CAP_NET_RAW and CAP_NET_ADMIN");
  if (status < 0) fail(handle, options.device + ": " + pcap_statustostr(status));
  link_type_ = pcap_datalink(handle);
  bpf_program program{};
  if (pcap_compile(handle, &program, options.filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    fail(handle, "capture filter \"" + options.filter + "\"");
  const int set = pcap_setfilter(handle, &program);
  pcap_freecode(&program);
  if (set != 0) fail(handle, "capture filter \"" + options.filter + "\"");
  if (pcap_setnonblock(handle, 1, error.data()) != 0) fail(handle, options.device);
}

Capture::~Capture() { stop(); }

void Capture::start() {
  thread_ = std::thread([this] { run(); });
}

void Capture::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.join();
}

/// Takes what the kernel has; libpcap's status, below 0 for an error.
int Capture::take_all() {
  const auto put_it = [](u_char* self, const pcap_pkthdr* header, const u_char* bytes) {
    reinterpret_cast<Capture*>(self)->put(*header, bytes);
  };
  while (true) {
    const std::int64_t before = now_ns();
    const int status = pcap_dispatch(handle_.get(), -1, put_it, reinterpret_cast<u_char*>(this));
    // Nothing is left: but a block of packets that the kernel still fills, and closes in time.
    if (status == 0) complete_until_ns_ = before - 2 * kBlockMilliseconds * kMillisecond;
    if (status <= 0) return status;
  }
}

void Capture::run() {
  pollfd ready{pcap_get_selectable_fd(handle_.get()), POLLIN, 0};
  int status = 0;
  while (!stopping_ && status >= 0) {
    poll(&ready, 1, kBlockMilliseconds);
    status = take_all();
  }
  if (status >= 0) {  // what came until we were told to stop
    std::this_thread::sleep_for(std::chrono::milliseconds(2 * kBlockMilliseconds));
    status = take_all();
  }
  if (status < 0) {
    const std::lock_guard lock(mutex_);
    error_ = pcap_geterr(handle_.get());
  }
  over_ = true;
}

void Capture::put(const pcap_pkthdr& header, const std::uint8_t* bytes) {
  const std::int64_t fraction = header.ts.tv_usec;
  RawPacket packet{static_cast<std::int64_t>(header.ts.tv_sec) * 1'000'000'000 +
                       (nanoseconds_ ? fraction : fraction * 1000),
                   header.len,
                   {bytes, bytes + header.caplen}};
  const std::lock_guard lock(mutex_);
  ++received_;
  if (queued_bytes_ + packet.bytes.size() > kMostQueued) {
    ++dropped_by_queue_;
    return;
  }
  queued_bytes_ += packet.bytes.size();
  queue_.push_back(std::move(packet));
}

std::deque<RawPacket> Capture::take() {
  const std::lock_guard lock(mutex_);
  queued_bytes_ = 0;
  return std::exchange(queue_, {});
}

std::string Capture::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

Capture::Counts Capture::counts() const {
  pcap_stat stats{};
  Counts counts;
  if (pcap_stats(handle_.get(), &stats) == 0) {
    counts.dropped_by_kernel = stats.ps_drop;
    counts.dropped_by_interface = stats.ps_ifdrop;
  }
  const std::lock_guard lock(mutex_);
  counts.received = received_;
  counts.dropped_by_queue = dropped_by_queue_;
  return counts;
}

std::vector<Device> devices() {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_if_t* list = nullptr;
  if (pcap_findalldevs(&list, error.data()) != 0) throw std::runtime_error(error.data());
  std::vector<Device> devices;
  for (const pcap_if_t* one = list; one != nullptr; one = one->next) {
    const bool network = (one->flags & PCAP_IF_WIRELESS) != 0 || one->addresses != nullptr ||
                         (one->flags & PCAP_IF_LOOPBACK) != 0 ||
                         std::string_view(one->name) == "any";
    if (network)
      devices.push_back({one->name, one->description != nullptr ? one->description : ""});
  }
  pcap_freealldevs(list);
  return devices;
}

}  // namespace tcpwave::record
