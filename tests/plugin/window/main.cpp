// Wireshark's main window without the window: loads a capture as it does, does with it what is asked for,
// and prints what the window would show. The tests compare that with what tshark prints.
//
// window [-o PREFERENCE]... FILE COMMAND...
//   fields=NAME,...      redissect
//   table=NAME[:FILTER]  tree=NAME[:FILTER]  flow=NAME[:FILTER]  ladder=FRAME
//   times                                   (see views.h)
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "views.h"

namespace {

using namespace tcpwave::window;

[[noreturn]] void refuse(std::string_view what) {
  std::fprintf(stderr, "window: %.*s is not understood; main.cpp says what is\n",
               static_cast<int>(what.size()), what.data());
  std::exit(1);
}

void start(const char* program) {
  ws_log_init("window", nullptr);
  init_process_policies();
  g_free(configuration_init(program, nullptr));
  g_set_prgname("wireshark");  // a plugin may ask
  timestamp_set_type(TS_RELATIVE);
  timestamp_set_precision(TS_PREC_AUTO);
  timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
  wtap_init(FALSE);
  if (!epan_init(nullptr, nullptr, TRUE)) {
    std::fputs("window: Wireshark's library does not start\n", stderr);
    std::exit(1);
  }
  static tap_reg_t own{};  // none but those of plugins
  register_all_tap_listeners(&own);
}

void set_preference(char* text) {
  char* error = nullptr;
  if (prefs_set_pref(text, &error) == PREFS_SET_OK) return;
  std::fprintf(stderr, "window: -o %s: %s\n", text,
               error != nullptr ? error : "no such preference");
  std::exit(1);
}

void run(CaptureFile& file, const std::string& command) {
  const std::size_t equals = command.find('=');
  const std::string verb = command.substr(0, equals);
  const std::string rest = equals == std::string::npos ? "" : command.substr(equals + 1);
  const std::size_t colon = rest.find(':');
  const std::string name = rest.substr(0, colon);
  const std::string filter = colon == std::string::npos ? "" : rest.substr(colon + 1);
  std::printf("== %s\n", command.c_str());
  if (verb == "fields")
    print_fields(file, rest);
  else if (verb == "redissect")
    file.redissect();
  else if (verb == "table")
    print_table(file, name, filter);
  else if (verb == "tree")
    print_tree(file, name, filter);
  else if (verb == "flow")
    print_flow(file, name, filter);
  else if (verb == "ladder")
    print_ladder(static_cast<std::uint32_t>(std::atol(rest.c_str())));
  else if (verb == "times")
    print_times(file);
  else
    refuse(command);
}

}  // namespace

int main(int argc, char** argv) {
  start(argv[0]);
  epan_load_settings();
  int i = 1;
  for (; i + 1 < argc && std::string_view(argv[i]) == "-o"; i += 2) set_preference(argv[i + 1]);
  prefs_apply_all();
  if (i >= argc) refuse("no file");
  CaptureFile file(argv[i]);
  for (++i; i < argc; ++i) run(file, argv[i]);
  return 0;
}
