// Kernel truth beside a capture, and the engine's answers to the same frames.
//
// `NAME.truth.jsonl` says for each frame of `NAME.pcapng` which state the two endpoints' kernels
// were in. `judge` runs the engine over the capture and pairs both, for one pass (asked right after
// each segment) and for two passes (asked after the last one).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/segment.h"

namespace tcpwave::tools {

/// One row of a truth file. `state`, `hidden` and `two` are by Side.
struct TruthRow {
  std::uint32_t frame = 0;
  std::uint32_t connection = 0;
  std::array<std::string, 2> state;
  std::array<std::string, 2> hidden;  ///< why no observer can know it; empty where one can
  std::array<std::string, 2> two;     ///< what of the rest of the capture tells it; empty elsewhere
  std::string fate, direction, note;
  bool clean = false;  ///< of its connection
};

struct TruthFile {
  std::string scenario, description, vantage;
  bool cut = false;  ///< the capture misses frames: head, tail, a direction, some
  std::vector<TruthRow> rows;
};

/// @throws std::runtime_error with the file's name.
[[nodiscard]] TruthFile read_truth(const std::filesystem::path& file);

/// One frame: what the truth says and what the engine said in one pass and in two.
struct Judged {
  TruthRow truth;
  Segment segment;
  std::array<Annotation, 2> pass;   ///< [0] one pass, [1] two passes
  std::array<State, 2> textbook{};  ///< what the textbook's machine says, by Side
  bool seen = false;                ///< false: the truth has a frame that the engine was not fed
};

struct JudgedCapture {
  std::string name;
  TruthFile truth;
  std::vector<Judged> frames;
};

/// All captures of a folder that have a truth file, by name; or the one that `path` names.
[[nodiscard]] std::vector<std::filesystem::path> captures_with_truth(
    const std::filesystem::path& path);

[[nodiscard]] JudgedCapture judge(const std::filesystem::path& capture);

}  // namespace tcpwave::tools
