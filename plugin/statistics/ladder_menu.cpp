// See ladder_menu.h.
//
// A plugin has no windows of its own to draw in. So the picture goes to a file in the folder for
// temporary files and is handed to the program that shows SVG there (a browser), and a text window of
// Wireshark's says where it is and shows the ladder as text.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/ladder_menu.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "guarded.h"
#include "self.h"
#include "tcpwave/ladder.h"

namespace tcpwave {
namespace {

/// What the window shows; made before Wireshark is called.
struct Shown {
  std::string title, text, file;
};

/// The connection of the frame's innermost segment.
std::optional<std::uint32_t> connection_of(const Session& session, std::uint32_t frame) {
  std::optional<std::uint32_t> connection;
  for (std::size_t i = 0; i < FrameVisit::kLayers; ++i) {
    const auto slot = session.find(frame, i);
    if (!slot) break;
    if (slot->not_fed == NotFed::No) connection = session.tracker().connection_of(slot->id);
  }
  return connection;
}

/// An empty name where it could not be written.
std::string write_picture(const Ladder& ladder) {
  std::string pattern = std::filesystem::temp_directory_path() /
                        ("tcpwave-conn" + std::to_string(ladder.summary.number) + "-XXXXXX.svg");
  constexpr int kSuffix = 4;
  const int descriptor = mkstemps(pattern.data(), kSuffix);
  if (descriptor < 0) return {};
  close(descriptor);
  std::ofstream file(pattern, std::ios::binary);
  file << ladder_svg(ladder);
  file.close();
  return file ? pattern : std::string();
}

Shown make(std::uint32_t frame) {
  Shown shown{"TCP Wave: Ladder", "Select a TCP packet first.\n", {}};
  const auto& session = self().session;
  const auto connection = session && frame != 0 ? connection_of(*session, frame) : std::nullopt;
  if (!connection) return shown;
  const Ladder ladder = draw_ladder(session->tracker(), *connection);
  shown.title = "TCP Wave: Ladder of connection " + std::to_string(*connection);
  shown.file = write_picture(ladder);
  shown.text = (shown.file.empty() ? "The diagram could not be written to a file.\n\n"
                                   : "The diagram is in " + shown.file + "\n\n") +
               ladder_text(ladder);
  return shown;
}

std::uint32_t selected_frame() {
  ws_info_t* info = nullptr;
  plugin_if_get_ws_info(&info);
  return info != nullptr && info->ws_info_supported ? info->cf_framenr : 0;
}

void show_ladder(ext_menubar_gui_type, gpointer, gpointer) {
  const std::uint32_t frame = selected_frame();
  // Wireshark keeps a pointer to none of it; static, because a call of it might not come back here.
  static Shown shown;
  if (!guarded("no ladder", [&] { shown = make(frame); })) return;
  const funnel_ops_t* ops = funnel_get_funnel_ops();
  if (ops == nullptr) return;
  if (ops->new_text_window != nullptr) {
    funnel_text_window_t* window = ops->new_text_window(ops->ops_id, shown.title.c_str());
    if (window != nullptr) ops->set_text(window, shown.text.c_str());
  }
  if (!shown.file.empty() && ops->browser_open_data_file != nullptr)
    ops->browser_open_data_file(shown.file.c_str());
}

}  // namespace

void register_ladder_menu(int protocol) {
  ext_menu_t* menu = ext_menubar_register_menu(protocol, "TCP Wave", TRUE);
  ext_menubar_add_entry(menu, "Ladder of this Connection",
                        "Draws the connection of the selected packet as a ladder diagram",
                        show_ladder, nullptr);
}

}  // namespace tcpwave
