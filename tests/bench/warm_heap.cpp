// Preloaded into tshark where processor time is compared: its heap is touched before it begins, and stays. A virtual machine
// that gives free memory back to its host pays ten microseconds and more for each fresh page, so that without this the memory
// of two runs is compared, and not what they do. Says on stderr how many seconds that took.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::size_t kHeap = std::size_t{1100}
                              << 20;  ///< bytes; more than tshark needs for 500,000 frames
constexpr std::size_t kPage = 4096;

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

[[gnu::constructor]] void touch_heap() {
  // All from one piece, of which nothing is given back.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  auto* const heap = static_cast<volatile char*>(std::malloc(kHeap));
  if (heap == nullptr) return;
  for (std::size_t i = 0; i < kHeap; i += kPage) heap[i] = 1;
  std::free(const_cast<char*>(heap));
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  static_cast<void>(
      std::fprintf(stderr, "heap: %.6f s\n", seconds(used.ru_utime) + seconds(used.ru_stime)));
}

}  // namespace
