// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/scoreboard.h"

namespace tcpwave {
namespace {

bool is_own(const SegmentRecord& r) {
  return !r.unattributable && r.duplicate_of == kNoRow && !r.flags.rst();
}

/// What one end has shown to have received.
class Received {
 public:
  /// First of all, each segment that it sent.
  void note_sent(const SegmentRecord& r) {
    if (!is_own(r) || !r.flags.ack()) return;
    ack_ = ack_ ? later(*ack_, r.ack) : r.ack;
    if (r.has_ts && (!echo_ || ts_newer(r.tsecr, *echo_))) echo_ = r.tsecr;
  }
  /// Then each of its peer's. A number that was sent twice does not say which of the two arrived.
  void note_arrival(Row row, const SegmentRecord& r) {
    if (!is_own(r)) return;
    const bool by_ack =
        ack_ && r.length() > 0 && r.seq_check == SeqCheck::Ok && r.end() - *ack_ <= 0;
    const bool by_echo = echo_ && r.has_ts && ts_newer(*echo_, r.tsval);
    if (by_ack || by_echo) all_before_ = row + 1;
  }
  /// And these once more.
  void note_answer(Row row, const SegmentRecord& r) {
    if (row < all_before_ && is_own(r) && r.flags.ack())
      answer_ = answer_ ? later(*answer_, r.ack) : r.ack;
  }
  /// That row of its peer's, or something later.
  [[nodiscard]] bool later_than(Row row) const { return row < all_before_; }
  [[nodiscard]] bool an_ack_of(Seq number) const { return answer_ && number - *answer_ <= 0; }

 private:
  std::optional<Seq> ack_;             ///< the highest number that it acknowledged
  std::optional<std::uint32_t> echo_;  ///< the latest TSecr that it sent
  Row all_before_ = 0;  ///< what its peer sent before this row arrived, or something later did
  std::optional<Seq> answer_;  ///< the highest ACK among these
};

bool takes_numbers(const SegmentRecord& r) { return is_own(r) && r.length() > 0; }

bool is_settled(const std::array<Received, 2>& received, Row row, const SegmentRecord& r) {
  if (takes_numbers(r)) return received[index(r.from)].an_ack_of(r.end());
  return received[index(other(r.from))].later_than(row);
}

}  // namespace

/// What is settled goes; where more than half remain, the oldest, too. So a segment costs a look at a few.
void Scoreboard::tidy(const Records& records, Row until) {
  older_.reserve(kMost / 2);  // what stays has room
  std::vector<Row> rows;
  rows.reserve(std::size_t{3} * kMost);
  // Before so many in order on a steady connection nothing is unsettled.
  const bool steady_for_long = until - recent_ >= 2 * kMost;
  if (!steady_for_long) rows = older_;
  for (Row row = steady_for_long ? until - kMost : recent_; row < until; ++row) rows.push_back(row);

  std::array<Received, 2> received;
  for (const Row row : rows) received[index(records[row].from)].note_sent(records[row]);
  for (const Row row : rows)
    received[index(other(records[row].from))].note_arrival(row, records[row]);
  for (const Row row : rows)
    received[index(other(records[row].from))].note_answer(row, records[row]);
  std::erase_if(rows, [&](Row row) { return is_settled(received, row, records[row]); });
  forget_oldest(records, rows);
  older_.assign(rows.begin(), rows.end());
  recent_ = until;
}

void Scoreboard::forget_oldest(const Records& records, std::vector<Row>& rows) {
  std::size_t too_many = rows.size() - std::min<std::size_t>(rows.size(), kMost / 2);
  const auto forget = [&](bool syn_and_fin_too) {
    std::erase_if(rows, [&](Row row) {
      const SegmentRecord& r = records[row];
      const bool stays = takes_numbers(r) && (r.flags.syn() || r.flags.fin()) && !syn_and_fin_too;
      if (too_many == 0 || stays) return false;
      --too_many;
      std::optional<Seq>& ack = forgotten_ack_[index(r.from)];
      if (is_own(r) && r.flags.ack()) ack = ack ? later(*ack, r.ack) : r.ack;
      return true;
    });
  };
  forget(false);
  forget(true);
}

}  // namespace tcpwave
