// What a kernel said of one of its sockets at one packet, and the packet comment that carries it.
//
// tcpwave-record writes such comments, the plugin reads them; people can, too:
//   kernel: end=192.0.2.1:43210 state=ESTABLISHED>FIN_WAIT_1 process=curl[1234] owner=call at=-0.000012
// plugin/docs/kernel.md has the form. Knows nothing of Wireshark, and nothing of how Linux says it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/end.h"
#include "tcpwave/segment.h"
#include "tcpwave/state.h"
#include "tcpwave/text.h"

namespace tcpwave::kernel {

/// How it is known whose the socket is.
enum class Owner : std::uint8_t {
  None,
  Descriptor,  // the process holds the socket
  Call,        // it made the call: connect(), shutdown() or close()
  Listener,    // it holds the listening socket that the connection came in by
};

struct Process {
  std::string name;  ///< at most 15 bytes in Linux
  std::uint32_t pid = 0;
  Owner owner = Owner::None;
  std::uint32_t netns = 0;  ///< inode number of its network namespace; 0: not known
  [[nodiscard]] bool known() const { return owner != Owner::None; }
};

struct Word {
  End end;  ///< the socket's own
  /// What it went through, the last one being its state after the packet. One alone: in that all along.
  Few<State, 8> states;
  bool sends_reset = false, receives_reset = false, retransmits = false;
  std::string reset_reason;  ///< in the kernel's word, without its prefix; empty: not said
  Process process;
  std::optional<std::int64_t> at_ns;  ///< when it was said, from the packet's time
};

/// The comment. Names are cut at 32 bytes, twice what Linux gives them, so that it fits a `Text`.
[[nodiscard]] Text comment_of(const Word&);

/// Nothing where the comment is not of this form. Keys that are not known are passed over, so that later
/// versions can say more; a value that makes no sense makes it no comment of ours.
[[nodiscard]] std::optional<Word> word_of(std::string_view comment);

}  // namespace tcpwave::kernel
