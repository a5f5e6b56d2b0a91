// A connection's segments at a glance, in one run over its records: for who has to go through a million.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {

bool is_quiet(const SegmentLog& log, const Hosts& hosts, SegmentId id) {
  const SegmentRecord& r = log[id];
  const bool open = r.states.after_of(End::A) == State::Established &&
                    r.states.after_of(End::B) == State::Established;
  // An ACK that answers a SYN or RST may be a challenge.
  const bool quiet_before = r.previous != kNowhere && !log[r.previous].flags.has_step();
  return r.is_plain() && open && quiet_before && !hosts.found_at(id);
}

bool is_uneventful(const SegmentLog& log, SegmentId id, std::int64_t close_wait_ns) {
  const SegmentRecord& r = log[id];
  const bool stray_ack = !r.flags.ack() && r.ack != Seq{0};
  if (r.notes != 0 || stray_ack) return false;
  if (r.states.before_of(r.from) != State::CloseWait) return true;
  // The FIN is the segment before it, or, where it was acknowledged first, the one before that. Clocks are set back.
  const SegmentRecord& before = log[r.previous];
  const SegmentRecord& since = before.previous == kNowhere ? before : log[before.previous];
  return r.time_ns - std::min(before.time_ns, since.time_ns) <= close_wait_ns;
}

namespace {

class Skim {
 public:
  Skim(const SegmentLog& log, const Hosts& hosts, End client, SegmentId last)
      : log_(log), hosts_(hosts), client_(client), last_(last) {}

  /// The next one's glance.
  const Glance& next(SegmentId id) {
    const SegmentRecord& r = log_[id];
    shown_.id = id;
    shown_.segment = {r.frame,
                      r.time_ns,
                      r.flags,
                      r.payload,
                      r.from == client_ ? Side::Client : Side::Server,
                      r.delivery == Delivery::Lost,
                      r.duplicate_of != kNoRow};
    shown_.again = r.seq_check == SeqCheck::Retransmission;
    shown_.kind = kind(r);
    first_ = false;
    for (const End e : {End::A, End::B}) state_[index(e)] = r.states.after_of(e);
    return shown_;
  }

 private:
  [[nodiscard]] bool changes(const SegmentRecord& r, End e) const {
    const bool between = !first_ && state_[index(e)] != r.states.after_of(e);
    return between || r.states.before_of(e) != r.states.after_of(e);
  }
  [[nodiscard]] Glance::Kind kind(const SegmentRecord& r) const {
    const bool notable =
        r.flags.has_step() || !r.steps.empty() || !r.seq_check_accepts() || !r.ack_check_accepts();
    if (notable || changes(r, End::A) || changes(r, End::B)) return Glance::Kind::Notable;
    // What is absent is said on the last one.
    const bool plain = shown_.id != last_ && is_quiet(log_, hosts_, shown_.id);
    return plain ? Glance::Kind::Plain : Glance::Kind::Other;
  }

  const SegmentLog& log_;
  const Hosts& hosts_;
  End client_;
  SegmentId last_;
  std::array<State, 2> state_{State::Unknown, State::Unknown};
  bool first_ = true;
  Glance shown_;
};

}  // namespace

void Tracker::skim(std::uint32_t connection, const std::function<void(const Glance&)>& look) const {
  const Connection& c = impl_->numbered_connection(connection);
  const Pin pin(impl_->pins);  // `look` may ask for others
  const Records& records = c.records();
  Skim skim(impl_->log, impl_->hosts, c.role(Known::Final).client, records.id(records.size() - 1));
  for (Row row = 0; row < records.size(); ++row) look(skim.next(records.id(row)));
}

}  // namespace tcpwave
