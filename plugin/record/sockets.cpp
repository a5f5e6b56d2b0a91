// See sockets.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/sockets.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "record/event.h"

namespace tcpwave::record {
namespace {

struct Request {
  nlmsghdr header;
  inet_diag_req_v2 wanted;
};

Request request(std::uint8_t family, std::uint16_t flags) {
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  request.wanted.sdiag_family = family;
  request.wanted.sdiag_protocol = IPPROTO_TCP;
  request.wanted.idiag_states = ~0U;
  request.wanted.id.idiag_cookie[0] = request.wanted.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

bool send_request(int fd, const Request& request) {
  return send(fd, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

Address address_of(std::uint8_t family, const std::uint32_t* words) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), words, bytes.size());
  Address address;
  const bool mapped = std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
  address.v6 = family == AF_INET6 && !mapped;
  if (address.v6)
    address.octets = bytes;
  else
    std::copy_n(bytes.begin() + (family == AF_INET6 ? 12 : 0), 4, address.octets.begin());
  return address;
}

Socket socket_of(const inet_diag_msg& message) {
  return {{address_of(message.idiag_family, message.id.idiag_src), ntohs(message.id.idiag_sport)},
          {address_of(message.idiag_family, message.id.idiag_dst), ntohs(message.id.idiag_dport)},
          state_of_linux(message.idiag_state),
          message.idiag_inode};
}

/// Calls `take` with each socket of the answer's datagrams until it is over.
template <class Take>
void read_answer(int fd, bool dump, Take take) {
  alignas(nlmsghdr) std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw std::system_error(errno, std::generic_category(), "sock_diag");
    auto rest = static_cast<unsigned>(size);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, rest);
         header = NLMSG_NEXT(header, rest)) {
      if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return;
      if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
          header->nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg)))
        take(socket_of(*static_cast<const inet_diag_msg*>(NLMSG_DATA(header))));
    }
    if (!dump) return;
  }
}

void put_end(const End& end, std::uint32_t* words, std::uint16_t& port) {
  std::memcpy(words, end.address.octets.data(), end.address.octets.size());
  port = htons(end.port);
}

}  // namespace

Sockets::Sockets() : fd_(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "sock_diag");
  const timeval patience{1, 0};  // the kernel answers at once; never wait for one that does not
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

Sockets::~Sockets() {
  if (fd_ >= 0) close(fd_);
}

std::vector<Socket> Sockets::all(Which which) const {
  constexpr std::uint32_t kListen = 1U << 10U;  // TCP_LISTEN
  std::vector<Socket> sockets;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    Request wanted = request(family, NLM_F_DUMP);
    wanted.wanted.idiag_states = which == Which::Listening ? kListen : ~kListen;
    if (!send_request(fd_, wanted))
      throw std::system_error(errno, std::generic_category(), "sock_diag");
    read_answer(fd_, true, [&](const Socket& socket) { sockets.push_back(socket); });
  }
  return sockets;
}

std::optional<Socket> Sockets::find(const End& local, const End& remote) const {
  Request wanted = request(local.address.v6 ? AF_INET6 : AF_INET, 0);
  put_end(local, wanted.wanted.id.idiag_src, wanted.wanted.id.idiag_sport);
  put_end(remote, wanted.wanted.id.idiag_dst, wanted.wanted.id.idiag_dport);
  if (!send_request(fd_, wanted)) return std::nullopt;
  std::optional<Socket> found;
  read_answer(fd_, false, [&](const Socket& socket) {
    // Where there is no connection the kernel answers with the listener.
    if (socket.local == local && socket.remote == remote) found = socket;
  });
  return found;
}

}  // namespace tcpwave::record
