// See processes.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <memory>
#include <thread>

namespace tcpwave::record {
namespace {

constexpr std::int64_t kIdleShare = 20;  ///< a look costs at most one of so many parts of the time

std::string proc(std::uint32_t id, const char* file) {
  return "/proc/" + std::to_string(id) + "/" + file;
}

std::string name_of(std::uint32_t id) {
  std::ifstream file(proc(id, "comm"));
  std::string name;
  std::getline(file, name);
  return name;
}

/// The process that a thread belongs to.
std::uint32_t process_of(std::uint32_t thread) {
  std::ifstream file(proc(thread, "status"));
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("Tgid:"))
      return static_cast<std::uint32_t>(std::strtoul(line.c_str() + 5, nullptr, 10));
  return 0;
}

std::uint32_t namespace_of(std::uint32_t pid) {
  struct stat status {};
  if (stat(proc(pid, "ns/net").c_str(), &status) != 0) return 0;
  return static_cast<std::uint32_t>(status.st_ino);
}

struct Closed {
  void operator()(DIR* folder) const { closedir(folder); }
};

/// Calls `take` with each number that names an entry of a folder.
template <class Take>
void for_each_number(const std::string& path, Take take) {
  const std::unique_ptr<DIR, Closed> folder(opendir(path.c_str()));
  if (!folder) return;
  while (const dirent* entry = readdir(folder.get())) {
    std::uint32_t number = 0;
    const std::string_view name = entry->d_name;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc())
      take(number);
  }
}

/// The inode in `socket:[12345]`; 0 for other descriptors.
std::uint32_t socket_inode(const std::string& descriptor) {
  std::array<char, 64> target{};
  const ssize_t size = readlink(descriptor.c_str(), target.data(), target.size());
  constexpr std::string_view kSocket = "socket:[";
  std::uint32_t inode = 0;
  const std::string_view text(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (text.starts_with(kSocket))
    std::from_chars(text.data() + kSocket.size(), text.data() + text.size(), inode);
  return inode;
}

std::int64_t monotonic_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

bool Processes::look(std::int64_t now_ns) {
  if (now_ns < not_before_ns_) return false;
  const std::int64_t start = monotonic_ns();
  by_inode_.clear();
  namespaces_.clear();
  for_each_number("/proc", [this](std::uint32_t pid) { look_at(pid); });
  constexpr std::int64_t kShortest = 100'000'000;
  not_before_ns_ = now_ns + std::max(kShortest, (monotonic_ns() - start) * kIdleShare);
  return true;
}

void Processes::look_at(std::uint32_t pid) {
  const std::uint32_t netns = namespace_of(pid);
  const auto same = [netns](const Netns& known) { return known.inode == netns; };
  if (netns != 0 && namespaces_.size() < kMostNamespaces && std::ranges::none_of(namespaces_, same))
    namespaces_.push_back({netns, pid});
  std::string name;
  for_each_number(proc(pid, "fd"), [&](std::uint32_t fd) {
    const std::uint32_t inode = socket_inode(proc(pid, "fd/") + std::to_string(fd));
    if (inode == 0) return;
    if (name.empty()) name = name_of(pid);
    // Where several hold it, the youngest: a worker, and not the process that started it.
    Process& holder = by_inode_[inode];
    if (pid >= holder.pid) holder = {name, pid, kernel::Owner::Descriptor, netns};
  });
}

std::optional<Process> Processes::holder(std::uint32_t inode) const {
  const auto found = by_inode_.find(inode);
  return found == by_inode_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Process> Processes::caller(std::uint32_t thread) {
  const std::uint32_t pid = process_of(thread);
  if (pid == 0) return std::nullopt;
  return Process{name_of(pid), pid, kernel::Owner::Call, namespace_of(pid)};
}

bool run_in_namespace_of(std::uint32_t pid, const std::function<void()>& work) {
  bool done = false;
  std::thread([&] {
    const int fd = open(proc(pid, "ns/net").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    done = setns(fd, CLONE_NEWNET) == 0;
    close(fd);
    if (done) work();
  }).join();
  return done;
}

}  // namespace tcpwave::record
