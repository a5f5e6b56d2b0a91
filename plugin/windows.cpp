// See windows.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "windows.h"

namespace tcpwave {
void register_windows() {}
}  // namespace tcpwave
