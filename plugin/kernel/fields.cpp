// See fields.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/fields.h"

#include "tcpwave/show/words.h"

namespace tcpwave::kernel {
namespace {

/// Calls `read` with each end whose line there is.
template <class Read>
void for_each_end(const View& view, Read read) {
  if (view.kernel == nullptr) return;
  for (const Side side : {Side::Client, Side::Server}) {
    const Said& said = (*view.kernel)[static_cast<std::size_t>(side)];
    if (said.state != State::Unknown) read(side, said);
  }
}

const EndpointView& inferred(const View& view, Side side) {
  return view.annotation.endpoint[static_cast<std::size_t>(side)];
}

}  // namespace

void read_state(const View& view, ValueSink& out) {
  for_each_end(view, [&](Side, const Said& said) { out.text(name(said.state).data()); });
}

void read_agrees(const View& view, ValueSink& out) {
  for_each_end(view, [&](Side side, const Said& said) {
    if (const auto same = agrees(inferred(view, side), said))
      out.number(*same ? 1 : 0);
    else
      out.skip();
  });
}

void read_process(const View& view, ValueSink& out) {
  for_each_end(view, [&](Side, const Said& said) {
    if (said.process != nullptr)
      out.text(said.process);
    else
      out.skip();
  });
}

void read_netns(const View& view, ValueSink& out) {
  for_each_end(view, [&](Side, const Said& said) {
    if (said.netns != 0)
      out.number(said.netns);
    else
      out.skip();
  });
}

void read_reset_reason(const View& view, ValueSink& out) {
  if (view.kernel == nullptr) return;
  for (const Said& said : *view.kernel)
    if (said.reset_reason != nullptr) out.text(said.reset_reason);
}

Text state_line(const View& view, std::size_t n) {
  Text line;
  for_each_end(view, [&](Side side, const Said& said) {
    if (n-- != 0) return;
    const bool english = view.language == Language::English;
    line << (english ? "Kernel" : "内核") << word(words(view.language).glue, Glue::Colon)
         << word(words(view.language).side, side) << " ";
    if (said.here && said.before != said.state) line << name(said.before) << " → ";
    line << name(said.state);
    const auto same = agrees(inferred(view, side), said);
    if (!same) return;
    if (*same)
      line << (english ? " (as inferred)" : "（与推断一致）");
    else
      line << (english ? " (inferred: " : "（推断为 ") << name(inferred(view, side).after)
           << (english ? ")" : "）");
  });
  return line;
}

}  // namespace tcpwave::kernel
