// What only the end of the capture tells: conclusions from silence.
//
// They hold while no further segment of the connection comes; `retract` takes them back.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/connection.h"

namespace tcpwave {

void Connection::conclude() {
  if (concluded_ || records_.empty()) return;
  concluded_ = true;
  steady_ = {};
  before_conclusion_ = facts_;
  conclude_unanswered_syn();
  conclude_silent_fin();
  conclude_ignored_ack();
  replay(records_.size());
}

/// A SYN that nobody answered reached nobody.
void Connection::conclude_unanswered_syn() {
  Walk walk(records_);
  while (const Record* r = walk.next())
    if (r->from != records_[0].from || !r->is_syn()) return;
  for (Row row = 0; row < records_.size(); ++row) {
    if (records_[row].fate != Fate::Presumed) continue;
    concluded_rows_.push_back(row);
    set_fate(row, Fate::Lost);
  }
}

/// A server that has ignored the third ACK twice, and whose last word is its SYN,ACK, has ignored what came
/// since, too: its queue is full, or it waits for something else.
void Connection::conclude_ignored_ack() {
  for (const End server : {End::A, End::B}) {
    const Row last = last_syn_[index(server)];
    if (last == kNoRow || facts_.went_on[index(server)] || !records_[last].is_syn_ack()) continue;
    const Seq iss = records_[last].seq;
    std::size_t ignored = 0;
    Row row = 0;
    Walk walk(records_);
    std::vector<Row> since;
    for (const Record* r = walk.next(); r != nullptr; r = walk.next(), ++row) {
      const bool acks = r->from != server && r->flags.is_ack_alone() && r->ack - iss > 0;
      if (!acks || r->bogus || r->copy_of != kNoRow) continue;
      ignored += r->fate == Fate::Lost ? 1U : 0U;
      if (r->fate == Fate::Presumed && row < last) since.push_back(row);
    }
    if (ignored < 2) continue;
    for (const Row lost : since) {
      concluded_rows_.push_back(lost);
      set_fate(lost, Fate::Lost);
    }
  }
}

/// The capture begins in the middle; one end only ever acknowledges, and stays silent after the other's
/// FIN: it had sent its own FIN before.
void Connection::conclude_silent_fin() {
  if (facts_.syn_seen[0] || facts_.syn_seen[1] || !facts_.seen[0] || !facts_.seen[1]) return;
  for (const End silent : {End::A, End::B}) {
    const End speaker = other(silent);
    const Endpoint& x = model_.of(speaker);
    if (!x.fin_sent || model_.of(silent).fin_sent || last_fin_[index(speaker)] == kNoRow) continue;
    std::optional<Seq> seq;
    bool idle = true, acked = false, reset = false;
    Walk walk(records_);
    while (const Record* next = walk.next()) {
      const Record& r = *next;
      reset |= r.flags.rst() && !r.bogus;
      if (r.from != silent || r.bogus) continue;
      idle &= r.length() == 0 && (!seq || *seq == r.seq);
      seq = r.seq;
      acked |= r.flags.ack() && r.ack - x.fin_seq > 0;
    }
    if (!idle || !acked || reset || !seq) continue;
    facts_.unseen_fin[index(silent)] = {.row = 0, .seq = *seq - 1U, .before_capture = true};
    replay_from(0);
    return;
  }
}

void Connection::retract() {
  concluded_ = false;
  steady_ = {};
  for (const std::size_t e : {std::size_t{0}, std::size_t{1}})
    if (facts_.unseen_fin[e].row != before_conclusion_->unseen_fin[e].row)
      replay_from(facts_.unseen_fin[e].row);
  facts_ = *before_conclusion_;
  for (const Row row : concluded_rows_) set_fate(row, Fate::Presumed);
  concluded_rows_.clear();
  replay(records_.size());
}

}  // namespace tcpwave
