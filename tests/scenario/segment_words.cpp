// The left part of a script's line. See segment_words.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/segment_words.h"

#include <stdexcept>

namespace tcpwave::scenario {
namespace {

Flags read_flags(const std::string& word) {
  std::uint8_t bits = 0;
  for (const char letter : word) {
    switch (letter) {
      case 'S':
        bits |= Flags::kSyn;
        break;
      case 'F':
        bits |= Flags::kFin;
        break;
      case 'R':
        bits |= Flags::kRst;
        break;
      case 'P':
        bits |= Flags::kPsh;
        break;
      case 'U':
        bits |= Flags::kUrg;
        break;
      case 'E':
        bits |= 0x40;
        break;
      case 'W':
        bits |= 0x80;
        break;
      case '.':
        bits |= Flags::kAck;
        break;
      case '-':
        break;
      default:
        throw std::runtime_error("'" + word + "' are no flags");
    }
  }
  return Flags{bits};
}

// `1:121(120)`, as packetdrill and tcpdump write it: SYN and FIN are not counted.
void read_range(const std::string& word, Segment& segment) {
  const auto colon = word.find(':');
  const auto open = word.find('(');
  if (colon == std::string::npos || open == std::string::npos || !word.ends_with(')'))
    throw std::runtime_error("expected FIRST:LAST(LENGTH), not '" + word + "'");
  const std::uint32_t first = to_number(word.substr(0, colon));
  const std::uint32_t last = to_number(word.substr(colon + 1, open - colon - 1));
  segment.payload = to_number(word.substr(open + 1, word.size() - open - 2));
  if (last - first != segment.payload)
    throw std::runtime_error("'" + word + "': the length is not last - first");
  segment.seq = Seq(first);
}

// `1001:2001` of a SACK block, relative to the peer's ISN.
SackBlock read_block(const std::string& word) {
  const auto colon = word.find(':');
  if (colon == std::string::npos) throw std::runtime_error("'" + word + "' is no SACK block");
  return {Seq(to_number(word.substr(0, colon))), Seq(to_number(word.substr(colon + 1)))};
}

void read_options(std::string_view text, Options& options) {
  text.remove_prefix(1);  // `<`
  Words words(text);
  while (!words.done()) {
    const std::string word = words.next("an option");
    if (word == "mss") {
      options.mss = static_cast<std::uint16_t>(words.number());
    } else if (word == "wscale") {
      options.window_scale = static_cast<std::uint8_t>(words.number());
    } else if (word == "sackOK") {
      options.sack_permitted = true;
    } else if (word == "TS") {
      Timestamps t;
      words.expect("val");
      t.value = words.number();
      words.expect("ecr");
      t.echo = words.number();
      options.timestamps = t;
    } else if (word == "sack") {
      while (words.peek().find(':') != std::string::npos && options.sack_count < 4)
        options.sack.at(options.sack_count++) = read_block(words.next("a block"));
    } else if (word == "FO") {
      options.fast_open = FastOpen::Request;
    } else if (word == "FOcookie") {
      options.fast_open = FastOpen::Cookie;
    } else if (word != "nop" && word != "eol") {
      throw std::runtime_error("unknown option '" + word + "'");
    }
  }
}

}  // namespace

void read_segment(Words& words, Line& line) {
  constexpr std::uint16_t kDefaultWindow = 65535;
  constexpr std::uint8_t kDefaultTtl = 64;
  const std::string sender = words.next("C> or S>");
  if (sender != "C>" && sender != "S>") throw std::runtime_error("expected C> or S>");
  line.from_client = sender == "C>";

  Segment& s = line.segment;
  s.window = kDefaultWindow;
  s.ttl = kDefaultTtl;
  s.flags = read_flags(words.next("flags"));
  read_range(words.next("a range"), s);
  bool has_ack = false;
  while (!words.done()) {
    const std::string word = words.next("a word");
    if (word == "ack") {
      s.ack = Seq(words.number());
      has_ack = true;
    } else if (word == "ackfield") {
      s.ack = Seq(words.number());
    } else if (word == "win") {
      s.window = static_cast<std::uint16_t>(words.number());
    } else if (word == "urg") {
      s.urgent = static_cast<std::uint16_t>(words.number());
    } else if (word == "ttl") {
      s.ttl = static_cast<std::uint8_t>(words.number());
    } else if (word == "ipid") {
      s.ip_id = static_cast<std::uint16_t>(words.number());
    } else if (word.starts_with('<')) {
      read_options(word, s.options);
    } else {
      throw std::runtime_error("unknown word '" + word + "'");
    }
  }
  if (has_ack != s.flags.ack())
    throw std::runtime_error("`.` among the flags and `ack N` go together");
}

}  // namespace tcpwave::scenario
