// Arbitrary conversations for the engine, and what must hold whatever they are:
// - annotations describe captured frames only, and while the capture is read, none that is still to come;
// - an end goes from one state to the next along the table of transitions only;
// - memory and work for a segment stay within their bounds;
// - the same capture gives the same octets, whoever looked at what in between, in whatever order.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/events.h"
#include "fuzz/memory.h"
#include "fuzz/require.h"
#include "fuzz/said.h"
#include "tcpwave/ladder.h"
#include "tcpwave/show/sockets.h"
#include "tcpwave/tcp/transitions.h"

namespace tcpwave::fuzz {
namespace {

// What tests/track/bounds_test.cpp allows for a segment; and for captures of a few frames, the first blocks of models
// and of the other side tables. The first chunks of the sequences, which any capture has, are measured.
constexpr std::size_t kBytesPerSegment = 3000, kBytesAtFirst = 131072;
constexpr std::uint64_t kRowsPerSegment = 1 + 16 + 64, kRowsPerConnection = 4096;

/// A capture, read once: what was said of each segment when it came, and at the end.
struct Reading {
  Tracker tracker;
  std::vector<std::string> then, at_end;
  std::vector<std::uint32_t> frames;  ///< of all events so far, rising
};

void require_captured(const Reading& reading, std::uint32_t frame, const char* what) {
  const bool known =
      frame == kNoFrame || std::binary_search(reading.frames.begin(), reading.frames.end(), frame);
  require(known, what, frame);
}

void require_captured(const Reading& reading, const Annotation& a) {
  for (const std::uint32_t frame : a.handshake_frame)
    require_captured(reading, frame, "a handshake's frame was captured");
  for (const std::uint32_t frame : a.wave_frame)
    require_captured(reading, frame, "a wave's frame was captured");
  for (const StepMark& step : a.steps)
    require_captured(reading, step.original_frame, "an original's frame was captured");
  for (const EndpointView& end : a.endpoint)
    require_captured(reading, end.proof_frame, "a proof's frame was captured");
}

void take(Reading& reading, const Event& event, bool look_around) {
  if (const auto* segment = std::get_if<Segment>(&event)) {
    reading.frames.push_back(segment->frame);
    const Annotation a = reading.tracker.annotate(reading.tracker.observe(*segment));
    require(a.flags == segment->flags && a.payload == segment->payload,
            "an annotation is of its segment", segment->frame);
    require_captured(reading, a);
    reading.then.push_back(said(a));
  } else if (const auto* error = std::get_if<Unreachable>(&event)) {
    reading.frames.push_back(error->frame);
    const auto syn = reading.tracker.observe_unreachable(*error);
    if (syn) require_captured(reading, syn->syn_frame, "an unreachable SYN was captured");
  } else if (look_around && reading.tracker.segments() > 0) {
    const auto& question = std::get<Question>(event);
    const SegmentId id = question.about % reading.tracker.segments();
    require_captured(reading, reading.tracker.annotate(id, question.known));
  }
}

void look_at_end(Reading& reading, bool backwards) {
  const SegmentId count = reading.tracker.segments();
  reading.at_end.resize(count);
  for (SegmentId n = 0; n < count; ++n) {
    const SegmentId id = backwards ? count - 1 - n : n;
    const Annotation a = reading.tracker.annotate(id, Known::Final);
    require_captured(reading, a);
    reading.at_end[id] = said(a);
    const bool spoken = !backwards && (count <= 64 || id % 16 == 0);
    if (spoken) require(words_of(a, true) > 0, "something is said", id);
  }
}

/// Without the rows of a new socket: see below.
bool in_table(State from, State to) {
  return std::any_of(kTransitions.begin(), kTransitions.end(), [&](const Transition& row) {
    return row.from == from && row.to == to && row.event != tcpwave::Event::NewOpener &&
           row.event != tcpwave::Event::NewListener;
  });
}

/// A connection can meet the socket of the one before it, with the state that this had, open or closing:
/// a new one takes its place once, and listens or is closed (RFC 9293 sections 3.5.1 and 3.6.1).
bool is_new_socket(const std::vector<StateChange>& before, State to) {
  const bool listens_first =
      to == State::Listen &&
      std::none_of(before.begin(), before.end(),
                   [](const StateChange& change) { return change.state == State::Listen; });
  const State first = before.front().state;
  // A port that refused a SYN at first is listened on later.
  if (first == State::Closed) return before.back().state == State::Closed && listens_first;
  return first != State::Listen && (to == State::Closed || listens_first);
}

void print_states(const Tracker& tracker, std::uint32_t connection) {
  for (const StateChange& change : tracker.states_of(connection)) {
    const bool at_end = change.segment == tracker.segments_of(connection);
    const SegmentId id = at_end ? 0 : tracker.segment_of(connection, change.segment);
    std::fprintf(stderr, "%s: %s, frame %u\n", name(change.side).data(), name(change.state).data(),
                 at_end ? 0 : tracker.captured(id).frame);
  }
}

void require_table(const Tracker& tracker, std::uint32_t connection) {
  std::array<std::optional<State>, 2> now;
  std::array<std::vector<StateChange>, 2> changes;
  for (const StateChange& change : tracker.states_of(connection)) {
    const auto side = static_cast<std::size_t>(change.side);
    require(change.segment <= tracker.segments_of(connection), "a change is at a segment");
    const bool lawful = !now[side] || *now[side] == change.state ||
                        in_table(*now[side], change.state) ||
                        is_new_socket(changes[side], change.state);
    if (!lawful) print_states(tracker, connection);
    require(lawful, "a state changes along the table", connection);
    now[side] = change.state;
    changes[side].push_back(change);
  }
  // What is shown beside a segment is the last change up to it.
  for (std::uint32_t n = 0; n < tracker.segments_of(connection); ++n) {
    const Annotation a = tracker.annotate(tracker.segment_of(connection, n), Known::Final);
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      State last = State::Unknown;
      for (const StateChange& change : changes[side])
        if (change.segment <= n) last = change.state;
      require(a.endpoint[side].after == last, "the state shown is the last that was reached", n);
    }
  }
}

/// What a tracker holds as soon as each of its sequences has one item: a connection that opens in a VLAN sees to that.
/// Nearly all of it is room for what comes after.
std::size_t bytes_of_one_connection() {
  const std::size_t before = allocated_bytes();
  Tracker tracker(Settings{.model_bytes = 0});
  Segment syn;
  syn.source_port = 1;
  syn.context = 1;
  syn.flags = Flags{Flags::kSyn};
  Segment syn_ack;
  syn_ack.destination_port = 1;
  syn_ack.context = 1;
  syn_ack.flags = Flags{Flags::kSyn | Flags::kAck};
  syn_ack.ack = syn.end();
  tracker.observe(syn);
  tracker.observe(syn_ack);
  tracker.judge();
  return allocated_bytes() - before;
}

void require_bounds(const Reading& reading, std::size_t bytes) {
  static const std::size_t of_one = bytes_of_one_connection();
  const std::size_t segments = reading.tracker.segments();
  require(bytes <= of_one + kBytesAtFirst + kBytesPerSegment * segments, "memory is bounded",
          bytes);
  const std::uint64_t rows =
      segments * kRowsPerSegment + (reading.tracker.connections() + 1) * kRowsPerConnection;
  require(reading.tracker.rows_applied() <= rows, "work is bounded",
          reading.tracker.rows_applied());
}

void require_same(const std::vector<std::string>& one, const std::vector<std::string>& other,
                  const char* what) {
  require(one.size() == other.size(), what);
  for (std::size_t i = 0; i < one.size(); ++i) require(one[i] == other[i], what, i);
}

void ask_for_statistics(const Tracker& tracker) {
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    const ConnectionSummary summary = summarize(tracker, c);
    require(summary.frames == tracker.segments_of(c), "a summary counts its segments", c);
  }
  static_cast<void>(count_sockets(tracker, tracker.end_ns()));
  if (tracker.connections() == 0) return;
  const Ladder ladder = draw_ladder(tracker, tracker.connections() - 1);
  require(!ladder_text(ladder).empty() && !ladder_svg(ladder).empty(), "a ladder is drawn");
}

void check(std::span<const std::uint8_t> octets) {
  const std::vector<Event> events = decode(octets);
  const std::size_t before = allocated_bytes();
  Tracker alone(Settings{.model_bytes = 0});  // all sleep that nobody uses
  for (const Event& event : events) {
    if (const auto* segment = std::get_if<Segment>(&event)) alone.observe(*segment);
    if (const auto* error = std::get_if<Unreachable>(&event)) alone.observe_unreachable(*error);
  }
  Reading undisturbed{.tracker = std::move(alone), .then = {}, .at_end = {}, .frames = {}};
  require_bounds(undisturbed, allocated_bytes() - before);

  Reading watched, unwatched;
  for (const Event& event : events) take(watched, event, true);
  for (const Event& event : events) take(unwatched, event, false);
  undisturbed.frames = watched.frames;
  look_at_end(watched, false);
  look_at_end(unwatched, true);
  look_at_end(undisturbed, true);
  require_same(watched.then, unwatched.then, "a question changes no later answer");
  require_same(watched.at_end, unwatched.at_end, "the order of questions changes no answer");
  require_same(watched.at_end, undisturbed.at_end, "the same capture gives the same answers");
  for (std::uint32_t c = 0; c < watched.tracker.connections(); ++c)
    require_table(watched.tracker, c);
  ask_for_statistics(watched.tracker);
}

}  // namespace
}  // namespace tcpwave::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tcpwave::fuzz::check({data, size});
  return 0;
}
