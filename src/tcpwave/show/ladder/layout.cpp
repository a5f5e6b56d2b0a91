// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/ladder/layout.h"

#include <algorithm>
#include <cmath>

#include "tcpwave/show/columns.h"

namespace tcpwave::ladder_layout {
namespace {

using ladder_words::Phrase;

constexpr double kSlant = 42;      // of an arrow
constexpr double kCrossing = 84;   // of FINs that cross: their words stay apart
constexpr double kNextEvent = 19;  // between two on one lifeline: room for a line of text
constexpr double kParallel = 36;   // between arrows in one direction: room for their words
constexpr double kOpposite = 8;
constexpr double kMargin = 26, kEnd = 44;
constexpr std::size_t kNoteWidth = 44;              // characters
constexpr std::int64_t kWorthSaying = 200'000'000;  // of a pause

constexpr std::size_t at(Side s) { return static_cast<std::size_t>(s); }

/// More room the longer nothing happened: nothing below a millisecond, then more by each magnitude.
double room_of(std::int64_t pause_ns) {
  constexpr double kMillisecond = 1e6, kPerMagnitude = 9;
  if (pause_ns < 1'000'000) return 0;
  return std::min(54.0, kPerMagnitude * std::log10(static_cast<double>(pause_ns) / kMillisecond));
}

bool is_step(const LadderArrow& arrow, Phase phase, std::uint8_t number) {
  for (const StepMark& step : arrow.annotation.steps)
    if (step.phase == phase && step.number == number && !step.repeated) return true;
  return false;
}

/// How many bytes of the text fit into a line: up to a blank where there is one, else whole characters.
std::size_t fitting(const std::string& text) {
  std::size_t columns = 0, blank = 0, end = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    columns += columns_of_byte(text[i]);
    if (columns > kNoteWidth) return blank > 2 ? blank : end;
    if (text[i] == ' ') blank = i;
    if (columns_of_byte(text[i]) > 1) end = blank = i;  // a Chinese one needs no blank
  }
  return text.size();
}

/// Breaks long notes between words.
std::vector<ladder_words::Note> wrapped(const std::vector<ladder_words::Note>& notes) {
  std::vector<ladder_words::Note> lines;
  for (const ladder_words::Note& note : notes) {
    std::string rest = note.text;
    while (columns_of(rest) > kNoteWidth) {
      const std::size_t end = fitting(rest);
      if (end == 0) break;  // one word that is too long
      lines.push_back({rest.substr(0, end), note.severity});
      rest = "  " + rest.substr(end + (rest[end] == ' ' ? 1 : 0));
    }
    lines.push_back({rest, note.severity});
  }
  return lines;
}

/// One end of an arrow.
struct Event {
  std::int64_t time_ns = 0;
  std::size_t arrow = 0;
  bool is_arrival = false;
};

class Placer {
 public:
  explicit Placer(const Ladder& ladder) : ladder_(ladder) {}

  Layout place() {
    first_states();
    for (const LadderItem& item : ladder_.items) {
      if (item.arrow) {
        queue(*item.arrow);
        continue;
      }
      place_events();
      place_fold(item.fold);
    }
    place_events();
    mark_crossings();
    final_states();
    layout_.bottom = lowest() + kEnd;
    half_close();
    time_waits();
    return std::move(layout_);
  }

 private:
  [[nodiscard]] std::string say(Phrase phrase) const {
    return ladder_words::say(phrase, ladder_.language);
  }

  [[nodiscard]] double lowest() const { return std::max({last_[0], last_[1], notes_bottom_}); }

  void reach(Side side, State state, double y) {
    if (state_[at(side)] == state) return;
    state_[at(side)] = state;
    layout_.states.push_back({side, state, y});
  }

  void first_states() {
    std::array<State, 2> first = ladder_.summary.state;
    if (!ladder_.items.empty() && ladder_.items.front().arrow) {
      const Annotation& a = ladder_.items.front().arrow->annotation;
      first = {a.client().before, a.server().before};
    }
    reach(Side::Client, first[0], 0);
    reach(Side::Server, first[1], 0);
    last_ = {kMargin, kMargin};
    last_sent_ = kMargin;
  }

  void queue(const LadderArrow& arrow) {
    const Side from = arrow.segment.sender;
    latest_ns_ = std::max(latest_ns_, arrow.segment.time_ns);  // times that run backwards
    const std::size_t index = layout_.arrows.size();
    layout_.arrows.push_back(
        {&arrow, 0, 0, false, wrapped(ladder_words::notes(arrow, ladder_.language)), 0});
    // The delays are estimates. What is known: that FINs crossed, and what an end had received when it
    // changed its state.
    std::int64_t sent_ns = latest_ns_ - ladder_.delay_ns[at(from)];
    const bool crossing = is_crossing_fin(arrow, 3);
    sent_ns =
        crossing ? std::min(sent_ns, first_fin_arrived_ns_ - 1) : ordered(from, sent_ns, arrow);
    const std::int64_t arrived_ns =
        ordered(other(from), latest_ns_ + ladder_.delay_ns[at(other(from))], arrow);
    if (is_step(arrow, Phase::Wave, 1)) first_fin_arrived_ns_ = arrived_ns;
    events_.push_back({sent_ns, index, false});
    events_.push_back({arrived_ns, index, true});
  }

  /// Not before the end's last change of state.
  std::int64_t ordered(Side side, std::int64_t time_ns, const LadderArrow& arrow) {
    std::int64_t& changed_ns = changed_ns_[at(side)];
    const std::int64_t later_ns = std::max(time_ns, changed_ns + 1);
    const EndpointView& view = arrow.annotation.endpoint[at(side)];
    if (view.before != view.after) changed_ns = later_ns;
    return later_ns;
  }

  [[nodiscard]] bool is_crossing_fin(const LadderArrow& arrow, std::uint8_t step) const {
    return ladder_.summary.outcome_kind == OutcomeKind::Simultaneous &&
           is_step(arrow, Phase::Wave, step);
  }

  void place_events() {
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.arrow < b.arrow;
    });
    for (const Event& event : events_) {
      pause_before(event);
      PlacedArrow& arrow = layout_.arrows[event.arrow];
      event.is_arrival ? place_arrival(arrow) : place_sent(arrow);
    }
    events_.clear();
  }

  void pause_before(const Event& event) {
    const std::int64_t pause_ns = started_ ? event.time_ns - now_ns_ : 0;
    now_ns_ = started_ ? std::max(now_ns_, event.time_ns) : event.time_ns;
    started_ = true;
    const double room = room_of(pause_ns);
    if (room <= 0 || event.is_arrival) return;
    const double from = lowest();
    last_[0] = std::max(last_[0], from - kSlant / 2) + room;
    last_[1] = std::max(last_[1], from - kSlant / 2) + room;
    if (pause_ns < kWorthSaying) return;
    const double extra = kLine;
    last_[0] = last_[1] = from + room + extra;
    layout_.pauses.push_back(
        {from + (room + extra) / 2 + kOpposite, ladder_words::span(pause_ns) + say(Phrase::Later)});
  }

  /// Whether no later segment has told the end's state already: arrows that cross are placed in
  /// another order than they were captured in.
  bool is_news(Side side, const PlacedArrow& arrow) {
    std::size_t& told = told_[at(side)];
    const auto row = static_cast<std::size_t>(&arrow - layout_.arrows.data()) + 1;
    if (row < told) return false;
    told = row;
    return true;
  }

  /// The end's own change before the segment: a timer, or what the tap did not see.
  void change_before(Side side, const EndpointView& view) {
    if (view.before == state_[at(side)]) return;
    last_[at(side)] += kNextEvent;
    reach(side, view.before, last_[at(side)]);
  }

  void place_sent(PlacedArrow& arrow) {
    const Side from = arrow.arrow->segment.sender;
    const EndpointView& view = arrow.arrow->annotation.endpoint[at(from)];
    const bool crossing = is_crossing_fin(*arrow.arrow, 3);
    const bool news = !crossing && is_news(from, arrow);
    if (news) change_before(from, view);
    const double apart = from == last_sender_ ? kParallel : kOpposite;
    arrow.sent =
        std::max({last_[at(from)] + kNextEvent, last_sent_ + apart, notes_bottom_ - kSlant});
    last_[at(from)] = last_sent_ = arrow.sent;
    last_sender_ = from;
    if (news) reach(from, view.after, arrow.sent);
    if (crossing) reach(from, State::FinWait1, arrow.sent);
  }

  void place_arrival(PlacedArrow& arrow) {
    const Side to = other(arrow.arrow->segment.sender);
    const EndpointView& view = arrow.arrow->annotation.endpoint[at(to)];
    const bool lost = arrow.arrow->segment.lost;
    const bool news = !lost && is_news(to, arrow);
    if (news) change_before(to, view);
    const bool crosses = is_crossing_fin(*arrow.arrow, 1) || is_crossing_fin(*arrow.arrow, 3);
    arrow.arrived =
        std::max(arrow.sent + (crosses ? kCrossing : kSlant), last_[at(to)] + kNextEvent);
    last_[at(to)] = arrow.arrived;
    if (news) reach(to, view.after, arrow.arrived);
    place_notes(arrow);
  }

  void place_notes(PlacedArrow& arrow) {
    if (arrow.notes.empty()) return;
    const bool at_server = arrow.arrow->segment.sender == Side::Client;
    const double beside = at_server ? arrow.arrived : arrow.sent;
    arrow.notes_top = std::max(beside - kLine / 2, notes_bottom_);
    notes_bottom_ = arrow.notes_top + kLine * static_cast<double>(arrow.notes.size()) + 4;
  }

  void place_fold(const LadderFold& fold) {
    PlacedFold placed{ladder_words::folded(fold, ladder_.language), 0, 0};
    placed.top = lowest() + kNextEvent;
    placed.bottom = placed.top + kLine * (static_cast<double>(placed.lines.size()) + 1);
    last_ = {placed.bottom, placed.bottom};
    last_sent_ = placed.bottom;
    now_ns_ = latest_ns_ = std::max(latest_ns_, fold.last_ns);
    reach(Side::Client, fold.state[0], placed.bottom);
    reach(Side::Server, fold.state[1], placed.bottom);
    layout_.folds.push_back(std::move(placed));
  }

  void mark_crossings() {
    auto& arrows = layout_.arrows;
    for (std::size_t i = 0; i < arrows.size(); ++i) {
      // Those that are under way together stand close together.
      for (std::size_t j = i + 1; j < std::min(arrows.size(), i + 8); ++j) {
        const bool opposite = arrows[i].arrow->segment.sender != arrows[j].arrow->segment.sender;
        const bool together =
            arrows[j].sent < arrows[i].arrived && arrows[i].sent < arrows[j].arrived;
        if (opposite && together) arrows[i].crosses = arrows[j].crosses = true;
      }
    }
  }

  /// Its TIME_WAIT ended because the ports were used again, before the timer could.
  [[nodiscard]] bool is_cut_short(Side side) const {
    if (!ladder_.replaced_ns || state_[at(side)] != State::TimeWait) return false;
    for (const StateChange& change : ladder_.states)
      if (change.side == side && change.state == State::Closed &&
          change.time_ns < *ladder_.replaced_ns)
        return false;
    return true;
  }

  /// What happens after the last segment: the end of TIME_WAIT.
  void final_states() {
    for (const Side side : {Side::Client, Side::Server}) {
      cut_short_[at(side)] = is_cut_short(side);
      const State state = cut_short_[at(side)] ? State::Closed : ladder_.summary.state[at(side)];
      if (state == state_[at(side)]) continue;
      last_[at(side)] = lowest() + 3 * kNextEvent;
      reach(side, state, last_[at(side)]);
    }
  }

  [[nodiscard]] const PlacedArrow* first_with(std::uint8_t wave_step) const {
    for (const PlacedArrow& arrow : layout_.arrows)
      if (is_step(*arrow.arrow, Phase::Wave, wave_step)) return &arrow;
    return nullptr;
  }

  void half_close() {
    const ConnectionSummary& s = ladder_.summary;
    const PlacedArrow *first = first_with(1), *second = first_with(3);
    const bool at_once = s.outcome_kind == OutcomeKind::ThreeSegment ||
                         s.outcome_kind == OutcomeKind::Simultaneous || first == second;
    if (!s.half_close_ns || first == nullptr || at_once) return;
    const double bottom = second != nullptr ? second->sent : layout_.bottom - kEnd;
    if (bottom <= first->arrived) return;
    const Side closer = first->arrow->segment.sender;
    layout_.spans.push_back({closer,
                             first->arrived,
                             bottom,
                             {say(Phrase::HalfClosed), ladder_words::span(*s.half_close_ns)},
                             true});
  }

  void time_waits() {
    for (const PlacedState& begin : layout_.states) {
      if (begin.state != State::TimeWait) continue;
      Span span{begin.side, begin.top, layout_.bottom, {"TIME_WAIT"}, false};
      const std::string lasted = time_wait_text(begin.side);
      for (const PlacedState& end : layout_.states) {
        if (end.side != begin.side || end.top <= begin.top) continue;
        span.bottom = end.top;
        break;
      }
      const bool ends = span.bottom < layout_.bottom;
      if (ends) span.lines.push_back(lasted);
      if (ends && cut_short_[at(begin.side)]) {
        span.lines.emplace_back(say(Phrase::UntilThePorts));
        span.lines.emplace_back(say(Phrase::WereUsedAgain));
      }
      if (!ends) {
        span.lines.emplace_back(say(Phrase::ToTheEnd));
        span.lines.emplace_back(say(Phrase::OfTheCapture));
      }
      layout_.spans.push_back(span);
    }
  }

  [[nodiscard]] std::string time_wait_text(Side side) const {
    std::int64_t since = 0;
    bool inside = false;
    for (const StateChange& change : ladder_.states) {
      if (change.side != side) continue;
      if (inside) {
        const bool cut = cut_short_[at(side)];
        return ladder_words::span((cut ? *ladder_.replaced_ns : change.time_ns) - since);
      }
      inside = change.state == State::TimeWait;
      since = change.time_ns;
    }
    if (inside && ladder_.replaced_ns) return ladder_words::span(*ladder_.replaced_ns - since);
    return {};
  }

  const Ladder& ladder_;
  Layout layout_;
  std::vector<Event> events_;
  std::array<State, 2> state_{State::Unknown, State::Unknown};
  std::array<double, 2> last_{};  ///< lowest event of each lifeline
  double last_sent_ = 0, notes_bottom_ = 0;
  Side last_sender_ = Side::Client;
  std::array<std::size_t, 2> told_{};
  std::array<bool, 2> cut_short_{};
  std::array<std::int64_t, 2> changed_ns_{INT64_MIN / 2, INT64_MIN / 2};
  std::int64_t latest_ns_ = INT64_MIN / 2, now_ns_ = 0, first_fin_arrived_ns_ = INT64_MAX / 2;
  bool started_ = false;
};

}  // namespace

Layout place(const Ladder& ladder) { return Placer(ladder).place(); }

}  // namespace tcpwave::ladder_layout
