// See tap.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/tap.h"

#include <algorithm>
#include <array>

#include "guarded.h"
#include "self.h"

namespace tcpwave {

void tap_segment(packet_info* pinfo, const Tapped& tapped) {
  Self& s = self();
  if (!have_tap_listener(s.ids.tap)) return;
  // Listeners draw when the last frame has come: then nothing should wait any more.
  guarded("statistics lack a segment", [&] { s.session->judge(); });
  auto* data = wmem_new(pinfo->pool, Tapped);
  *data = tapped;
  tap_queue_packet(s.ids.tap, pinfo, data);
}

void hear_every_segment(void (*hear)(const Tapped&)) {
  using Hear = void (*)(const Tapped&);
  static std::array<Hear, 8> all{};
  Hear* place = std::find_if(all.begin(), all.end(),
                             [&](Hear known) { return known == hear || known == nullptr; });
  if (place == all.end() || *place == hear) return;
  *place = hear;
  const auto packet = [](void* data, packet_info*, epan_dissect_t*, const void* tapped,
                         tap_flags_t) {
    if (self().session) (*static_cast<Hear*>(data))(*static_cast<const Tapped*>(tapped));
    return TAP_PACKET_DONT_REDRAW;
  };
  GString* error = register_tap_listener(kTapName, place, nullptr, TL_IS_DISSECTOR_HELPER, nullptr,
                                         packet, nullptr, nullptr);
  if (error == nullptr) return;
  ws_warning("statistics windows stay empty: %s", error->str);
  g_string_free(error, TRUE);
}

}  // namespace tcpwave
