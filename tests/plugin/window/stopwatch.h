// How long calls of one kind took, in processor time: another program's share of the machine is no fault
// of ours.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace tcpwave::window {

inline double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Calls {
  std::uint64_t count = 0;
  double total_ms = 0, longest_ms = 0;

  template <class Call>
  auto time(Call&& call) {
    struct Timer {
      explicit Timer(Calls& c) : calls(c) {}
      ~Timer() {
        const double took = processor_ms() - started;
        ++calls.count;
        calls.total_ms += took;
        calls.longest_ms = std::max(calls.longest_ms, took);
      }
      Calls& calls;
      double started = processor_ms();
    } timer(*this);
    return call();
  }
};

}  // namespace tcpwave::window
