// A connection's segments at a glance, in one run over its records: for who has to go through a million.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tracker_impl.h"

namespace tcpwave {
namespace {

/// The states of an end, row by row; rows have to rise.
class States {
 public:
  States(const Connection& c, End end)
      : c_(c), end_(end), next_(c.timeline().of(end).begin()), stop_(c.timeline().of(end).end()) {}

  /// Whether the state changes with the row, or before it.
  bool change_at(Row row) {
    if (row > 0 && (next_ == stop_ || next_->row > row)) return false;
    for (; next_ != stop_ && next_->row <= row; ++next_) state_ = next_->state;
    const Shown shown = c_.shown(row, end_);
    return shown.before != shown.after || shown.previous != shown.after;
  }
  [[nodiscard]] State state() const { return state_; }

 private:
  const Connection& c_;
  End end_;
  std::vector<Change>::const_iterator next_, stop_;
  State state_ = State::Unknown;
};

bool fails(const Record& r) {
  return !r.seq_check_accepts() || r.ack_check == AckCheck::Wrong ||
         r.ack_check == AckCheck::BeyondSent || r.ack_check == AckCheck::Missing;
}

bool has_flag_of_steps(const Record& r) { return r.flags.syn() || r.flags.fin() || r.flags.rst(); }

/// Nothing that a finding could be about; the states are those of an open connection.
bool in_order(const Record& r) {
  return r.flags.ack() && r.seq_check == SeqCheck::Ok && r.notes == 0 && r.fate != Fate::Lost &&
         r.copy_of == kNoRow && !r.bogus && r.phase == Phase::Established;
}

}  // namespace

void Tracker::skim(std::uint32_t connection, const std::function<void(const Glance&)>& look) const {
  const Connection& c = impl_->numbered_connection(connection);
  const Records& records = c.records();
  const End client = c.role(Known::Final).client;
  std::array<States, 2> states{States(c, End::A), States(c, End::B)};
  bool quiet_before = false;  // an ACK that answers a SYN or RST may be a challenge
  Walk walk(records);
  for (Row row = 0; row < records.size(); ++row) {
    const Record& r = *walk.next();
    bool changes = false;
    for (States& s : states) changes |= s.change_at(row);
    Glance g;
    g.id = r.id;
    g.segment = {r.frame,
                 r.time_ns,
                 r.flags,
                 r.payload,
                 r.from == client ? Side::Client : Side::Server,
                 r.fate == Fate::Lost,
                 r.copy_of != kNoRow};
    g.again = r.seq_check == SeqCheck::Retransmission;
    const bool steps = has_flag_of_steps(r);
    const bool open =
        states[0].state() == State::Established && states[1].state() == State::Established;
    const bool last = row + 1 == records.size();  // what is absent is said there
    if (steps || !r.steps.empty() || changes || fails(r))
      g.kind = Glance::Kind::Notable;
    else if (open && !last && quiet_before && in_order(r) && !impl_->hosts.found_at(r.id))
      g.kind = Glance::Kind::Plain;
    quiet_before = !steps;
    look(g);
  }
}

}  // namespace tcpwave
