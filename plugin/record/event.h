// What one of the kernel's tracepoints says, as a value; and how it is read from the trace's records.
//
// Which fields an event has differs from kernel to kernel, so nothing is read by its offset: the kernel
// describes its own records. plugin/docs/kernel.md lists what which version has.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/word.h"

struct tep_event;
struct tep_record;

namespace tcpwave::record {

using kernel::End;

struct Event {
  enum class Kind : std::uint8_t {
    SetState,      // sock:inet_sock_set_state
    SendReset,     // tcp:tcp_send_reset; which end is whose differs by version, so both are tried
    ReceiveReset,  // tcp:tcp_receive_reset
    Retransmit,    // tcp:tcp_retransmit_skb
    Destroy,       // tcp:tcp_destroy_sock
    Name,          // task:task_newtask, task:task_rename: a thread's name, of `thread` and `caller`
    Ask,           // none of the kernel's: time to ask it for the state of this socket
  };
  Kind kind{};
  std::int64_t time_ns = 0;  ///< in the clock of the trace until it is brought to the packets'
  End local, remote;
  State from = State::Unknown, to = State::Unknown;  ///< of SetState
  std::string reset_reason;                          ///< of SendReset; empty: not said
  std::optional<bool> answers;  ///< of SendReset: a received segment; else it aborts
  std::uint32_t thread =
      0;                   ///< that ran when it happened; 0: none, or it has nothing to do with it
  kernel::Process caller;  ///< the thread's, where somebody has looked it up
};

/// Names of an enumeration in the text of an event's format: `__print_symbolic(REC->reason, { 0, "X" }, ...`.
/// Empty where the field has none.
using Names = std::vector<std::pair<std::int64_t, std::string>>;
[[nodiscard]] Names names_in_format(std::string_view format, std::string_view field);

/// Linux's states (net/tcp_states.h) by RFC 9293's names; Unknown for what is none.
[[nodiscard]] State state_of_linux(std::int64_t number);

/// Nothing for what is no event of ours, or says less than the two ends. `reasons` are those of
/// tcp_send_reset.
[[nodiscard]] std::optional<Event> read_event(tep_event&, tep_record&, const Names& reasons);

}  // namespace tcpwave::record
