// Packets and sockets come and go: what the matcher holds, for how long, and what it forgets. See matcher.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "record/matcher.h"

namespace tcpwave::record {
namespace {

using Kind = Event::Kind;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMostConnections =
    1U << 20U;  ///< more are forgotten, where nothing is held of them

}  // namespace

void Matcher::add_socket(const End& local, const End& remote, State state, const Process& process,
                         std::int64_t time_ns) {
  const EndOf end = end_of(local, remote);
  end.socket.state = state;
  end.socket.known_from_ns = time_ns;
  end.socket.process = process;
  if (state == State::TimeWait || state == State::FinWait2)
    end.socket.mini = state == State::FinWait2 && !process.known();
}

void Matcher::learn(Socket& socket, const Process& process) {
  if (!process.known() || socket.process.pid == process.pid) return;
  socket.process = process;
  socket.process_told = false;
}

void Matcher::add_process(const End& local, const End& remote, const Process& process) {
  const auto found = connections_.find(key_of(local, remote));
  if (found == connections_.end()) return;
  learn(found->second.socket[found->first.low == local ? 0 : 1], process);
}

void Matcher::add(Event event) {
  if (event.kind != Kind::Name) events_.push_back(std::move(event));
}

void Matcher::add(Packet packet) {
  held_.push_back(std::move(packet));
  Packet& at = held_.back();
  if (!at.segment) return;
  const Segment& segment = *at.segment;
  const End source{segment.source, segment.source_port},
      destination{segment.destination, segment.destination_port};
  const Key key = key_of(source, destination);
  Connection& connection = connections_[key];
  connection.held.push_back(first_ + held_.size() - 1);
  if (segment.flags.syn() && !segment.flags.ack()) syns_.push_back(first_ + held_.size() - 1);
  for (const End& local : {key.low, key.high}) {
    Socket& socket = connection.socket[local == key.low ? 0 : 1];
    const bool sent = sent_by(local, at);
    if (sent && segment.flags.fin()) socket.after_fin = segment.end();
    if (!sent && socket.mini && (segment.flags.fin() || segment.flags.rst())) {
      Event ask;
      ask.kind = Kind::Ask;
      ask.time_ns = at.time_ns;
      ask.local = local;
      ask.remote = local == key.low ? key.high : key.low;
      events_.push_back(std::move(ask));
    }
    introduce(at, socket, local);
    meet_waiting(at, connection, socket, local);
  }
}

void Matcher::release_first(const std::function<void(Packet&)>& take) {
  Packet& packet = held_.front();
  std::optional<Key> key;
  if (packet.segment) {
    const Segment& s = *packet.segment;
    key = key_of({s.source, s.source_port}, {s.destination, s.destination_port});
    connections_.find(*key)->second.held.pop_front();  // packets leave in the order they came in
  }
  if (!syns_.empty() && syns_.front() == first_) syns_.pop_front();
  take(packet);
  held_.pop_front();
  ++first_;
  if (key) forget_if_over(*key);
}

void Matcher::forget_if_over(const Key& key) {
  const auto found = connections_.find(key);
  if (found == connections_.end() || !found->second.held.empty()) return;
  const bool over = std::ranges::all_of(found->second.socket, [](const Socket& socket) {
    const bool gone = socket.state == State::Unknown || socket.state == State::Closed ||
                      (socket.state == State::TimeWait && socket.introduced);
    return gone && socket.waiting.empty();
  });
  if (over) connections_.erase(found);
}

void Matcher::forget_old(std::int64_t now_ns) {
  while (!over_.empty() && over_.front().first < now_ns) {
    const auto found = connections_.find(over_.front().second);
    if (found != connections_.end())
      for (Socket& socket : found->second.socket) {
        if (!socket.mini && socket.state != State::Closed) continue;
        counts_.without_packet += socket.waiting.size();
        socket = Socket{};
      }
    forget_if_over(over_.front().second);
    over_.pop_front();
  }
  if (connections_.size() > kMostConnections)
    std::erase_if(connections_, [](const auto& entry) { return entry.second.held.empty(); });
}

void Matcher::advance(std::int64_t now_ns, const std::function<void(Packet&)>& take) {
  while (!events_.empty() && events_.front().time_ns <= now_ns - wait_ns_) {
    Event event = std::move(events_.front());
    events_.pop_front();
    look_at(event);
  }
  // A packet from the future comes of a clock that was set back: it is not waited for.
  while (!held_.empty() && (held_.front().time_ns <= now_ns - 2 * wait_ns_ ||
                            held_.front().time_ns > now_ns + kSecond))
    release_first(take);
  forget_old(now_ns);
}

void Matcher::finish(const std::function<void(Packet&)>& take) {
  while (!events_.empty()) {
    Event event = std::move(events_.front());
    events_.pop_front();
    look_at(event);
  }
  while (!held_.empty()) release_first(take);
  for (const auto& [key, connection] : connections_)
    for (const Socket& socket : connection.socket) counts_.without_packet += socket.waiting.size();
}

}  // namespace tcpwave::record
