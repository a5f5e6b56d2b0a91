// Objects that come and go, in blocks of many: no call of the allocator for each, and large pages where the
// system has them.
//
// A pool grows and keeps what it has: what is given back is used again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "tcpwave/store/large_pages.h"
#include "tcpwave/store/prefetch.h"

namespace tcpwave {

template <class T>
class Pool {
 public:
  /// Gives an object back to its pool.
  struct Release {
    void operator()(T* object) const {
      Cell* const cell = reinterpret_cast<Cell*>(object);
      object->~T();
      cell->home->give_back(cell);
    }
  };
  using Pointer = std::unique_ptr<T, Release>;

  explicit Pool(Pages pages) : pages_(pages) {}
  /// Every object has to be given back before.
  ~Pool() {
    for (const Block& block : blocks_) free_pages(block.pages, block.cells);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// @throws std::bad_alloc, and what T's constructor throws; nothing has changed then.
  template <class... Arguments>
  [[nodiscard]] Pointer make(Arguments&&... arguments) {
    if (free_ == nullptr) add_block();
    Cell* const cell = free_;
    free_ = cell->next;
    try {
      return Pointer(new (cell->room) T(std::forward<Arguments>(arguments)...));
    } catch (...) {
      give_back(cell);
      throw;
    }
  }

 private:
  struct Cell {
    union {
      Cell* next;
      alignas(kCacheLine) std::byte room[sizeof(T)];
    };
    Pool* home;  ///< so that a pointer to an object needs no more than its address
  };
  static constexpr std::size_t kFirst = 16,
                               kMost = kLargePage / sizeof(Cell);  ///< objects of a block

  void add_block() {
    const std::size_t cells = blocks_.empty() ? kFirst : std::min(2 * last_, kMost);
    const Pages pages = cells == kMost ? pages_ : Pages::Small;
    if (blocks_.size() == blocks_.capacity()) blocks_.reserve(2 * blocks_.size() + 1);
    static_assert(alignof(Cell) <= kCacheLine);
    auto* const block = static_cast<Cell*>(allocate_pages(pages, cells * sizeof(Cell)));
    blocks_.push_back({block, pages});
    last_ = cells;
    for (std::size_t i = cells; i-- > 0;) {
      block[i].home = this;
      give_back(&block[i]);
    }
  }
  void give_back(Cell* cell) {
    cell->next = free_;
    free_ = cell;
  }

  struct Block {
    Cell* cells = nullptr;
    Pages pages = Pages::Small;
  };

  Pages pages_;
  std::vector<Block> blocks_;
  Cell* free_ = nullptr;
  std::size_t last_ = 0;
};

}  // namespace tcpwave
