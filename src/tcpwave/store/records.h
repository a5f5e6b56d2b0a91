// A connection's records by row: the latest as they are, all before them packed, page by page.
//
// A long connection is asked about its end, and seldom about the rest: a page that is asked for is
// unpacked, and packed again by `settle`. What has been learned about a record is kept with it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "tcpwave/store/packed.h"
#include "tcpwave/store/record.h"

namespace tcpwave {

class Records {
 public:
  static constexpr Row kPage = 16;  ///< rows

  [[nodiscard]] Row size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// A reference holds until `settle` or `push_back`. @throws std::bad_alloc, and nothing has changed.
  [[nodiscard]] const Record& operator[](Row row) const {
    return row >= latest_row_ ? latest_[row - latest_row_] : open(row)[row % kPage];
  }
  [[nodiscard]] const Record& front() const { return (*this)[0]; }
  [[nodiscard]] const Record& back() const { return (*this)[size_ - 1]; }
  /// To be written to. @throws std::bad_alloc, and nothing has changed.
  [[nodiscard]] Record& change(Row row) {
    if (row >= latest_row_) return latest_[row - latest_row_];
    Record* const page = open(row);
    pages_[row / kPage].packed = {};
    return page[row % kPage];
  }
  /// The row of a segment, which has to be one of them. @throws std::bad_alloc
  [[nodiscard]] Row row_of(std::uint32_t id) const;

  /// Those of [from, to). @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> copied(Row from, Row to) const;
  /// @throws std::bad_alloc
  [[nodiscard]] PackedRecords packed(Kept) const;

  /// @throws std::bad_alloc, and nothing has changed.
  void push_back(const Record&);
  /// How many pages that were asked for may stay unpacked, beside the latest.
  static constexpr std::size_t kFew = 2;     ///< for who asks now and then
  static constexpr std::size_t kSome = 24;   ///< while records come: rules look back
  static constexpr std::size_t kMany = 256;  ///< while it is played again
  /// Packs those that were asked for where they are more. No reference holds after it.
  /// @throws std::bad_alloc; the records are what they were.
  void settle(std::size_t may_stay = kFew);

 private:
  friend class Walk;
  struct Page {
    std::unique_ptr<Record[]> open;  ///< none while it is packed only
    PackedRecords packed;            ///< nothing while it has changed since
    std::uint32_t first_id = 0;
  };
  [[nodiscard]] Record* open(Row row) const {
    Page& page = pages_[row / kPage];
    if (!page.open) unpack(row / kPage);
    return page.open.get();
  }
  void unpack(Row page) const;
  void begin_page();
  void close(Row page);
  void make_room();

  mutable std::vector<Page> pages_;
  mutable std::vector<Row> asked_for_;  ///< pages that are unpacked beside the latest
  Record* latest_ = nullptr;            ///< the last page: it is open, and asked for most
  Row latest_row_ = 0;                  ///< its first
  Row size_ = 0;
  Row room_ = 0;  ///< rows of the last page that its memory holds
};

/// Goes through a connection's records in order, and leaves none of them unpacked.
class Walk {
 public:
  explicit Walk(const Records& records) : records_(records) {}
  /// Nothing at the end; what it points to holds until the next one. @throws std::bad_alloc
  [[nodiscard]] const Record* next();

  using Page = std::array<Glimpse, Records::kPage>;
  /// Goes past a whole page, where the next record is the first of one that is packed; else nothing.
  [[nodiscard]] const Page* glimpses();

 private:
  const Records& records_;
  Page glimpses_;
  std::unique_ptr<Record[]> unpacked_;
  Row unpacked_page_ = kNoRow;
  Row row_ = 0;
};

}  // namespace tcpwave
