// tcpwave-split: splits captures into shards, so that many tsharks can read an archive that one cannot hold.
//
//   tcpwave-split [-n SHARDS] [-b connection|hosts] -o FOLDER CAPTURE ...
//
// All segments of a connection go into one shard, in the order of their time, from however many files; `-` is
// standard input. Each shard says of its connections what the whole would: plugin/docs/archives.md.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bookend.h"
#include "merged.h"
#include "placement.h"
#include "shards.h"
#include "tcpwave/link.h"

namespace {

using namespace tcpwave::archive;

struct Arguments {
  std::size_t shards = 16;
  By by = By::Connection;
  std::string folder;
  std::vector<std::string> files;
};

[[noreturn]] void usage(const std::string& what) {
  std::fprintf(
      stderr,
      "tcpwave-split: %s\n"
      "usage: tcpwave-split [-n SHARDS] [-b connection|hosts] -o FOLDER CAPTURE ...\n"
      "  -n  how many shards (16), 1 to 1000\n"
      "  -b  what stays together: segments of the same addresses and ports (connection), or of\n"
      "      the same addresses (hosts: for archives with fragments out of order)\n"
      "  -o  the folder to write into\n",
      what.c_str());
  std::exit(2);
}

Arguments read_arguments(const std::vector<std::string>& words) {
  Arguments a;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word.front() != '-') {
      a.files.push_back(word);
      continue;
    }
    if (i + 1 == words.size()) usage("a value is missing behind " + word);
    const std::string& value = words[++i];
    if (word == "-o") {
      a.folder = value;
    } else if (word == "-b") {
      if (value != "connection" && value != "hosts") usage("-b " + value + "?");
      a.by = value == "hosts" ? By::Hosts : By::Connection;
    } else if (word == "-n") {
      constexpr std::size_t kMost = 1000;  // two files are open for each
      const char* end = value.data() + value.size();
      const auto [at, error] = std::from_chars(value.data(), end, a.shards);
      if (error != std::errc{} || at != end || a.shards == 0 || a.shards > kMost)
        usage("-n " + value + "?");
    } else {
      usage(word + "?");
    }
  }
  if (a.folder.empty()) usage("-o FOLDER is missing");
  if (a.files.empty()) usage("there is no capture to split");
  if (a.files.size() > 1 && std::count(a.files.begin(), a.files.end(), "-") > 0)
    usage("standard input (-) stands alone");
  return a;
}

/// Whether any two ends were seen to send in both directions. One hit is enough, so a small table will do.
class Directions {
 public:
  void note(std::uint64_t ends, bool upward) {
    if (both_) return;
    Entry& entry = seen_[ends % seen_.size()];
    if (entry.ends != ends) entry = {ends, 0};
    entry.ways |= upward ? 1U : 2U;
    both_ = entry.ways == 3U;
  }
  [[nodiscard]] bool both() const { return both_; }

 private:
  struct Entry {
    std::uint64_t ends = 0;
    unsigned ways = 0;
  };
  std::vector<Entry> seen_ = std::vector<Entry>(std::size_t{1} << 16);
  bool both_ = false;
};

/// Two files are open for each shard: more than the 1,024 that a program may have unless it asks.
void allow_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;  // then opening them tells
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const Arguments& a) {
  allow_open_files();
  Merged archive(a.files);
  if (archive.link_type() >= 0 && !tcpwave::knows_link_type(archive.link_type()))
    throw std::runtime_error("link type " + std::to_string(archive.link_type()) +
                             " is not known: " + "nothing could be told of its frames");
  Placement placement(archive.link_type(), a.by);
  Shards shards(a.folder, a.shards, archive.link_type());
  Directions directions;
  std::uint64_t frames = 0;
  std::int64_t end_ns = 0;
  bool any = false;
  while (const Frame* frame = archive.next()) {
    const std::uint64_t place = placement.of(frame->octets);
    shards.write(place % shards.count(), *frame, ++frames);
    if (!placement.was_tcp()) continue;
    directions.note(place, placement.was_upward());
    end_ns = any ? std::max(end_ns, frame->time_ns()) : frame->time_ns();
    any = true;
  }
  if (any) {
    shards.write_to_all(end_ns, bookend(archive.link_type(), false));
    if (directions.both()) shards.write_to_all(end_ns, bookend(archive.link_type(), true));
  }
  shards.close();
  std::printf("%llu frames in %zu shards below %s; the fullest has %llu\n",
              static_cast<unsigned long long>(frames), shards.count(), a.folder.c_str(),
              static_cast<unsigned long long>(shards.fullest()));
  if (placement.strays() > 0)
    std::fprintf(
        stderr,
        "tcpwave-split: %llu fragments came before the first part of their packet; use -b hosts\n",
        static_cast<unsigned long long>(placement.strays()));
  for (const std::string& line : archive.damaged())
    std::fprintf(stderr, "tcpwave-split: %s; what came before was taken\n", line.c_str());
  return archive.damaged().empty() && placement.strays() == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read_arguments({argv + 1, argv + argc});
  try {
    return run(arguments);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tcpwave-split: %s\n", e.what());
    return 1;
  }
}
