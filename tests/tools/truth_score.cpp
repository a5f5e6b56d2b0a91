// Groups of endpoint-frames and their shares. See truth_score.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/truth_score.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <optional>

namespace tcpwave::tools {
namespace {

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

/// What an ACK of the endpoint has to cover to prove the state that it is in: a number of its peer's.
std::optional<Seq> proving_number(const EndpointFrame& e) {
  const std::string own = e.side == Side::Client ? "c>s" : "s>c";
  std::optional<Seq> syn, fin, data, own_fin, answer;
  bool opened = false;
  for (const Judged& j : e.capture->frames) {
    if (j.truth.frame > e.frame->truth.frame) break;
    if (j.truth.connection != e.frame->truth.connection || !j.seen || j.truth.fate == "injected")
      continue;
    const Segment& s = j.segment;
    if (j.truth.direction == own) {
      opened |= s.flags.syn() && !s.flags.ack();
      if (s.flags.fin()) own_fin = s.end();
      continue;
    }
    if (s.flags.syn()) syn = s.seq + 1U;
    if (s.flags.fin()) fin = s.end();
    if (s.payload > 0 && !s.flags.syn()) data = s.seq + 1U;
    if (own_fin && s.length() > 0 && s.flags.ack() && s.ack - *own_fin >= 0) answer = s.seq + 1U;
  }
  switch (e.view().after) {
    case State::SynReceived:
      return syn;
    case State::Established:
      return opened ? syn : data;
    case State::CloseWait:
    case State::Closing:
    case State::TimeWait:
      return fin;
    case State::FinWait2:
      return answer;
    case State::Unknown:
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::FinWait1:
    case State::LastAck:
      break;
  }
  return std::nullopt;
}

/// Presumed, although a later segment of the endpoint proves it.
bool is_proven_later(const EndpointFrame& e) {
  if (e.hidden() || !e.frame->seen || e.view().basis != Basis::Presumed || !e.right()) return false;
  const std::optional<Seq> number = proving_number(e);
  if (!number) return false;
  const std::string own = e.side == Side::Client ? "c>s" : "s>c";
  return std::any_of(e.capture->frames.begin(), e.capture->frames.end(), [&](const Judged& j) {
    return j.truth.frame > e.frame->truth.frame && j.seen && j.truth.direction == own &&
           j.truth.connection == e.frame->truth.connection && j.truth.fate != "injected" &&
           j.segment.flags.ack() && !j.segment.flags.rst() && j.segment.ack - *number >= 0;
  });
}

}  // namespace

const EndpointView& EndpointFrame::view() const {
  return frame->pass.at(static_cast<std::size_t>(answer)).endpoint.at(index(side));
}
const std::string& EndpointFrame::want() const { return frame->truth.state.at(index(side)); }
const std::string& EndpointFrame::why_hidden() const { return frame->truth.hidden.at(index(side)); }
const std::string& EndpointFrame::told_by() const { return frame->truth.two.at(index(side)); }
std::string EndpointFrame::got() const {
  if (!frame->seen) return "(no frame)";
  if (answer == Answer::Textbook) return std::string(name(frame->textbook.at(index(side))));
  return std::string(name(view().after));
}

double Share::percent() const {
  return all == 0 ? 100.0 : 100.0 * static_cast<double>(right) / static_cast<double>(all);
}
std::string Share::text() const {
  std::array<char, 80> line{};
  std::snprintf(line.data(), line.size(), "%zu/%zu = %.2f%%", right, all, percent());
  return line.data();
}

bool is_visible(const EndpointFrame& e) { return !e.hidden(); }

const std::vector<Group>& groups() {
  using E = const EndpointFrame&;
  const auto cut = [](E e) { return e.capture->truth.cut; };
  const auto fate = [](const char* which) {
    return [which](E e) { return e.frame->truth.fate == which; };
  };
  const auto two = [](const char* kind) {
    return [kind](E e) { return e.told_by() == kind && !e.hidden(); };
  };
  static const std::vector<Group> all{
      {"total", [](E) { return true; }},
      {"whole captures", [=](E e) { return !cut(e); }},
      {"cut captures", cut},
      {"cut+visible", [=](E e) { return cut(e) && !e.hidden(); }},
      {"visible", is_visible},
      {"hidden", [](E e) { return e.hidden(); }},
      {"clean", [](E e) { return e.clean(); }},
      {"clean+visible", [](E e) { return e.clean() && !e.hidden(); }},
      {"not clean", [](E e) { return !e.clean(); }},
      {"not clean+visible", [](E e) { return !e.clean() && !e.hidden(); }},
      {"fate delivered", fate("delivered")},
      {"fate dropped", fate("dropped")},
      {"fate duplicate", fate("duplicate")},
      {"fate injected", fate("injected")},
      {"fate reordered", fate("reordered")},
      {"visible, not two", [](E e) { return !e.hidden() && e.told_by().empty(); }},
      {"two ack", two("ack")},
      {"two ts", two("ts")},
      {"two loss", two("loss")},
      {"two answer", two("answer")},
      {"two sent", two("sent")},
  };
  return all;
}

const std::vector<Group>& basis_groups() {
  static const std::vector<Group> all = [] {
    std::vector<Group> made;
    for (std::size_t i = 0; i < kBases; ++i) {
      const auto basis = static_cast<Basis>(i);
      made.push_back({std::string(name(basis)), [basis](const EndpointFrame& e) {
                        return !e.hidden() && e.frame->seen && e.view().basis == basis;
                      }});
    }
    return made;
  }();
  return all;
}

const Group& proven_later() {
  static const Group group{"presumed, proven later", is_proven_later};
  return group;
}

std::vector<EndpointFrame> endpoint_frames(std::span<const JudgedCapture> captures, Answer answer) {
  std::vector<EndpointFrame> all;
  for (const JudgedCapture& capture : captures)
    for (const Judged& frame : capture.frames)
      for (const Side side : {Side::Client, Side::Server})
        all.push_back({&capture, &frame, side, answer});
  return all;
}

Share score(std::span<const EndpointFrame> all,
            const std::function<bool(const EndpointFrame&)>& holds) {
  Share share;
  for (const EndpointFrame& e : all)
    if (holds(e)) {
      ++share.all;
      if (e.right()) ++share.right;
    }
  return share;
}

std::string mismatch_text(const EndpointFrame& e) {
  const TruthRow& truth = e.frame->truth;
  std::string text = e.capture->name + " frame " + std::to_string(truth.frame) + " conn " +
                     std::to_string(truth.connection) + ' ' + std::string(name(e.side)) +
                     ": want " + e.want() + " got " + e.got();
  if (e.frame->seen && e.answer != Answer::Textbook)
    text += " (" + std::string(name(e.view().basis)) + ")";
  if (truth.fate != "delivered") text += " [" + truth.fate + "]";
  if (e.hidden()) text += " hidden: " + e.why_hidden();
  if (!e.told_by().empty()) text += " two: " + e.told_by();
  return text;
}

}  // namespace tcpwave::tools
