// See witness.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/witness.h"

#include <algorithm>
#include <cstring>

namespace tcpwave::kernel {

std::optional<bool> agrees(const EndpointView& inferred, const Said& said) {
  if (said.state == State::Unknown || inferred.after == State::Unknown) return std::nullopt;
  return said.state == inferred.after;
}

std::size_t Witness::KeyHash::operator()(const Key& key) const {
  return hash_of(key.local, key.remote, seed);
}

std::uint32_t Witness::text_number(const std::string& text) {
  if (text.empty()) return 0;
  const auto [at, is_new] =
      numbers_.try_emplace(text, static_cast<std::uint32_t>(texts_.size() + 1));
  if (is_new) texts_.push_back(text);
  return at->second;
}

void Witness::add(SegmentId id, const Segment& segment, const Word& word) {
  const End source{segment.source, segment.source_port},
      destination{segment.destination, segment.destination_port};
  if (!(word.end == source) && !(word.end == destination)) return;
  Entry entry;
  if (word.process.known())
    entry.process = text_number(word.process.name + "[" + std::to_string(word.process.pid) + "]");
  entry.reason = text_number(word.reset_reason);
  Entries& entries = entries_[{word.end, word.end == source ? destination : source}];
  // A frame that is dissected for the first time again (a read filter) takes the place of what it said.
  while (!entries.empty() && entries.back().id >= id) entries.pop_back();
  if (!entries.empty()) {
    const Entry& last = entries.back();
    entry.state = last.state;
    entry.state_from = last.state_from;
    if (entry.process == 0) entry.process = last.process;
    entry.process_from = last.process_from;
    entry.netns = last.netns;
  }
  entry.id = id;
  if (!word.states.empty()) {
    entry.state = word.states[word.states.size() - 1];
    entry.before = word.states[0];
    entry.state_from = id;
  }
  if (word.process.known()) {
    entry.process_from = id;
    entry.netns = word.process.netns;
  }
  entries.push_back(entry);
}

Said Witness::said(const Tracker& tracker, SegmentId id, const Key& key) const {
  Said said;
  const auto found = entries_.find(key);
  if (found == entries_.end()) return said;
  const Entries& entries = found->second;
  const auto after = std::ranges::upper_bound(entries, id, {}, &Entry::id);
  const auto connection = tracker.connection_of(id);
  const auto is_of_it = [&](SegmentId other) { return tracker.connection_of(other) == connection; };
  if (after != entries.begin()) {
    const Entry& entry = *(after - 1);
    if (entry.state != State::Unknown && is_of_it(entry.state_from)) {
      said.state = entry.state;
      said.here = entry.state_from == id;
      if (said.here) said.before = entry.before;
    }
    if (entry.process != 0 && is_of_it(entry.process_from)) {
      said.process = text(entry.process);
      said.netns = entry.netns;
    }
    if (entry.id == id) said.reset_reason = text(entry.reason);
  }
  // Whose it is may be known later only; it was so all along.
  constexpr std::ptrdiff_t kLook = 8;
  for (auto next = after; said.process == nullptr && next != entries.end() && next - after < kLook;
       ++next) {
    if (next->process == 0 || !is_of_it(next->process_from)) continue;
    said.process = text(next->process);
    said.netns = next->netns;
  }
  return said;
}

BothSaid Witness::at(const Tracker& tracker, SegmentId id, Side sender) const {
  BothSaid both;
  if (empty()) return both;
  const Route route = tracker.route(id);
  const End source{route.source, route.source_port},
      destination{route.destination, route.destination_port};
  both[static_cast<std::size_t>(sender)] = said(tracker, id, {source, destination});
  both[static_cast<std::size_t>(other(sender))] = said(tracker, id, {destination, source});
  return both;
}

const char* Witness::process_of(const Tracker& tracker, std::uint32_t connection, Side side) const {
  if (empty()) return nullptr;
  const std::uint32_t count = tracker.segments_of(connection);
  if (count == 0) return nullptr;
  const Ends ends = tracker.ends(connection);
  const auto mine = static_cast<std::size_t>(side), others = 1 - mine;
  const Key key{{ends.address[mine], ends.port[mine]}, {ends.address[others], ends.port[others]}};
  return said(tracker, tracker.segment_of(connection, count - 1), key).process;
}

}  // namespace tcpwave::kernel
