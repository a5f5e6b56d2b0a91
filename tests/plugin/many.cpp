// Preloaded into tshark by tests that ask the same of many captures: it starts once for all of them, which takes
// longer than most of the captures.
//
// TCPWAVE_MANY names a file with a line for each capture, `CAPTURE<tab>OUTPUT`. Where tshark is about to open the
// capture of its command line it forks once for each line; the child opens that line's capture and prints to the
// output, both streams. The exit code is 0 if that of every child was; a child that has come to its clean-up ends
// there with 0.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "preloaded.h"

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  _exit(99);
}

void print_to(const std::string& output) {
  const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0)
    fail(output.c_str());
  close(file);
}

/// Returns in each child, with its capture. The parent ends.
std::string fork_for_each(const char* list) {
  std::ifstream lines(list);
  if (!lines) fail(list);
  bool good = true;
  std::fflush(nullptr);
  for (std::string capture, output;
       std::getline(lines, capture, '\t') && std::getline(lines, output);) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      print_to(output);
      return capture;
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) good = false;
  }
  _exit(good ? 0 : 1);
}

}  // namespace

extern "C" void epan_cleanup() { tcpwave::preloaded::end_at_clean_up(); }

// Of Wireshark's: the file's name comes first, and all arguments are whole words.
extern "C" void* wtap_open_offline(const char* name, long a, long b, long c, long d) {
  static auto* open_capture =
      tcpwave::preloaded::next<void*(const char*, long, long, long, long)>("wtap_open_offline");
  static const char* list = std::getenv("TCPWAVE_MANY");
  if (list == nullptr) return open_capture(name, a, b, c, d);
  static const std::string capture = fork_for_each(list);
  return open_capture(capture.c_str(), a, b, c, d);
}
