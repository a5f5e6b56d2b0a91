// Finds the keys by walking the frame's octets along the layers that Wireshark has found in them.
// See encapsulation.h. Nothing here owns anything: each tvb_* call may longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/encapsulation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace tcpwave {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint16_t be16(Bytes b, std::size_t at) {
  return static_cast<std::uint16_t>((b[at] << 8) | b[at + 1]);
}
std::uint32_t be24(Bytes b, std::size_t at) {
  return (std::uint32_t{be16(b, at)} << 8) | b[at + 2];
}
std::uint32_t be32(Bytes b, std::size_t at) {
  return (std::uint32_t{be16(b, at)} << 16) | be16(b, at + 2);
}

/// What one layer's header says.
struct Header {
  std::size_t size = 0;
  std::optional<std::uint32_t> key;
  bool fragment = false;  ///< what follows is in the reassembled packet
};

template <std::size_t kSize>
Header skip(Bytes) {
  return {kSize, {}};
}
Header vlan(Bytes b) { return {4, be16(b, 0) & 0x0FFFU}; }
Header provider_bridge(Bytes b) {  // one layer, also where there are two of these tags
  const std::uint32_t service = be16(b, 0) & 0x0FFFU, customer = be16(b, 4) & 0x0FFFU;
  return be16(b, 2) == 0x88A8U ? Header{8, service << 12 | customer} : Header{4, service};
}
Header vxlan(Bytes b) { return {8, be24(b, 4)}; }
Header geneve(Bytes b) { return {8 + std::size_t{b[0] & 0x3FU} * 4, be24(b, 4)}; }
Header ipv4(Bytes b) { return {std::size_t{b[0] & 0x0FU} * 4, {}, (be16(b, 6) & 0x3FFFU) != 0}; }
Header gre(Bytes b) {  // RFC 2890; the octets are there up to the longest form
  const std::size_t checksum = (b[0] & 0x80U) != 0 ? 4 : 0, key = (b[0] & 0x20U) != 0 ? 4 : 0,
                    number = (b[0] & 0x10U) != 0 ? 4 : 0;
  Header header{4 + checksum + key + number, {}};
  if (key != 0) header.key = be32(b, 4 + checksum);
  return header;
}

struct LayerReader {
  const char* protocol;
  std::size_t needs;  ///< octets that `read` looks at
  Header (*read)(Bytes);
};
constexpr std::array<LayerReader, 14> kReaders{{
    {"frame", 0, skip<0>},
    {"ethertype", 0, skip<0>},
    {"raw", 0, skip<0>},
    {"eth", 14, skip<14>},
    {"null", 4, skip<4>},
    {"sll", 16, skip<16>},
    {"vlan", 4, vlan},
    {"ieee8021ad", 8, provider_bridge},
    {"ip", 20, ipv4},
    {"ipv6", 40, skip<40>},
    {"udp", 8, skip<8>},
    {"gre", 12, gre},
    {"vxlan", 8, vxlan},
    {"geneve", 8, geneve},
}};

const LayerReader* reader_of(int protocol) {
  static const auto ids = [] {
    std::array<int, kReaders.size()> known{};
    for (std::size_t i = 0; i < known.size(); ++i)
      known[i] = proto_get_id_by_filter_name(kReaders[i].protocol);
    return known;
  }();
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] == protocol) return &kReaders[i];
  return nullptr;
}

Bytes octets_of(tvbuff_t* tvb) {
  const guint length = tvb_captured_length(tvb);
  return {tvb_get_ptr(tvb, 0, static_cast<gint>(length)), length};
}

/// FNV-1a over (layer, key), so that VLAN 5 and VNI 5 differ.
std::uint32_t mix(std::uint32_t hash, const LayerReader* layer, std::uint32_t key) {
  constexpr std::uint32_t kPrime = 16777619U, kBasis = 2166136261U;
  if (hash == 0) hash = kBasis;
  hash = (hash ^ static_cast<std::uint32_t>(layer - kReaders.data())) * kPrime;
  for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((key >> shift) & 0xFFU)) * kPrime;
  return hash;
}

}  // namespace

std::uint32_t encapsulation_key(tvbuff_t* tvb, packet_info* pinfo) {
  if (is_plain(*pinfo) || pinfo->data_src == nullptr) return 0;
  tvbuff_t* const whole_frame =
      get_data_source_tvb(static_cast<const data_source*>(pinfo->data_src->data));
  tvbuff_t* const source = tvb_get_ds_tvb(tvb);  // another one where IP was reassembled
  Bytes rest = octets_of(whole_frame);
  // Linux's "cooked" header has a second version of the same name, four octets longer.
  if (pinfo->rec->rec_header.packet_header.pkt_encap == WTAP_ENCAP_SLL2)
    rest = rest.subspan(std::min<std::size_t>(4, rest.size()));
  std::uint32_t key = 0;
  for (wmem_list_frame_t* at = wmem_list_head(pinfo->layers);
       at != nullptr && at != wmem_list_tail(pinfo->layers); at = wmem_list_frame_next(at)) {
    const LayerReader* layer = reader_of(GPOINTER_TO_INT(wmem_list_frame_data(at)));
    if (layer == nullptr || rest.size() < layer->needs) break;
    const Header header = layer->read(rest);
    if (header.key) key = mix(key, layer, *header.key);
    if (header.fragment) {
      if (source == whole_frame) break;
      rest = octets_of(source);
    } else {
      rest = rest.subspan(std::min(header.size, rest.size()));
    }
  }
  const bool unread_link = key == 0 && pinfo->vlan_id != 0;
  return unread_link ? mix(key, kReaders.data(), pinfo->vlan_id) : key;
}

}  // namespace tcpwave
