// See event.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "record/tracefs.h"

namespace tcpwave::record {
namespace {

constexpr unsigned long long kMostPort = 65535;

struct Reader {
  tep_event& event;
  tep_record& record;

  [[nodiscard]] std::optional<unsigned long long> number(const char* name) const {
    unsigned long long value = 0;
    tep_format_field* const field = tep_find_any_field(&event, name);
    if (field == nullptr || tep_read_number_field(field, record.data, &value) != 0)
      return std::nullopt;
    return value;
  }
  /// The bytes of an array; null where it is not there or shorter.
  [[nodiscard]] const std::uint8_t* bytes(const char* name, std::size_t size) const {
    const tep_format_field* const field = tep_find_field(&event, name);
    if (field == nullptr || field->size < static_cast<int>(size) || field->offset < 0 ||
        field->offset + field->size > record.size)
      return nullptr;
    return static_cast<const std::uint8_t*>(record.data) + field->offset;
  }
  [[nodiscard]] std::size_t size(const char* name) const {
    const tep_format_field* const field = tep_find_field(&event, name);
    return field == nullptr ? 0 : static_cast<std::size_t>(field->size);
  }
};

Address v4(const std::uint8_t* bytes) {
  Address address;
  std::copy_n(bytes, 4, address.octets.begin());
  return address;
}

/// A socket for both families has IPv4 addresses in the form ::ffff:192.0.2.1.
Address v6(const std::uint8_t* bytes) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes)) return v4(bytes + kMapped.size());
  Address address;
  address.v6 = true;
  std::copy_n(bytes, address.octets.size(), address.octets.begin());
  return address;
}

/// `saddr` and the like as a struct sockaddr_in or sockaddr_in6: what the format prints with `%pISpc`.
std::optional<End> end_in_socket_address(const Reader& reader, const char* name) {
  const std::uint8_t* const bytes = reader.bytes(name, sizeof(sockaddr_in6));
  if (bytes == nullptr) return std::nullopt;
  std::uint16_t family = 0, port = 0;
  std::memcpy(&family, bytes, sizeof family);
  std::memcpy(&port, bytes + 2, sizeof port);
  constexpr std::size_t kV4 = 4, kV6 = 8;  // where the address stands
  if (family == AF_INET) return End{v4(bytes + kV4), ntohs(port)};
  if (family == AF_INET6) return End{v6(bytes + kV6), ntohs(port)};
  return std::nullopt;
}

/// The form with the port, the address of IPv4 and the one of IPv6 in fields of their own.
std::optional<End> end_in_fields(const Reader& reader, const char* port_name, const char* v4_name,
                                 const char* v6_name) {
  const auto port = reader.number(port_name), family = reader.number("family");
  const std::uint8_t* const four = reader.bytes(v4_name, 4);
  const std::uint8_t* const six = reader.bytes(v6_name, 16);
  if (!port || *port > kMostPort || four == nullptr) return std::nullopt;
  // Not every kernel says the family in each event; the IPv6 form holds both then.
  const bool is_v6 = six != nullptr && (!family || *family == AF_INET6);
  return End{is_v6 ? v6(six) : v4(four), static_cast<std::uint16_t>(*port)};
}

bool read_ends(const Reader& reader, Event& event) {
  const bool compact = reader.size("saddr") >= sizeof(sockaddr_in6);
  const auto local = compact ? end_in_socket_address(reader, "saddr")
                             : end_in_fields(reader, "sport", "saddr", "saddr_v6");
  const auto remote = compact ? end_in_socket_address(reader, "daddr")
                              : end_in_fields(reader, "dport", "daddr", "daddr_v6");
  if (!local || !remote) return false;
  event.local = *local;
  event.remote = *remote;
  return true;
}

std::optional<Event::Kind> kind_of(std::string_view name) {
  using Kind = Event::Kind;
  if (name == "inet_sock_set_state") return Kind::SetState;
  if (name == "tcp_send_reset") return Kind::SendReset;
  if (name == "tcp_receive_reset") return Kind::ReceiveReset;
  if (name == "tcp_retransmit_skb") return Kind::Retransmit;
  if (name == "tcp_destroy_sock") return Kind::Destroy;
  if (name == "task_newtask" || name == "task_rename") return Kind::Name;
  return std::nullopt;
}

std::string reason_of(std::int64_t number, const Names& names) {
  for (const auto& [value, word] : names)
    if (value == number) return word;
  return "reason_" + std::to_string(number);
}

bool read_states(const Reader& reader, Event& event) {
  const auto from = reader.number("oldstate"), to = reader.number("newstate"),
             protocol = reader.number("protocol");
  if (!from || !to || (protocol && *protocol != IPPROTO_TCP)) return false;
  event.from = state_of_linux(static_cast<std::int64_t>(*from));
  event.to = state_of_linux(static_cast<std::int64_t>(*to));
  return event.from != State::Unknown && event.to != State::Unknown;
}

bool read_name(const Reader& reader, Event& event) {
  constexpr std::size_t kName = 16;
  const std::uint8_t* name = reader.bytes("newcomm", kName);
  if (name == nullptr) name = reader.bytes("comm", kName);
  const auto thread = reader.number("pid");
  if (name == nullptr) return false;
  if (thread) event.thread = static_cast<std::uint32_t>(*thread);  // else who renames itself
  const auto* const text = reinterpret_cast<const char*>(name);
  event.caller.name.assign(text, strnlen(text, kName));
  return event.thread != 0;
}

/// In an interrupt the thread is whoever was interrupted.
std::uint32_t thread_of(const Reader& reader) {
  constexpr unsigned long long kInterrupt = 0x08 | 0x10;  // TRACE_FLAG_HARDIRQ, TRACE_FLAG_SOFTIRQ
  const auto flags = reader.number("common_flags"), thread = reader.number("common_pid");
  const bool interrupt = !flags || (*flags & kInterrupt) != 0;
  return interrupt || !thread ? 0 : static_cast<std::uint32_t>(*thread);
}

}  // namespace

Names names_in_format(std::string_view format, std::string_view field) {
  Names names;
  const std::string start = "__print_symbolic(REC->" + std::string(field) + ",";
  std::size_t at = format.find(start);
  if (at == std::string_view::npos) return names;
  at += start.size();
  while (true) {
    at = format.find_first_not_of(", ", at);
    if (at == std::string_view::npos || format[at] != '{') return names;
    const std::size_t number = format.find_first_not_of(' ', at + 1);
    const std::size_t open = format.find('"', at), end = format.find('}', at);
    if (number == std::string_view::npos || open == std::string_view::npos ||
        end == std::string_view::npos || open > end)
      return names;
    const std::size_t close = format.find('"', open + 1);
    if (close == std::string_view::npos) return names;
    std::int64_t value = 0;
    const auto [rest, error] =
        std::from_chars(format.data() + number, format.data() + format.size(), value);
    if (error == std::errc() && close < end)
      names.emplace_back(value, format.substr(open + 1, close - open - 1));
    at = end + 1;
  }
}

State state_of_linux(std::int64_t number) {
  using enum State;
  constexpr std::array<State, 13> kStates{
      Unknown, Established, SynSent, SynReceived, FinWait1, FinWait2,   TimeWait,
      Closed,  CloseWait,   LastAck, Listen,      Closing,  SynReceived /* TCP_NEW_SYN_RECV */};
  const bool known = number > 0 && number < static_cast<std::int64_t>(kStates.size());
  return known ? kStates[static_cast<std::size_t>(number)] : Unknown;
}

std::optional<Event> read_event(tep_event& traced, tep_record& record, const Names& reasons) {
  const auto kind = kind_of(traced.name);
  if (!kind) return std::nullopt;
  const Reader reader{traced, record};
  Event event;
  event.kind = *kind;
  event.time_ns = static_cast<std::int64_t>(record.ts);
  event.thread = thread_of(reader);
  if (*kind == Event::Kind::Name)
    return read_name(reader, event) ? std::optional(event) : std::nullopt;
  if (!read_ends(reader, event)) return std::nullopt;
  if (*kind == Event::Kind::SetState && !read_states(reader, event)) return std::nullopt;
  if (*kind == Event::Kind::SendReset) {
    if (const auto received = reader.number("skbaddr")) event.answers = *received != 0;
    if (const auto reason = reader.number("reason"))
      event.reset_reason = reason_of(static_cast<std::int64_t>(*reason), reasons);
  }
  return event;
}

}  // namespace tcpwave::record
