// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/large_pages.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace tcpwave {

void prefer_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));  // a hint: all is well without
#endif
}

void* allocate_large(std::size_t bytes) {
  void* const block = ::operator new (bytes, std::align_val_t{kLargePage});
  prefer_large_pages(block, bytes);
  return block;
}

void free_large(void* block) noexcept { ::operator delete (block, std::align_val_t{kLargePage}); }

}  // namespace tcpwave
