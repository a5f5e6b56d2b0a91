// See reset_evidence.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/reset_evidence.h"

#include <algorithm>
#include <optional>

namespace tcpwave {
namespace {

/// Ethernet's (RFC 894): what is larger may have been joined by an offload, and was several segments on the path then.
constexpr std::uint32_t kMtu = 1500;

class Reader {
 public:
  explicit Reader(const Moment& m)
      : v_(m), rst_(m.segment), way_ns_(m.history.way_to(m.segment.from).value_or(0)) {}

  ResetEvidence read() {
    const Row first = v_.row > kResetLookBack ? v_.row - kResetLookBack : 0;
    for (Row i = v_.row; i-- > first;) {
      const SegmentRecord& r = v_.history.records()[i];
      if (r.duplicate_of != kNoRow) continue;
      if (r.from == rst_.from)
        own(i, r);
      else
        peers(i, r);
    }
    fins();
    unanswered(first);
    e_.answered_in_one = first == 0 && answers_ == 1 && e_.said != kNoRow && answered_all();
    missed();
    return e_;
  }

 private:
  void own(Row i, const SegmentRecord& r) {
    if (r.flags.rst()) {
      if (!r.unattributable && e_.last_own == kNoRow) e_.earlier = i;
      e_.of_train |= r.unattributable && r.seq == rst_.seq && r.ttl == rst_.ttl;
      return;
    }
    if (r.unattributable) return;
    opens(r);
    if (r.flags.ack()) {
      if (!acked_ || r.ack - acked_to_ > 0) acked_to_ = r.ack;
      lowest_ack_ = r.ack;
      acked_ = true;
    }
    e_.below_sent |= r.end() - rst_.seq > 0;
    e_.spoke |= !r.flags.syn();
    probe(i, r);
    if (e_.last_own == kNoRow) e_.last_own = i;
    habit(i, r);
    const bool again = r.seq_check == SeqCheck::Retransmission ||
                       r.seq_check == SeqCheck::Keepalive || r.seq_check == SeqCheck::WindowProbe;
    if (e_.said == kNoRow && !again && !r.flags.syn() && r.length() > 0) e_.said = i;
  }

  /// A probe stands one below SND.MAX, where the RST stands, and asks for nothing new. It counts while
  /// nothing but probes of this end stands between it and the RST.
  void probe(Row i, const SegmentRecord& r) {
    const bool again = r.payload == 0 || r.seq_check != SeqCheck::Ok;
    const bool is_probe = r.flags.is_ack_alone() && r.payload <= 1 && r.seq + 1U == rst_.seq &&
                          again && r.seq_check != SeqCheck::WindowProbe;
    if (!is_probe) probing_ = false;
    if (!probing_) return;
    Probes& p = e_.probes;
    ++p.count;
    p.answered |= peer_spoke_;
    if (p.last == kNoRow)
      p.last = i;
    else if (p.last_but_one == kNoRow)
      p.last_but_one = i;
  }

  void habit(Row i, const SegmentRecord& r) {
    SenderHabit& h = e_.habit;
    if (h.seen == SenderHabit::kSegments) return;
    if (h.seen == 0) {
      h.latest_ttl = r.ttl;
      h.latest_ip_id = r.ip_id;
    }
    if (r.ttl == h.latest_ttl) ++h.same_ttl;
    if (h.seen > 0 && static_cast<std::uint16_t>(newer_ip_id_ - r.ip_id) == 1) ++h.counted_ip_ids;
    newer_ip_id_ = r.ip_id;
    if (r.has_ts && h.latest_with_ts == kNoRow) h.latest_with_ts = i;
    ++h.seen;
  }

  void peers(Row i, const SegmentRecord& r) {
    if (r.flags.rst()) {
      if (e_.peer_rst == kNoRow) {
        e_.peer_rst = i;
        answers_what_came_after();
      }
      return;
    }
    if (e_.peer_rst == kNoRow && r.flags.ack() && r.ack == rst_.seq && r.end() == rst_.ack)
      fits_after_rst_ = i;
    peer_spoke_ = true;
    if (e_.last_peer == kNoRow) e_.last_peer = i;
    if (r.payload > 0 && r.seq_check == SeqCheck::Ok) {
      ++answers_;
      answer_ = i;
    }
    if (r.flags.ack() && v_.steps().fin[v_.own] != kNoRow &&
        r.ack - v_.history.records()[v_.steps().fin[v_.own]].fin_seq() > 0)
      e_.fin_acknowledged = true;
    if (!may_answer(r)) return;
    if (r.length() > 0 && r.seq_check != SeqCheck::Keepalive && acked_ && acked_to_ - r.end() >= 0)
      return;
    // A bare ACK asks for nothing of an end that was alive when it came, and went on.
    if (r.length() == 0 && e_.last_own != kNoRow &&
        v_.history.records()[e_.last_own].time_ns - r.time_ns > way_ns_)
      return;
    note_asked(i, r);
  }

  /// Its seq is that segment's ack. A RST with an ACK answers what carries none; and it answers like a bare
  /// one where its sender stands elsewhere than the RST says, which no live socket does.
  [[nodiscard]] bool may_answer(const SegmentRecord& r) const {
    if (!r.flags.ack()) return rst_.flags.ack() && !r.flags.syn() && rst_.ack == r.end();
    if (r.ack != rst_.seq) return false;
    const bool elsewhere = e_.below_sent || v_.sender.before == State::SynSent;
    return !rst_.flags.ack() || (elsewhere && rst_.ack == r.end());
  }

  /// A RST in the peer's name closed it, and the peer went on: some stacks (lwIP) answer that with an ACK, too.
  void answers_what_came_after() {
    if (v_.sender.before == State::Closed && rst_.flags.ack() && fits_after_rst_ != kNoRow)
      note_asked(fits_after_rst_, v_.history.records()[fits_after_rst_]);
  }

  void note_asked(Row i, const SegmentRecord& r) {
    Asked& a = e_.asked;
    Row& slot = !r.flags.ack()  ? a.without_ack
                : r.flags.syn() ? a.syn_ack
                : r.payload > 0 ? a.data
                : r.flags.fin() ? a.fin
                                : a.ack;
    if (slot == kNoRow || (!had_time(v_.history.records()[slot]) && had_time(r))) slot = i;
    const Endpoint& x = v_.before().of(rst_.from);
    a.beyond_data |= r.flags.fin() && x.acked && r.seq - x.highest_ack > 0;
    a.first = i;
    a.same_ip_id |= r.ip_id != 0 && r.ip_id == rst_.ip_id;
  }

  /// The way is the shortest that was measured; queues and what an end does before it answers are in it.
  [[nodiscard]] bool had_time(const SegmentRecord& r) const {
    return rst_.time_ns - r.time_ns >= way_ns_ / 2;
  }

  void fins() {
    const Row own = v_.steps().fin[v_.own], peer = v_.steps().fin[v_.peer];
    e_.fin_sent = own != kNoRow && own < v_.row;
    if (peer == kNoRow || peer >= v_.row) return;
    const Seq fin = v_.history.records()[peer].fin_seq();
    e_.fin_received = (rst_.flags.ack() && rst_.ack - fin > 0) || (acked_ && acked_to_ - fin > 0);
    e_.own_fin_covers = e_.fin_sent && v_.history.records()[own].flags.ack() &&
                        v_.history.records()[own].ack - fin > 0;
  }

  /// What it had received beyond what it had when it last said something.
  void unanswered(Row first) {
    if (!rst_.flags.ack() || !v_.history.facts().plain_seen) return;  // what answered was left out
    const bool base_known = v_.history.base_known(other(rst_.from));
    const Seq base = v_.history.base(other(rst_.from)) + 1U;
    if (base_known) e_.received = bytes_since(base);
    Seq from;
    if (e_.said != kNoRow)
      from = v_.history.records()[e_.said].ack;
    else if (first > 0 && acked_)
      from = lowest_ack_;  // at least: what it said last lies before what was looked at
    else if (base_known)
      from = base;
    else
      return;
    e_.unanswered = bytes_since(from);
    windows();
    if (e_.said == kNoRow) return;
    const SegmentRecord& said = v_.history.records()[e_.said];
    e_.answered_unread = said.payload > 0 && said.ack == rst_.ack && said.window < rst_.window;
  }

  [[nodiscard]] bool answered_all() const {
    const SegmentRecord& answer = v_.history.records()[answer_];
    const SegmentRecord& said = v_.history.records()[e_.said];
    const bool whole = answer.flags.psh() && answer.payload <= kMtu;
    return said.payload > 0 && whole && answer.payload == e_.received && answer.ack == said.end();
  }

  /// A window that opens while nothing comes shows that data were read; one that opens with the RST by how
  /// much was unread, for close() empties the queue before the RST is sent. Windows of one scale.
  void windows() {
    if (e_.last_own == kNoRow || rst_.window == 0) return;
    const SegmentRecord& last = v_.history.records()[e_.last_own];
    if (last.flags.syn() || rst_.ack - last.ack > 0) return;
    const std::uint32_t opens = rst_.window > last.window
                                    ? (std::uint32_t{rst_.window} - last.window)
                                          << v_.history.facts().window_shift(rst_.from)
                                    : 0;
    e_.read_most = opened_before_ || (opens > 0 && opens < e_.unanswered / 2);
  }

  /// Two of its segments, the later of which acknowledges no more data and has the larger window.
  void opens(const SegmentRecord& r) {
    if (r.flags.syn() || !r.flags.ack()) return;
    const bool no_more = later_window_ && later_ack_ - r.ack <= 1 && later_ack_ == acked_to_;
    opened_before_ |= no_more && *later_window_ > r.window;
    later_window_ = r.window;
    later_ack_ = r.ack;
  }

  [[nodiscard]] std::uint32_t bytes_since(Seq from) const {
    const bool with_fin =
        e_.fin_received && v_.history.records()[v_.steps().fin[v_.peer]].fin_seq() - from >= 0;
    const std::int32_t bytes = rst_.ack - from - (with_fin ? 1 : 0);
    return bytes > 0 ? static_cast<std::uint32_t>(bytes) : 0;
  }

  /// Its IP IDs count by one in this connection: what lies between its last segment and the RST was sent, too.
  void missed() {
    const SenderHabit& h = e_.habit;
    if (!rst_.flags.ack() || !h.counts_ip_ids()) return;
    const auto ahead = static_cast<std::uint16_t>(rst_.ip_id - h.latest_ip_id);
    if (ahead > 1 && ahead <= SenderHabit::kSegments) e_.probes.missed = ahead - 1U;
  }

  const Moment& v_;
  const SegmentRecord& rst_;
  const std::int64_t way_ns_;
  ResetEvidence e_;
  Seq acked_to_, lowest_ack_;  ///< of the sender's segments met so far
  bool acked_ = false;
  std::optional<std::uint16_t> later_window_;  ///< of the sender's segment met before
  Seq later_ack_;
  bool opened_before_ = false;
  std::uint32_t answers_ = 0;  ///< new data segments of the peer
  Row answer_ = kNoRow;        ///< the first of them
  Row fits_after_rst_ =
      kNoRow;  ///< of the peer's, behind its last RST, with the RST's numbers swapped
  bool probing_ = true, peer_spoke_ = false;
  std::uint16_t newer_ip_id_ = 0;
};

}  // namespace

Row Asked::row() const {
  for (const Row row : {data, fin, syn_ack, ack, without_ack})
    if (row != kNoRow) return row;
  return kNoRow;
}

ResetEvidence reset_evidence(const Moment& m) { return Reader(m).read(); }

}  // namespace tcpwave
