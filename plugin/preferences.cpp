// Registration of the preferences. See preferences.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "preferences.h"

#include <array>

namespace tcpwave {

Settings Preferences::settings() const {
  constexpr std::int64_t kSecond = 1'000'000'000;
  Settings settings;
  settings.time_wait_ns = kSecond * time_wait;
  settings.close_wait_held_ns = kSecond * close_wait_held;
  settings.syn_flood_half_open = syn_flood_half_open;
  settings.pileup = pileup;
  // Wireshark keeps ten times as much in small pages. Beside ours in large ones, its own look-ups took up to twice the
  // time on a virtual machine.
  settings.large_pages = false;
  return settings;
}

namespace {

/// When the findings about hosts are raised.
void register_thresholds(module_t* module, Preferences& preferences) {
  prefs_register_uint_preference(module, "syn_flood_half_open", "SYN flood: half-open connections",
                                 "Reports syn_flood when this many connections of a host are in "
                                 "SYN_RECEIVED at once. Default: 100; 0: never.",
                                 10, &preferences.syn_flood_half_open);
  prefs_register_uint_preference(module, "close_wait_held", "CLOSE_WAIT held: seconds",
                                 "Reports close_wait_held when an endpoint stays in CLOSE_WAIT for "
                                 "longer than this. Default: 60 seconds.",
                                 10, &preferences.close_wait_held);
  prefs_register_uint_preference(module, "pileup", "Pile-up: connections in one state",
                                 "Reports close_wait_pileup or time_wait_pileup when this many "
                                 "connections of a host are in CLOSE_WAIT or in TIME_WAIT at once. "
                                 "Default: 100; 0: never.",
                                 10, &preferences.pileup);
}

}  // namespace

void register_preferences(int protocol, Preferences& preferences) {
  module_t* module = prefs_register_protocol(protocol, nullptr);
  prefs_register_bool_preference(module, "info_mark", "Mark steps and resets in the Info column",
                                 "Puts a short mark such as [wave 2/4] in front of the Info column "
                                 "of each segment that is a step of the handshake or of the close "
                                 "(in Chinese texts the four waves); in front of a RST, what the "
                                 "RST does. Default: on.",
                                 &preferences.info_mark);
  prefs_register_uint_preference(module, "time_wait", "Length of TIME_WAIT (seconds)",
                                 "How long an endpoint stays in TIME_WAIT (2MSL), in capture time. "
                                 "Default: 60 seconds, as on Linux; RFC 9293 says 240.",
                                 10, &preferences.time_wait);
  prefs_register_bool_preference(module, "separate_tunnels",
                                 "Separate connections by VLAN and tunnel",
                                 "Treats the same addresses and ports under another VLAN ID, VXLAN "
                                 "or GENEVE network identifier or GRE key as another connection. "
                                 "Default: on.",
                                 &preferences.separate_tunnels);
  register_thresholds(module, preferences);
  // Wireshark keeps a pointer to these rows.
  static const std::array<enum_val_t, kLanguages + 1> languages{
      {{"English", "English", static_cast<gint>(Language::English)},
       {"Chinese", "中文", static_cast<gint>(Language::Chinese)},
       {nullptr, nullptr, 0}}};
  prefs_register_enum_preference(module, "language", "Language / 语言",
                                 "Language of TCP Wave's lines in the packet details, of its marks "
                                 "and of its findings. Values that filters compare are always in "
                                 "English. Default: English.",
                                 &preferences.language, languages.data(), FALSE);
}

bool tcp_checks_checksums() {
  module_t* tcp = prefs_find_module("tcp");
  pref_t* check = tcp == nullptr ? nullptr : prefs_find_preference(tcp, "check_checksum");
  return check != nullptr && prefs_get_bool_value(check, pref_current);
}

}  // namespace tcpwave
