// See tap.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tap.h"

#include "self.h"

namespace tcpwave {

void tap_segment(packet_info* pinfo, const Tapped& tapped) {
  if (!have_tap_listener(self().ids.tap)) return;
  auto* data = wmem_new(pinfo->pool, Tapped);
  *data = tapped;
  tap_queue_packet(self().ids.tap, pinfo, data);
}

}  // namespace tcpwave
