// What a capture's comments say of the sockets at both ends, beside the segments that the engine has.
//
// The engine never hears of it: what it infers stays what it infers, and is compared here. A comment tells
// what has changed, so what an end's kernel says at a segment is what it said last, on the same connection.
// Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/word.h"
#include "tcpwave/annotation.h"
#include "tcpwave/tracker.h"

namespace tcpwave::kernel {

/// What an end's kernel says at a segment. Texts live as long as the witness.
struct Said {
  State state = State::Unknown;        ///< after the segment; Unknown: it has not said
  bool here = false;                   ///< a comment of this very segment says it
  State before = State::Unknown;       ///< of those that it says here, the first
  const char* process = nullptr;       ///< `curl[1234]`
  std::uint32_t netns = 0;             ///< 0: not known
  const char* reset_reason = nullptr;  ///< of the RST that this segment is
  [[nodiscard]] bool anything() const { return state != State::Unknown || process != nullptr; }
};

/// By Side.
using BothSaid = std::array<Said, 2>;

/// Whether the inference agrees; nothing where either does not say.
[[nodiscard]] std::optional<bool> agrees(const EndpointView& inferred, const Said&);

class Witness {
 public:
  /// A comment of this segment; what is of neither of its ends is not taken.
  /// @throws std::bad_alloc; nothing is noted then, or less of it
  void add(SegmentId, const Segment&, const Word&);

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// At a segment of a connection whose sender is that side.
  [[nodiscard]] BothSaid at(const Tracker&, SegmentId, Side sender) const;
  /// The process that holds, or held, this end of a connection; null: not known.
  [[nodiscard]] const char* process_of(const Tracker&, std::uint32_t connection, Side) const;

 private:
  /// A comment's content, and what was said before it.
  struct Entry {
    SegmentId id = 0, state_from = 0;  ///< the segment that said the state
    std::uint32_t process = 0, netns = 0, reason = 0;
    SegmentId process_from = 0;
    State state = State::Unknown, before = State::Unknown;
  };
  using Entries = std::vector<Entry>;  // by rising segment
  struct Key {
    End local, remote;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::uint64_t seed = 0;
    std::size_t operator()(const Key&) const;
  };

  [[nodiscard]] Said said(const Tracker&, SegmentId, const Key&) const;
  std::uint32_t text_number(const std::string&);
  [[nodiscard]] const char* text(std::uint32_t number) const {
    return number == 0 ? nullptr : texts_[number - 1].c_str();
  }

  std::unordered_map<Key, Entries, KeyHash> entries_{0, KeyHash{std::random_device{}()}};
  std::deque<std::string> texts_;  ///< each once; numbered from 1
  std::map<std::string, std::uint32_t>
      numbers_;  ///< not hashed: a capture's author chooses the texts
};

}  // namespace tcpwave::kernel
