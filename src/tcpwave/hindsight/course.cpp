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

std::uint8_t Course::shift_of(const SegmentRecord& syn) {
  return syn.window_scale < 0 ? kNoShift : static_cast<std::uint8_t>(syn.window_scale);
}

std::array<State, 2> Course::states(Stage stage) const {
  const auto& [first, second] = kStates[static_cast<std::size_t>(stage)];
  const bool b_is_first = stage >= Stage::FinSent && closer_ == End::B;
  return b_is_first ? std::array{second, first} : std::array{first, second};
}

void Course::begin(SegmentRecord& syn) {
  tell(Stage::SynSent, syn);
  syn.states = RowStates::of({State::Closed, State::Listen}, states(Stage::SynSent));
  if (!is_plain_syn(syn)) return;
  stage_ = Stage::SynSent;
  timestamps_ = syn.has_ts;
  client_shift_ = shift_of(syn) & 0xfU;
  remember(syn);
}

bool Course::take(const SegmentRecord& last, std::int64_t time_wait_ns, SegmentRecord& r) {
  const Stage to = after(last, time_wait_ns, r);
  if (to == Stage::Left) return false;
  if (to == Stage::FinSent) closer_ = r.from;
  tell(to, r);
  r.states = RowStates::of(states(stage_), states(to));
  r.ack_check = AckCheck::Ok;
  if (to == Stage::SynAnswered)
    answer(r);
  else
    server_went_on_ |= r.from == End::B;
  remember(r);
  stage_ = to;
  return true;
}

/// An end by its latest segment. The window of a SYN is not scaled.
inline SteadyEnd Course::end_of(End e) const {
  const std::size_t i = index(e);
  const std::uint8_t shift = e == End::A ? client_shift_ : server_shift_;
  const bool scaled = e == End::A || server_went_on_;
  const std::uint32_t granted = std::uint32_t{window_[i]} << (scaled ? shift : 0U);
  return {snd_max_[i], acked_[i], acked_[i] + granted, tsval_[i], shift, true};
}

Course::Stage Course::after(const SegmentRecord& last, std::int64_t time_wait_ns,
                            const SegmentRecord& r) const {
  if (stage_ == Stage::SynSent) {
    const bool answers = r.from == End::B && r.ack == snd_max_[index(End::A)];
    const bool syn_ack = has_only(r, Flags::kSyn | Flags::kAck) && is_plain_syn(r);
    return answers && syn_ack ? Stage::SynAnswered : Stage::Left;
  }
  const SteadyEnd sender = end_of(r.from), peer = end_of(other(r.from));
  if (!sender.sends_next(r, peer, timestamps_)) return Stage::Left;
  const bool acks_all = r.ack == peer.snd_max;
  const bool bare_ack = has_only(r, Flags::kAck) && r.payload == 0 && acks_all;
  const bool echoes_latest = !timestamps_ || !ts_newer(peer.tsval, r.tsecr);
  const bool fin = has_only(r, Flags::kFin | Flags::kAck) && acks_all && echoes_latest;
  switch (stage_) {
    case Stage::SynAnswered:
      return bare_ack && r.from == End::A ? Stage::Open : Stage::Left;
    case Stage::Open:
      if (fin) return Stage::FinSent;
      return sender.says_something(r, peer) ? Stage::Open : Stage::Left;
    case Stage::FinSent:
      if (r.from == closer_) return Stage::Left;
      return bare_ack ? Stage::FinAcked : fin ? Stage::BothFinsSent : Stage::Left;
    case Stage::FinAcked:
      return fin && r.from != closer_ ? Stage::BothFinsSent : Stage::Left;
    case Stage::BothFinsSent: {
      // Its sender's TIME_WAIT has begun with the other FIN, the last segment.
      const bool timed_out = r.time_ns - last.time_ns > time_wait_ns;
      return bare_ack && r.from == closer_ && !timed_out ? Stage::Over : Stage::Left;
    }
    case Stage::Left:
    case Stage::SynSent:
    case Stage::Over:
      break;
  }
  return Stage::Left;
}

/// The client has neither acknowledged nor granted anything yet: all that it can has the server's ISN below it.
void Course::answer(const SegmentRecord& syn_ack) {
  acked_[index(End::A)] = syn_ack.seq;
  window_[index(End::A)] = 0;
  timestamps_ = timestamps_ && syn_ack.has_ts;
  server_shift_ = shift_of(syn_ack) & 0xfU;
  if (client_shift_ == kNoShift || server_shift_ == kNoShift) client_shift_ = server_shift_ = 0;
}

void Course::remember(const SegmentRecord& r) {
  const std::size_t i = index(r.from);
  snd_max_[i] = r.end();
  acked_[i] = r.ack;
  window_[i] = r.window;
  tsval_[i] = r.tsval;
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
