// See trace.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/trace.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "record/tracefs.h"

namespace tcpwave::record {
namespace {

constexpr const char* kName = "tcpwave-";  // of an instance, before the process's number
constexpr std::array<std::pair<const char*, const char*>, 7> kTracepoints{{
    {"sock", "inet_sock_set_state"},
    {"tcp", "tcp_send_reset"},
    {"tcp", "tcp_receive_reset"},
    {"tcp", "tcp_retransmit_skb"},
    {"tcp", "tcp_destroy_sock"},
    {"task",
     "task_newtask"},  // what a thread was called that has ended when its socket's word is read
    {"task", "task_rename"},
}};
/// Of each CPU. An event takes some 100 bytes and is read within 50 ms: room for 800,000 a second.
constexpr const char* kBufferKiB = "4096";

struct Freed {
  void operator()(char* text) const { std::free(text); }
};
using Owned = std::unique_ptr<char, Freed>;

std::int64_t now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::string with_error(const std::string& what) { return what + ": " + std::strerror(errno); }

/// Takes away what a process of ours that was killed has left.
int remove_orphan(const char* name, void*) {
  const std::string_view number = std::string_view(name).substr(std::strlen(kName));
  pid_t process = 0;
  if (!std::string_view(name).starts_with(kName) ||
      std::from_chars(number.data(), number.data() + number.size(), process).ec != std::errc() ||
      kill(process, 0) == 0 || errno != ESRCH)
    return 0;
  if (tracefs_instance* const instance = tracefs_instance_create(name)) {
    tracefs_instance_destroy(instance);
    tracefs_instance_free(instance);
  }
  return 0;
}

}  // namespace

struct Trace::Impl {
  tracefs_instance* instance = nullptr;
  tep_handle* events = nullptr;
  bool mounted = false;  ///< by us
  bool tai = false;      ///< the clock is CLOCK_TAI, otherwise CLOCK_MONOTONIC
  Names reasons;
  std::vector<std::string> lacks;
  std::vector<Event> heard;

  ~Impl() {
    if (instance != nullptr) {
      tracefs_trace_off(instance);
      for (const auto& [system, name] : kTracepoints) tracefs_event_disable(instance, system, name);
      tracefs_instance_destroy(instance);
      tracefs_instance_free(instance);
    }
    if (events != nullptr) tep_free(events);
    if (mounted) umount2("/sys/kernel/tracing", MNT_DETACH);
  }

  void find_tracefs() {
    const char* folder = nullptr;
    const bool was_there = tracefs_tracing_dir_is_mounted(false, &folder) == 1;
    if (!was_there && tracefs_tracing_dir_is_mounted(true, &folder) < 0)
      throw CannotTrace(
          with_error("tracefs is not mounted and cannot be (mount -t tracefs tracefs "
                     "/sys/kernel/tracing, or CAP_SYS_ADMIN)"));
    mounted = !was_there;
    if (folder == nullptr || faccessat(AT_FDCWD, folder, R_OK | X_OK, AT_EACCESS) != 0)
      throw CannotTrace(with_error("tracefs cannot be read (root, or CAP_DAC_OVERRIDE)"));
  }

  void make_instance() {
    tracefs_instances_walk(remove_orphan, nullptr);
    instance = tracefs_instance_create((kName + std::to_string(getpid())).c_str());
    if (instance == nullptr)
      throw CannotTrace(with_error("no trace instance of our own (root, or CAP_DAC_OVERRIDE)"));
    tracefs_instance_file_write(instance, "buffer_size_kb", kBufferKiB);
    tai = tracefs_instance_file_write(instance, "trace_clock", "tai") > 0;
    if (!tai && tracefs_instance_file_write(instance, "trace_clock", "mono") <= 0)
      throw CannotTrace("the kernel's trace has neither the clock tai nor mono");
  }

  void describe_events() {
    constexpr std::array<const char*, 4> kSystems{"sock", "tcp", "task", nullptr};
    events = tracefs_local_events_system(nullptr, kSystems.data());
    if (events == nullptr) throw CannotTrace("the kernel does not describe its events");
    const Owned format(
        tracefs_event_file_read(nullptr, "tcp", "tcp_send_reset", "format", nullptr));
    if (format) reasons = names_in_format(format.get(), "reason");
    if (reasons.empty()) lacks.emplace_back("reset reasons (Linux 6.10)");
  }

  void enable_events() {
    for (const auto& [system, name] : kTracepoints) {
      if (tracefs_event_enable(instance, system, name) == 0) continue;
      if (std::string_view(name) == "inet_sock_set_state")
        throw CannotTrace(with_error("the tracepoint sock:inet_sock_set_state (Linux 4.16)"));
      lacks.emplace_back(std::string("the tracepoint ") + system + ":" + name);
    }
    tracefs_event_file_write(instance, "sock", "inet_sock_set_state", "filter", "protocol == 6");
  }
};

Trace::Trace() : impl_(std::make_unique<Impl>()) {
  impl_->find_tracefs();
  impl_->make_instance();
  impl_->describe_events();
  impl_->enable_events();
  tracefs_trace_on(impl_->instance);
}

Trace::~Trace() = default;

std::vector<Event> Trace::read() {
  Impl& impl = *impl_;
  // TAI and UTC differ by whole seconds; CLOCK_MONOTONIC and CLOCK_REALTIME by what adjusts the latter.
  const std::int64_t clock = now(impl.tai ? CLOCK_TAI : CLOCK_MONOTONIC);
  std::int64_t to_real = now(CLOCK_REALTIME) - clock;
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (impl.tai) to_real = (to_real - kSecond / 2) / kSecond * kSecond;
  impl.heard.clear();
  const auto hear = [](tep_event* event, tep_record* record, int, void* self) {
    auto& heard = *static_cast<Impl*>(self);
    if (auto said = read_event(*event, *record, heard.reasons))
      heard.heard.push_back(std::move(*said));
    return 0;
  };
  tracefs_iterate_raw_events(impl.events, impl.instance, nullptr, 0, hear, &impl);
  for (Event& event : impl.heard) event.time_ns += to_real;
  std::ranges::stable_sort(impl.heard, {}, &Event::time_ns);
  return std::move(impl.heard);
}

std::uint64_t Trace::lost() const {
  std::uint64_t lost = 0;
  const long cpus = sysconf(_SC_NPROCESSORS_CONF);
  for (long cpu = 0; cpu < cpus; ++cpu) {
    const std::string file = "per_cpu/cpu" + std::to_string(cpu) + "/stats";
    const Owned stats(tracefs_instance_file_read(impl_->instance, file.c_str(), nullptr));
    if (!stats) continue;
    for (const std::string_view key : {"overrun: ", "dropped events: "}) {
      const std::string_view text = stats.get();
      const std::size_t at = text.find(key);
      std::uint64_t count = 0;
      if (at != std::string_view::npos)
        std::from_chars(text.data() + at + key.size(), text.data() + text.size(), count);
      lost += count;
    }
  }
  return lost;
}

const std::vector<std::string>& Trace::lacks() const { return impl_->lacks; }

}  // namespace tcpwave::record
