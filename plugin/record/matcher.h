// Brings what the kernel said to the packet that it belongs to.
//
// Packets are held back for a moment, because a kernel says what a packet did to a socket after the packet
// was captured, and its word comes by another way. What an end sends shows a change of its state after it
// (close(), then the FIN), so that word waits for the packet, as long as it takes. What it receives changes
// its state, so that word goes to the last packet that came before. A RST's reason goes to the RST nearest
// in time. What no packet causes or shows (a time-out, say) goes to the connection's next packet.
//
// Knows nothing of files, of libpcap and of tracefs: packets and events in, packets with words out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include "kernel/word.h"
#include "record/event.h"
#include "tcpwave/segment.h"

namespace tcpwave::record {

using kernel::Process;
using kernel::Word;

/// A captured packet that waits to be written.
struct Packet {
  std::int64_t time_ns = 0;
  std::uint32_t length = 0;  ///< on the wire
  std::vector<std::uint8_t> bytes;
  std::optional<Segment> segment;  ///< where it is TCP
  std::vector<Word> words;         ///< one for each end that has something to say, so two at most
};

inline bool sent_by(const End& end, const Packet& packet) {
  return packet.segment->source_port == end.port && packet.segment->source == end.address;
}

class Matcher {
 public:
  struct Counts {
    std::uint64_t events = 0, placed = 0, without_packet = 0;
  };
  /// Asks the kernel for the state of an end now; nothing where it has no such socket. An end in
  /// TIME_WAIT is a socket of another kind, of which no tracepoint tells.
  using Ask = std::function<std::optional<State>(const End& local, const End& remote)>;
  /// Told of each socket that has come to be; somebody may then find out whose it is. Says what is known of that at
  /// once: the process of its listener.
  using Wonder = std::function<std::optional<Process>(const End& local, const End& remote)>;

  /// Events are looked at when they are `wait_ns` old.
  Matcher(Ask ask, Wonder wonder, std::int64_t wait_ns)
      : ask_(std::move(ask)), wonder_(std::move(wonder)), wait_ns_(wait_ns) {}

  /// A socket that was there when we began, in that state at that time.
  void add_socket(const End& local, const End& remote, State, const Process&, std::int64_t time_ns);
  void add_process(const End& local, const End& remote, const Process&);
  void add(Packet);
  void add(Event);

  /// Looks at the events up to `now_ns` less the wait, and takes packets up to twice the wait out. All
  /// packets and events up to that moment have been added.
  void advance(std::int64_t now_ns, const std::function<void(Packet&)>& take);
  /// Everything that is left.
  void finish(const std::function<void(Packet&)>& take);

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

 private:
  using Number = std::uint64_t;  ///< of a packet, from 0
  struct Key {
    End low, high;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::uint64_t seed = 0;
    std::size_t operator()(const Key&) const;
  };
  /// A socket.
  struct Socket {
    State state = State::Unknown;
    bool introduced = false;    ///< a packet says its state
    bool process_told = false;  ///< a packet says whose it is
    bool mini = false;  ///< in FIN_WAIT_2 without its socket: the next state must be asked for
    std::optional<Seq> after_fin;    ///< what acknowledges its FIN
    std::int64_t known_from_ns = 0;  ///< earlier packets met it in another state, perhaps
    std::int64_t reset_at_ns = 0;    ///< it accepted a RST then
    Process process;
    std::vector<Event> waiting;  ///< for a packet to come
  };
  struct Connection {
    std::deque<Number> held;
    std::array<Socket, 2> socket;  ///< low, high
  };
  struct EndOf {
    Connection& connection;
    Socket& socket;
    End local;
  };

  [[nodiscard]] static Key key_of(const End&, const End&);
  EndOf end_of(const End& local, const End& remote);
  Packet& packet(Number number) { return held_[number - first_]; }

  template <class Fits>
  std::optional<Number> last_before(const EndOf&, std::int64_t time_ns, Fits fits);
  template <class Fits>
  std::optional<Number> first_after(const EndOf&, std::int64_t time_ns, Fits fits);
  template <class Fits>
  std::optional<Number> nearest(const EndOf&, std::int64_t time_ns, std::int64_t within_ns,
                                Fits fits);

  void look_at(Event&);
  void begin_connecting(Event&);
  void set_state(Event&);
  void close(const EndOf&, Event&);
  bool close_into_time_wait(const EndOf&, Event&);
  std::optional<Number> cause_of_close(const EndOf&, const Event&);
  void send_reset(Event&);
  void end_mini(const EndOf&, const Event& reset, Number rst);
  std::optional<Number> answered_by(const EndOf&, Number rst);
  void receive_reset(Event&);
  void retransmit(Event&);
  void ask_again(Event&);
  void meet_waiting(Packet&, Connection&, Socket&, const End& local);
  static void learn(Socket&, const Process&);
  void introduce(Packet&, Socket&, const End& local);
  void wait(Socket&, const Event&);
  Word& word_at(Number, const EndOf&, std::int64_t time_ns);
  Word& word_in(Packet&, Socket&, const End& local, std::optional<std::int64_t> time_ns);
  void put_states(Number, const EndOf&, const Event&);
  void release_first(const std::function<void(Packet&)>& take);
  void forget_if_over(const Key&);
  void forget_old(std::int64_t now_ns);

  Ask ask_;
  Wonder wonder_;
  std::int64_t wait_ns_;
  Number first_ = 0;  ///< of those held
  std::deque<Packet> held_;
  std::deque<Event> events_;
  std::deque<Number> syns_;  ///< of those held, and not known to belong to a connect()
  std::unordered_map<Key, Connection, KeyHash> connections_{0, KeyHash{std::random_device{}()}};
  /// When a socket of a kind that ends without a word has been gone for sure.
  std::deque<std::pair<std::int64_t, Key>> over_;
  Counts counts_;
};

}  // namespace tcpwave::record
