// What the user can set. Names and defaults are public interface.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

struct Preferences {
  epan::PreferenceBool info_mark = true;
  guint time_wait = 60;  ///< seconds
  epan::PreferenceBool separate_tunnels = true;
  guint syn_flood_half_open = 100;  ///< connections; 0: no such finding
  guint close_wait_held = 60;       ///< seconds
  guint pileup = 100;               ///< connections; 0: no such findings
  gint language = 0;                ///< a Language

  [[nodiscard]] Settings settings() const;
  [[nodiscard]] Language shown_language() const { return static_cast<Language>(language); }
};

void register_preferences(int protocol, Preferences&);

/// How TCP's own preference stands now.
[[nodiscard]] bool tcp_checks_checksums();

}  // namespace tcpwave
