// Who looks at a segment in this dissection: what is asked of the engine, and what is written, goes by it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "epan.h"
#include "writing/fields.h"

namespace tcpwave {

/// Some of the fields, in order.
using SomeFields = Few<std::uint8_t, kFields>;

struct Audience {
  bool subtree = false;  ///< somebody asks for a field of ours, or sees the tree
  bool item = false;     ///< the fields stand below our own line: it is seen, or asked for itself
  bool all = false;  ///< the whole annotation is wanted: seen, or asked for more than a mark tells
  bool experts = false;        ///< somebody lists expert infos
  bool gravest_alone = false;  ///< nobody does, but a window shows the gravest of the file
  bool visible = false;        ///< the tree will be shown or printed; all fields are asked for then
  const SomeFields* fields = nullptr;  ///< those that are asked for, where it is not

  [[nodiscard]] bool anybody() const { return subtree || experts; }
  [[nodiscard]] Detail detail() const { return all || experts ? Detail::Whole : Detail::Mark; }
  /// What it gets has no place among TCP's lines, and nothing of TCP takes its place.
  [[nodiscard]] bool is_content_with_mark() const { return !visible && detail() == Detail::Mark; }
};

/// Wireshark's rows of what is ours to be asked for; they say whether it is. It keeps those that were registered.
struct References {
  const header_field_info *tcpwave = nullptr, *expert = nullptr;
  const std::array<hf_register_info, kFields>* field = nullptr;
  const std::array<ei_register_info, kFindings>* finding = nullptr;
};

/// Who looks at what is written about the segment, apart from the Info column.
[[nodiscard]] Audience audience_of(proto_tree*);

/// Whether there may be an audience at all, or a statistic that listens; if not, only the mark in the Info column is written.
[[nodiscard]] bool may_have_audience(const proto_tree*);

/// The Info column is made, and marks are on.
[[nodiscard]] bool wants_mark(const packet_info&);

}  // namespace tcpwave
