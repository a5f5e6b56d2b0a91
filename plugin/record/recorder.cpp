// See recorder.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/recorder.h"

#include <sys/utsname.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>

#include "record/knowledge.h"
#include "record/matcher.h"
#include "record/names.h"
#include "record/trace.h"
#include "tcpwave/link.h"
#include "tcpwave/parse.h"

namespace tcpwave::record {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
/// An application that holds its socket's lock delays what a packet does to it, and a queue what is sent.
constexpr std::int64_t kWait = 100 * kMillisecond;
constexpr std::int64_t kBetweenReads = 20 * kMillisecond;

std::int64_t now_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

About about(const CaptureOptions& options, int link_type) {
  utsname system{};
  uname(&system);
  return {options.device, options.filter, link_type, options.snap_length,
          std::string(system.sysname) + " " + system.release};
}

/// Whether the thread of an event is one that deals with the socket: connect(), close() and the like, or
/// any call that finds what came while it held the socket.
bool is_a_call(const Event& event) {
  return event.kind == Event::Kind::SetState && event.thread != 0;
}

/// The part that listens to the kernel.
class Listening {
 public:
  void read(Matcher& matcher) {
    for (Event& event : trace.read()) {
      if (event.kind == Event::Kind::Name)
        names_.add(event.thread, std::move(event.caller.name));
      else if (is_a_call(event))
        event.caller = caller_of(event.thread);
      matcher.add(std::move(event));
    }
  }

  Trace trace;
  Knowledge knowledge;

 private:
  [[nodiscard]] Process caller_of(std::uint32_t thread) const {
    if (auto process = Processes::caller(thread)) return std::move(*process);
    const auto name = names_.find(thread);
    return name ? Process{*name, thread, kernel::Owner::Call, 0} : Process{};
  }

  ThreadNames names_;
};

class Recording {
 public:
  explicit Recording(const RecordOptions& options)
      : options_(options),
        listening_(options.events ? std::make_unique<Listening>() : nullptr),
        capture_(options.capture),
        writer_(options.writer, about(options.capture, capture_.link_type())),
        matcher_([this](const End& local, const End& remote) { return ask(local, remote); },
                 [this](const End& local, const End& remote) { return wonder(local, remote); },
                 listening_ ? kWait : 0) {}

  void run(const std::atomic<bool>& stop) {
    capture_.start();
    started_ns_ = now_ns(CLOCK_MONOTONIC);
    if (listening_) listening_->knowledge.tell_all(matcher_, now_ns(CLOCK_REALTIME));
    if (!options_.quiet)
      std::fprintf(stderr, "tcpwave-record: capturing on %s\n", options_.capture.device.c_str());
    while (!stop && !capture_.over() && !is_enough()) step();
    capture_.stop();
    take_packets();
    if (listening_) listening_->read(matcher_);
    matcher_.finish([this](Packet& packet) { write(packet); });
    finish();
  }

 private:
  std::optional<State> ask(const End& local, const End& remote) {
    return listening_ ? listening_->knowledge.state_of(local, remote) : std::nullopt;
  }
  std::optional<Process> wonder(const End& local, const End& remote) {
    if (!listening_) return std::nullopt;
    listening_->knowledge.wonder(local, remote);
    return listening_->knowledge.listener_of(local);
  }

  void take_packets() {
    for (RawPacket& raw : capture_.take()) {
      Packet packet{raw.time_ns, raw.length, std::move(raw.bytes), {}, {}};
      Segment segment;
      if (listening_ &&
          parse_ip(ip_packet(capture_.link_type(), packet.bytes), segment) == ParseResult::Ok)
        packet.segment = segment;
      matcher_.add(std::move(packet));
    }
  }

  void step() {
    const std::int64_t start = now_ns(CLOCK_MONOTONIC);
    // Up to this moment nothing is under way any more once both have been read, however busy the machine is.
    const std::int64_t complete = std::min(now_ns(CLOCK_REALTIME), capture_.complete_until_ns());
    take_packets();
    if (listening_) listening_->read(matcher_);
    matcher_.advance(complete, [this](Packet& packet) { write(packet); });
    if (listening_) listening_->knowledge.answer(matcher_, now_ns(CLOCK_MONOTONIC));
    writer_.flush();
    const std::int64_t rest = kBetweenReads - (now_ns(CLOCK_MONOTONIC) - start);
    if (rest > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(rest));
  }

  [[nodiscard]] bool is_enough() const {
    const Limits& stop = options_.stop;
    return (stop.packets != 0 && writer_.packets() >= stop.packets) ||
           (stop.bytes != 0 && writer_.bytes() >= stop.bytes) ||
           (stop.duration_ns != 0 && now_ns(CLOCK_MONOTONIC) - started_ns_ >= stop.duration_ns);
  }

  void write(Packet& packet) {
    if (options_.stop.packets != 0 && writer_.packets() >= options_.stop.packets) return;
    writer_.write(packet);
  }

  void finish() {
    const Capture::Counts counts = capture_.counts();
    std::string text = "packets: " + std::to_string(writer_.packets()) + " written, " +
                       std::to_string(counts.dropped_by_kernel) + " dropped by the kernel, " +
                       std::to_string(counts.dropped_by_interface) + " by the interface, " +
                       std::to_string(counts.dropped_by_queue) + " for want of memory";
    if (listening_) {
      const Matcher::Counts& events = matcher_.counts();
      text += "; events of the kernel: " + std::to_string(events.events) + ", " +
              std::to_string(events.without_packet) + " of them without a packet, " +
              std::to_string(listening_->trace.lost()) +
              " lost; comments: " + std::to_string(writer_.comments());
      for (const std::string& what : listening_->trace.lacks())
        text += "; not in this kernel: " + what;
    }
    writer_.close(counts, text);
    if (!options_.quiet) std::fprintf(stderr, "tcpwave-record: %s\n", text.c_str());
    if (const std::string error = capture_.error(); !error.empty()) throw std::runtime_error(error);
  }

  const RecordOptions& options_;
  std::unique_ptr<Listening>
      listening_;  // before the first packet, so that none is without its word
  Capture capture_;
  Writer writer_;
  Matcher matcher_;
  std::int64_t started_ns_ = 0;
};

/// One line of the report.
template <class Try>
bool report(const char* what, Try&& attempt) {
  try {
    const std::string more = attempt();
    std::printf("%-28s yes%s%s\n", what, more.empty() ? "" : ", ", more.c_str());
    return true;
  } catch (const std::exception& e) {
    std::printf("%-28s no: %s\n", what, e.what());
    return false;
  }
}

}  // namespace

void record(const RecordOptions& options, const std::atomic<bool>& stop) {
  Recording(options).run(stop);
}

bool report_what_is_possible() {
  utsname system{};
  uname(&system);
  std::printf("%-28s %s\n", "kernel", system.release);
  const bool packets = report("capture packets", [] {
    const Capture capture(CaptureOptions{});
    return std::string();
  });
  const bool events = report("hear the kernel's events", [] {
    std::string lacks;
    const Trace trace;
    for (const std::string& what : trace.lacks())
      lacks += (lacks.empty() ? "without " : ", ") + what;
    return lacks;
  });
  report("sockets, and whose they are", [] {
    const Knowledge knowledge;
    return std::string();
  });
  return packets && events;
}

}  // namespace tcpwave::record
