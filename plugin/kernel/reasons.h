// Which of our causes of a reset are true where the kernel says why it sent a RST.
//
// The kernel's reasons are of its code, ours of what a person has to look for, so one of its words can be
// several of ours: TCP_STATE, an abort that the application asked for, is told by the state it met.
// From the meaning of the findings and Linux 6.18's net/ipv4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "tcpwave/finding.h"
#include "tcpwave/state.h"

namespace tcpwave::kernel {

enum class Verdict : std::uint8_t {
  Agrees,
  Differs,
  Open,  // the kernel's reason decides nothing here
};

/// Whether our cause is one of a RST that the kernel sent for this reason, from a socket that was in `met`
/// (Unknown where there was none, or it is not known).
[[nodiscard]] Verdict verdict_on(std::string_view reason, State met, Finding cause);

/// Whether a finding says why a RST was sent.
[[nodiscard]] bool is_cause(Finding);

}  // namespace tcpwave::kernel
