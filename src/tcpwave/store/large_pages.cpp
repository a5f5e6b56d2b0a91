// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/large_pages.h"

#include "tcpwave/store/prefetch.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace tcpwave {

void* allocate_pages(Pages pages, std::size_t bytes) {
  if (pages == Pages::Small) return ::operator new (bytes, std::align_val_t{kCacheLine});
  void* const block = ::operator new (bytes, std::align_val_t{kLargePage});
#ifdef MADV_HUGEPAGE
  static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));  // a hint: all is well without
#endif
  return block;
}

void free_pages(Pages pages, void* block) noexcept {
  if (pages == Pages::Small)
    ::operator delete (block, std::align_val_t{kCacheLine});
  else
    ::operator delete (block, std::align_val_t{kLargePage});
}

}  // namespace tcpwave
