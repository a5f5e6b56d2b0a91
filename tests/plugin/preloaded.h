// What the libraries that tests preload into Wireshark's programs share.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>

namespace tcpwave::preloaded {

/// The function that ours of this name stands in front of.
template <class Function>
Function* next(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::perror(name);
    _exit(97);
  }
  return reinterpret_cast<Function*>(found);
}

/// For a child at tshark's clean-up: to give back all that tshark has registered takes longer than its capture.
[[noreturn]] inline void end_at_clean_up() {
  std::fflush(nullptr);
  _exit(0);
}

}  // namespace tcpwave::preloaded
