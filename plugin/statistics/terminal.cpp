// See terminal.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/terminal.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <utility>

#include "guarded.h"
#include "self.h"
#include "statistics/outcome_tree.h"
#include "statistics/statistic_args.h"
#include "statistics/statistics_help.h"
#include "statistics/tap.h"
#include "tcpwave/ladder.h"

namespace tcpwave {
namespace {

struct Request;

/// A `-z` option: what it is called, how it is used, what it does.
struct Option {
  const char* name;
  const char* title;
  bool (*parse)(Request&, std::string_view tail);  ///< what follows the name; may throw
  void (*print)(const Request&, const Tracker&);
};

/// One as given.
struct Request {
  const Option* option = nullptr;
  TableForm form = TableForm::Text;
  SocketsArgs sockets;
  LadderArgs ladder;
  std::int64_t start_ns = 0;  ///< of the capture: its first frame, which need not be TCP
  bool started = false;
};

/// All that were given: epan keeps a pointer to each to the end of the program, and frees none.
std::deque<Request>& requests() {
  static std::deque<Request> all;
  return all;
}

/// tshark's exit code does not know of us, so that a script would not notice.
void fail_at_exit() {
  static bool failed = false;
  if (std::exchange(failed, true)) return;
  std::atexit([] {
    std::fflush(nullptr);
    std::_Exit(2);
  });
}

/// Runs what prints, and no epan.
template <class Work>
void print_guarded(Work&& work) {
  if (!guarded("a statistic is incomplete", std::forward<Work>(work))) fail_at_exit();
}

// --- tcpwave,conns ------------------------------------------------------------------------------

bool parse_connections(Request& request, std::string_view tail) {
  const auto form = parse_connections_args(tail);
  request.form = form.value_or(TableForm::Text);
  return form.has_value();
}

void print_connections_of(const Request& request, const Tracker& tracker) {
  print_guarded([&] { print_connections(stdout, tracker, request.form); });
}

// --- tcpwave,sockets ----------------------------------------------------------------------------

bool parse_sockets(Request& request, std::string_view tail) {
  const auto args = parse_sockets_args(tail);
  request.sockets = args.value_or(SocketsArgs{});
  return args.has_value();
}

void print_sockets_of(const Request& request, const Tracker& tracker) {
  const auto& after = request.sockets.after_ns;
  const std::int64_t moment = request.start_ns + after.value_or(0);
  print_guarded(
      [&] { print_sockets(stdout, tracker, request.start_ns, after ? &moment : nullptr); });
}

// --- tcpwave,ladder -----------------------------------------------------------------------------

bool parse_ladder(Request& request, std::string_view tail) {
  const auto args = parse_ladder_args(tail);
  request.ladder = args.value_or(LadderArgs{});
  return args.has_value();
}

void write_ladder(const Request& request, const Tracker& tracker) {
  Ladder ladder = draw_ladder(tracker, request.ladder.connection);
  ladder.capture_start_ns = request.start_ns;
  const std::string& name = request.ladder.file;
  if (name.empty()) {
    std::fputs(ladder_text(ladder).c_str(), stdout);
    return;
  }
  std::ofstream file(name, std::ios::binary);
  file << ladder_svg(ladder);
  file.close();
  if (file) return;
  std::fprintf(stderr, "tshark: cannot write the ladder to \"%s\"\n", name.c_str());
  fail_at_exit();
}

void print_ladder(const Request& request, const Tracker& tracker) {
  const std::uint32_t count = tracker.connections(), wanted = request.ladder.connection;
  if (wanted < count) {
    print_guarded([&] { write_ladder(request, tracker); });
    return;
  }
  std::fprintf(stderr, "tshark: there is no connection %u; this capture has %u, numbered from 0\n",
               wanted, count);
  fail_at_exit();
}

// --- tcpwave,tree -------------------------------------------------------------------------------

bool parse_tree(Request&, std::string_view tail) { return tail.empty(); }

void print_tree(const Request&, const Tracker& tracker) { print_outcome_tree(tracker); }

// --- tcpwave,help -------------------------------------------------------------------------------

bool parse_help(Request&, std::string_view tail) { return tail.empty(); }

void print_nothing(const Request&, const Tracker&) {}

constexpr std::array<Option, 5> kOptions{{
    {"tcpwave,conns", "TCP Wave: Connections", parse_connections, print_connections_of},
    {"tcpwave,sockets", "TCP Wave: Sockets", parse_sockets, print_sockets_of},
    {"tcpwave,ladder", "TCP Wave: Ladder of a connection", parse_ladder, print_ladder},
    {"tcpwave,tree", "TCP Wave: Outcomes and findings", parse_tree, print_tree},
    {"tcpwave,help", "TCP Wave: Help", parse_help, print_nothing},
}};

// --- what they share ----------------------------------------------------------------------------

tap_packet_status note_start(void* data, packet_info* pinfo, epan_dissect_t*, const void*,
                             tap_flags_t) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  auto* request = static_cast<Request*>(data);
  if (!std::exchange(request->started, true))
    request->start_ns = (pinfo->abs_ts.secs - pinfo->rel_ts.secs) * kSecond +
                        (pinfo->abs_ts.nsecs - pinfo->rel_ts.nsecs);
  return TAP_PACKET_DONT_REDRAW;
}

void draw(void* data) {
  const auto* request = static_cast<Request*>(data);
  if (self().session) request->option->print(*request, self().session->tracker());
}

epan::StatisticStarted start(const char* argument, void* data) {
  const auto* option = static_cast<const Option*>(data);
  const std::string_view tail = argument + std::strlen(option->name);
  if (tail == ",help" || (option->parse == parse_help && tail.empty())) {
    guarded("the help is incomplete", [&] { std::fputs(help_text(option->name).c_str(), stdout); });
    std::exit(0);
  }
  Request* request = nullptr;
  bool understood = false;
  const bool tried = guarded("a statistic cannot start", [&] {
    request = &requests().emplace_back();
    request->option = option;
    understood = option->parse(*request, tail);
  });
  if (!tried) std::exit(1);
  if (!understood) {
    guarded("the usage cannot be shown", [&] {
      std::fprintf(stderr, "tshark: invalid \"-z %s\"; usage: -z %s\n", argument,
                   usage_of(option->name).c_str());
    });
    std::exit(1);
  }
  GString* error = register_tap_listener(kTapName, request, nullptr, TL_REQUIRES_NOTHING, nullptr,
                                         note_start, draw, nullptr);
  if (error == nullptr) return static_cast<epan::StatisticStarted>(true);
  std::fprintf(stderr, "tshark: \"-z %s\": %s\n", argument, error->str);
  std::exit(1);
}

}  // namespace

void register_terminal_options() {
  for (const Option& option : kOptions) {
    // Copied by Wireshark, all but what it hands back.
    stat_tap_ui ui{
        REGISTER_PACKET_STAT_GROUP_UNSORTED, option.title, option.name, start, 0, nullptr};
    register_stat_tap_ui(&ui, const_cast<Option*>(&option));
  }
}

}  // namespace tcpwave
