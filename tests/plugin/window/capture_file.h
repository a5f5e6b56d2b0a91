// A capture file as Wireshark's main window treats it: read and dissected once, in order; after that any
// frame at any time; all again when a preference changes.
//
// The window's own code is in no library, so this is what its file.c does with epan, and no more.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "epan_for_tests.h"
#include "stopwatch.h"

namespace tcpwave::window {

class CaptureFile {
 public:
  static constexpr std::uint32_t kAll = 0xffffffff;
  /// Reads and dissects, all of it or as much as a capture that is stopped has got; exits with a message where that
  /// cannot be done.
  explicit CaptureFile(const std::string& path, std::uint32_t most = kAll);
  ~CaptureFile();
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  [[nodiscard]] std::uint32_t frames() const { return static_cast<std::uint32_t>(at_.size()); }
  /// Dissects one frame with all its details, as a click on it does; `before` can say what `after` will need.
  void visit(std::uint32_t number, const std::function<void(epan_dissect_t*)>& before,
             const std::function<void(epan_dissect_t*)>& after);
  /// All frames in order for those who listen, as an opened statistics window asks for.
  void retap();
  /// Everything from the beginning, as after a change of a preference.
  void redissect();

  /// Dissections of a frame, with all listeners: the first ones, and those of the latest retap.
  [[nodiscard]] const Calls& first() const { return first_; }
  [[nodiscard]] const Calls& again() const { return again_; }

 private:
  void dissect_first(frame_data*);
  void run_with_taps(epan_dissect_t*, frame_data*);
  void read(const frame_data*);

  wtap* file_ = nullptr;
  wtap_rec record_{};
  Buffer bytes_{};
  packet_provider_data provider_{};
  epan_t* session_ = nullptr;
  std::vector<std::int64_t> at_;  ///< offsets in the file, by frame
  std::uint32_t cum_bytes_ = 0;
  nstime_t elapsed_{};
  const frame_data* reference_ = nullptr;
  const frame_data* previous_ = nullptr;
  Calls first_, again_;
};

}  // namespace tcpwave::window
