// What Wireshark's windows ask the plugin for, printed: a table, the statistics tree, a flow graph, the
// ladder from the menu. Each is asked as its window does, and every call into the plugin is timed.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "capture_file.h"
#include "stopwatch.h"

namespace tcpwave::window {

/// The fields' values on every frame, as `tshark -T fields` prints them; the frames are visited in an
/// order that is far from theirs.
void print_fields(CaptureFile&, const std::string& names);
/// A stat table (`tcpwave,conns`) with a display filter, empty for none.
void print_table(CaptureFile&, const std::string& name, const std::string& filter);
void print_flow(CaptureFile&, const std::string& name, const std::string& filter);
/// A table that stays open while a preference changes: what it shows then, and when it is asked again.
void keep_table_open(CaptureFile&, const std::string& name);
/// How many frames the list of packets shows under a display filter: when it is applied, or while the file is loaded
/// again. A listener with the filter stands for the list.
void print_listed(std::unique_ptr<CaptureFile>&, const std::string& path, const std::string& filter,
                  bool again);
/// The gravest expert info of the file so far, as the status bar shows it.
void print_status();
/// A capture that is begun again when it has got so many frames, and then gets all of the file.
void restart(std::unique_ptr<CaptureFile>&, const std::string& path, std::uint32_t frames);
/// The menu entry, with this frame selected.
void print_ladder(std::uint32_t frame);
/// The plugin's entries: `Statistics/TCP Wave/Sockets`.
void print_menu();
void print_overview();

/// The calls of each kind so far: kind, number, milliseconds of the longest, of all. A frame's whole
/// dissection is one, the first time and in the latest retap of each view.
void print_times(const CaptureFile&);

}  // namespace tcpwave::window
