// See guarded.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "guarded.h"

#include "epan.h"

namespace tcpwave {

void report_failure(const char* what, const char* reason) noexcept {
  ws_warning("%s: %s", what, reason);
}

}  // namespace tcpwave
