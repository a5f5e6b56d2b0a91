// Records of the kernel's trace, as libtraceevent hands them over, read by the descriptions that kernels of
// different ages give of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "record/tracefs.h"

namespace tcpwave::record {
namespace {

std::string format(const std::string& name) {
  std::ifstream file(std::string(TCPWAVE_SOURCE_DIR "/tests/record/formats/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// An event that a format describes, and a record of it in the making.
class Traced {
 public:
  Traced(const std::string& name, const char* system) : text_(format(name)) {
    tep_parse_event(tep_, text_.c_str(), text_.size(), system);
    event_ = tep_get_event(tep_, 0);
  }
  ~Traced() { tep_free(tep_); }
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;

  template <class Number>
  Traced& put(const char* field, Number value) {
    return put_bytes(field, &value, sizeof value);
  }
  Traced& put_bytes(const char* name, const void* bytes, std::size_t size) {
    const tep_format_field* const field = tep_find_any_field(event_, name);
    EXPECT_NE(field, nullptr) << name;
    if (field != nullptr)
      std::memcpy(bytes_.data() + field->offset, bytes,
                  std::min(size, static_cast<std::size_t>(field->size)));
    return *this;
  }
  std::optional<Event> read(int size = 128) {
    tep_record record{};
    record.ts = 5'000;
    record.data = bytes_.data();
    record.size = size;
    return read_event(*event_, record, names_in_format(text_, "reason"));
  }

 private:
  std::string text_;
  tep_handle* tep_ = tep_alloc();
  tep_event* event_ = nullptr;
  std::array<std::uint8_t, 128> bytes_{};
};

constexpr std::array<std::uint8_t, 4> kClient{192, 0, 2, 1}, kServer{192, 0, 2, 2};
constexpr std::array<std::uint8_t, 16> kMapped{0, 0, 0,    0,    0,   0, 0, 0,
                                               0, 0, 0xff, 0xff, 192, 0, 2, 1};
const End kClientEnd{{{192, 0, 2, 1}, false}, 40000}, kServerEnd{{{192, 0, 2, 2}, false}, 80};

Traced& put_ends(Traced& traced) {
  return traced.put("sport", std::uint16_t{40000})
      .put("dport", std::uint16_t{80})
      .put_bytes("saddr", kClient.data(), 4)
      .put_bytes("daddr", kServer.data(), 4);
}

class SetState : public testing::TestWithParam<const char*> {};

TEST_P(SetState, SaysWhoseStateWentFromWhereToWhere) {
  Traced traced(std::string(GetParam()) + "-inet_sock_set_state", "sock");
  std::array<std::uint8_t, 16> server = kMapped;
  server[15] = 2;
  put_ends(traced)
      .put("family", std::uint16_t{2})
      .put("oldstate", 1)
      .put("newstate", 4)
      .put("common_pid", 77);
  traced.put("protocol", std::uint8_t{6})
      .put_bytes("saddr_v6", kMapped.data(), 16)
      .put_bytes("daddr_v6", server.data(), 16);
  const auto event = traced.read();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, Event::Kind::SetState);
  EXPECT_EQ(event->time_ns, 5'000);
  EXPECT_EQ(event->local, kClientEnd);
  EXPECT_EQ(event->remote, kServerEnd);
  EXPECT_EQ(event->from, State::Established);
  EXPECT_EQ(event->to, State::FinWait1);
  EXPECT_EQ(event->thread, 77U);
  // In an interrupt it is whoever was interrupted.
  traced.put("common_flags", std::uint8_t{0x10});
  EXPECT_EQ(traced.read()->thread, 0U);
  // Another protocol's socket; a state that there is none of; a record that ends early.
  EXPECT_FALSE(traced.put("protocol", std::uint8_t{132}).read());
  EXPECT_FALSE(traced.put("protocol", std::uint8_t{6}).put("newstate", 13).read());
  EXPECT_FALSE(traced.put("newstate", 4).read(30));
}
INSTANTIATE_TEST_SUITE_P(Kernels, SetState, testing::Values("5.4", "6.18"));

TEST(SetStateOfASocketForBothFamilies, HasTheAddressOfIPv4) {
  Traced traced("6.18-inet_sock_set_state", "sock");
  put_ends(traced).put("family", std::uint16_t{10}).put("protocol", std::uint16_t{6});
  traced.put("oldstate", 1).put("newstate", 8);
  traced.put_bytes("saddr_v6", kMapped.data(), 16);
  const auto event = traced.read();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->local, kClientEnd);
  EXPECT_TRUE(event->remote.address.v6);
}

TEST(SendReset, HasAReasonInTheKernelsOwnNumbers) {
  Traced traced("6.18-tcp_send_reset", "tcp");
  std::array<std::uint8_t, 28> local{2, 0, 0x9c, 0x40, 192, 0, 2, 1},
      remote{2, 0, 0, 80, 192, 0, 2, 2};
  traced.put_bytes("saddr", local.data(), 28)
      .put_bytes("daddr", remote.data(), 28)
      .put("reason", 11);
  const auto event = traced.read();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, Event::Kind::SendReset);
  EXPECT_EQ(event->local, kClientEnd);
  EXPECT_EQ(event->remote, kServerEnd);
  EXPECT_EQ(event->reset_reason, "TCP_ABORT_ON_CLOSE");
  EXPECT_EQ(traced.put("reason", 1234).read()->reset_reason, "reason_1234");
  EXPECT_FALSE(traced.put_bytes("saddr", "\0\0", 2).read());  // no family
}

TEST(SendReset, OfAnOldKernelHasNone) {
  Traced traced("5.4-tcp_send_reset", "tcp");
  std::array<std::uint8_t, 16> server = kMapped;
  server[15] = 2;
  put_ends(traced)
      .put_bytes("saddr_v6", kMapped.data(), 16)
      .put_bytes("daddr_v6", server.data(), 16);
  const auto event = traced.read();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->local, kClientEnd);
  EXPECT_EQ(event->reset_reason, "");
}

TEST(NamesInFormat, AreReadWhereTheyAreNumbers) {
  const Names names = names_in_format(format("6.18-tcp_send_reset"), "reason");
  ASSERT_GT(names.size(), 15U);
  EXPECT_EQ(names[1], (std::pair<std::int64_t, std::string>(1, "NO_SOCKET")));
  EXPECT_TRUE(names_in_format(format("5.4-tcp_send_reset"), "reason").empty());
  EXPECT_TRUE(names_in_format("__print_symbolic(REC->reason, { X, \"Y\" })", "reason").empty());
  for (const char* text :
       {"__print_symbolic(REC->reason,", "__print_symbolic(REC->reason, {",
        "__print_symbolic(REC->reason, { 1, \"A", "__print_symbolic(REC->reason, { 1, \"A\""})
    EXPECT_TRUE(names_in_format(text, "reason").empty()) << text;
}

}  // namespace
}  // namespace tcpwave::record
