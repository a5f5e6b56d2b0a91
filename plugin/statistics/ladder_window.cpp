// See ladder_window.h.
//
// A plugin has no windows of its own to draw in, but Wireshark's text window takes HTML: the picture stands
// in the text itself, and the ladder as text below it in lines that are not broken. No file is written.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/ladder_window.h"

#include <optional>
#include <string>

#include "guarded.h"
#include "self.h"
#include "statistics/overview.h"
#include "statistics/reports.h"
#include "tcpwave/ladder.h"

namespace tcpwave {
namespace {

/// What a window shows; made before Wireshark is called.
struct Shown {
  std::string title, text;
  std::optional<std::uint32_t> connection;  ///< that its buttons are about
};

/// Wireshark keeps a pointer to none of it; static, because a call of it might not come back here.
Shown& shown() {
  static Shown the_shown;
  return the_shown;
}

bool english() { return self().preferences.shown_language() == Language::English; }

std::string in_html(const std::string& text) {
  return "<pre style=\"white-space:pre\">" + xml_escaped(text) + "</pre>";
}

/// xml_escaped leaves no line ends; here they stay.
std::string lines_in_html(const std::string& text) {
  std::string html;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    html += xml_escaped(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return "<pre style=\"white-space:pre\">" + html + "</pre>";
}

std::string picture_in_html(const Ladder& ladder) {
  const std::string svg = ladder_svg(ladder);
  gchar* base64 = g_base64_encode(reinterpret_cast<const guchar*>(svg.data()), svg.size());
  // In a paragraph of its own: behind another one it would stand in that one's last line.
  std::string html = "<p><img src=\"data:image/svg+xml;base64," + std::string(base64) + "\"></p>";
  g_free(base64);
  return html;
}

/// The connection of the frame's innermost segment.
std::optional<std::uint32_t> connection_in(const Session& session, std::uint32_t frame) {
  std::optional<std::uint32_t> connection;
  for (std::size_t i = 0; i < FrameVisit::kLayers; ++i) {
    const auto slot = session.find(frame, i);
    if (!slot) break;
    if (slot->not_fed == NotFed::No) connection = session.tracker().connection_of(slot->id);
  }
  return connection;
}

Shown make_ladder(std::uint32_t frame) {
  const auto& session = self().session;
  const auto connection = session && frame != 0 ? connection_in(*session, frame) : std::nullopt;
  if (!connection)
    return {"TCP Wave: Ladder",
            in_html(english() ? "Select a TCP packet first." : "请先选中一个 TCP 报文。"),
            {}};
  Ladder ladder = draw_ladder(session->tracker(), *connection);
  ladder.language = self().preferences.shown_language();
  const std::string file =
      "tshark -q -r FILE -z tcpwave,ladder," + std::to_string(*connection) + ",ladder.svg";
  return {"TCP Wave: Ladder of connection " + std::to_string(*connection),
          // The cursor stands in the first line, and the window shows where that is.
          "<html><body><p>" + xml_escaped((english() ? "As a file: " : "存为文件：") + file) +
              "</p>" + picture_in_html(ladder) + lines_in_html(ladder_text(ladder)) +
              "</body></html>",
          connection};
}

Shown make_overview() {
  const auto& session = self().session;
  const bool any = session && session->tracker().connections() > 0;
  if (!any)
    return {"TCP Wave: Overview",
            in_html(english() ? "The capture has no TCP connection." : "抓包中没有 TCP 连接。"),
            {}};
  return {"TCP Wave: Overview",
          "<html><body>" +
              lines_in_html(overview_text(session->tracker(), Choice{},
                                          self().preferences.shown_language())) +
              "</body></html>",
          {}};
}

using ButtonResult =
    std::invoke_result_t<funnel_bt_cb_t, funnel_text_window_t*, void*>;  // differs by version

ButtonResult filter_clicked(funnel_text_window_t*, void* data) {
  go_to_connection(GPOINTER_TO_UINT(data));
  return TRUE;
}

void add_filter_button(const funnel_ops_t* ops, funnel_text_window_t* window,
                       std::uint32_t connection) {
  if (ops->add_button == nullptr) return;
  auto* button = g_new0(funnel_bt_t, 1);
  button->tw = window;
  button->func = filter_clicked;
  button->data = GUINT_TO_POINTER(connection);
  button->free_fcn = g_free;
  ops->add_button(window, button, english() ? "Show Its Packets" : "显示其报文");
}

void open_window() {
  const funnel_ops_t* ops = funnel_get_funnel_ops();
  if (ops == nullptr || ops->new_text_window == nullptr) return;
  funnel_text_window_t* window = ops->new_text_window(ops->ops_id, shown().title.c_str());
  if (window == nullptr) return;
  ops->set_text(window, shown().text.c_str());
  if (shown().connection) add_filter_button(ops, window, *shown().connection);
}

}  // namespace

void show_ladder(std::uint32_t frame) {
  if (guarded("no ladder", [&] { shown() = make_ladder(frame); })) open_window();
}

void show_overview() {
  if (guarded("no overview", [&] { shown() = make_overview(); })) open_window();
}

void go_to_connection(std::uint32_t connection) {
  std::uint32_t frame = 0;
  guarded("no connection to go to", [&] {
    const auto& session = self().session;
    if (!session || connection >= session->tracker().connections()) return;
    const Tracker& tracker = session->tracker();
    frame = tracker.captured(tracker.segment_of(connection, 0)).frame;
  });
  if (frame == 0) return;
  const Text filter = Text("tcpwave.conn == ") << connection;
  plugin_if_apply_filter(filter.c_str(), TRUE);
  plugin_if_goto_frame(frame);
}

}  // namespace tcpwave
