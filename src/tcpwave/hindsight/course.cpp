// Which segment comes next, and what is said of it. See course.h.
//
// The conditions are narrower than they need be: what they refuse is judged by the model, which costs more and says the
// same. They let no segment through that teaches something of an earlier one: each acknowledges no less than the one
// before, a FIN all that was sent, by its time stamp as well.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/course.h"

#include "tcpwave/tcp/transitions.h"

namespace tcpwave {
namespace {

bool is_plain_syn(const SegmentRecord& r) {
  return r.payload == 0 && r.fast_open == FastOpen::None && !r.options_cut && !r.scale_excess;
}

bool has_only(const SegmentRecord& r, std::uint8_t bits) {
  return (r.flags.bits & ~Flags::kPsh) == bits;
}

}  // namespace

const std::array<std::array<State, 2>, Course::kStages> Course::kStates = []() consteval {
  using enum State;
  using enum Event;
  std::array<std::array<State, 2>, kStages> all{};
  std::array<State, 2> s{next(Closed, SendSyn), next(Listen, ReceiveSyn)};
  const auto at = [&](Stage stage) { all[static_cast<std::size_t>(stage)] = s; };
  at(Stage::SynSent);
  s[0] = next(s[0], ReceiveSynAck);
  at(Stage::SynAnswered);
  s[1] = next(s[1], ReceiveAckOfSyn);
  at(Stage::Open);
  s = {next(s[0], SendFin), next(s[1], ReceiveFin)};
  at(Stage::FinSent);
  s[0] = next(s[0], ReceiveAckOfFin);
  at(Stage::FinAcked);
  s = {next(s[0], ReceiveFin), next(s[1], SendFin)};
  at(Stage::BothFinsSent);
  s[1] = next(s[1], ReceiveAckOfFin);
  at(Stage::Over);
  return all;
}
();

std::array<State, 2> Course::states(Stage stage) const {
  const auto& [first, second] = kStates[static_cast<std::size_t>(stage)];
  const bool b_is_first = stage >= Stage::FinSent && closer_ == End::B;
  return b_is_first ? std::array{second, first} : std::array{first, second};
}

void Course::begin(SegmentRecord& syn) {
  tell(Stage::SynSent, syn);
  syn.states = RowStates::of({State::Closed, State::Listen}, states(Stage::SynSent));
  if (is_plain_syn(syn)) stage_ = Stage::SynSent;
}

bool Course::take(const Latest& latest, std::int64_t time_wait_ns, SegmentRecord& r) {
  const Stage to = after(latest, time_wait_ns, r);
  if (to == Stage::Left) return false;
  if (to == Stage::SynAnswered) note_options(*latest[0], r);
  if (to == Stage::FinSent) closer_ = r.from;
  tell(to, r);
  r.states = RowStates::of(states(stage_), states(to));
  r.ack_check = AckCheck::Ok;
  stage_ = to;
  return true;
}

Course::Stage Course::after(const Latest& latest, std::int64_t time_wait_ns,
                            const SegmentRecord& r) const {
  const SegmentRecord& syn = *latest[index(End::A)];
  if (stage_ == Stage::SynSent) {
    const bool answer = r.from == End::B && has_only(r, Flags::kSyn | Flags::kAck) &&
                        is_plain_syn(r) && r.ack == syn.end();
    return answer ? Stage::SynAnswered : Stage::Left;
  }
  const SegmentRecord& x = *latest[index(r.from)];
  const SegmentRecord& y = *latest[index(other(r.from))];
  if (stage_ == Stage::SynAnswered) {
    const bool third = r.from == End::A && has_only(r, Flags::kAck) && r.payload == 0 &&
                       r.seq == x.end() && r.ack == y.end() && clock_goes_on(x, r);
    return third ? Stage::Open : Stage::Left;
  }
  return after_open(x, y, time_wait_ns, r);
}

/// `x` and `y` are the latest of the segment's sender and of its peer.
Course::Stage Course::after_open(const SegmentRecord& x, const SegmentRecord& y,
                                 std::int64_t time_wait_ns, const SegmentRecord& r) const {
  const bool in_order = r.seq == x.end() && r.seq + r.payload - grants(y) <= 0 &&
                        r.ack - x.ack >= 0 && grants(r) - grants(x) >= 0 && clock_goes_on(x, r);
  if (!in_order || r.has_dsack) return Stage::Left;
  const bool acks_all = r.ack == y.end();
  const bool echoes_latest = !timestamps_ || static_cast<std::int32_t>(r.tsecr - y.tsval) >= 0;
  const bool ack = has_only(r, Flags::kAck), bare_ack = ack && r.payload == 0 && acks_all;
  const bool fin = has_only(r, Flags::kFin | Flags::kAck) && acks_all && echoes_latest;
  switch (stage_) {
    case Stage::Open: {
      if (fin) return Stage::FinSent;
      const bool says_something = r.ack != x.ack || (acks_all && r.payload > 0);
      return ack && r.ack - y.end() <= 0 && says_something ? Stage::Open : Stage::Left;
    }
    case Stage::FinSent:
      if (r.from == closer_) return Stage::Left;
      return bare_ack ? Stage::FinAcked : fin ? Stage::BothFinsSent : Stage::Left;
    case Stage::FinAcked:
      return fin && r.from != closer_ ? Stage::BothFinsSent : Stage::Left;
    case Stage::BothFinsSent: {
      const bool timed_out = r.time_ns - y.time_ns > time_wait_ns;  // of its sender's TIME_WAIT
      return bare_ack && r.from == closer_ && !timed_out ? Stage::Over : Stage::Left;
    }
    case Stage::Left:
    case Stage::SynSent:
    case Stage::SynAnswered:
    case Stage::Over:
      break;
  }
  return Stage::Left;
}

Seq Course::grants(const SegmentRecord& r) const {
  const std::uint8_t shift = r.flags.syn() ? 0 : r.from == End::A ? client_shift_ : server_shift_;
  return r.ack + (std::uint32_t{r.window} << shift);
}

bool Course::clock_goes_on(const SegmentRecord& latest, const SegmentRecord& r) const {
  if (r.has_ts != timestamps_) return false;
  return !timestamps_ || static_cast<std::int32_t>(r.tsval - latest.tsval) >= 0;
}

void Course::note_options(const SegmentRecord& syn, const SegmentRecord& syn_ack) {
  timestamps_ = syn.has_ts && syn_ack.has_ts;
  const bool scaled = syn.window_scale >= 0 && syn_ack.window_scale >= 0;
  client_shift_ = scaled ? static_cast<std::uint8_t>(syn.window_scale) & 0xfU : 0U;
  server_shift_ = scaled ? static_cast<std::uint8_t>(syn_ack.window_scale) & 0xfU : 0U;
}

/// The steps that lead from this stage to the next, and the phase that begins with it.
void Course::tell(Stage to, SegmentRecord& r) const {
  r.phase = to < Stage::Open    ? Phase::Handshake
            : to == Stage::Open ? Phase::Established
            : to == Stage::Over ? Phase::Closed
                                : Phase::Wave;
  switch (to) {
    case Stage::SynSent:
      return r.steps.add(Step::Handshake1);
    case Stage::SynAnswered:
      return r.steps.add(Step::Handshake2);
    case Stage::Open:
      if (stage_ == Stage::SynAnswered) r.steps.add(Step::Handshake3);
      return;
    case Stage::FinSent:
      return r.steps.add(Step::Wave1);
    case Stage::FinAcked:
      return r.steps.add(Step::Wave2);
    case Stage::BothFinsSent:
      if (stage_ == Stage::FinSent) r.steps.add(Step::Wave2);
      return r.steps.add(Step::Wave3);
    case Stage::Over:
      return r.steps.add(Step::Wave4);
    case Stage::Left:
      return;
  }
}

}  // namespace tcpwave
