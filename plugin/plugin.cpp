// The symbols by which Wireshark knows a plugin, and nothing else.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "epan.h"
#include "registration.h"
#include "statistics/statistics.h"

#define TCPWAVE_EXPORT __attribute__((visibility("default")))

// NOLINTBEGIN(readability-identifier-naming): the names are Wireshark's.
// Without these declarations `const` would keep them inside this file.
extern "C" {
TCPWAVE_EXPORT extern const char plugin_version[];
TCPWAVE_EXPORT extern const int plugin_want_major;
TCPWAVE_EXPORT extern const int plugin_want_minor;
TCPWAVE_EXPORT void plugin_register();
TCPWAVE_EXPORT std::uint32_t plugin_describe();
}

const char plugin_version[] = TCPWAVE_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
// NOLINTEND(readability-identifier-naming)

std::uint32_t plugin_describe() { return tcpwave::epan::kPluginKind; }

void plugin_register() {
  static proto_plugin tcpwave_plugin{tcpwave::register_protocol, tcpwave::register_handoff};
  proto_register_plugin(&tcpwave_plugin);
  static tap_plugin tcpwave_statistics{tcpwave::register_statistics};
  tap_register_plugin(&tcpwave_statistics);
}
