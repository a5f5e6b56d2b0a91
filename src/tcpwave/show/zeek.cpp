// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/zeek.h"

#include <algorithm>
#include <string_view>

namespace tcpwave {
namespace {

constexpr char kUpperToLower = 'a' - 'A';

// Letters that an end has once (I, Q, A, D), or again only with another number (S and H, F, R).
constexpr std::uint8_t kSyn = 1, kFin = 2, kRst = 4, kAck = 8, kData = 16, kFinRst = 32,
                       kFlags = 64;

int control_flags(Flags f) {
  return static_cast<int>(f.syn()) + static_cast<int>(f.fin()) + static_cast<int>(f.rst());
}

}  // namespace

bool ZeekLog::Tally::is_due() {
  if (++count != due) return false;
  due *= 10;
  return true;
}

void ZeekLog::Sender::move(State to) {
  if (state == to) return;
  previous = state;
  state = to;
}

/// Zeek writes gaps only of connections that are open or were closed in order.
bool ZeekLog::Sender::gap_tells() const {
  return state == State::Established || (state == State::Closed && previous == State::Established);
}

/// Data or an ACK between two open ends, in order and nothing missing: what most segments are.
bool ZeekLog::goes_on(const SegmentRecord& r) const {
  const Sender& x = of(r.from);
  const Sender& y = of(other(r.from));
  return (r.flags.bits & ~Flags::kPsh) == Flags::kAck && r.window != 0 && r.seq == x.next &&
         x.state == State::Established && y.state == State::Established &&
         y.hole_from == y.hole_to && r.ack - y.next <= 0;
}

void ZeekLog::note(const SegmentRecord& r, bool sender_stays) {
  if (r.unattributable || r.duplicate_of != kNoRow) return;
  if (goes_on(r)) {
    write_content(r);
    of(r.from).sent_data |= r.payload > 0;
    of(r.from).next = r.end();
    return;
  }
  if (letters_.empty()) first_ = r.from;
  Sender& x = of(r.from);
  if (x.stays && !r.flags.rst()) {
    x.move(of(other(r.from)).state == State::Established ? State::Established : x.previous);
    x.stays = false;
  }
  write_flags(r);
  write_window(r);
  write_text(r);
  move(r, sender_stays);
  write_gap(r);
}

// --- history ------------------------------------------------------------------------------------

void ZeekLog::write(End e, char letter) {
  letters_.push(e == End::A ? letter : static_cast<char>(letter + kUpperToLower));
}

bool ZeekLog::once(End e, std::uint8_t bit, char letter) {
  std::uint8_t& written = of(e).written;
  if ((written & bit) != 0) return false;
  written = static_cast<std::uint8_t>(written | bit);
  write(e, letter);
  return true;
}

void ZeekLog::write_flags(const SegmentRecord& r) {
  Sender& x = of(r.from);
  if (control_flags(r.flags) > 1) {
    if (r.flags.fin() && r.flags.rst())
      once(r.from, kFinRst, 'I');
    else
      once(r.from, kFlags, 'Q');
  } else if (r.flags.syn()) {
    const char letter = r.flags.ack() ? 'H' : 'S';
    if (!once(r.from, kSyn, letter) && r.seq != x.syn) write(r.from, letter);
    x.syn = r.seq;
  } else if (r.flags.fin()) {
    if (!once(r.from, kFin, 'F') && r.fin_seq() != x.fin) write(r.from, 'F');
    x.fin = r.fin_seq();
  } else if (r.flags.rst()) {
    if (!once(r.from, kRst, 'R') && r.seq != x.rst) write(r.from, 'R');
    x.rst = r.seq;
  } else {
    write_content(r);
  }
}

void ZeekLog::write_content(const SegmentRecord& r) {
  if (r.payload > 0)
    once(r.from, kData, 'D');
  else if (r.flags.ack())
    once(r.from, kAck, 'A');
}

/// A window of zero says something while the peer may still send.
void ZeekLog::write_window(const SegmentRecord& r) {
  Sender& x = of(r.from);
  if (r.window != 0 || r.flags.rst() || x.state == State::Reset ||
      of(other(r.from)).state == State::Closed)
    return;
  if (x.zero_windows.is_due()) write(r.from, 'W');
}

/// Data that brings nothing new, and where something is missing before it.
void ZeekLog::write_text(const SegmentRecord& r) {
  Sender& x = of(r.from);
  if (r.payload > 0 && !r.flags.rst()) x.sent_data = true;
  if (r.flags.rst() || x.state == State::Reset) return;
  if (x.state == State::Inactive) {
    x.gap_to = r.seq;
    x.next = r.end();
    return;
  }
  if (r.end() - x.next <= 0) {
    if (r.payload > 0 && x.repeats.is_due()) write(r.from, 'T');
    const bool fills = r.seq - x.hole_from <= 0 && r.end() - x.hole_from > 0;
    if (fills) x.hole_from = r.end() - x.hole_to < 0 ? r.end() : x.hole_to;
    return;
  }
  if (r.seq - x.next > 0) {
    x.hole_from = x.next;
    x.hole_to = r.seq;
  }
  x.next = r.end();
}

/// The peer acknowledges what was not captured.
void ZeekLog::write_gap(const SegmentRecord& r) {
  const End e = other(r.from);
  Sender& y = of(e);
  if (!r.flags.ack() || r.flags.rst() || y.state == State::Inactive) return;
  const bool hole = y.hole_from != y.hole_to && r.ack - y.hole_from > 0;
  const bool beyond = r.ack - y.next > 0 && r.ack - y.gap_to > 0;
  if (!hole && !beyond) return;
  y.hole_from = y.hole_to;
  if (beyond) y.gap_to = r.ack;
  if (y.gap_tells() && of(r.from).gap_tells() && y.gaps.is_due()) write(e, 'G');
}

History ZeekLog::history(End client) const {
  History told;
  if (first_ != client && !letters_.empty()) told.push('^');
  for (const char letter : letters_) {
    const bool from_a = letter < 'a';
    const char upper = from_a ? letter : static_cast<char>(letter - kUpperToLower);
    const bool from_client = from_a == (client == End::A);
    told.push(from_client ? upper : static_cast<char>(upper + kUpperToLower));
  }
  return told;
}

// --- conn_state ---------------------------------------------------------------------------------

void ZeekLog::move(const SegmentRecord& r, bool sender_stays) {
  Sender& x = of(r.from);
  const Sender& y = of(other(r.from));
  if (r.flags.syn()) move_on_syn(r);
  if (r.flags.fin()) move_on_fin(r);
  if (r.flags.rst() && !(x.state == State::Closed && y.state == State::Closed)) {
    x.stays = sender_stays && (x.stays || x.state != State::Reset);
    x.move(State::Reset);
  }
  if (control_flags(r.flags) == 0 && x.state == State::Inactive) move_on_text(r);
}

/// A SYN,ACK opens both ends: Zeek does not wait for the third ACK.
void ZeekLog::move_on_syn(const SegmentRecord& r) {
  Sender& x = of(r.from);
  Sender& y = of(other(r.from));
  if (x.state == State::Partial && y.state == State::Inactive && r.is_syn()) x.move(State::SynSent);
  if (x.state != State::Inactive) return;
  const bool crossed = y.state == State::SynSent || y.state == State::Established;
  x.move(r.is_syn() && !crossed ? State::SynSent : State::Established);
  if (y.state == State::SynSent) y.move(State::Established);
}

void ZeekLog::move_on_fin(const SegmentRecord& r) {
  Sender& x = of(r.from);
  Sender& y = of(other(r.from));
  if (x.state == State::Reset || r.flags.rst()) return;
  const bool was_open = x.state == State::Established || x.state == State::Partial;
  x.move(State::Closed);
  if (was_open && y.state == State::Reset && y.previous == State::Closed) y.move(State::Closed);
}

void ZeekLog::move_on_text(const SegmentRecord& r) {
  Sender& x = of(r.from);
  const Sender& y = of(other(r.from));
  if (r.payload == 0 && y.state == State::SynSent) return;  // an ACK ahead of the SYN,ACK
  const bool syn_missed = r.flags.ack() && y.state == State::Established;
  x.move(syn_missed ? State::Established : State::Partial);
}

/// `S`, no H, A, F, G, I or Q of the originator, then `R`.
bool ZeekLog::syn_then_rst(End client) const {
  constexpr std::string_view kNeither = "HAFGIQ";
  const History told = history(client);
  const char* letter = std::find_if(told.begin(), told.end(), [](char c) { return c != '^'; });
  if (letter == told.end() || *letter != 'S') return false;
  for (; letter != told.end() && *letter != 'R'; ++letter)
    if (kNeither.find(*letter) != std::string_view::npos) return false;
  return letter != told.end();
}

/// Zeek's order of rules (conn/main.zeek).
ConnState ZeekLog::conn_state(End client) const {
  const Sender& o = of(client);
  const Sender& r = of(other(client));
  if (r.state == State::Reset) {
    const bool no_data = !o.sent_data && !r.sent_data;
    if (o.state == State::SynSent || (o.state == State::Reset && no_data)) return ConnState::Rej;
    return o.inactive() ? ConnState::Rstrh : ConnState::Rstr;
  }
  if (o.state == State::Reset) {
    if (!r.inactive()) return ConnState::Rsto;
    return syn_then_rst(client) ? ConnState::Rstos0 : ConnState::Oth;
  }
  if (o.state == State::Closed && r.state == State::Closed) return ConnState::Sf;
  if (o.state == State::Closed) return r.inactive() ? ConnState::Sh : ConnState::S2;
  if (r.state == State::Closed) return o.inactive() ? ConnState::Shr : ConnState::S3;
  if (o.state == State::SynSent && r.state == State::Inactive) return ConnState::S0;
  if (o.state == State::Established && r.state == State::Established) return ConnState::S1;
  return ConnState::Oth;
}

}  // namespace tcpwave
