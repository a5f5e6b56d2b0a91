// Groups of endpoint-frames and the share of them that is right.
//
// The groups and their names are those of the truth folder's `score` script, and `two KIND`: what only
// the rest of the capture tells, by what tells it. `basis_groups` adds how right a state is by what
// tcpwave says it rests on.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tcpwave/state.h"
#include "tools/truth_file.h"

namespace tcpwave::tools {

/// Whose answer: the engine's in one pass or in two, or the textbook's.
enum class Answer : std::uint8_t { OnePass, TwoPasses, Textbook };

/// One endpoint's state on one frame.
struct EndpointFrame {
  const JudgedCapture* capture = nullptr;
  const Judged* frame = nullptr;
  Side side = Side::Client;
  Answer answer = Answer::OnePass;

  [[nodiscard]] const EndpointView& view() const;  ///< not of the textbook
  [[nodiscard]] const std::string& want() const;
  [[nodiscard]] std::string got() const;
  [[nodiscard]] bool right() const { return got() == want(); }
  [[nodiscard]] bool hidden() const { return !why_hidden().empty(); }
  [[nodiscard]] const std::string& why_hidden() const;
  [[nodiscard]] const std::string& told_by() const;  ///< `two`: empty where one pass can know it
  [[nodiscard]] bool clean() const { return frame->truth.clean; }
};

struct Share {
  std::size_t right = 0, all = 0;
  [[nodiscard]] double percent() const;
  [[nodiscard]] std::string text() const;  ///< `x/y = z%`
};

struct Group {
  std::string name;
  std::function<bool(const EndpointFrame&)> holds;
};

[[nodiscard]] bool is_visible(const EndpointFrame&);
[[nodiscard]] const std::vector<Group>& groups();
[[nodiscard]] const std::vector<Group>& basis_groups();
/// Right and presumed, although a later segment of the endpoint acknowledges what led it to its state.
[[nodiscard]] const Group& proven_later();

/// The captures must outlive the result.
[[nodiscard]] std::vector<EndpointFrame> endpoint_frames(std::span<const JudgedCapture> captures,
                                                         Answer answer);
[[nodiscard]] Share score(std::span<const EndpointFrame> all,
                          const std::function<bool(const EndpointFrame&)>& holds);
[[nodiscard]] std::string mismatch_text(const EndpointFrame&);

}  // namespace tcpwave::tools
