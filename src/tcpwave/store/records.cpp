// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/records.h"

#include <algorithm>

namespace tcpwave {
namespace {

constexpr Row kUsual =
    11;  ///< records that a connection has room for at first: below 1 KiB, which the heap gives at once
constexpr Row kLatest = 2;  ///< pages that are not packed: most rules ask about what has just come

}  // namespace

void Records::push_back(const Record& record) {
  const Row at = size_ % kPage;
  if (at == 0) begin_page();
  if (at == room_) make_room();
  if (at == 0) pages_.back().first_id = record.id;
  latest_[at] = record;
  ++size_;
}

void Records::begin_page() {
  const Row page = size_ / kPage;
  if (page >= kLatest) close(page - kLatest);
  settle(kSome);
  if (pages_.size() == page) pages_.emplace_back();
  latest_row_ = size_;
  room_ = 0;
}

void Records::close(Row number) {
  Page& page = pages_[number];
  if (page.open && page.packed.empty())
    page.packed = PackedRecords({page.open.get(), kPage}, Kept::Whole);
  page.open.reset();
}

/// Small connections are many: the first page grows as it is filled.
void Records::make_room() {
  const Row filled = size_ % kPage;
  const Row room = size_ >= kPage ? kPage : filled == 0 ? kUsual : std::min(kPage, 2 * filled);
  auto larger = std::make_unique<Record[]>(room);
  Page& page = pages_.back();
  std::copy_n(page.open.get(), filled, larger.get());
  page.open = std::move(larger);
  latest_ = page.open.get();
  room_ = room;
}

void Records::unpack(Row page) const {
  asked_for_.reserve(asked_for_.size() + 1);
  auto open = std::make_unique<Record[]>(kPage);
  pages_[page].packed.unpack(open.get(), Kept::Whole);
  pages_[page].open = std::move(open);
  asked_for_.push_back(page);
}

void Records::settle(std::size_t may_stay) {
  if (asked_for_.size() <= may_stay) return;
  while (!asked_for_.empty()) {
    close(asked_for_.back());
    asked_for_.pop_back();
  }
}

std::vector<Record> Records::copied(Row from, Row to) const {
  std::vector<Record> all;
  all.reserve(to - from);
  Walk walk(*this);
  for (Row row = 0; row < to; ++row) {
    const Record& r = *walk.next();
    if (row >= from) all.push_back(r);
  }
  return all;
}

PackedRecords Records::packed(Kept kept) const {
  return size_ <= kPage ? PackedRecords({open(0), size_}, kept)
                        : PackedRecords(copied(0, size_), kept);
}

const Record* Walk::next() {
  if (row_ == records_.size()) return nullptr;
  const Row number = row_ / Records::kPage;
  const Records::Page& page = records_.pages_[number];  // may be closed by who walks
  if (!page.open && unpacked_page_ != number) {
    if (!unpacked_) unpacked_ = std::make_unique<Record[]>(Records::kPage);
    page.packed.unpack(unpacked_.get(), Kept::Whole);
    unpacked_page_ = number;
  }
  const Record* const first = page.open ? page.open.get() : unpacked_.get();
  return &first[row_++ % Records::kPage];
}

const Walk::Page* Walk::glimpses() {
  if (row_ % Records::kPage != 0 || row_ == records_.size()) return nullptr;
  const Records::Page& page = records_.pages_[row_ / Records::kPage];
  if (page.open) return nullptr;
  page.packed.glimpse(glimpses_.data());
  row_ += Records::kPage;
  return &glimpses_;
}

Row Records::row_of(std::uint32_t id) const {
  if (back().id == id) return size_ - 1;
  const auto beyond =
      std::upper_bound(pages_.begin(), pages_.end(), id,
                       [](std::uint32_t sought, const Page& p) { return sought < p.first_id; });
  const Row first = static_cast<Row>(beyond - pages_.begin() - 1) * kPage;
  const Record* const page = open(first);
  const Record* const record =
      std::lower_bound(page, page + std::min(kPage, size_ - first), id,
                       [](const Record& r, std::uint32_t sought) { return r.id < sought; });
  return first + static_cast<Row>(record - page);
}

}  // namespace tcpwave
