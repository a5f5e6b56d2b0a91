// See holders.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/holders.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "statistics/text_table.h"
#include "tcpwave/address.h"

namespace tcpwave::kernel {
namespace {

/// A connection's last segment up to a time; times may run backwards, so the last one in order is taken.
std::optional<SegmentId> last_segment(const Tracker& tracker, std::uint32_t connection,
                                      std::int64_t at_ns) {
  for (std::uint32_t n = tracker.segments_of(connection); n > 0; --n) {
    const SegmentId id = tracker.segment_of(connection, n - 1);
    if (tracker.captured(id).time_ns <= at_ns) return id;
  }
  return std::nullopt;
}

bool is_held(State state) {
  return state != State::Unknown && state != State::Closed && state != State::TimeWait;
}

}  // namespace

void print_holders(std::FILE* out, const Tracker& tracker, const Witness& witness,
                   std::int64_t at_ns) {
  if (witness.empty()) return;
  std::map<std::tuple<std::string, std::string, State>, std::uint32_t> counts;
  for (std::uint32_t connection = 0; connection < tracker.connections(); ++connection) {
    const auto last = last_segment(tracker, connection, at_ns);
    const auto replaced = tracker.replaced_at(connection);
    if (!last || (replaced && *replaced <= at_ns)) continue;
    const BothSaid both = witness.at(tracker, *last, tracker.captured(*last).sender);
    const Ends ends = tracker.ends(connection);
    for (std::size_t side = 0; side < both.size(); ++side)
      if (is_held(both[side].state))
        ++counts[{both[side].process != nullptr ? both[side].process : "(not known)",
                  std::string(address_text(ends.address[side]).view()), both[side].state}];
  }
  if (counts.empty()) return;
  std::fputs("\nWhose they are, as the kernel said\n", out);
  TextTable table(out, {{"process"}, {"host"}, {"state"}, {"sockets", TextTable::Align::Right}});
  for (const auto& [key, count] : counts)
    table.row({std::get<0>(key), std::get<1>(key), std::string(name(std::get<2>(key))),
               std::to_string(count)});
  table.finish();
}

}  // namespace tcpwave::kernel
