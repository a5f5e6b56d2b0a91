// The border between C++ that may throw and Wireshark's C.
//
// Inside `guarded` runs only code of ours; nothing in it may call epan, whose exceptions are longjmps
// that skip destructors. Outside it nothing of ours throws. What was lost is said.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <exception>
#include <utility>

namespace tcpwave {

/// Says on Wireshark's log that `what` could not be done.
void report_failure(const char* what, const char* reason) noexcept;

/// Runs `work`; false where it threw.
template <class Work>
bool guarded(const char* what, Work&& work) noexcept {
  try {
    std::forward<Work>(work)();
    return true;
  } catch (const std::exception& e) {
    report_failure(what, e.what());
  } catch (...) {
    report_failure(what, "unknown exception");
  }
  return false;
}

}  // namespace tcpwave
