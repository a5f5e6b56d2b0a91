// A whole capture for reading. See truth_dump.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/truth_dump.h"

#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "tcpwave/catalogue.h"

namespace tcpwave::tools {
namespace {

// Where each side's numbers are counted from: its SYN, else one before what is seen first of it.
class Origins {
 public:
  std::uint32_t relative_seq(const Judged& j) {
    auto& mine = origin(j, false);
    if (!mine || (j.segment.flags.syn() && j.truth.fate != "injected"))
      mine = j.segment.flags.syn() ? j.segment.seq : j.segment.seq - 1U;
    return (j.segment.seq - mine->raw()).raw();
  }
  std::uint32_t relative_ack(const Judged& j) {
    auto& peer = origin(j, true);
    if (!peer) peer = j.segment.ack - 1U;
    return (j.segment.ack - peer->raw()).raw();
  }

 private:
  using Key = std::pair<std::uint32_t, bool>;  // connection of the truth, client
  std::optional<Seq>& origin(const Judged& j, bool peer) {
    return origins_[{j.truth.connection, (j.truth.direction == "c>s") != peer}];
  }
  std::map<Key, std::optional<Seq>> origins_;
};

std::string flag_letters(Flags flags) {
  std::string s;
  if (flags.syn()) s += 'S';
  if (flags.fin()) s += 'F';
  if (flags.rst()) s += 'R';
  if (flags.psh()) s += 'P';
  if (flags.urg()) s += 'U';
  if (flags.ack()) s += '.';
  return s.empty() ? "-" : s;
}

std::string segment_text(const Judged& j, Origins& origins) {
  std::array<char, 160> line{};
  const Segment& s = j.segment;
  std::snprintf(line.data(), line.size(), "%-4s %10u:%-10u%6u ", flag_letters(s.flags).c_str(),
                origins.relative_seq(j), (s.flags.ack() ? origins.relative_ack(j) : 0U), s.payload);
  std::string text = line.data();
  if (const auto& ts = s.options.timestamps) {
    std::snprintf(line.data(), line.size(), " ts %u/%u", ts->value, ts->echo);
    text += line.data();
  }
  for (std::size_t i = 0; i < s.options.sack_count; ++i)
    text += i == 0 ? " sack" : ",", text += " " + std::to_string(s.options.sack[i].left.raw()) +
                                            "-" + std::to_string(s.options.sack[i].right.raw());
  return text;
}

char basis_letter(Basis basis) { return name(basis).front(); }

// `FIN_WAIT_1 s`; in brackets where it is not the truth.
std::string state_text(const Judged& j, std::size_t pass, std::size_t side) {
  const EndpointView& view = j.pass.at(pass).endpoint.at(side);
  const std::string state(name(view.after));
  const bool right = state == j.truth.state.at(side);
  return (right ? state : "[" + state + "]") + ' ' + basis_letter(view.basis);
}

std::string remarks(const Judged& j) {
  std::string text;
  const Annotation& a = j.pass[1];
  for (const StepMark& step : a.steps)
    text += (step.phase == Phase::Wave ? " w" : " h") + std::to_string(step.number) +
            (step.repeated ? "r" : "");
  for (const FindingHit& hit : a.findings) text += std::string(" !") + info(hit.finding).id;
  for (std::size_t side = 0; side < 2; ++side)
    if (!j.truth.hidden.at(side).empty())
      text += std::string(side == 0 ? " hidden c: " : " hidden s: ") + j.truth.hidden.at(side);
  for (std::size_t side = 0; side < 2; ++side)
    if (!j.truth.two.at(side).empty())
      text += std::string(side == 0 ? " two c: " : " two s: ") + j.truth.two.at(side);
  if (!j.truth.note.empty()) text += " note: " + j.truth.note;
  return text;
}

}  // namespace

void dump(const JudgedCapture& capture) {
  std::printf("%s: %s (%s)\n", capture.name.c_str(), capture.truth.description.c_str(),
              capture.truth.vantage.c_str());
  std::puts(
      "frame      time conn dir flags        seq:ack          len ... | truth C S | one pass C S | "
      "two passes C S   (basis: s c p t a)");
  Origins origins;
  std::optional<std::int64_t> begin;
  for (const Judged& j : capture.frames) {
    if (!begin) begin = j.segment.time_ns;
    const char* way = j.truth.direction == "c>s" ? "C>" : "<S";
    std::printf("%5u %9.6f %2u/%-2u %s %-46s %-9s | %-12s %-12s | %-15s %-15s | %-15s %-15s |%s\n",
                j.truth.frame, static_cast<double>(j.segment.time_ns - *begin) / 1e9,
                j.truth.connection, j.pass[1].connection, way, segment_text(j, origins).c_str(),
                j.truth.fate.c_str(), j.truth.state[0].c_str(), j.truth.state[1].c_str(),
                state_text(j, 0, 0).c_str(), state_text(j, 0, 1).c_str(),
                state_text(j, 1, 0).c_str(), state_text(j, 1, 1).c_str(), remarks(j).c_str());
  }
}

}  // namespace tcpwave::tools
