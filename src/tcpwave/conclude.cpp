// What only the end of the capture tells: conclusions from silence.
//
// They hold while no further segment of the connection comes; `retract` takes them back.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/connection.h"

namespace tcpwave {

void Connection::conclude() {
  if (concluded_ || records_.empty()) return;
  concluded_ = true;
  before_conclusion_ = facts_;
  // A SYN that nobody answered reached nobody.
  for (Row row = 0; row < records_.size(); ++row) {
    if (!records_[row].is_syn() || records_[row].fate != Fate::Presumed) break;
    bool answered = false;
    for (const Record& r : records_) answered |= r.from != records_[row].from;
    bool went_on = false;
    for (const Record& r : records_) went_on |= r.from == records_[row].from && !r.is_syn();
    if (answered || went_on) break;
    records_[row].concluded = true;
    set_fate(row, Fate::Lost);
  }
  replay(static_cast<Row>(records_.size()));
}

void Connection::retract() {
  concluded_ = false;
  facts_ = *before_conclusion_;
  for (Row row = 0; row < records_.size(); ++row) {
    if (!records_[row].concluded) continue;
    records_[row].concluded = false;
    set_fate(row, Fate::Presumed);
  }
  replay(static_cast<Row>(records_.size()));
}

}  // namespace tcpwave
