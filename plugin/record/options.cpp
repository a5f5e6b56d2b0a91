// See options.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/options.h"

#include <getopt.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace tcpwave::record {
namespace {

enum Long : int {
  kNoEvents = 256,
  kCheck,
  kExtcapInterfaces,
  kExtcapVersion,
  kExtcapInterface,
  kExtcapDlts,
  kExtcapConfig,
  kExtcapFilter,
  kExtcapCapture,
  kExtcapFifo,
  kDevice,
};

constexpr std::array kLongOptions{
    option{"interface", required_argument, nullptr, 'i'},
    option{"snapshot-length", required_argument, nullptr, 's'},
    option{"no-promiscuous-mode", no_argument, nullptr, 'p'},
    option{"buffer-size", required_argument, nullptr, 'B'},
    option{"autostop", required_argument, nullptr, 'a'},
    option{"ring-buffer", required_argument, nullptr, 'b'},
    option{"list-interfaces", no_argument, nullptr, 'D'},
    option{"help", no_argument, nullptr, 'h'},
    option{"version", no_argument, nullptr, 'v'},
    option{"no-events", no_argument, nullptr, kNoEvents},
    option{"check", no_argument, nullptr, kCheck},
    option{"extcap-interfaces", no_argument, nullptr, kExtcapInterfaces},
    option{"extcap-version", optional_argument, nullptr, kExtcapVersion},
    option{"extcap-interface", required_argument, nullptr, kExtcapInterface},
    option{"extcap-dlts", no_argument, nullptr, kExtcapDlts},
    option{"extcap-config", no_argument, nullptr, kExtcapConfig},
    option{"extcap-capture-filter", required_argument, nullptr, kExtcapFilter},
    option{"capture", no_argument, nullptr, kExtcapCapture},
    option{"fifo", required_argument, nullptr, kExtcapFifo},
    option{"device", required_argument, nullptr, kDevice},
    option{nullptr, 0, nullptr, 0},
};

double number_in(std::string_view text, const std::string& where, double least, double most) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(number >= least && number <= most))
    throw std::invalid_argument(where + ": \"" + std::string(text) +
                                "\" is no number of that kind");
  return number;
}

constexpr double kMostCount = 1e15;  ///< exact as a double, and more than a disk holds

std::uint64_t count_in(std::string_view text, const std::string& where) {
  return static_cast<std::uint64_t>(number_in(text, where, 1, kMostCount));
}

/// `duration:10`, `filesize:1000` (in units of 1000 bytes, as dumpcap has it), `packets:5`, `files:3`.
void parse_limit(std::string_view text, const std::string& option, Limits& limits,
                 std::size_t* files) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  constexpr double kSecond = 1e9, kLongest = 1e9;
  if (kind == "duration")
    limits.duration_ns = std::llround(number_in(value, option, 1e-3, kLongest) * kSecond);
  else if (kind == "filesize")
    limits.bytes = count_in(value, option) * 1000;
  else if (kind == "packets")
    limits.packets = count_in(value, option);
  else if (kind == "files" && files != nullptr)
    *files = count_in(value, option);
  else
    throw std::invalid_argument(option + ": unknown condition \"" + std::string(text) + "\"");
}

void take_option(int code, const char* value, Request& request) {
  RecordOptions& record = request.record;
  constexpr double kMostSnap = 262144, kMostBuffer = 2047;
  switch (code) {
    case 'i':
    case kDevice:
      record.capture.device = value;
      break;
    case 'f':
    case kExtcapFilter:
      record.capture.filter = value;
      break;
    case 's':
      record.capture.snap_length = static_cast<int>(number_in(value, "-s", 1, kMostSnap));
      break;
    case 'B':
      record.capture.buffer_mib = static_cast<int>(number_in(value, "-B", 1, kMostBuffer));
      break;
    case 'p':
      record.capture.promiscuous = false;
      break;
    case 'w':
      record.writer.file = value;
      record.writer.at_once = record.writer.file == "-";
      break;
    case kExtcapFifo:
      record.writer.file = value;
      record.writer.at_once = record.quiet = true;
      break;
    case 'c':
      record.stop.packets = count_in(value, "-c");
      break;
    case 'a':
      parse_limit(value, "-a", record.stop, nullptr);
      break;
    case 'b':
      parse_limit(value, "-b", record.writer.next_file, &record.writer.files);
      record.writer.ring = true;
      break;
    case 'q':
      record.quiet = true;
      break;
    case kNoEvents:
      record.events = false;
      break;
    default:
      break;
  }
}

std::optional<Task> task_of(int code) {
  switch (code) {
    case 'h':
      return Task::Help;
    case 'v':
      return Task::Version;
    case 'D':
      return Task::ListDevices;
    case kCheck:
      return Task::Check;
    case kExtcapInterfaces:
      return Task::ExtcapInterfaces;
    case kExtcapDlts:
      return Task::ExtcapLinkTypes;
    case kExtcapConfig:
      return Task::ExtcapConfig;
    case kExtcapCapture:
      return Task::Record;
    default:
      return std::nullopt;
  }
}

}  // namespace

Request parse_command_line(int argc, char** argv) {
  Request request;
  opterr = 0;
  optind = 1;
  while (true) {
    const int code =
        getopt_long(argc, argv, ":i:f:s:B:pw:c:a:b:qDhv", kLongOptions.data(), nullptr);
    if (code == -1) break;
    if (code == '?' || code == ':')
      throw std::invalid_argument(std::string(code == '?' ? "unknown option " : "no value for ") +
                                  argv[optind - 1]);
    if (const auto task = task_of(code)) request.task = *task;
    take_option(code, optarg, request);
  }
  if (optind != argc) throw std::invalid_argument(std::string("not understood: ") + argv[optind]);
  if (request.task == Task::Record && request.record.writer.file.empty())
    throw std::invalid_argument("no file to write: -w FILE (- is standard output)");
  if (request.record.writer.ring && request.record.writer.file == "-")
    throw std::invalid_argument("-b needs a file: standard output is but one");
  return request;
}

void print_help() {
  std::fputs(
      R"(Usage: tcpwave-record -w FILE [options]

Captures packets, and writes beside them what this machine's kernel says of its sockets: states, why it
sent a RST, whose a socket is. The file is pcapng; the words are packet comments.

  -i DEVICE            interface; "any" without it
  -f FILTER            capture filter, as libpcap has it
  -s BYTES             snap length, 262144 without it
  -p                   not in promiscuous mode
  -B MIB               the kernel's buffer for packets, 64 without it
  -w FILE              file to write; - is standard output
  -c COUNT             stop after so many packets
  -a CONDITION         stop after duration:SECONDS, filesize:KB or packets:COUNT
  -b CONDITION         a next file after duration:SECONDS, filesize:KB or packets:COUNT; files:COUNT keeps
                       so many
  -q                   no counts at the end
  -D                   list interfaces
      --no-events      packets alone
      --check          say what this machine and these rights allow
  -h, -v               this help; the version

It needs root, or these capabilities:
  setcap cap_net_raw,cap_net_admin,cap_dac_override,cap_sys_ptrace,cap_sys_admin+ep tcpwave-record
)",
      stdout);
}

}  // namespace tcpwave::record
