// One connection: its records, what was learned about them, and the states that follow.
//
// `add` takes the next segment: first `learn` asks what it tells about earlier ones (evidence.cpp has the order of the rules),
// and if that changes a state, the stretch from there on is applied again from a saved model; then the
// segment itself is applied. `conclude` adds what only the end of the capture tells (conclude.cpp); it
// is taken back when another segment comes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tcpwave/hindsight/correction.h"
#include "tcpwave/hindsight/scoreboard.h"
#include "tcpwave/hindsight/steady.h"
#include "tcpwave/hindsight/timing.h"
#include "tcpwave/tcp/checks.h"
#include "tcpwave/tcp/model.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

struct Role {
  End client = End::A;
  RoleBasis basis = RoleBasis::Order;
};

class Connection {
 public:
  /// `lower_port`: the end with the lower port number; none where they are equal.
  Connection(SegmentLog& log, std::int64_t time_wait_ns, std::optional<End> lower_port)
      : records_(log), time_wait_ns_(time_wait_ns), lower_port_(lower_port) {}

  /// Takes the connection's next segment, of which nothing is learned yet.
  Row add(SegmentLog::Id);
  /// Takes it where it goes on in order on a steady connection; the model takes it later.
  [[nodiscard]] bool take_in_order(SegmentRecord&);
  [[nodiscard]] bool waits() const { return waiting_ > 0; }
  /// The model takes what waits; `last` is the connection's last segment. @throws std::bad_alloc
  void apply_waiting(SegmentLog::Id last);
  void conclude();
  /// Takes the conclusion back, before anything is decided by a connection that may go on.
  void resume() {
    if (concluded_) retract();
  }
  [[nodiscard]] bool concluded() const { return concluded_; }
  /// The end of the capture may tell something of it; allocates nothing.
  [[nodiscard]] bool conclusion_may_tell() const;
  /// An ICMP error quotes this end's segment; the row of the SYN in flight that it tells about.
  std::optional<Row> unreachable(End, Seq);
  /// Starts as the successor of an older connection, whose socket at `end` may still be there.
  void inherit(const Endpoint& older, End as);
  /// The socket that this end had last, as far as its numbers are known.
  [[nodiscard]] const Endpoint* last_socket(End) const;
  /// A later connection shows that this end's socket is still there: what had seemed to end it did not.
  /// False where nothing did.
  bool outlived(End);
  /// Takes the segments from row `from` on out of this connection.
  std::vector<SegmentLog::Id> split(Row from);
  [[nodiscard]] const Records& records() const { return records_; }
  [[nodiscard]] const Model& model() const { return model_; }
  /// How a row's numbers compare with what was due. @throws std::bad_alloc
  [[nodiscard]] NumberCheck number_check(Row row) const {
    return check_numbers(around(row).before, facts_, records_[row]);
  }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  /// The two endpoints as they were just before a row's segment, and just after it.
  struct Around {
    const Model& before;
    const Model& after;
  };
  /// Applies the row again, apart from the records: who goes through the rows in order applies each once more,
  /// who asks for any one as many as lie between saved models. What it refers to holds until the next such
  /// question or segment. @throws std::bad_alloc
  [[nodiscard]] Around around(Row) const;
  /// Every change of a state, in order.
  [[nodiscard]] const Timeline& timeline() const { return timeline_; }
  /// The shortest time from the tap to that end and back; nothing where it was not seen.
  [[nodiscard]] std::optional<std::int64_t> way_to(End end) const {
    return round_trip_.way_to(end);
  }
  [[nodiscard]] Shown shown(Row row, End end) const { return timeline_.shown(row, end); }
  /// The state that an end was in when the RST reached or left it.
  [[nodiscard]] State state_at_rst(Row rst, End) const;
  /// Which end is the client, and how that is known: as it seemed at first, or by the best evidence.
  [[nodiscard]] Role role(Known) const;
  /// What relative numbers of that end count from: its ISN, or one below the first number seen.
  [[nodiscard]] Seq base(End) const;
  [[nodiscard]] bool base_known(End) const;
  /// The SYN or SYN,ACK is of this connection, as far as what its end has sent is known.
  [[nodiscard]] bool is_own_syn(const SegmentRecord&) const;
  /// It comes right before the first number known of its end.
  [[nodiscard]] bool begins_with(const SegmentRecord& syn) const;
  /// The state at a time without a segment: TIME_WAIT ends by itself.
  [[nodiscard]] State state_at(End, std::int64_t time_ns) const;
  /// When the end went to CLOSE_WAIT, if it is there after a row.
  [[nodiscard]] std::optional<std::int64_t> close_wait_since(End, Row) const;
  /// The second FIN was sent before the first had arrived.
  [[nodiscard]] bool fins_crossed() const;
  [[nodiscard]] bool handshake_repeated() const { return model_.steps.handshake_repeated; }
  /// A later connection took its addresses and ports.
  [[nodiscard]] bool replaced() const { return replaced_; }
  void replace() { replaced_ = true; }
  /// It took over from a connection of which an end was still in TIME_WAIT.
  [[nodiscard]] bool reopened() const { return reopened_; }
  void reopen() { reopened_ = true; }
  /// How many rows were applied, corrections included: what the connection has cost so far.
  [[nodiscard]] std::uint64_t rows_applied() const { return rows_applied_; }
  /// How many rows its corrections have applied again: building its model again costs as many.
  [[nodiscard]] Row rows_corrected() const { return rows_corrected_; }
  [[nodiscard]] std::int64_t round_trip_ns() const { return round_trip_.value(); }

 private:
  /// Corrections may cost so many rows at once, and so many more for each segment taken: what a capture
  /// made for it asks beyond that stays as it was presumed.
  static constexpr Row kFreeCorrections = 4096, kCorrectionsPerRow = 16;
  /// What an ACK may wait for company (RFC 9293 section 3.8.6.3).
  static constexpr std::int64_t kDelayedAck = 500'000'000;
  /// So many segments may wait for the model to take them: a bound on what a question has to do first.
  static constexpr Row kMostWaiting = 64;

  /// How far apart the models lie that are saved: the latest so many closely, for most corrections are of the latest
  /// rows, and the older ones further apart. What is in order is seldom applied again, and saved at the second distance.
  struct Spacing {
    Row rows = 0;  ///< of a greater distance a multiple of the smaller
    std::size_t models = 0;
  };
  static constexpr std::array<Spacing, 3> kSpacing{{{8, 8}, {64, 16}, {512, 0}}};

  [[nodiscard]] bool is_steady(End sender) const;
  [[nodiscard]] SteadyEnd steady_end(End) const;
  void note_steady(const SegmentRecord& latest);
  static void tell_in_order(SegmentRecord&);
  void learn(Row, SegmentRecord&);
  void note_row(Row, const SegmentRecord&);
  void note_asking(Row, const SegmentRecord&);
  void retract();
  void note_role(Row, const SegmentRecord&);
  void note_base(const SegmentRecord&);
  void conclude_unanswered_syn();
  void conclude_silent_fin();
  void conclude_ignored_ack();
  void conclude_unanswered_fin();
  [[nodiscard]] bool only_syns_of_one_end() const;
  [[nodiscard]] bool may_have_silent_fin() const;
  [[nodiscard]] bool may_have_ignored_ack() const;
  [[nodiscard]] Row unanswered_fin(End) const;
  void note_outlived(Row rst, State met_state);
  void note_options(Row, const SegmentRecord&);
  bool note_syn(const SegmentRecord&);
  bool note_plain(Row, const SegmentRecord&);
  void note_own_round_trip(Row, const SegmentRecord&);
  void find_copy(Row, SegmentRecord&);
  [[nodiscard]] bool id_tells(const SegmentRecord&, std::int64_t since_ns) const;
  void note_ip_id(const SegmentRecord&);
  [[nodiscard]] bool provoked(Row first, Row second) const;
  void set_first_fin(End, Row fin);
  [[nodiscard]] Row took_fin(End) const;
  [[nodiscard]] bool is_unattributable(Row, const SegmentRecord&) const;
  [[nodiscard]] bool rst_is_unattributable(Row, const SegmentRecord&) const;
  [[nodiscard]] bool continues_forged(Row, const SegmentRecord& rst) const;
  void from_sack(Row, const SegmentRecord&);
  void note_sack(Row, const SegmentRecord& ack, Ranges& received) const;
  void from_echo(const SegmentRecord&);
  void from_repetition(Row, const SegmentRecord&);
  [[nodiscard]] bool answered_beyond_hole(const SegmentRecord& earlier, const SegmentRecord* next,
                                          const SegmentRecord& again) const;
  void answer_was_lost(Row repeated, Row again, Row answer);
  void from_life_after_rst(Row, const SegmentRecord&);
  [[nodiscard]] Row last_stamped(Row before, End) const;
  [[nodiscard]] std::int64_t sent_by_ns(Row stamped, const SegmentRecord&) const;
  void from_data_missing(Row stamped, Row, const SegmentRecord&);
  void from_ended(Row, const SegmentRecord&);
  void from_ignored_rst(Row rst, Row again);
  void from_crossing(Row, const SegmentRecord&);
  [[nodiscard]] Row first_not_received(Row sent, Row floor) const;
  [[nodiscard]] bool dates_fin(Row) const;
  void note_fin_under_way(End);
  void from_rst_under_way(Row, const SegmentRecord&);
  void forget_rst_under_way(End);
  [[nodiscard]] bool is_abort(const SegmentRecord& rst) const;
  Row aborted_before(const SegmentRecord& rst);
  [[nodiscard]] bool ended_by_peer(End) const;
  [[nodiscard]] bool asks_for_rst(Row, const SegmentRecord& rst) const;
  [[nodiscard]] Row last_asking(Row rst, Row from, std::int64_t within_ns) const;
  Row first_answered(Row rst, Row floor);
  Row answered_before(Row rst);
  void from_stall(Row, const SegmentRecord&);
  void from_closed(Row, const SegmentRecord&);
  void from_older_socket(const SegmentRecord&);
  void from_gone_socket(const SegmentRecord&);
  void from_kept_time_wait(Row, const SegmentRecord&);
  bool from_acceptance(Row, const SegmentRecord&);
  [[nodiscard]] Seq granted_right(const Endpoint&) const;
  void from_real_fin(Row, const SegmentRecord&);
  void from_isn_behind_fin(const SegmentRecord&);
  void from_refusal(const SegmentRecord&);
  void from_unseen_fin(Row, const SegmentRecord&);
  void take_back_unseen_fin(Row, const SegmentRecord&);
  [[nodiscard]] bool sent_is_known(End) const;
  [[nodiscard]] std::int64_t soonest_answer_ns(End) const;
  [[nodiscard]] bool may_answer(Row, const SegmentRecord&) const;
  [[nodiscard]] bool is_filtered(const SegmentRecord&) const;
  [[nodiscard]] bool is_beyond_old_window(Row, const SegmentRecord&) const;
  bool from_agreement(Row, const SegmentRecord&);
  void from_missed_data(Row, const SegmentRecord&);
  void from_dropped_syn(Row, const SegmentRecord&);
  void from_syn_after_rst(const SegmentRecord&);
  void from_no_socket(Row, const SegmentRecord&);
  void from_receipt(Row, const SegmentRecord&);
  void from_second_answer(Row, const SegmentRecord&);
  void second_answer_to(Row again, Row, const SegmentRecord&);
  void from_hole(Row, const SegmentRecord&);

  void correct(Correction);
  void set_delivery(Row, SegmentRecord&, Delivery);
  void apply_again_from(Row row);
  [[nodiscard]] Model first_model() const {
    return start_ && !facts_.past_gone ? *start_ : Model{};
  }
  void apply_corrections(Row until);
  void apply_for_question();
  void apply_again(Row until);
  void save(Row, const Spacing&);
  void apply(Row);
  void add_in_order(Row, SegmentRecord&);

  /// A row that around() was asked for. There are two: that of who goes through the rows, and that of the
  /// RST whose cause stands on all of them.
  struct AskedRow {
    Row row = kNoRow;
    Model before, after;
  };
  struct Asked {
    std::array<AskedRow, 2> rows;
    std::size_t latest = 0;  ///< which of them
  };
  void go_to(AskedRow&, Row from, Row row) const;

  Steady steady_;    ///< in front: for most segments it is all that is looked at
  Row waiting_ = 0;  ///< segments in order that the model has not taken yet
  Records records_;
  Timeline timeline_;
  std::vector<std::pair<Row, Model>> saved_;  ///< the model before a row; see save()
  std::unique_ptr<Model> start_;              ///< the model before the first row, if it has a past
  mutable std::unique_ptr<Asked> asked_;      ///< none before the first question
  Model model_;
  Facts facts_;
  RoundTrip round_trip_;
  std::int64_t time_wait_ns_;
  std::optional<End> lower_port_;
  Role first_role_, best_role_;
  std::array<std::optional<Seq>, 2> base_;  ///< where relative numbers start while no ISN is known
  std::vector<Row> concluded_rows_;         ///< whose delivery was concluded
  std::uint64_t rows_applied_ = 0;
  Row rows_corrected_ = 0;
  Row credit_ = kFreeCorrections;  ///< rows that may still be applied again
  Row stale_ = kNoRow;
  std::array<Row, 2> last_syn_{kNoRow, kNoRow}, last_fin_{kNoRow, kNoRow},
      last_rst_{kNoRow, kNoRow};
  std::array<Row, 2> last_lost_{kNoRow, kNoRow};  ///< by sender: the latest that was, at some time
  bool syn_or_fin_lost_ = false;                  ///< a SYN or FIN was, at some time
  Scoreboard scoreboard_;                         ///< what the rules of hindsight look at
  struct Asking {  ///< an end's highest ACK number, and the first row that has it
    Seq number;
    Row since = kNoRow;
  };
  std::array<Asking, 2> asking_{};
  Row last_unattributable_ = kNoRow;
  std::array<Row, 2> stalled_{kNoRow,
                              kNoRow};  ///< taken for lost because nothing acknowledged it for long
  std::array<bool, 2> stalled_again_{};  ///< it was sent again
  std::array<TimestampClock, 2> ts_clock_{};
  std::array<Row, 2> hole_{kNoRow,
                           kNoRow};  ///< the record of that end before which something is missing
  std::array<Seq, 2> hole_from_{};
  struct Answered {    ///< by the RSTs of an end that has no socket
    Row row = kNoRow;  ///< the first record that they answer
    Row last_rst = kNoRow;
    Row floor = 0;                 ///< what was captured before is not asked
    std::uint32_t unanswered = 0;  ///< that ask for such a RST, and have none yet
  };
  std::array<Answered, 2> answered_{};
  std::array<Row, 2> opened_{kNoRow,
                             kNoRow};  ///< by end whose peer is not seen: its first after its SYN
  std::array<bool, 2> first_data_acked_{};
  struct Ahead {  ///< by sender: ACKs of what was not captured yet, since its peer's latest segment
    Row first = kNoRow, last = kNoRow;
  };
  std::array<Ahead, 2> ahead_{};
  struct IpId {  ///< of an end's segments; a RST without a socket has its own
    std::uint16_t last = 0;
    bool seen = false, counts = false, constant = false;
  };
  std::array<IpId, 2> ip_id_{};
  bool concluded_ = false, replaced_ = false, reopened_ = false;
  std::unique_ptr<Facts> before_conclusion_;  ///< while it is concluded
};

}  // namespace tcpwave
