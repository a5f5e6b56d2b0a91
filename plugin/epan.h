// The single include point of Wireshark's headers.
//
// What differs between Wireshark 4.0, 4.4 and 4.6 is settled here, so that no other file of the
// plugin asks for a version.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#define WS_LOG_DOMAIN "tcpwave"

#include <wireshark.h>

#include <epan/column-info.h>
#include <epan/conversation_filter.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/funnel.h>
#include <epan/ipproto.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <epan/tvbuff.h>
#include <wsutil/nstime.h>

// These have no extern "C" of their own in 4.0.
extern "C" {
#include <epan/dissectors/packet-ip.h>
#include <epan/in_cksum.h>
#include <epan/prefs-int.h>
#include <epan/stats_tree_priv.h>
}

#include <type_traits>

namespace tcpwave::epan {

/// What prefs_register_bool_preference points to: gboolean up to 4.2, bool from 4.4 on.
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 3)
using PreferenceBool = bool;
#else
using PreferenceBool = gboolean;
#endif

/// A truth value in Wireshark's structures.
using Boolean = PreferenceBool;

/// Between a submenu and its entry, in the name of a statistics tree.
#ifdef STATS_TREE_MENU_SEPARATOR
inline constexpr const char* kMenuSeparator = STATS_TREE_MENU_SEPARATOR;
#else
inline constexpr const char* kMenuSeparator = "/";
#endif

/// Whether this process is the GUI: it alone answers what it asks of itself.
inline bool is_graphical() {
  ws_info_t* info = nullptr;
  plugin_if_get_ws_info(&info);
  return info != nullptr && info->ws_info_supported != 0;
}

}  // namespace tcpwave::epan
