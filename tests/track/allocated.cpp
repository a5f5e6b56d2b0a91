// SPDX-License-Identifier: GPL-2.0-or-later
#include "track/allocated.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {
std::size_t g_allocated = 0;
}  // namespace

// Out of line, or the compiler sees malloc meet delete and calls it a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  g_allocated += malloc_usable_size(block);
  return block;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  if (memory != nullptr) g_allocated -= malloc_usable_size(memory);
  std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t align) {
  void* block = std::aligned_alloc(static_cast<std::size_t>(align), size);
  if (block == nullptr) throw std::bad_alloc();
  g_allocated += malloc_usable_size(block);
  return block;
}

[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  operator delete(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  operator delete(memory);
}

std::size_t tcpwave::allocated() { return g_allocated; }
