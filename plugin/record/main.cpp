// tcpwave-record: captures packets together with what the kernel says of its sockets.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "record/extcap.h"
#include "record/options.h"
#include "record/recorder.h"

namespace {

using namespace tcpwave::record;

std::atomic<bool> stop = false;  // set by signals, so there is no other place for it
static_assert(std::atomic<bool>::is_always_lock_free);

/// The first signal ends the recording in order; what it takes is a fraction of a second.
void end_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop = true; };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a reader that goes away shows when we write
}

void list_devices() {
  int number = 0;
  for (const Device& device : devices())
    std::printf("%d. %s%s%s\n", ++number, device.name.c_str(),
                device.description.empty() ? "" : " ", device.description.c_str());
}

int run(const Request& request) {
  switch (request.task) {
    case Task::Record:
      end_on_signals();
      record(request.record, stop);
      return 0;
    case Task::Help:
      print_help();
      return 0;
    case Task::Version:
      std::puts("tcpwave-record " TCPWAVE_VERSION);
      return 0;
    case Task::ListDevices:
      list_devices();
      return 0;
    case Task::Check:
      return report_what_is_possible() ? 0 : 1;
    case Task::ExtcapInterfaces:
      print_extcap_interfaces();
      return 0;
    case Task::ExtcapLinkTypes:
      print_extcap_link_types();
      return 0;
    case Task::ExtcapConfig:
      print_extcap_config();
      return 0;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(parse_command_line(argc, argv));
  } catch (const std::invalid_argument& e) {
    std::fprintf(stderr, "tcpwave-record: %s\nSee tcpwave-record --help\n", e.what());
    return 2;
  } catch (const ReaderGone&) {
    return 0;  // Wireshark has stopped the capture
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tcpwave-record: %s\n", e.what());
    return 1;
  }
}
