// Preloaded into tshark by faults_test.py: lets memory run out, or lets epan throw, at each place where
// the plugin can meet it.
//
// Where the program is about to open the capture it forks once for each n: the n-th child meets the fault
// at the plugin's n-th allocation (or call of epan) from there on, goes on to its end and leaves what it
// said and how it ended in a folder. So all faults of a run cost one start of the program.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "preloaded.h"

namespace {

using tcpwave::preloaded::next;

constexpr int kMostChildren = 100000;

enum class Fault { None, Memory, Throw };

struct Process {
  Fault fault = Fault::None;
  const char* folder = nullptr;
  bool child = false;
  int target = 0, count = 0;
  int every = 1;       // only each so-many-th n
  int* hit = nullptr;  // shared with the children
};
Process g_process;

/// Reads the environment once; allocations come before any constructor of ours could run.
Process& process() {
  static bool ready = false;
  if (ready) return g_process;
  ready = true;
  const char* fault = std::getenv("TCPWAVE_FAULT");
  g_process.folder = std::getenv("TCPWAVE_FAULT_FOLDER");
  if (fault == nullptr || g_process.folder == nullptr) return g_process;
  if (const char* every = std::getenv("TCPWAVE_FAULT_EVERY")) g_process.every = std::atoi(every);
  g_process.fault = std::strcmp(fault, "throw") == 0 ? Fault::Throw : Fault::Memory;
  void* page =
      mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) std::abort();
  g_process.hit = static_cast<int*>(page);
  return g_process;
}

/// Where a library's code lies.
struct Range {
  const char* name;
  std::uintptr_t from = 0, to = 0;
  [[nodiscard]] bool has(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= from && at < to;
  }
};
Range g_plugin{"/tcpwave.so"}, g_library{"libstdc++"};

/// The libraries are all loaded when the capture is opened.
void find_libraries() {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void*) {
        for (Range* range : {&g_plugin, &g_library}) {
          if (std::strstr(info->dlpi_name, range->name) == nullptr) continue;
          for (int i = 0; i < info->dlpi_phnum; ++i) {
            if (info->dlpi_phdr[i].p_type != PT_LOAD || (info->dlpi_phdr[i].p_flags & PF_X) == 0)
              continue;
            range->from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            range->to = range->from + info->dlpi_phdr[i].p_memsz;
          }
        }
        return 0;
      },
      nullptr);
}

/// Code of the plugin's, or of the C++ library on its behalf, where the program has no C++ of its own.
bool is_ours(const void* caller, bool library_too) {
  static const bool plugin_only = std::getenv("TCPWAVE_FAULT_PLUGIN_ONLY") != nullptr;
  return g_plugin.has(caller) || (library_too && !plugin_only && g_library.has(caller));
}

void redirect(int descriptor, const char* suffix) {
  char name[512];
  std::snprintf(name, sizeof name, "%s/%04d.%s", g_process.folder, g_process.target, suffix);
  const int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(99);
  close(file);
}

void write_end(int status, bool hit) {
  char name[512];
  std::snprintf(name, sizeof name, "%s/%04d.end", g_process.folder, g_process.target);
  FILE* file = std::fopen(name, "w");
  if (file == nullptr) _exit(99);
  std::fprintf(file, "%s %d\n", hit ? "hit" : "whole", status);
  std::fclose(file);
}

/// Returns in each child. The parent ends when a child met no fault any more.
void fork_all() {
  Process& p = g_process;
  find_libraries();
  std::fflush(nullptr);
  for (p.target = 1; p.target < kMostChildren; p.target += p.every) {
    *p.hit = 0;
    const pid_t pid = fork();
    if (pid < 0) _exit(98);
    if (pid == 0) {
      p.child = true;
      p.count = 0;
      redirect(STDOUT_FILENO, "out");
      redirect(STDERR_FILENO, "err");
      return;
    }
    int status = 0;
    waitpid(pid, &status, 0);
    write_end(status, *p.hit != 0);
    if (*p.hit == 0) break;
  }
  _exit(0);
}

/// Whether the fault is to happen here.
bool due() {
  Process& p = g_process;
  if (!p.child || *p.hit != 0 || ++p.count != p.target) return false;
  *p.hit = 1;
  return true;
}

/// epan's own way to give up on a frame: a longjmp.
void throw_if_due(const void* caller) {
  const Process& p = process();
  if (p.fault != Fault::Throw || !p.child || !is_ours(caller, false) || !due()) return;
  constexpr long kWireshark = 1, kReportedBoundsError = 3;
  next<void(long, long, const char*)>("except_throw")(kWireshark, kReportedBoundsError, "a test");
}

}  // namespace

void* operator new(std::size_t size) {
  const Process& p = process();
  if (p.fault == Fault::Memory && p.child && is_ours(__builtin_return_address(0), true) && due())
    throw std::bad_alloc();
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// Functions of Wireshark's: whole words in, a word out, so one form fits them all.
extern "C" {

using Words = long(long, long, long, long, long, long);

/// Where every fault is wanted, what comes after it is part of the test to the very end.
void epan_cleanup() {
  if (process().child && process().every > 1) tcpwave::preloaded::end_at_clean_up();
  next<void()>("epan_cleanup")();
}

long wtap_open_offline(long a, long b, long c, long d, long e, long f) {
  const Process& p = process();
  if (p.fault != Fault::None && !p.child) fork_all();
  return next<Words>("wtap_open_offline")(a, b, c, d, e, f);
}

long tvb_get_ptr(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("tvb_get_ptr")(a, b, c, d, e, f);
}
long tvb_get_guint8(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("tvb_get_guint8")(a, b, c, d, e, f);
}
long tvb_reported_length(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("tvb_reported_length")(a, b, c, d, e, f);
}
long call_dissector_only(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("call_dissector_only")(a, b, c, d, e, f);
}
long p_get_proto_data(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("p_get_proto_data")(a, b, c, d, e, f);
}
long tap_queue_packet(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("tap_queue_packet")(a, b, c, d, e, f);
}
long wmem_alloc(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("wmem_alloc")(a, b, c, d, e, f);
}
long proto_tree_add_uint(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("proto_tree_add_uint")(a, b, c, d, e, f);
}
long proto_tree_add_boolean(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("proto_tree_add_boolean")(a, b, c, d, e, f);
}
long proto_tree_add_string(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("proto_tree_add_string")(a, b, c, d, e, f);
}
long proto_tree_add_time(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("proto_tree_add_time")(a, b, c, d, e, f);
}
long proto_item_add_subtree(long a, long b, long c, long d, long e, long f) {
  throw_if_due(__builtin_return_address(0));
  return next<Words>("proto_item_add_subtree")(a, b, c, d, e, f);
}

}  // extern "C"
