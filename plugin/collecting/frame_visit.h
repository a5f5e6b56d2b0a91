// One dissection of one frame: which TCP layers the collector has met in it so far.
//
// The collector fills it while the frame is dissected, the post-dissector reads it at its end. The
// ordinal of a layer here is its place in the session's index, on every visit of the frame.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tcpwave {

class FrameVisit {
 public:
  /// More TCP layers than a frame can sensibly hold; further ones are not annotated.
  static constexpr std::size_t kLayers = 16;

  /// What tells one dissection from the one before.
  struct Key {
    std::uint32_t frame = 0;
    std::int64_t file_offset = 0;
    bool revisit = false;
    friend constexpr bool operator==(const Key&, const Key&) = default;
  };

  /// Meets the TCP layer with this number; its ordinal, or nothing where there are too many. Numbers
  /// rise within a dissection: layers that are not below this one belonged to a protocol that
  /// rejected the octets after all, or to an attempt that an error ended before finish().
  std::optional<std::size_t> enter(const Key& key, unsigned layer) {
    if (!(key == key_)) {
      key_ = key;
      count_ = 0;
    }
    while (count_ != 0 && layers_[count_ - 1] >= layer) --count_;
    if (count_ == kLayers) return std::nullopt;
    layers_[count_] = static_cast<std::uint16_t>(layer);
    return count_++;
  }
  void finish() {
    key_ = Key{};
    count_ = 0;
  }

  /// TCP layers met in the frame with this key.
  [[nodiscard]] std::size_t count(const Key& key) const { return key == key_ ? count_ : 0; }
  /// The layer's number in the frame, as TCP itself sees it.
  [[nodiscard]] unsigned layer(std::size_t ordinal) const { return layers_[ordinal]; }
  [[nodiscard]] bool met(unsigned layer) const {
    for (std::size_t i = 0; i < count_; ++i)
      if (layers_[i] == layer) return true;
    return false;
  }

 private:
  Key key_;
  std::array<std::uint16_t, kLayers> layers_{};
  std::size_t count_ = 0;
};

}  // namespace tcpwave
