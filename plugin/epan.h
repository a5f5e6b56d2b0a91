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
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/funnel.h>
#include <epan/ipproto.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/print.h>
#include <epan/proto.h>
#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/tvbuff.h>
#include <wiretap/wtap.h>
#include <wsutil/buffer.h>
#include <wsutil/nstime.h>
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif

// These have no extern "C" of their own in 4.0.
extern "C" {
#include <epan/dissectors/packet-ip.h>
#include <epan/frame_data.h>
#include <epan/in_cksum.h>
#include <epan/prefs-int.h>
#include <epan/uat-int.h>
#include <wsutil/filesystem.h>
}

#include <cstdint>
#include <type_traits>

namespace tcpwave::epan {

#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 3)
/// What prefs_register_bool_preference points to: gboolean up to 4.2, bool from 4.4 on.
using PreferenceBool = bool;

/// One octet of a packet. (The name with a g is deprecated from 4.4 on, the other new there.)
inline std::uint8_t octet_at(tvbuff_t* tvb, gint offset) { return tvb_get_uint8(tvb, offset); }

/// What stands behind the hosts of a flow graph: which of them occur.
struct FlowOccurrence {
  std::uint8_t of_host[40];
};

/// For a program of the tests that prints fields: what they need is told to the dissection before it.
inline void prime_fields(epan_dissect_t* edt, output_fields_t* fields) {
  output_fields_prime_edt(edt, fields);
}

/// What the plugin says in the list of plugins that it is. Earlier versions find that out.
inline constexpr std::uint32_t kPluginKind = WS_PLUGIN_DESC_DISSECTOR;
#else
using PreferenceBool = gboolean;
inline std::uint8_t octet_at(tvbuff_t* tvb, gint offset) { return tvb_get_guint8(tvb, offset); }
struct FlowOccurrence {};
inline void prime_fields(epan_dissect_t*, output_fields_t*) {}
inline constexpr std::uint32_t kPluginKind = 0;
#endif

/// Whether collecting/sequence_analysis.h has the structures of this version.
inline constexpr bool kFlowGraphsKnown =
    WIRESHARK_VERSION_MAJOR == 4 &&
    (WIRESHARK_VERSION_MINOR == 0 || WIRESHARK_VERSION_MINOR == 4 || WIRESHARK_VERSION_MINOR == 6);

/// A truth value in Wireshark's structures.
using Boolean = PreferenceBool;

/// What the start of a `-z` option answers: nothing up to 4.4, from 4.6 on whether it could start.
using StatisticStarted = std::invoke_result_t<stat_tap_init_cb, const char*, void*>;

// For the programs of the tests, which read and write capture files: a frame's octets stand beside its
// record up to 4.4, and in it from 4.6 on.
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 5)
inline void init_record(wtap_rec& record, gsize size) { wtap_rec_init(&record, size); }
inline bool dump(wtap_dumper* file, wtap_rec& record, const std::uint8_t* octets, gsize size,
                 int* error, char** info) {
  ws_buffer_append(&record.data, octets, size);
  return wtap_dump(file, &record, error, info);
}
inline bool read(wtap* file, wtap_rec& record, Buffer&, int* error, char** info, gint64* offset) {
  return wtap_read(file, &record, error, info, offset);
}
inline bool read_at(wtap* file, gint64 offset, wtap_rec& record, Buffer&, int* error, char** info) {
  return wtap_seek_read(file, offset, &record, error, info);
}
inline void dissect(epan_dissect_t* edt, int file_type, wtap_rec& record, Buffer&,
                    frame_data* frame, bool taps) {
  (taps ? epan_dissect_run_with_taps : epan_dissect_run)(edt, file_type, &record, frame, nullptr);
}
inline void start_log(const char*) { ws_log_init(nullptr); }
inline char* find_folders(const char* program) { return configuration_init(program); }
#else
inline void init_record(wtap_rec& record, gsize) { wtap_rec_init(&record); }
inline bool dump(wtap_dumper* file, const wtap_rec& record, const std::uint8_t* octets, gsize,
                 int* error, char** info) {
  return wtap_dump(file, &record, octets, error, info);
}
inline bool read(wtap* file, wtap_rec& record, Buffer& octets, int* error, char** info,
                 gint64* offset) {
  return wtap_read(file, &record, &octets, error, info, offset);
}
inline bool read_at(wtap* file, gint64 offset, wtap_rec& record, Buffer& octets, int* error,
                    char** info) {
  return wtap_seek_read(file, offset, &record, &octets, error, info);
}
inline void dissect(epan_dissect_t* edt, int file_type, wtap_rec& record, Buffer& octets,
                    frame_data* frame, bool taps) {
  // epan frees it when it has dissected.
  tvbuff_t* tvb = tvb_new_real_data(ws_buffer_start_ptr(&octets), frame->cap_len,
                                    static_cast<gint>(frame->pkt_len));
  (taps ? epan_dissect_run_with_taps : epan_dissect_run)(edt, file_type, &record, tvb, frame,
                                                         nullptr);
}
inline void start_log(const char* program) { ws_log_init(program, nullptr); }
inline char* find_folders(const char* program) { return configuration_init(program, nullptr); }
#endif

}  // namespace tcpwave::epan
