// See terminal.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/terminal.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <utility>

#include "collecting/segment_adapter.h"
#include "guarded.h"
#include "kernel/accuracy.h"
#include "self.h"
#include "statistics/choice.h"
#include "statistics/statistic_args.h"
#include "statistics/statistics_help.h"
#include "statistics/tap.h"
#include "tcpwave/ladder.h"
#include "tcpwave/show/decimal.h"

namespace tcpwave {
namespace {

struct Request;

/// A `-z` option: what it is called, how it is used, what it does.
struct Option {
  const char* name;
  const char* title;
  /// What follows the name; nothing where it is not understood. May throw.
  std::optional<StatisticArgs> (*parse)(std::string_view tail);
  void (*print)(const Request&, const Tracker&);
};

/// One as given.
struct Request {
  const Option* option = nullptr;
  StatisticArgs args;
  Choice choice;
  std::int64_t start_ns = 0;  ///< of the capture: its first frame, which need not be TCP
  bool started = false;

  [[nodiscard]] ReportSettings settings(const Tracker& tracker) const {
    return {args.form, started ? start_ns : tracker.start_ns(), self().preferences.shown_language(),
            &self().session->witness()};
  }
};

/// All that were given: epan keeps a pointer to each to the end of the program, and frees none.
std::deque<Request>& requests() {
  static std::deque<Request> all;
  return all;
}

/// Whether a statistic could not be printed; tshark's own exit code does not know of it.
bool& failed() {
  static bool any = false;
  return any;
}

/// Says why, for a script to notice: exit code 2, when the other statistics have been printed.
void fail(const std::string& why) {
  std::fprintf(stderr, "tshark: %s\n", why.c_str());
  failed() = true;
}

/// Runs what prints, and no epan.
template <class Work>
void print_guarded(Work&& work) {
  if (!guarded("a statistic is incomplete", std::forward<Work>(work))) failed() = true;
}

std::string seconds_text(std::int64_t ns) { return fixed(static_cast<double>(ns) / 1e9, 6) + " s"; }

// --- tables -------------------------------------------------------------------------------------

void print_connections_of(const Request& r, const Tracker& tracker) {
  print_guarded([&] { print_connections(stdout, tracker, r.choice, r.settings(tracker)); });
}

void print_overview_of(const Request& r, const Tracker& tracker) {
  print_guarded([&] { print_overview(stdout, tracker, r.choice, r.settings(tracker)); });
}

void print_sockets_at(const Request& r, const Tracker& tracker) {
  const ReportSettings settings = r.settings(tracker);
  const auto& after = r.args.after_ns;
  const std::int64_t moment = settings.start_ns + after.value_or(0);
  if (after && tracker.segments() > 0 && moment > tracker.end_ns()) {
    fail("no sockets at " + seconds_text(*after) + ": the capture's last segment is at " +
         seconds_text(tracker.end_ns() - settings.start_ns) +
         "; give a time up to that, or none for the end of the capture");
    return;
  }
  print_sockets(stdout, tracker, r.choice, settings, after ? &moment : nullptr);
}

void print_sockets_of(const Request& r, const Tracker& tracker) {
  print_guarded([&] { print_sockets_at(r, tracker); });
}

void print_states_of(const Request& r, const Tracker& tracker) {
  print_guarded(
      [&] { print_states(stdout, tracker, r.choice, r.settings(tracker), r.args.state); });
}

void print_resets_of(const Request& r, const Tracker& tracker) {
  print_guarded([&] { print_resets(stdout, tracker, r.choice, r.settings(tracker)); });
}

void print_outcomes_of(const Request& r, const Tracker& tracker) {
  print_guarded([&] { print_outcomes(stdout, tracker, r.choice, r.settings(tracker)); });
}

// --- tcpwave,ladder -----------------------------------------------------------------------------

std::string why_not_written(const std::string& name, int error) {
  return "the ladder cannot be written to \"" + name + "\": " + std::strerror(error) +
         "; name a file in a folder that exists and may be written to, or none for a ladder as "
         "text";
}

void write_picture(const std::string& name, const Ladder& ladder) {
  std::ofstream file(name, std::ios::binary);
  file << ladder_svg(ladder);
  file.close();
  if (!file) fail(why_not_written(name, errno));
}

void write_ladder(const Request& r, const Tracker& tracker, std::uint32_t connection) {
  Ladder ladder = draw_ladder(tracker, connection);
  const ReportSettings settings = r.settings(tracker);
  ladder.capture_start_ns = settings.start_ns;
  ladder.language = settings.language;
  if (r.args.file.empty())
    std::fputs(ladder_text(ladder).c_str(), stdout);
  else
    write_picture(r.args.file, ladder);
}

void write_chosen_ladders(const Request& r, const Tracker& tracker) {
  constexpr std::size_t kMost = 20;  // nobody reads more; an overview has them all
  const auto connections = r.choice.connections(tracker);
  for (std::size_t i = 0; i < std::min(connections.size(), kMost); ++i) {
    if (i > 0) std::fputs("\n", stdout);
    write_ladder(r, tracker, connections[i]);
  }
  if (connections.size() > kMost)
    std::printf(
        "\n%zu more connections pass the filter; -z tcpwave,overview counts those that went "
        "the same way\n",
        connections.size() - kMost);
}

std::string why_no_connection(std::uint32_t wanted, std::uint32_t count) {
  if (count == 0)
    return "there is no connection " + std::to_string(wanted) +
           ": the capture has no TCP connection";
  return "there is no connection " + std::to_string(wanted) + ": the capture has " +
         std::to_string(count) + ", numbered from 0 to " + std::to_string(count - 1) +
         "; -z tcpwave,conns lists them";
}

void print_ladder(const Request& r, const Tracker& tracker) {
  print_guarded([&] {
    if (!r.args.connection)
      write_chosen_ladders(r, tracker);
    else if (*r.args.connection < tracker.connections())
      write_ladder(r, tracker, *r.args.connection);
    else
      fail(why_no_connection(*r.args.connection, tracker.connections()));
  });
}

// --- accuracy -----------------------------------------------------------------------------------

std::optional<StatisticArgs> parse_no_arguments(std::string_view tail) {
  return tail.empty() ? std::optional(StatisticArgs{}) : std::nullopt;
}

void print_accuracy_of(const Request&, const Tracker& tracker) {
  print_guarded([&] { kernel::print_accuracy(stdout, tracker, self().session->witness()); });
}

// --- the options --------------------------------------------------------------------------------

std::optional<StatisticArgs> parse_nothing(std::string_view) { return std::nullopt; }

void print_nothing(const Request&, const Tracker&) {}

constexpr const char* kHelp = "tcpwave,help";
/// Whatever else begins with this: answered with the list of options, where tshark would list all of its own.
constexpr const char* kAnyOther = "tcpwave";

constexpr std::array<Option, 10> kOptions{{
    {"tcpwave,conns", "TCP Wave: Connections", parse_table_args, print_connections_of},
    {"tcpwave,overview", "TCP Wave: Overview", parse_table_args, print_overview_of},
    {"tcpwave,sockets", "TCP Wave: Sockets", parse_sockets_args, print_sockets_of},
    {"tcpwave,states", "TCP Wave: Time in each state", parse_states_args, print_states_of},
    {"tcpwave,resets", "TCP Wave: Resets by service", parse_table_args, print_resets_of},
    {"tcpwave,ladder", "TCP Wave: Ladder of a connection", parse_ladder_args, print_ladder},
    {"tcpwave,tree", "TCP Wave: Outcomes and findings", parse_table_args, print_outcomes_of},
    {"tcpwave,accuracy", "TCP Wave: Accuracy beside the kernel", parse_no_arguments,
     print_accuracy_of},
    {kHelp, "TCP Wave: Help on these", parse_nothing, print_nothing},
    {kAnyOther, "TCP Wave: Help", parse_nothing, print_nothing},
}};

// --- what they share ----------------------------------------------------------------------------

tap_packet_status note_segment(void* data, packet_info* pinfo, epan_dissect_t*, const void* tapped,
                               tap_flags_t) {
  auto* request = static_cast<Request*>(data);
  if (!std::exchange(request->started, true))
    request->start_ns = nanoseconds(pinfo->abs_ts) - nanoseconds(pinfo->rel_ts);
  if (request->choice.filtered())
    print_guarded([&] { request->choice.add(static_cast<const Tapped*>(tapped)->id); });
  return TAP_PACKET_DONT_REDRAW;
}

void draw(void* data) {
  const auto* request = static_cast<Request*>(data);
  if (!self().session) return;
  request->option->print(*request, self().session->tracker());
  // "xml" where a format is meant is a filter, too: the name of a protocol.
  if (request->choice.filtered() && !request->started)
    std::fprintf(stderr, "tshark: no TCP segment passes the filter \"%s\" of -z %s\n",
                 request->args.filter.c_str(), request->option->name);
}

/// Drawn after all others.
void end_of_statistics(void*) {
  if (!failed()) return;
  std::fflush(nullptr);
  std::exit(2);
}

/// Answers a request for help; false where it is none.
bool answered_with_help(const Option& option, std::string_view tail) {
  const bool of_all = option.name == std::string_view(kHelp);
  const bool values = of_all && tail == ",values";
  if (tail != ",help" && !values && !(of_all && tail.empty())) return false;
  guarded("the help is incomplete",
          [&] { std::fputs((values ? values_text() : help_text(option.name)).c_str(), stdout); });
  return true;
}

[[noreturn]] void refuse(const char* argument, const Option& option, const char* why) {
  guarded("the usage cannot be shown", [&] {
    std::fprintf(stderr, "tshark: invalid \"-z %s\"%s%s; usage: -z %s\n", argument,
                 why != nullptr ? ": " : "", why != nullptr ? why : "",
                 usage_of(option.name).c_str());
  });
  std::exit(1);
}

/// Whether the picture can be written shows before the capture is read, which can take long.
void try_file(const std::string& name) {
  if (name.empty()) return;
  std::error_code error;
  const bool was_there = std::filesystem::exists(name, error);
  std::ofstream file(name, std::ios::binary | std::ios::app);
  if (!file) {
    fail(why_not_written(name, errno));
    std::exit(2);
  }
  file.close();
  if (!was_there) std::filesystem::remove(name, error);
}

Request& new_request(const Option& option, const char* argument, std::string_view tail) {
  Request* request = nullptr;
  bool understood = false;
  const bool tried = guarded("a statistic cannot start", [&] {
    request = &requests().emplace_back();
    request->option = &option;
    const auto args = option.parse(tail);
    understood = args.has_value();
    request->args = args.value_or(StatisticArgs{});
    const auto& a = request->args;
    if (!a.filter.empty()) request->choice.set_filtered();
    if (understood) try_file(a.file);
  });
  if (!tried) std::exit(1);
  if (!understood) refuse(argument, option, nullptr);
  return *request;
}

epan::StatisticStarted start(const char* argument, void* data) {
  const auto& option = *static_cast<const Option*>(data);
  const std::string_view tail = argument + std::strlen(option.name);
  if (answered_with_help(option, tail)) std::exit(0);
  Request& request = new_request(option, argument, tail);
  const std::string& filter = request.args.filter;
  GString* error =
      register_tap_listener(kTapName, &request, filter.empty() ? nullptr : filter.c_str(),
                            TL_REQUIRES_NOTHING, nullptr, note_segment, draw, nullptr);
  if (error != nullptr) refuse(argument, option, error->str);
  return static_cast<epan::StatisticStarted>(true);
}

}  // namespace

void register_terminal_options() {
  for (const Option& option : kOptions) {
    // Copied by Wireshark, all but what it hands back.
    stat_tap_ui ui{
        REGISTER_PACKET_STAT_GROUP_UNSORTED, option.title, option.name, start, 0, nullptr};
    register_stat_tap_ui(&ui, const_cast<Option*>(&option));
  }
  // Wireshark draws the oldest listener last, and this one is older than any `-z`.
  GString* error = register_tap_listener(kEndTapName, &failed(), nullptr, TL_IS_DISSECTOR_HELPER,
                                         nullptr, nullptr, end_of_statistics, nullptr);
  if (error == nullptr) return;
  ws_warning("statistics that fail do not set the exit code: %s", error->str);
  g_string_free(error, TRUE);
}

}  // namespace tcpwave
