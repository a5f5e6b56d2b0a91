// A ladder for a terminal: one line per segment, a state's name where an end reaches it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/ladder.h"
#include "tcpwave/show/columns.h"
#include "tcpwave/show/ladder/words.h"

namespace tcpwave {
namespace {

using namespace ladder_words;

constexpr std::size_t kTime = 12, kFrame = 7, kState = 13, kShaft = 58;

std::string left(const std::string& text, std::size_t width) { return text + padding(text, width); }

std::string right(const std::string& text, std::size_t width) {
  return padding(text, width) + text;
}

/// `--- wave 1/4: FIN,ACK  seq 1  ack 1 ------------->`
std::string shaft(const LadderArrow& arrow, Language language) {
  std::string label = step(arrow, language);
  if (!label.empty()) label += ": ";
  label = " " + label + segment(arrow, language) + " ";
  const bool to_right = arrow.segment.sender == Side::Client;
  const std::size_t width = columns_of(label), columns = std::max(kShaft, width + 8);
  const std::size_t before = (columns - width) / 2;
  const char stroke = arrow.segment.lost ? '.' : '-';
  std::string line =
      std::string(before, stroke) + label + std::string(columns - width - before, stroke);
  const std::size_t length = line.size();
  if (!arrow.segment.lost) {
    (to_right ? line.back() : line.front()) = to_right ? '>' : '<';
    return line;
  }
  const std::size_t cross = to_right ? length - 5 : 4;
  line[cross] = 'x';
  std::fill(to_right ? line.begin() + static_cast<std::ptrdiff_t>(cross) + 1 : line.begin(),
            to_right ? line.end() : line.begin() + static_cast<std::ptrdiff_t>(cross), ' ');
  return line;
}

class Writer {
 public:
  explicit Writer(const Ladder& ladder) : ladder_(ladder) {}

  std::string write() {
    out_ = title(ladder_) + "\n" + verdict(ladder_) + "\n\n";
    line(say(Phrase::Time), say(Phrase::Frame), say(Phrase::Client), std::string(kShaft, ' '),
         say(Phrase::Server));
    first_states();
    for (const LadderItem& item : ladder_.items) {
      if (item.arrow)
        add(*item.arrow);
      else
        add(item.fold);
    }
    last_states();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string say(Phrase phrase) const {
    return ladder_words::say(phrase, ladder_.language);
  }

  void line(const std::string& time, const std::string& frame, const std::string& client,
            const std::string& between, const std::string& server) {
    std::string text = right(time, kTime) + " " + right(frame, kFrame) + "  " +
                       right(client, kState) + " |" + left(between, kShaft) + "| " + server;
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  std::string reached(Side side, State state) {
    State& shown = shown_[static_cast<std::size_t>(side)];
    if (shown == state) return {};
    shown = state;
    return std::string(name(state));
  }

  void first_states() {
    if (ladder_.items.empty() || !ladder_.items.front().arrow) return;
    const Annotation& a = ladder_.items.front().arrow->annotation;
    shown_ = {a.client().before, a.server().before};
    line("", "", std::string(name(shown_[0])), "", std::string(name(shown_[1])));
  }

  void before(const Annotation& a) {
    const std::string client = reached(Side::Client, a.client().before),
                      server = reached(Side::Server, a.server().before);
    if (!client.empty() || !server.empty()) line("", "", client, "", server);
  }

  void add(const LadderArrow& arrow) {
    const Annotation& a = arrow.annotation;
    before(a);
    line(clock(ladder_, arrow.segment.time_ns), std::to_string(arrow.segment.frame),
         reached(Side::Client, a.client().after), shaft(arrow, ladder_.language),
         reached(Side::Server, a.server().after));
    for (const Note& note : notes(arrow, ladder_.language))
      line("", "", "", "    " + note.text, "");
  }

  void add(const LadderFold& fold) {
    line(clock(ladder_, fold.first_ns), "...", reached(Side::Client, fold.state[0]),
         "    :  " + say(Phrase::Folded), reached(Side::Server, fold.state[1]));
    for (const std::string& text : folded(fold, ladder_.language))
      line("", "", "", "    :  " + text, "");
  }

  void last_states() {
    const auto& state = ladder_.summary.state;
    const std::string client = reached(Side::Client, state[0]),
                      server = reached(Side::Server, state[1]);
    if (!client.empty() || !server.empty())
      line(clock(ladder_, ladder_.capture_end_ns), say(Phrase::End), client, "", server);
  }

  const Ladder& ladder_;
  std::array<State, 2> shown_{};
  std::string out_;
};

}  // namespace

std::string ladder_text(const Ladder& ladder) { return Writer(ladder).write(); }

}  // namespace tcpwave
