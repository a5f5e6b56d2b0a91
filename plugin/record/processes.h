// Whose a socket is: by its inode, through the descriptors of every process in /proc; or by the thread
// that made a call.
//
// Going through /proc takes a while on a busy machine, so it is done only where something is asked for, and
// for no more than a twentieth of the time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/word.h"

namespace tcpwave::record {

using kernel::Process;

class Processes {
 public:
  /// Goes through /proc, if enough time has passed since the last time; whether it did.
  /// `now_ns` is of a clock that does not go back.
  bool look(std::int64_t now_ns);
  /// The holder of the socket with this inode, as far as the last look has shown.
  [[nodiscard]] std::optional<Process> holder(std::uint32_t inode) const;
  /// The process of a thread that made a call just now; what has ended meanwhile is not found.
  [[nodiscard]] static std::optional<Process> caller(std::uint32_t thread);

  /// A network namespace: its inode number, and a process in it.
  struct Netns {
    std::uint32_t inode = 0, pid = 0;
  };
  static constexpr std::size_t kMostNamespaces = 64;
  /// Those that the last look has shown, each once; no more than the most.
  [[nodiscard]] const std::vector<Netns>& namespaces() const { return namespaces_; }

 private:
  void look_at(std::uint32_t pid);

  std::int64_t not_before_ns_ = 0;
  std::unordered_map<std::uint32_t, Process> by_inode_;
  std::vector<Netns> namespaces_;
};

/// Runs `work` in the network namespace of a process, on a thread of its own; false where it may not.
bool run_in_namespace_of(std::uint32_t pid, const std::function<void()>& work);

}  // namespace tcpwave::record
