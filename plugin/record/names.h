// What threads were called that have ended by now: of short-lived programs nothing else is left when a
// word about their sockets is read.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace tcpwave::record {

class ThreadNames {
 public:
  void add(std::uint32_t thread, std::string name) {
    const auto [at, is_new] = names_.insert_or_assign(thread, std::move(name));
    if (!is_new) return;
    order_.push_back(at->first);
    if (order_.size() <= kMost) return;
    names_.erase(order_.front());
    order_.pop_front();
  }
  [[nodiscard]] std::optional<std::string> find(std::uint32_t thread) const {
    const auto found = names_.find(thread);
    return found == names_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static constexpr std::size_t kMost = 32'768;  ///< the latest; Linux's default number of threads
  std::unordered_map<std::uint32_t, std::string> names_;
  std::deque<std::uint32_t> order_;
};

}  // namespace tcpwave::record
