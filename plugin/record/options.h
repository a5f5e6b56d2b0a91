// The command line: dumpcap's options where there is such a one, and Wireshark's of an extcap.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "record/recorder.h"

namespace tcpwave::record {

enum class Task : std::uint8_t {
  Record,
  Help,
  Version,
  ListDevices,
  Check,             // what is possible here
  ExtcapInterfaces,  // what follows is asked by Wireshark
  ExtcapLinkTypes,
  ExtcapConfig,
};

struct Request {
  Task task = Task::Record;
  RecordOptions record;
};

/// @throws std::invalid_argument with a text for who typed it
[[nodiscard]] Request parse_command_line(int argc, char** argv);

void print_help();

}  // namespace tcpwave::record
