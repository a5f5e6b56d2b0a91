// The flow type "TCP Wave" of Statistics, Flow Graph, and of `-z flow,tcpwave,standard`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_flow_graph();

}  // namespace tcpwave
