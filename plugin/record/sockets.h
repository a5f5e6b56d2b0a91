// The sockets that a kernel has now, as sock_diag(7) tells: those that were there before we listened, and
// what has become of one.
//
// A netlink socket belongs to the network namespace that it was opened in, for good.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/word.h"

namespace tcpwave::record {

using kernel::End;

struct Socket {
  End local, remote;
  State state = State::Unknown;  ///< the substate, of one in TIME_WAIT
  std::uint32_t inode = 0;       ///< 0: no process has it (any more, or yet)
};

class Sockets {
 public:
  /// Of the network namespace that the calling thread is in. @throws std::system_error
  Sockets();
  ~Sockets();
  Sockets(Sockets&& from) noexcept : fd_(from.fd_) { from.fd_ = -1; }
  Sockets& operator=(Sockets&&) = delete;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  enum class Which : std::uint8_t { Connected, Listening };
  /// @throws std::system_error
  [[nodiscard]] std::vector<Socket> all(Which) const;
  /// One connection's end. Nothing where there is none.
  [[nodiscard]] std::optional<Socket> find(const End& local, const End& remote) const;

 private:
  int fd_;
};

}  // namespace tcpwave::record
