// Wireshark's main window without the window: loads a capture as it does, does with it what is asked for,
// and prints what the window would show. The tests compare that with what tshark prints.
//
// window [-o PREFERENCE]... FILE COMMAND...
//   fields=NAME,...      redissect
//   reopen               prefer=NAME:VALUE       profile=NAME
//   restart=FRAMES       keep=NAME (a table)     memory (resident, in KiB)   status
//   list=FILTER          load=FILTER (again, while it is on)
//   table=NAME[:FILTER]  flow=NAME[:FILTER]  ladder=FRAME
//   menu                 overview
//   times                                   (see views.h)
// SPDX-License-Identifier: GPL-2.0-or-later
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "views.h"

namespace {

using namespace tcpwave::window;

[[noreturn]] void refuse(std::string_view what) {
  std::fprintf(stderr, "window: %.*s is not understood; main.cpp says what is\n",
               static_cast<int>(what.size()), what.data());
  std::exit(1);
}

[[noreturn]] void fail_to(const char* what, const char* error) {
  std::fprintf(stderr, "window: cannot %s: %s\n", what,
               error != nullptr ? error : "no reason told");
  std::exit(1);
}

void start(const char* program) {
  tcpwave::epan::start_log("window");
  init_process_policies();
  g_free(tcpwave::epan::find_folders(program));
  g_set_prgname("wireshark");  // a plugin may ask
  timestamp_set_type(TS_RELATIVE);
  timestamp_set_precision(TS_PREC_AUTO);
  timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
  wtap_init(FALSE);
  if (!epan_init(nullptr, nullptr, TRUE)) {
    std::fputs("window: Wireshark's library does not start\n", stderr);
    std::exit(1);
  }
  char* error = nullptr;
  if (!color_filters_init(&error, nullptr)) fail_to("read the colours", error);
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

/// What the process has in memory, when what it no longer needs has been given back.
void print_memory() {
  malloc_trim(0);
  unsigned long size = 0, resident = 0;
  FILE* status = std::fopen("/proc/self/statm", "r");
  if (status == nullptr || std::fscanf(status, "%lu %lu", &size, &resident) != 2)
    refuse("memory without /proc");
  std::fclose(status);
  std::printf("%lu\n", resident * static_cast<unsigned long>(sysconf(_SC_PAGESIZE)) / 1024);
}

/// As the preferences' dialog does it.
void prefer(CaptureFile& file, std::string text) {
  set_preference(text.data());
  prefs_apply_all();
  file.redissect();
}

/// As the main window switches to another profile.
void switch_profile(CaptureFile& file, const std::string& name) {
  set_profile_name(name.c_str());
  prefs_reset();
  proto_reenable_all();
  epan_load_settings();
  prefs_apply_all();
  char* error = nullptr;
  if (!color_filters_reload(&error, nullptr)) fail_to("read the colours of the profile", error);
  file.redissect();
}

void run(std::unique_ptr<CaptureFile>& opened, const std::string& path,
         const std::string& command) {
  CaptureFile& file = *opened;
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
  else if (verb == "reopen") {
    opened.reset();  // one file at a time
    opened = std::make_unique<CaptureFile>(path);
  } else if (verb == "restart") {
    restart(opened, path, static_cast<std::uint32_t>(std::stoul(rest)));
  } else if (verb == "list" || verb == "load")
    print_listed(opened, path, rest, verb == "load");
  else if (verb == "profile")
    switch_profile(file, rest);
  else if (verb == "prefer")
    prefer(file, rest);
  else if (verb == "memory")
    print_memory();
  else if (verb == "status")
    print_status();
  else if (verb == "table")
    print_table(file, name, filter);
  else if (verb == "keep")
    keep_table_open(file, rest);
  else if (verb == "flow")
    print_flow(file, name, filter);
  else if (verb == "menu")
    print_menu();
  else if (verb == "overview")
    print_overview();
  else if (verb == "ladder") {
    print_ladder(static_cast<std::uint32_t>(std::atol(rest.c_str())));
    std::putchar('\n');  // its window's text ends without
  } else if (verb == "times")
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
  const std::string path = argv[i];
  auto file = std::make_unique<CaptureFile>(path);
  for (++i; i < argc; ++i) run(file, path, argv[i]);
  return 0;
}
