// See matcher.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/matcher.h"

#include <algorithm>

namespace tcpwave::record {
namespace {

using Kind = Event::Kind;

constexpr std::int64_t kMicrosecond = 1'000, kMillisecond = 1'000'000, kSecond = 1'000'000'000;
/// The stamps of a packet and of the event before it are taken one after the other, by clocks that are
/// read without a lock.
constexpr std::int64_t kSlack = 20 * kMicrosecond;
/// Between the word that a RST is sent or accepted, the socket's end, and the RST itself.
constexpr std::int64_t kAroundReset = kMillisecond;
constexpr std::int64_t kAroundSent =
    50 * kMillisecond;  ///< a queue may lie between word and packet
/// Linux keeps what is left of a socket in FIN_WAIT_2 and TIME_WAIT for 60 s each.
constexpr std::int64_t kLongestMini = 120 * kSecond;
constexpr std::size_t kMostWaiting = 8;  ///< of one socket

/// The state after which an end sends something that shows it.
bool shows_in_what_is_sent(State to) {
  return to == State::SynSent || to == State::FinWait1 || to == State::LastAck;
}
bool shows(State to, const Segment& segment) {
  return to == State::SynSent ? segment.flags.syn() : segment.flags.fin();
}

bool acknowledges(const Segment& segment, const std::optional<Seq>& after_fin) {
  return segment.flags.ack() && after_fin && segment.ack - *after_fin >= 0;
}

}  // namespace

std::size_t Matcher::KeyHash::operator()(const Key& key) const {
  return kernel::hash_of(key.low, key.high, seed);
}

Matcher::Key Matcher::key_of(const End& a, const End& b) {
  const auto less = [](const End& x, const End& y) {
    return x.address.octets != y.address.octets ? x.address.octets < y.address.octets
                                                : x.port < y.port;
  };
  return less(b, a) ? Key{b, a} : Key{a, b};
}

Matcher::EndOf Matcher::end_of(const End& local, const End& remote) {
  const Key key = key_of(local, remote);
  Connection& connection = connections_[key];
  return {connection, connection.socket[key.low == local ? 0 : 1], local};
}

// --- finding the packet ---------------------------------------------------------------------------

template <class Fits>
std::optional<Matcher::Number> Matcher::last_before(const EndOf& end, std::int64_t time_ns,
                                                    Fits fits) {
  const auto& held = end.connection.held;
  auto at =
      std::ranges::upper_bound(held, time_ns, {}, [this](Number n) { return packet(n).time_ns; });
  while (at != held.begin())
    if (fits(packet(*--at))) return *at;
  return std::nullopt;
}

template <class Fits>
std::optional<Matcher::Number> Matcher::first_after(const EndOf& end, std::int64_t time_ns,
                                                    Fits fits) {
  const auto& held = end.connection.held;
  auto at =
      std::ranges::lower_bound(held, time_ns, {}, [this](Number n) { return packet(n).time_ns; });
  for (; at != held.end(); ++at)
    if (fits(packet(*at))) return *at;
  return std::nullopt;
}

template <class Fits>
std::optional<Matcher::Number> Matcher::nearest(const EndOf& end, std::int64_t time_ns,
                                                std::int64_t within_ns, Fits fits) {
  const auto away = [&](const std::optional<Number>& n) {
    return n ? std::abs(packet(*n).time_ns - time_ns) : within_ns + 1;
  };
  const auto before = last_before(end, time_ns, fits), after = first_after(end, time_ns, fits);
  const auto& best = away(before) < away(after) ? before : after;
  return away(best) <= within_ns ? best : std::nullopt;
}

// --- what is said of a packet ---------------------------------------------------------------------

Word& Matcher::word_in(Packet& at, Socket& socket, const End& local,
                       std::optional<std::int64_t> time_ns) {
  auto word = std::ranges::find(at.words, local, &Word::end);
  if (word == at.words.end()) {
    at.words.emplace_back().end = local;
    word = at.words.end() - 1;
  }
  if (socket.process.known() && !socket.process_told) {
    word->process = socket.process;
    socket.process_told = true;
  }
  if (time_ns) word->at_ns = *time_ns - at.time_ns;
  return *word;
}

Word& Matcher::word_at(Number number, const EndOf& end, std::int64_t time_ns) {
  ++counts_.placed;
  return word_in(packet(number), end.socket, end.local, time_ns);
}

void Matcher::put_states(Number number, const EndOf& end, const Event& event) {
  Word& word = word_at(number, end, event.time_ns);
  if (event.kind == Kind::Ask) word.at_ns.reset();  // known of itself, but not when
  end.socket.introduced = true;
  const auto add = [&word](const Event& change) {
    const bool goes_on = !word.states.empty() && word.states[word.states.size() - 1] == change.from;
    if (!goes_on) word.states.push(change.from);
    word.states.push(change.to);
  };
  for (const Event& before : end.socket.waiting) add(before);  // it cannot come after this one
  counts_.placed += end.socket.waiting.size();
  end.socket.waiting.clear();
  add(event);
}

void Matcher::introduce(Packet& at, Socket& socket, const End& local) {
  const bool there = socket.state != State::Unknown && socket.state != State::Closed &&
                     at.time_ns >= socket.known_from_ns;
  if (there && !socket.introduced) {
    // What still waits for its packet is not told before it.
    const State told = socket.waiting.empty() ? socket.state : socket.waiting.front().from;
    word_in(at, socket, local, std::nullopt).states.push(told);
    socket.introduced = true;
  } else if (there && socket.process.known() && !socket.process_told) {
    word_in(at, socket, local, std::nullopt);
  }
}

void Matcher::wait(Socket& socket, const Event& event) {
  if (socket.waiting.size() < kMostWaiting)
    socket.waiting.push_back(event);
  else
    ++counts_.without_packet;
}

void Matcher::meet_waiting(Packet& at, Connection& connection, Socket& socket, const End& local) {
  const EndOf end{connection, socket, local};
  const Number number = first_ + held_.size() - 1;
  // The end of the last connection is not for the packets of a new one.
  const bool asks_to_open =
      at.segment->flags.syn() && !at.segment->flags.ack() && !sent_by(local, at);
  if (asks_to_open && !socket.waiting.empty() && socket.waiting.back().to == State::Closed) {
    counts_.without_packet += socket.waiting.size();
    socket.waiting.clear();
  }
  const auto meets = [&](const Event& event) {
    if (shows_in_what_is_sent(event.to)) return sent_by(local, at) && shows(event.to, *at.segment);
    return true;
  };
  // In their order: what came later does not overtake.
  while (!socket.waiting.empty() && meets(socket.waiting.front())) {
    const Event event = socket.waiting.front();
    socket.waiting.erase(socket.waiting.begin());
    std::vector<Event> rest;
    rest.swap(socket.waiting);
    put_states(number, end, event);
    rest.swap(socket.waiting);
  }
}

// --- each kind of event ---------------------------------------------------------------------------

/// connect() changes the state before it has chosen a port, so that the SYN has to be found by what is
/// known: the first one to that destination.
void Matcher::begin_connecting(Event& event) {
  const auto fits = [&](Number number) {
    const Packet& p = packet(number);
    return p.time_ns >= event.time_ns - kSlack && p.segment->destination == event.remote.address &&
           p.segment->destination_port == event.remote.port;
  };
  const auto syn = std::ranges::find_if(syns_, fits);
  if (syn == syns_.end()) {
    ++counts_.without_packet;
    return;
  }
  event.local = {packet(*syn).segment->source, packet(*syn).segment->source_port};
  syns_.erase(syn);
  set_state(event);
}

void Matcher::set_state(Event& event) {
  if (event.to == State::SynSent && event.local.port == 0) {
    begin_connecting(event);
    return;
  }
  const EndOf end = end_of(event.local, event.remote);
  Socket& socket = end.socket;
  if (event.to == State::SynSent || event.from == State::Listen) {
    counts_.without_packet += socket.waiting.size();
    // Packets are ahead of events: its FIN may have come already.
    const auto after_fin = socket.after_fin;
    socket = Socket{};
    socket.after_fin = after_fin;
  }
  if (socket.process.owner != kernel::Owner::Descriptor) learn(socket, event.caller);
  if (event.to == State::Established || event.to == State::SynSent)
    if (const auto process = wonder_(event.local, event.remote); process && !socket.process.known())
      learn(socket, *process);
  socket.state = event.to;
  if (event.to == State::Closed) {
    close(end, event);
    return;
  }
  const auto number =
      shows_in_what_is_sent(event.to)
          ? first_after(end, event.time_ns - kSlack,
                        [&](const Packet& p) {
                          return sent_by(end.local, p) && shows(event.to, *p.segment);
                        })
          : last_before(end, event.time_ns,
                        [&](const Packet& p) { return !sent_by(end.local, p); });
  if (number)
    put_states(*number, end, event);
  else
    wait(socket, event);
}

std::optional<Matcher::Number> Matcher::cause_of_close(const EndOf& end, const Event& event) {
  const auto received = [&](auto what) {
    return last_before(end, event.time_ns,
                       [&](const Packet& p) { return !sent_by(end.local, p) && what(*p.segment); });
  };
  if (event.time_ns - end.socket.reset_at_ns <= kAroundReset)
    return received([](const Segment& s) { return s.flags.rst(); });
  const auto reset = first_after(end, event.time_ns - kAroundReset, [&](const Packet& p) {
    return p.segment->flags.rst() && sent_by(end.local, p) &&
           p.time_ns <= event.time_ns + kAroundSent;
  });
  // What a RST answers has ended the socket; an abort has no other cause than its RST.
  if (reset) return answered_by(end, *reset).value_or(*reset);
  const auto& fin = end.socket.after_fin;
  if (event.from == State::LastAck || event.from == State::Closing)
    return received([&](const Segment& s) { return acknowledges(s, fin); });
  if (event.from == State::FinWait2)
    return received([](const Segment& s) { return s.flags.fin(); });
  return std::nullopt;
}

bool Matcher::close_into_time_wait(const EndOf& end, Event& event) {
  const bool possible = event.from == State::FinWait2 || event.from == State::Closing;
  if (!possible || event.time_ns - end.socket.reset_at_ns <= kAroundReset) return false;
  const auto now = ask_(event.local, event.remote);
  if (now == State::FinWait2) {
    // close() has only put a smaller socket in its place. Its next state no tracepoint tells.
    end.socket.state = State::FinWait2;
    end.socket.mini = true;
    over_.emplace_back(event.time_ns + kLongestMini, key_of(event.local, event.remote));
    ++counts_.placed;
    return true;
  }
  if (now != State::TimeWait) return false;
  end.socket.state = event.to = State::TimeWait;
  auto cause = cause_of_close(end, event);
  if (!cause) {  // it was in FIN_WAIT_2 then, and has received the FIN since
    event.kind = Kind::Ask;
    cause = first_after(end, event.time_ns, [&](const Packet& p) {
      return p.segment->flags.fin() && !sent_by(end.local, p);
    });
  }
  if (cause)
    put_states(*cause, end, event);
  else
    wait(end.socket, event);
  return true;
}

void Matcher::close(const EndOf& end, Event& event) {
  if (close_into_time_wait(end, event)) return;
  if (const auto cause = cause_of_close(end, event)) {
    put_states(*cause, end, event);
  } else {
    wait(end.socket, event);
    over_.emplace_back(event.time_ns + kLongestMini, key_of(event.local, event.remote));
  }
}

/// What is left of a socket in FIN_WAIT_2 has received a FIN or a RST.
void Matcher::ask_again(Event& event) {
  const EndOf end = end_of(event.local, event.remote);
  if (!end.socket.mini) return;
  const State now = ask_(event.local, event.remote).value_or(State::Closed);
  if (now == State::FinWait2) return;  // it did not accept that
  end.socket.mini = false;
  end.socket.state = now == State::TimeWait ? now : State::Closed;
  event.from = State::FinWait2;
  event.to = end.socket.state;
  const auto cause = first_after(end, event.time_ns, [&](const Packet& p) {
    return (p.segment->flags.fin() || p.segment->flags.rst()) && !sent_by(end.local, p);
  });
  if (cause) put_states(*cause, end, event);
}

void Matcher::send_reset(Event& event) {
  const EndOf either = end_of(event.local, event.remote);
  const auto untold = [&](const Packet& p) {
    if (!p.segment->flags.rst()) return false;
    return std::ranges::none_of(p.words,
                                [&](const Word& w) { return w.sends_reset && sent_by(w.end, p); });
  };
  // Linux aborts with an ACK, and answers without one, but what has none itself.
  const auto fits = [&](const Packet& p) {
    const bool aborts = p.segment->flags.ack() && p.segment->seq != Seq(0);
    return untold(p) && (!event.answers || *event.answers != aborts);
  };
  auto number = nearest(either, event.time_ns, kAroundSent, fits);
  if (!number) number = nearest(either, event.time_ns, kAroundSent, untold);
  if (!number) {
    ++counts_.without_packet;
    return;
  }
  const bool by_local = sent_by(event.local, packet(*number));
  const EndOf end = by_local ? either : end_of(event.remote, event.local);
  Word& word = word_at(*number, end, event.time_ns);
  word.sends_reset = true;
  word.reset_reason = event.reset_reason;
  end_mini(end, event, *number);
}

/// What is left of a socket in FIN_WAIT_2 is gone with the RST, which no other word tells. It may have gone before it was
/// asked for.
void Matcher::end_mini(const EndOf& end, const Event& reset, Number rst) {
  Socket& socket = end.socket;
  const bool seemed_closed = !socket.waiting.empty() &&
                             socket.waiting.back().from == State::FinWait2 &&
                             socket.waiting.back().to == State::Closed;
  if (!socket.mini && !seemed_closed) return;
  Event gone = reset;
  gone.from = State::FinWait2;
  gone.to = State::Closed;
  if (seemed_closed) socket.waiting.pop_back();
  socket.mini = false;
  socket.state = State::Closed;
  put_states(answered_by(end, rst).value_or(rst), end, gone);
}

/// The segment that a RST without an ACK answers.
std::optional<Matcher::Number> Matcher::answered_by(const EndOf& end, Number number) {
  const Packet& rst = packet(number);
  if (rst.segment->flags.ack()) return std::nullopt;
  return last_before(end, rst.time_ns, [&](const Packet& p) {
    return !sent_by(end.local, p) && p.segment->flags.ack() && p.segment->ack == rst.segment->seq;
  });
}

void Matcher::receive_reset(Event& event) {
  const EndOf end = end_of(event.local, event.remote);
  end.socket.reset_at_ns = event.time_ns;
  const auto number = last_before(end, event.time_ns, [&](const Packet& p) {
    return p.segment->flags.rst() && !sent_by(end.local, p);
  });
  if (number)
    word_at(*number, end, event.time_ns).receives_reset = true;
  else
    ++counts_.without_packet;
}

void Matcher::retransmit(Event& event) {
  const EndOf end = end_of(event.local, event.remote);
  const auto number = nearest(end, event.time_ns, kAroundSent, [&](const Packet& p) {
    return p.segment->length() > 0 && sent_by(end.local, p);
  });
  if (number)
    word_at(*number, end, event.time_ns).retransmits = true;
  else
    ++counts_.without_packet;
}

void Matcher::look_at(Event& event) {
  if (event.remote.port == 0) return;  // a listener, or a socket that was never connected
  if (event.kind != Kind::Ask && event.kind != Kind::Destroy) ++counts_.events;
  switch (event.kind) {
    case Kind::SetState:
      set_state(event);
      break;
    case Kind::SendReset:
      send_reset(event);
      break;
    case Kind::ReceiveReset:
      receive_reset(event);
      break;
    case Kind::Retransmit:
      retransmit(event);
      break;
    case Kind::Destroy:
    case Kind::Name:
      break;  // its last state has been told; and that is none of a socket
    case Kind::Ask:
      ask_again(event);
      break;
  }
  forget_if_over(key_of(event.local, event.remote));
}

}  // namespace tcpwave::record
