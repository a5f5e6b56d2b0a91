// Tracker::annotate: what the findings say of a segment, and Zeek's codes of its connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/annotator.h"
#include "tcpwave/show/zeek_cache.h"
#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

/// A tracker keeps it for `show`, and does not know what it is.
ZeekCache& zeek_cache_in(std::shared_ptr<void>& shown) {
  if (!shown) shown = std::make_shared<ZeekCache>();
  return *static_cast<ZeekCache*>(shown.get());
}

bool is_lone_syn(const ConnectionSlot& slot, const SegmentRecord& r) {
  return slot.in_records && slot.segments == 1 && r.is_syn();
}

}  // namespace

Annotation Tracker::annotate(SegmentId id, Known known) const {
  Annotation annotation;
  annotate(id, known, Detail::Whole, annotation);
  return annotation;
}

bool Tracker::Impl::record_tells(const ConnectionSlot& slot, const SegmentRecord& r, Known known) {
  const bool final = known == Known::Final;
  const bool told =
      slot.loaded ? !final && !slot.loaded->connection.concluded()
                  : slot.in_records &&
                        (!slot.conclusion_tells || slot.concluded == final || is_lone_syn(slot, r));
  return told && r.repeated.empty();
}

std::optional<std::uint8_t> Tracker::steps_of_mark(SegmentId id, Known known) const {
  static_assert(kStepSets == std::size_t{1} << kSteps);
  const ConnectionSlot& slot = impl_->slot_of(id);
  const SegmentRecord& r = impl_->log[id];
  if (r.flags.rst() || !Impl::record_tells(slot, r, known)) return std::nullopt;
  return r.steps.bits();
}

bool Tracker::may_have_findings(SegmentId id, Known known) const {
  const ConnectionSlot& slot = impl_->slot_of(id);
  if (!Impl::record_tells(slot, impl_->log[id], known)) return true;
  // What is absent is said on the last one.
  return (known == Known::Final && id == slot.last) || !is_quiet(impl_->log, impl_->hosts, id);
}

bool Tracker::may_have_grave_findings(SegmentId id, Known known) const {
  const ConnectionSlot& slot = impl_->slot_of(id);
  if (slot.has_kin || !slot.course.goes_on() || !Impl::record_tells(slot, impl_->log[id], known))
    return may_have_findings(id, known);
  const bool ends_early = known == Known::Final && id == slot.last && !slot.course.is_over();
  return ends_early || impl_->hosts.found_at(id) || impl_->legs.found_at(id) ||
         !is_uneventful(impl_->log, id, impl_->settings.close_wait_held_ns);
}

bool Tracker::Impl::mark_from_record(SegmentId id, Known known, Annotation& a) const {
  const SegmentRecord& r = log[id];
  const ConnectionSlot& slot = slots[r.connection];
  if (!record_tells(slot, r, known)) return false;
  const bool final = known == Known::Final;
  mark_record(
      a, r,
      final ? Role{slot.best_client, slot.best_basis} : Role{slot.first_client, slot.first_basis});
  if (is_lone_syn(slot, r)) a.lost = final;  // a SYN that nobody answered reached nobody
  return true;
}

void Tracker::annotate(SegmentId id, Known known, Detail detail, Annotation& a) const {
  ConnectionSlot& slot = impl_->slot_of(id);
  a.connection = slot.number;
  a.tracked = slot.number != kNowhere;
  if (detail == Detail::Mark && impl_->mark_from_record(id, known, a)) {
    if (!a.tracked) a.phase = Phase::None;
    return;
  }
  const Pin pin(impl_->pins);
  const Place place = impl_->place(id);
  const Connection& connection = place.connection;
  impl_->make_known(place.slot, place.connection, known);
  const CaptureView capture{known == Known::Final, impl_->both_directions, impl_->clock.end_ns(),
                            impl_->settings.close_wait_held_ns};
  if (detail == Detail::Mark) {
    make_mark(a, connection, place.row, capture);
  } else {
    Successor successor;
    const std::uint32_t index = impl_->kin_of(impl_->log[id].connection).successor;
    if (index != kNowhere) {
      // Known as far as the connection itself is, or the answer would hang on who was asked for before.
      const ConnectionSlot& next = impl_->slots[index];
      successor = {next.given_up ? &impl_->connection(index) : &impl_->as_known(index, known),
                   next.a_is_high == slot.a_is_high};
    }
    make_annotation(a, connection, successor, place.row, capture);
    const End client = connection.role(known).client;
    for (const End e : {End::A, End::B}) a.gauge[e == client ? 0 : 1] = impl_->gauge(slot, e, id);
    impl_->hosts.add_findings(id, a);
    impl_->legs.add_findings(id, a);
    const ZeekLog& zeek = zeek_cache_in(impl_->shown)
                              .log_of(impl_->log[id].connection, slot.loaded->load, connection);
    a.conn_state = zeek.conn_state(client);
    a.history = zeek.history(client);
  }
  if (!a.tracked) a.phase = Phase::None;
}

}  // namespace tcpwave
