// The command line of tcpwave-record, and the block that ends its files.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/options.h"

#include <gtest/gtest.h>

#include <cstring>

#include "record/statistics_block.h"

namespace tcpwave::record {
namespace {

Request parse(std::vector<std::string> words) {
  words.insert(words.begin(), "tcpwave-record");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  const int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  return parse_command_line(count, arguments.data());
}

TEST(Options, AreDumpcaps) {
  const RecordOptions o =
      parse({"-i",         "eth0", "-f",         "port 80", "-s",      "96", "-p",           "-B",
             "8",          "-w",   "x.pcapng",   "-c",      "5",       "-a", "duration:1.5", "-a",
             "filesize:2", "-b",   "filesize:3", "-b",      "files:4", "-q"})
          .record;
  EXPECT_EQ(o.capture.device, "eth0");
  EXPECT_EQ(o.capture.filter, "port 80");
  EXPECT_EQ(o.capture.snap_length, 96);
  EXPECT_FALSE(o.capture.promiscuous);
  EXPECT_EQ(o.capture.buffer_mib, 8);
  EXPECT_EQ(o.writer.file, "x.pcapng");
  EXPECT_EQ(o.stop.packets, 5U);
  EXPECT_EQ(o.stop.duration_ns, 1'500'000'000);
  EXPECT_EQ(o.stop.bytes, 2000U);
  EXPECT_TRUE(o.writer.ring);
  EXPECT_EQ(o.writer.next_file.bytes, 3000U);
  EXPECT_EQ(o.writer.files, 4U);
  EXPECT_TRUE(o.quiet && o.events);
}

TEST(Options, AreAnExtcaps) {
  const Request r =
      parse({"--capture", "--extcap-interface", "tcpwave", "--fifo", "/tmp/f", "--device", "lo",
             "--extcap-capture-filter", "port 80", "--snapshot-length", "96"});
  EXPECT_EQ(r.task, Task::Record);
  EXPECT_EQ(r.record.writer.file, "/tmp/f");
  EXPECT_TRUE(r.record.writer.at_once);
  EXPECT_EQ(r.record.capture.device, "lo");
  EXPECT_EQ(r.record.capture.filter, "port 80");
  EXPECT_EQ(parse({"--extcap-interfaces", "--extcap-version=4.0"}).task, Task::ExtcapInterfaces);
  EXPECT_EQ(parse({"--extcap-interface", "tcpwave", "--extcap-dlts"}).task, Task::ExtcapLinkTypes);
  EXPECT_EQ(parse({"--extcap-interface", "tcpwave", "--extcap-config"}).task, Task::ExtcapConfig);
}

TEST(Options, ThatMakeNoSenseAreRefused) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"-w"},
                                             {"-x"},
                                             {"file"},
                                             {"-w", "x", "-s", "0"},
                                             {"-w", "x", "-s", "1e9"},
                                             {"-w", "x", "-c", "-1"},
                                             {"-w", "x", "-a", "files:2"},
                                             {"-w", "x", "-a", "duration"},
                                             {"-w", "x", "-b", "mood:1"},
                                             {"-w", "-", "-b", "files:2"},
                                             {"-w", "x", "-s", "nan"}})
    EXPECT_THROW(static_cast<void>(parse(words)), std::invalid_argument);
}

TEST(StatisticsBlock, IsPaddedAndSaysItsLengthTwice) {
  const auto block = statistics_block({(1LL << 32) + 2, 10, 20, 30, "abc"});
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, block.data() + at, sizeof value);
    return value;
  };
  EXPECT_EQ(word(0), 5U);
  EXPECT_EQ(word(4), block.size());
  EXPECT_EQ(word(block.size() - 4), block.size());
  EXPECT_EQ(word(12), 1U);
  EXPECT_EQ(word(16), 2U);
  EXPECT_EQ(block.size() % 4, 0U);
}

}  // namespace
}  // namespace tcpwave::record
