// Zeek's logs of connections that somebody asks about row after row, so that no question goes through all
// segments again.
//
// A log follows from a connection's records. It is kept while new segments only come behind; where some were
// applied again, it goes on from one that was saved before those.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unordered_map>
#include <vector>

#include "tcpwave/hindsight/connection.h"
#include "tcpwave/show/zeek.h"

namespace tcpwave {

class ZeekCache {
 public:
  /// The log of all that was captured of the connection; `slot` tells connections apart, and `load` one from the same
  /// after it was evicted and loaded again. It holds until the next question. @throws std::bad_alloc
  const ZeekLog& log_of(std::uint32_t slot, std::uint64_t load, const Connection&);

 private:
  struct Saved {
    Row rows = 0;  ///< that it has seen
    ZeekLog log;
  };
  struct Entry {
    std::vector<Saved> saved;  ///< by rising rows; the last is the latest
    std::uint64_t load = 0;
    std::uint64_t applied =
        0;  ///< Connection::rows_applied() then, which counts from the loading on
    bool concluded = false;
  };
  static void go_back(Entry&, std::uint64_t load, const Connection&);
  static void save(Entry&);

  std::unordered_map<std::uint32_t, Entry> entries_;
};

}  // namespace tcpwave
