// What the `-z tcpwave,...` options print, from the engine's final knowledge.
//
// A tracker in, text out: knows nothing of Wireshark but its writer of JSON.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "kernel/witness.h"
#include "statistics/choice.h"
#include "tcpwave/language.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

enum class TableForm : std::uint8_t { Text, Csv, Json };

struct ReportSettings {
  TableForm form = TableForm::Text;
  std::int64_t start_ns = 0;                 ///< of the capture: times are relative to it
  Language language = Language::English;     ///< of Text; the others are the same in all
  const kernel::Witness* witness = nullptr;  ///< what kernels said; it adds whose the sockets are

  /// Where a kernel said anything, the processes stand after what every capture has.
  [[nodiscard]] bool has_processes() const { return witness != nullptr && !witness->empty(); }
};

/// One row per connection, by number.
void print_connections(std::FILE*, const Tracker&, const Choice&, const ReportSettings&);

/// Connections that went the same way, counted: one row per client, server and outcome, the largest first.
void print_overview(std::FILE*, const Tracker&, const Choice&, const ReportSettings&);

/// Outcomes and findings, with how many connections have them; each connection counts once.
void print_outcomes(std::FILE*, const Tracker&, const Choice&, const ReportSettings&);

/// Sockets per host and state: with `at_ns`, at that capture time, else at the end of the capture.
void print_sockets(std::FILE*, const Tracker&, const Choice&, const ReportSettings&,
                   const std::int64_t* at_ns);

/// How long each end was in each state, or in the one that is wanted: by connection, the client's first.
void print_states(std::FILE*, const Tracker&, const Choice&, const ReportSettings&,
                  std::optional<State> wanted);

/// Which service's connections a RST ended, by whose and why: a row per service, sender and cause, the most first.
void print_resets(std::FILE*, const Tracker&, const Choice&, const ReportSettings&);

/// The words of an overview, for a window.
[[nodiscard]] std::string overview_text(const Tracker&, const Choice&, Language);

}  // namespace tcpwave
