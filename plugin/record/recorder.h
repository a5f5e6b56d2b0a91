// One recording, from its start to its end: packets and the kernel's words come in, a file comes out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "record/capture.h"
#include "record/writer.h"

namespace tcpwave::record {

struct RecordOptions {
  CaptureOptions capture;
  WriterOptions writer;
  Limits stop;         ///< when to end by itself
  bool events = true;  ///< listen to the kernel at all
  bool quiet = false;  ///< no counts at the end
};

/// Records until a limit is reached, the interface goes away, the reader of the file does, or `stop` is set.
/// @throws std::runtime_error
void record(const RecordOptions&, const std::atomic<bool>& stop);

/// Says on standard output what this machine and these rights allow; whether a recording can be made.
bool report_what_is_possible();

}  // namespace tcpwave::record
