// See extcap.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/extcap.h"

#include <cstdio>
#include <string>

#include "record/capture.h"

namespace tcpwave::record {
namespace {

/// Braces end a value in this dialogue.
std::string without_braces(std::string text) {
  for (char& c : text)
    if (c == '{' || c == '}') c = ' ';
  return text;
}

}  // namespace

void print_extcap_interfaces() {
  std::puts("extcap {version=" TCPWAVE_VERSION "}{display=tcpwave-record}");
  std::puts("interface {value=tcpwave}{display=TCP Wave: packets and sockets}");
}

void print_extcap_link_types() {
  // The file says it for each interface; Wireshark wants one here.
  std::puts("dlt {number=1}{name=EN10MB}{display=As the interface has it}");
}

void print_extcap_config() {
  std::puts(
      "arg {number=0}{call=--device}{display=Interface}{type=selector}"
      "{tooltip=Where packets are captured}{default=any}");
  std::puts(
      "arg {number=1}{call=--snapshot-length}{display=Snap length}{type=integer}"
      "{tooltip=Bytes of each packet}{range=1,262144}{default=262144}");
  std::puts(
      "arg {number=2}{call=--no-promiscuous-mode}{display=Not in promiscuous mode}"
      "{type=boolflag}{default=false}");
  for (const Device& device : devices()) {
    const std::string name = without_braces(device.name);
    const std::string about =
        device.description.empty() ? "" : ": " + without_braces(device.description);
    std::printf("value {arg=0}{value=%s}{display=%s%s}{default=%s}\n", name.c_str(), name.c_str(),
                about.c_str(), name == "any" ? "true" : "false");
  }
}

}  // namespace tcpwave::record
