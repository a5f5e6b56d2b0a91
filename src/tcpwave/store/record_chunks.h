// Where the log's records stand: small blocks at first, and from the first mebibyte on large ones, for which
// the system may use large pages.
//
// A segment's record is new memory each time, so what a fresh page costs is paid for every 64 segments of a
// small page, and for every 32,768 of a large one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "tcpwave/store/large_pages.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

class RecordChunks {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] SegmentRecord& operator[](std::size_t i) const {
    if (i < kAllSmall) return small_[i / kSmall][i % kSmall];
    const std::size_t beyond = i - kAllSmall;
    return large_[beyond / kLarge].get()[beyond % kLarge];
  }
  /// One more, of nothing. @throws std::bad_alloc, and nothing has changed.
  SegmentRecord& grow() {
    if (size_ < kAllSmall) {
      if (size_ % kSmall == 0) small_.push_back(std::make_unique<SegmentRecord[]>(kSmall));
    } else if ((size_ - kAllSmall) % kLarge == 0) {
      large_.push_back(Large(allocate()));
    }
    return *new (&(*this)[size_++]) SegmentRecord;
  }

 private:
  static constexpr std::size_t kSmall = 256, kAllSmall = 64 * kSmall;
  static constexpr std::size_t kLargePage = std::size_t{1} << 21,
                               kLarge = kLargePage / sizeof(SegmentRecord);
  static SegmentRecord* allocate() {
    void* const block = ::operator new (kLargePage, std::align_val_t{kLargePage});
    prefer_large_pages(block, kLargePage);
    return static_cast<SegmentRecord*>(block);
  }
  struct Free {
    void operator()(SegmentRecord* block) const {
      ::operator delete (block, std::align_val_t{kLargePage});
    }
  };
  using Large = std::unique_ptr<SegmentRecord, Free>;
  static_assert(std::is_trivially_destructible_v<SegmentRecord>);

  std::vector<std::unique_ptr<SegmentRecord[]>> small_;
  std::vector<Large> large_;
  std::size_t size_ = 0;
};

}  // namespace tcpwave
