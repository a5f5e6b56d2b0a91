// The one object of the plugin in the process; everything that lives longer than a call hangs from it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>

#include "collecting/audience.h"
#include "collecting/frame_visit.h"
#include "epan.h"
#include "preferences.h"
#include "session.h"
#include "tcpwave/finding.h"
#include "writing/fields.h"

namespace tcpwave {

/// What Wireshark calls the things that were registered.
struct Ids {
  int tcpwave = -1;  ///< the protocol that owns the fields
  int tcp = -1, ip = -1, ipv6 = -1, icmp = -1, icmpv6 = -1;
  int expert = -1;      ///< the protocol of Wireshark's expert infos
  int expert_tap = -1;  ///< Wireshark's own
  int subtree = -1;
  std::array<int, kBranches> branch{};
  int tap = -1;  ///< statistics listen to it
  std::array<int, kFields> field{};
  std::array<expert_field, kFindings> finding{};
  expert_field unseen{};  ///< TCP that did not come through the collector
  expert_field lost{};    ///< the engine failed
};

struct Self {
  Ids ids;
  References references;
  std::optional<SomeFields> asked_for;  ///< when somebody last looked
  Preferences preferences;
  dissector_handle_t tcp = nullptr, collector = nullptr;

  // Of the capture file at hand.
  std::optional<Session> session;
  bool disabled = false;                    ///< by the user: TCP, or TCP Wave
  bool graphical = false;                   ///< this process is the GUI
  bool severities_changed = false;          ///< the user has given expert infos other severities
  bool check_checksum = false;              ///< as tcp.check_checksum stands
  bool unseen_possible = false;             ///< TCP can pass the collector by: the user's Decode As
  dissector_handle_t protocol_6 = nullptr;  ///< has IP protocol 6; Decode As can give it away
  FrameVisit visit;
  unsigned depth = 0;  ///< TCP layers within one another that are being dissected
};

extern constinit Self the_self;
[[nodiscard]] inline Self& self() { return the_self; }

}  // namespace tcpwave
