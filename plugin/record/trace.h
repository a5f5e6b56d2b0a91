// Listens to the kernel: an instance of tracefs of its own, with its buffers and its events, so that
// nobody else's tracing is touched; it is gone when this is.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "record/event.h"

namespace tcpwave::record {

/// What keeps one from listening, and what would help.
struct CannotTrace : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Trace {
 public:
  /// @throws CannotTrace
  Trace();
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// What has been said since the last call, in order of time; times are those of CLOCK_REALTIME.
  [[nodiscard]] std::vector<Event> read();
  /// Events that the kernel threw away because nobody read them in time.
  [[nodiscard]] std::uint64_t lost() const;
  /// Tracepoints and fields that this kernel lacks, in words; empty: none.
  [[nodiscard]] const std::vector<std::string>& lacks() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tcpwave::record
