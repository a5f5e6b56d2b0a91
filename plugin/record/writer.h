// Writes packets with their comments as pcapng, by libwiretap; one file, or a ring of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>

#include "record/capture.h"
#include "record/matcher.h"

namespace tcpwave::record {

/// Whoever read the file along has gone.
struct ReaderGone : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Limits of a file, by its bytes, packets and seconds; 0: none.
struct Limits {
  std::uint64_t bytes = 0, packets = 0;
  std::int64_t duration_ns = 0;
};

struct WriterOptions {
  std::string file;   ///< "-": standard output; a FIFO is written as it is
  bool ring = false;  ///< a next file where a limit is reached
  Limits next_file;
  std::size_t files = 0;  ///< the oldest is removed where there are more; 0: none is
  bool at_once = false;   ///< somebody reads along
};

/// What a file says of itself.
struct About {
  std::string device, filter;
  int link_type = 0, snap_length = 0;
  std::string kernel;  ///< name and release of the system
};

class Writer {
 public:
  /// Opens the first file. @throws std::runtime_error
  Writer(WriterOptions, About);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// @throws ReaderGone; std::runtime_error where it cannot be written for another reason
  void write(const Packet&);
  /// Where somebody reads along: hands over what is written, and looks whether that one is still there.
  void flush();
  /// Ends the file with what was lost in all.
  void close(const Capture::Counts&, const std::string& comment);

  /// Of the file at hand.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t comments() const { return comments_; }

 private:
  struct File;
  void open();
  [[nodiscard]] bool is_full(const Packet&) const;
  [[nodiscard]] std::string next_name(std::int64_t time_ns) const;

  WriterOptions options_;
  About about_;
  std::unique_ptr<File> file_;
  std::deque<std::string> written_;  ///< files of the ring
  std::uint64_t bytes_ = 0, packets_ = 0, in_file_ = 0, comments_ = 0;
  std::int64_t opened_ns_ = 0;
  unsigned number_ = 0;
};

}  // namespace tcpwave::record
