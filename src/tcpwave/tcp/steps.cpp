// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/steps.h"

#include <algorithm>
#include <optional>

#include "tcpwave/tcp/model.h"

namespace tcpwave {
namespace {

class Marker {
 public:
  Marker(Model& model, const Facts& facts, const Records& records, Row row, SegmentRecord& r)
      : log_(model.steps),
        facts_(facts),
        records_(records),
        r_(r),
        row_(row),
        x_(index(r_.from)),
        y_(index(other(r_.from))) {}

  void mark() {
    r_.steps = {};
    r_.repeated = {};
    if (r_.duplicate_of != kNoRow) {
      r_.steps = r_.repeated = records_[r_.duplicate_of].steps;
      if (r_.is_syn_ack()) ask(log_.asked_syn);
      if (r_.flags.fin()) ask(log_.asked_fin);
      return;
    }
    if (r_.flags.rst()) return;
    if (r_.unattributable) {
      stray_fin();
      return;
    }
    if (r_.flags.syn()) {
      syn();
      if (r_.is_syn_ack() && r_.flags.fin()) fin();
      return;
    }
    if (r_.flags.ack()) third_ack();
    if (r_.flags.fin()) fin();
    if (r_.flags.ack()) ack_of_fin();
  }

 private:
  void add(Step step, bool repeated) {
    r_.steps.add(step);
    if (repeated) r_.repeated.add(step);
  }

  using Asked = std::array<std::uint8_t, 2>;
  void ask(Asked& asked) {
    if (asked[y_] < 0xff) ++asked[y_];
  }
  void answered(Asked& asked) {
    if (asked[x_] > 0) --asked[x_];
  }
  /// The same ACK once more, because it was asked for or because the last one was lost.
  [[nodiscard]] bool answers_again(Row last, const Asked& asked) const {
    const bool same_ack = r_.length() == 0 && r_.ack == records_[last].ack;
    return records_[last].delivery == Delivery::Lost || (same_ack && asked[x_] > 0);
  }

  /// No evidence about its claimed sender, but the same FIN again to who receives it.
  void stray_fin() {
    if (r_.flags.fin() && log_.fin[x_] != kNoRow &&
        r_.fin_seq() == records_[log_.fin[x_]].fin_seq())
      fin();
  }

  void syn() {
    const std::size_t step = r_.flags.ack() ? 1 : 0;
    Row& seen = log_.handshake[x_][step];
    add(step == 0 ? Step::Handshake1 : Step::Handshake2, seen != kNoRow);
    if (seen != kNoRow) log_.handshake_repeated = true;
    if (step == 1) ask(log_.asked_syn);
    if (seen == kNoRow) seen = row_;
  }

  void third_ack() {
    const bool answers_syn_ack = log_.handshake[y_][1] != kNoRow;
    const bool syn_ack_not_captured =
        !answers_syn_ack && log_.handshake[x_][0] != kNoRow && log_.handshake[y_][0] == kNoRow;
    if (!answers_syn_ack && !syn_ack_not_captured) return;
    if (answers_syn_ack && r_.ack - records_[log_.handshake[y_][1]].end() < 0) return;
    Row& last = log_.last_ack_of_syn[x_];
    const bool first = last == kNoRow;
    if (!first && !answers_again(last, log_.asked_syn)) return;
    add(Step::Handshake3, !first);
    answered(log_.asked_syn);
    last = row_;
    if (first) log_.handshake[x_][2] = row_;
  }

  //= rfc9293#3.10.7.4 rule-fin-again
  void fin() {
    if (!log_.closing) {
      log_.closing = true;
      log_.first_closer = unseen_fin_of(y_) ? other(r_.from) : r_.from;
    }
    const bool repeated = log_.fin[x_] != kNoRow;
    if (!repeated) log_.fin[x_] = row_;
    const Step step = log_.first_closer == r_.from ? Step::Wave1 : Step::Wave3;
    add(step, repeated);
    note_wave(step);
    ask(log_.asked_fin);
    if (repeated) {
      for (const Step also : {Step::Wave2, Step::Wave4})
        if (records_[log_.fin[x_]].steps.has(also)) add(also, true);
    }
  }

  //= rfc9293#3.10.7.4 rule-time-wait-fin
  void ack_of_fin() {
    const std::optional<Seq> fin = fin_of(y_);
    if (!fin || r_.ack - *fin <= 0) return;
    if (!log_.closing) {
      log_.closing = true;
      log_.first_closer = other(r_.from);
    }
    const Step step = log_.first_closer == r_.from ? Step::Wave4 : Step::Wave2;
    if (r_.steps.has(step)) return;
    Row& last = log_.last_ack_of_fin[x_];
    const bool first = last == kNoRow;
    if (!first && !answers_again(last, log_.asked_fin)) return;
    add(step, !first);
    answered(log_.asked_fin);
    last = row_;
    note_wave(step);
  }

  void note_wave(Step step) {
    Row& seen = log_.wave[static_cast<std::size_t>(step) - static_cast<std::size_t>(Step::Wave1)];
    if (seen == kNoRow) seen = row_;
  }

  [[nodiscard]] bool unseen_fin_of(std::size_t end) const {
    const Facts::UnseenFin& fin = facts_.unseen_fin[end];
    return fin.row != kNoRow && fin.row <= row_ && !fin.foreign;
  }

  /// The number of an end's FIN, as far as this row knows of one.
  [[nodiscard]] std::optional<Seq> fin_of(std::size_t end) const {
    if (log_.fin[end] != kNoRow) return records_[log_.fin[end]].fin_seq();
    if (unseen_fin_of(end)) return facts_.unseen_fin[end].seq;
    return std::nullopt;
  }

  StepLog& log_;
  const Facts& facts_;
  const Records& records_;
  SegmentRecord& r_;
  Row row_;
  std::size_t x_, y_;
};

}  // namespace

Row StepLog::handshake_row(std::size_t step) const {
  return std::min(handshake[0][step], handshake[1][step]);
}

void note_steps(Model& model, const Facts& facts, const Records& records, Row row,
                SegmentRecord& r) {
  Marker(model, facts, records, row, r).mark();
}

}  // namespace tcpwave
