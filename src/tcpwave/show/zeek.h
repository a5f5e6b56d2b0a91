// What Zeek's conn.log says of a connection: its conn_state code and its history letters.
//
// A `ZeekLog` follows the captured segments with Zeek's own states per end (INACTIVE, SYN_SENT, ...; not
// RFC 9293's), so that the codes mean what Zeek's users know. What hindsight knows decides which
// segments count and which end is the originator: a forged segment is none of its claimed sender's, and
// a connection is what tracker.h says. What differs from Zeek, and why, is in src/docs/zeek.md.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tcpwave/annotation.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

class ZeekLog {
 public:
  /// The next segment of the connection. `sender_stays`: it is a RST of an end that goes on opening, so
  /// what it sends afterwards takes the RST back.
  void note(const SegmentRecord&, bool sender_stays);

  friend bool operator==(const ZeekLog&, const ZeekLog&) = default;
  [[nodiscard]] ConnState conn_state(End client) const;
  [[nodiscard]] History history(End client) const;

 private:
  enum class State : std::uint8_t { Inactive, SynSent, Partial, Established, Closed, Reset };

  /// How often something happened; Zeek writes it down the 1st, 10th, 100th ... time.
  struct Tally {
    std::uint32_t count = 0, due = 1;
    bool is_due();
    friend bool operator==(const Tally&, const Tally&) = default;
  };

  struct Sender {
    State state = State::Inactive, previous = State::Inactive;
    std::uint8_t written = 0;  ///< the letters that it has, see `once`
    bool sent_data = false;
    bool stays = false;      ///< Reset, but see `note`
    Seq syn, fin, rst;       ///< numbers of the last S or H, F, R
    Seq next;                ///< one past the highest number captured
    Seq hole_from, hole_to;  ///< the latest; none where equal
    Seq gap_to;              ///< numbers not captured, but written down as acknowledged
    Tally repeats, gaps, zero_windows;

    void move(State to);
    friend bool operator==(const Sender&, const Sender&) = default;
    [[nodiscard]] bool inactive() const {
      return state == State::Inactive || state == State::Partial;
    }
    [[nodiscard]] bool gap_tells() const;
  };

  [[nodiscard]] bool goes_on(const SegmentRecord&) const;
  void write(End, char letter);
  bool once(End, std::uint8_t bit, char letter);
  void write_flags(const SegmentRecord&);
  void write_content(const SegmentRecord&);
  void write_window(const SegmentRecord&);
  void write_text(const SegmentRecord&);
  void write_gap(const SegmentRecord&);
  void move(const SegmentRecord&, bool sender_stays);
  void move_on_syn(const SegmentRecord&);
  void move_on_fin(const SegmentRecord&);
  void move_on_text(const SegmentRecord&);
  [[nodiscard]] bool syn_then_rst(End client) const;

  Sender& of(End e) { return end_[index(e)]; }
  [[nodiscard]] const Sender& of(End e) const { return end_[index(e)]; }

  std::array<Sender, 2> end_{};
  History letters_;  ///< end A's in upper case
  End first_ = End::A;
};

}  // namespace tcpwave
