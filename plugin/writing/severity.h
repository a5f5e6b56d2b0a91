// Severities of findings as Wireshark's expert infos have them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "epan.h"
#include "tcpwave/catalogue.h"

namespace tcpwave {

/// Graver ones are greater.
constexpr int expert_severity(Severity severity) {
  switch (severity) {
    case Severity::Chat:
      return PI_CHAT;
    case Severity::Note:
      return PI_NOTE;
    case Severity::Warn:
      return PI_WARN;
    case Severity::Error:
      return PI_ERROR;
  }
  return PI_ERROR;
}
static_assert(PI_CHAT < PI_NOTE && PI_NOTE < PI_WARN && PI_WARN < PI_ERROR);

/// No finding is graver.
inline constexpr int kGravest = [] {
  int gravest = 0;
  for (const FindingInfo& finding : kCatalogue)
    gravest = std::max(gravest, expert_severity(finding.severity));
  return gravest;
}();

}  // namespace tcpwave
