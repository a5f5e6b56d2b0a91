// What only the end of the capture tells: conclusions from silence.
//
// They hold while no further segment of the connection comes; `retract` takes them back.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/connection.h"

namespace tcpwave {

void Connection::conclude() {
  if (concluded_ || records_.empty()) return;
  concluded_ = true;
  steady_ = {};
  before_conclusion_ = std::make_unique<Facts>(facts_);
  conclude_unanswered_syn();
  conclude_silent_fin();
  conclude_ignored_ack();
  conclude_unanswered_fin();
  apply_for_question();
}

bool Connection::conclusion_may_tell() const {
  return concluded_ || only_syns_of_one_end() || may_have_silent_fin() || may_have_ignored_ack() ||
         unanswered_fin(End::A) != kNoRow || unanswered_fin(End::B) != kNoRow;
}

bool Connection::only_syns_of_one_end() const {
  for (Row row = 0; row < records_.size(); ++row)
    if (records_[row].from != records_[0].from || !records_[row].is_syn()) return false;
  return true;
}

/// The capture begins in the middle, and one end has closed.
bool Connection::may_have_silent_fin() const {
  return !facts_.syn_seen[0] && !facts_.syn_seen[1] && facts_.seen[0] && facts_.seen[1] &&
         (model_.end[0].fin_sent || model_.end[1].fin_sent);
}

/// A SYN that nobody answered reached nobody.
void Connection::conclude_unanswered_syn() {
  if (!only_syns_of_one_end()) return;
  for (Row row = 0; row < records_.size(); ++row) {
    if (records_[row].delivery != Delivery::Presumed) continue;
    concluded_rows_.push_back(row);
    correct({row, Correction::Lost});
  }
}

/// A server's last word is its SYN,ACK.
bool Connection::may_have_ignored_ack() const {
  for (const std::size_t e : {std::size_t{0}, std::size_t{1}})
    if (last_syn_[e] != kNoRow && !facts_.went_on[e] && records_[last_syn_[e]].is_syn_ack() &&
        facts_.went_on[1 - e])
      return true;
  return false;
}

/// A server that has ignored the third ACK twice, and whose last word is its SYN,ACK, has ignored what came
/// since, too: its queue is full, or it waits for something else.
void Connection::conclude_ignored_ack() {
  if (!may_have_ignored_ack()) return;
  for (const End server : {End::A, End::B}) {
    const Row last = last_syn_[index(server)];
    if (last == kNoRow || facts_.went_on[index(server)] || !records_[last].is_syn_ack()) continue;
    const Seq iss = records_[last].seq;
    std::size_t ignored = 0;
    std::vector<Row> since;
    for (Row row = 0; row < last; ++row) {
      const SegmentRecord& r = records_[row];
      const bool acks = r.from != server && r.flags.is_ack_alone() && r.ack - iss > 0;
      if (!acks || r.unattributable || r.duplicate_of != kNoRow) continue;
      ignored += r.delivery == Delivery::Lost ? 1U : 0U;
      if (r.delivery == Delivery::Presumed) since.push_back(row);
    }
    if (ignored < 2) continue;
    for (const Row lost : since) {
      concluded_rows_.push_back(lost);
      correct({lost, Correction::Lost});
    }
  }
}

/// The last copy of a FIN, of which an earlier one was lost: its peer was captured, and is silent from then on, though
/// the FIN's sender went on for longer than an answer takes. kNoRow where there is none.
Row Connection::unanswered_fin(End e) const {
  const Row fin = last_fin_[index(e)], first = facts_.first_fin[index(e)];
  const bool again = fin != kNoRow && first != kNoRow && first < fin;
  if (!again || !facts_.seen[index(other(e))] || records_[first].delivery != Delivery::Lost)
    return kNoRow;
  const SegmentRecord& last = records_.back();
  if (last.from != e || last.time_ns - records_[fin].time_ns <= round_trip_.answer_ns(other(e)))
    return kNoRow;
  Row next = records_.size();
  for (const Row row : scoreboard_.before(next)) {
    if (row + 1 != next) return kNoRow;  // what lies between was forgotten
    if (row == fin) return fin;
    if (records_[row].from != e) return kNoRow;
    next = row;
  }
  return kNoRow;
}

/// It has not arrived any more than the copies before it. The RST with which its sender gives up still ends the
/// connection, though its number is one that the peer does not expect.
void Connection::conclude_unanswered_fin() {
  for (const End e : {End::A, End::B}) {
    const Row fin = unanswered_fin(e);
    if (fin == kNoRow || records_[fin].delivery != Delivery::Presumed) continue;
    concluded_rows_.push_back(fin);
    correct({fin, Correction::Lost});
    const Row rst = last_rst_[index(e)];
    if (rst == kNoRow || rst < fin || records_[rst].delivery != Delivery::Presumed) continue;
    concluded_rows_.push_back(rst);
    correct({rst, Correction::Delivered});
  }
}

/// The capture begins in the middle; one end only ever acknowledges, and stays silent after the other's
/// FIN: it had sent its own FIN before.
void Connection::conclude_silent_fin() {
  if (!may_have_silent_fin()) return;
  for (const End silent : {End::A, End::B}) {
    const End speaker = other(silent);
    const Endpoint& x = model_.of(speaker);
    if (!x.fin_sent || model_.of(silent).fin_sent || last_fin_[index(speaker)] == kNoRow) continue;
    std::optional<Seq> seq;
    bool idle = true, acked = false, reset = false;
    for (Row row = 0; row < records_.size(); ++row) {
      const SegmentRecord& r = records_[row];
      reset |= r.flags.rst() && !r.unattributable;
      if (r.from != silent || r.unattributable) continue;
      idle &= r.length() == 0 && (!seq || *seq == r.seq);
      seq = r.seq;
      acked |= r.flags.ack() && r.ack - x.fin_seq > 0;
    }
    if (!idle || !acked || reset || !seq) continue;
    facts_.unseen_fin[index(silent)] = {.row = 0, .seq = *seq - 1U, .before_capture = true};
    apply_again_from(0);
    return;
  }
}

void Connection::retract() {
  concluded_ = false;
  steady_ = {};
  for (const std::size_t e : {std::size_t{0}, std::size_t{1}})
    if (facts_.unseen_fin[e].row != before_conclusion_->unseen_fin[e].row)
      apply_again_from(facts_.unseen_fin[e].row);
  facts_ = *before_conclusion_;
  for (const Row row : concluded_rows_) correct({row, Correction::Presumed});
  concluded_rows_.clear();
  apply_for_question();
}

}  // namespace tcpwave
