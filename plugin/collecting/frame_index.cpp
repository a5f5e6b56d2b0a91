// See frame_index.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/frame_index.h"

namespace tcpwave {

void FrameIndex::begin(std::size_t chunk) {
  if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
  chunks_[chunk] = std::make_unique<Chunk>();
}

void FrameIndex::put_in_list(std::uint32_t& entry, std::size_t ordinal, const Slot& slot) {
  if ((entry & kList) == 0) {
    lists_.emplace_back();
    if (entry != kEmpty) lists_.back().push_back(Slot{entry - 1});
    entry = kList | static_cast<std::uint32_t>(lists_.size() - 1);
  }
  std::vector<Slot>& list = lists_[entry & ~kList];
  list.resize(ordinal, Slot{0, NotFed::Failed});
  list.push_back(slot);
}

}  // namespace tcpwave
