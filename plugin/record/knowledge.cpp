// See knowledge.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/knowledge.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

namespace tcpwave::record {
namespace {

constexpr std::size_t kMostQuestions =
    10'000;                           ///< more new sockets than that at once stay nameless
constexpr std::size_t kAtOnce = 200;  ///< questions to the kernel in one go: some 2 ms
constexpr int kMostTries = 5;
constexpr std::int64_t kBetweenTries = 200'000'000;

std::uint32_t own_namespace() {
  struct stat status {};
  return stat("/proc/self/ns/net", &status) == 0 ? static_cast<std::uint32_t>(status.st_ino) : 0;
}

bool is_any(const Address& address) {
  return std::ranges::all_of(address.octets, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Knowledge::Knowledge() {
  namespaces_.push_back({own_namespace(), Sockets()});
  look(0);
}

void Knowledge::look(std::int64_t now_ns) {
  if (!processes_.look(now_ns)) return;
  open_new_namespaces();
  listeners_.clear();
  for (const Namespace& one : namespaces_)
    for (const Socket& socket : one.sockets.all(Sockets::Which::Listening))
      listeners_.push_back(socket);
}

void Knowledge::open_new_namespaces() {
  // One that has gone stays open until we end: a socket holds it. There are 64 at most.
  for (const Processes::Netns& netns : processes_.namespaces()) {
    const bool known = std::ranges::any_of(
        namespaces_, [&](const Namespace& one) { return one.inode == netns.inode; });
    if (known || namespaces_.size() >= Processes::kMostNamespaces) continue;
    run_in_namespace_of(netns.pid, [&] {
      try {
        namespaces_.push_back({netns.inode, Sockets()});
      } catch (const std::system_error&) {
        // That namespace's sockets stay without an owner and without TIME_WAIT; its events come anyway.
      }
    });
  }
}

std::optional<Socket> Knowledge::find(const End& local, const End& remote) const {
  for (const Namespace& one : namespaces_)
    if (const auto found = one.sockets.find(local, remote)) return found;
  return std::nullopt;
}

void Knowledge::tell_all(Matcher& matcher, std::int64_t now_ns) const {
  for (const Namespace& one : namespaces_) {
    for (const Socket& socket : one.sockets.all(Sockets::Which::Connected))
      matcher.add_socket(socket.local, socket.remote, socket.state,
                         processes_.holder(socket.inode).value_or(Process{}), now_ns);
  }
}

std::optional<State> Knowledge::state_of(const End& local, const End& remote) const {
  const auto found = find(local, remote);
  return found ? std::optional(found->state) : std::nullopt;
}

void Knowledge::wonder(const End& local, const End& remote) {
  if (questions_.size() < kMostQuestions) questions_.push_back({local, remote});
}

std::optional<Process> Knowledge::listener_of(const End& local) const {
  for (const Socket& socket : listeners_) {
    const bool hears = socket.local.port == local.port &&
                       (is_any(socket.local.address) || socket.local.address == local.address);
    if (!hears) continue;
    if (auto process = processes_.holder(socket.inode)) {
      process->owner = kernel::Owner::Listener;
      return process;
    }
  }
  return std::nullopt;
}

void Knowledge::answer(Matcher& matcher, std::int64_t now_ns) {
  bool look_again = false;
  for (std::size_t n = std::min(questions_.size(), kAtOnce); n > 0; --n) {
    Question question = questions_.front();
    questions_.pop_front();
    if (question.not_before_ns > now_ns) {
      questions_.push_back(question);
      continue;
    }
    const auto socket = find(question.local, question.remote);
    const bool held = socket && socket->inode != 0;
    if (const auto holder = held ? processes_.holder(socket->inode) : std::nullopt) {
      matcher.add_process(question.local, question.remote, *holder);
      continue;
    }
    look_again |= held;
    if (!socket || ++question.tries == kMostTries) {
      // Gone, or nobody accepts it: then the listener's process is who is to blame.
      if (const auto listener = listener_of(question.local))
        matcher.add_process(question.local, question.remote, *listener);
      continue;
    }
    question.not_before_ns = now_ns + kBetweenTries;
    questions_.push_back(question);
  }
  if (look_again) look(now_ns);
}

}  // namespace tcpwave::record
