// What can be asked of the machine about a socket: its state by sock_diag, in whichever network namespace
// it is, and whose it is by /proc.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "record/matcher.h"
#include "record/processes.h"
#include "record/sockets.h"

namespace tcpwave::record {

class Knowledge {
 public:
  /// Looks at the machine as it is. @throws std::system_error where sock_diag cannot be asked
  Knowledge();

  /// Every socket there is, with whose it is, for the matcher.
  void tell_all(Matcher&, std::int64_t now_ns) const;
  [[nodiscard]] std::optional<State> state_of(const End& local, const End& remote) const;

  /// Notes that somebody wants to know whose this socket is.
  void wonder(const End& local, const End& remote);
  /// The process that has the listening socket of this address and port.
  [[nodiscard]] std::optional<Process> listener_of(const End& local) const;
  /// Finds out about those that it can by now.
  void answer(Matcher&, std::int64_t now_ns);

 private:
  struct Namespace {
    std::uint32_t inode = 0;
    Sockets sockets;
  };
  struct Question {
    End local, remote;
    int tries = 0;
    std::int64_t not_before_ns = 0;
  };
  [[nodiscard]] std::optional<Socket> find(const End& local, const End& remote) const;
  void look(std::int64_t now_ns);
  void open_new_namespaces();

  Processes processes_;
  std::deque<Namespace> namespaces_;  ///< ours first
  std::vector<Socket> listeners_;
  std::deque<Question> questions_;
};

}  // namespace tcpwave::record
