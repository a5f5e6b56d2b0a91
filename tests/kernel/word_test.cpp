// The packet comment of tcpwave-record: written, read again, and what is no such comment.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/word.h"

#include <gtest/gtest.h>

namespace tcpwave::kernel {
namespace {

Word closing() {
  Word word;
  word.end = {{{192, 0, 2, 1}, false}, 43210};
  word.states.push(State::Established);
  word.states.push(State::FinWait1);
  word.process = {"my curl", 1234, Owner::Call, 4026531840U};
  word.at_ns = -12'000;
  return word;
}

TEST(Comment, ReadsAsASentenceOfKeysAndValues) {
  EXPECT_EQ(comment_of(closing()).view(),
            "kernel: end=192.0.2.1:43210 state=ESTABLISHED>FIN_WAIT_1 process=my%20curl[1234] "
            "owner=call netns=4026531840 at=-0.000012");
}

TEST(Comment, ComesBackAsItWasWritten) {
  Word word = closing();
  word.end.address = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, true};
  word.sends_reset = word.retransmits = true;
  word.reset_reason = "TCP_ABORT_ON_CLOSE";
  const auto read = word_of(comment_of(word).view());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->end, word.end);
  EXPECT_EQ(read->states, word.states);
  EXPECT_TRUE(read->sends_reset && read->retransmits && !read->receives_reset);
  EXPECT_EQ(read->reset_reason, word.reset_reason);
  EXPECT_EQ(read->process.name, "my curl");
  EXPECT_EQ(read->process.pid, 1234U);
  EXPECT_EQ(read->process.owner, Owner::Call);
  EXPECT_EQ(read->process.netns, 4026531840U);
  EXPECT_EQ(read->at_ns, -12'000);
}

TEST(Comment, LetsLaterVersionsSayMore) {
  const auto word = word_of("kernel: end=192.0.2.1:80 state=LISTEN mood=fine");
  ASSERT_TRUE(word);
  EXPECT_EQ(word->states[0], State::Listen);
}

TEST(Comment, OfSomebodyElseIsNone) {
  for (const char* text :
       {"", "kernel", "kernel: ", "kernel: panic", "a note", "kernel: state=ESTABLISHED",
        "kernel: end=192.0.2.1", "kernel: end=192.0.2.1:x", "kernel: end=192.0.2.1:65536",
        "kernel: end=[192.0.2.1]:80", "kernel: end=192.0.2.1:80 state=HAPPY",
        "kernel: end=192.0.2.1:80 state=", "kernel: end=192.0.2.1:80 state=CLOSED>",
        "kernel: end=192.0.2.1:80 process=curl", "kernel: end=192.0.2.1:80 process=curl[x]",
        "kernel: end=192.0.2.1:80 owner=me", "kernel: end=192.0.2.1:80 at=nan",
        "kernel: end=192.0.2.1:80 at=1e300",
        // More states than any socket goes through at one packet.
        "kernel: end=192.0.2.1:80 "
        "state=CLOSED>LISTEN>CLOSED>LISTEN>CLOSED>LISTEN>CLOSED>LISTEN>CLOSED"})
    EXPECT_FALSE(word_of(text)) << text;
}

TEST(Comment, KeepsToItsLengthWhateverANameIs) {
  Word word = closing();
  word.process.name.assign(1000, '\xff');
  word.reset_reason.assign(1000, ' ');
  const auto read = word_of(comment_of(word).view());
  if (read) {
    EXPECT_EQ(read->end, word.end);
  }
  EXPECT_LE(comment_of(word).view().size(), Text::kCapacity);
}

}  // namespace
}  // namespace tcpwave::kernel
