// A connection's segments at a glance, in one run over its records: for who has to go through a million.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/tracker_impl.h"

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
  [[nodiscard]] bool stays_until(Row row) const { return next_ == stop_ || next_->row >= row; }

 private:
  const Connection& c_;
  End end_;
  std::vector<Change>::const_iterator next_, stop_;
  State state_ = State::Unknown;
};

class Skim {
 public:
  using Look = std::function<void(const Glance&)>;
  Skim(const Connection& c, const Hosts& hosts, const Look& look)
      : hosts_(hosts),
        look_(look),
        client_(c.role(Known::Final).client),
        states_{States(c, End::A), States(c, End::B)},
        rows_(c.records().size()),
        walk_(c.records()) {}

  void go() {
    while (row_ < rows_) {
      if (!page()) one(glimpse_of(*walk_.next()));
    }
  }

 private:
  /// A whole page at once, where no state changes.
  bool page() {
    const Row end = row_ + Records::kPage;
    if (row_ == 0 || !states_[0].stays_until(end) || !states_[1].stays_until(end)) return false;
    const Walk::Page* const page = walk_.glimpses();
    if (page == nullptr) return false;
    for (const Glimpse& seen : *page) show(seen, false);
    return true;
  }

  void one(const Glimpse& seen) {
    bool changes = false;
    for (States& s : states_) changes |= s.change_at(row_);
    show(seen, changes);
  }

  void show(const Glimpse& seen, bool changes) {
    shown_.id = seen.id;
    Captured& segment = shown_.segment;
    segment.frame = seen.frame;
    segment.time_ns = seen.time_ns;
    segment.flags = seen.flags;
    segment.payload = seen.payload;
    segment.sender = side(seen.from);
    segment.lost = seen.lost;
    segment.copy = seen.copy;
    shown_.again = seen.again;
    shown_.kind = kind(seen, changes);
    quiet_before_ = !seen.flags.has_step();
    ++row_;
    look_(shown_);
  }

  [[nodiscard]] Glance::Kind kind(const Glimpse& seen, bool changes) const {
    if (seen.notable || changes) return Glance::Kind::Notable;
    const bool open =
        states_[0].state() == State::Established && states_[1].state() == State::Established;
    const bool last = row_ + 1 == rows_;  // what is absent is said there
    const bool plain = seen.plain && open && !last && quiet_before_ && !hosts_.found_at(seen.id);
    return plain ? Glance::Kind::Plain : Glance::Kind::Other;
  }

  [[nodiscard]] Side side(End from) const { return from == client_ ? Side::Client : Side::Server; }

  const Hosts& hosts_;
  const Look& look_;
  End client_;
  std::array<States, 2> states_;
  Row rows_, row_ = 0;
  bool quiet_before_ = false;  ///< an ACK that answers a SYN or RST may be a challenge
  Walk walk_;
  Glance shown_;
};

}  // namespace

void Tracker::skim(std::uint32_t connection, const std::function<void(const Glance&)>& look) const {
  const Connection& c = impl_->numbered_connection(connection);
  const Watch watch(impl_->watches);
  Skim(c, impl_->hosts, look).go();
}

}  // namespace tcpwave
