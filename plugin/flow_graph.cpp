// See flow_graph.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow_graph.h"

namespace tcpwave {
void register_flow_graph() {}
}  // namespace tcpwave
