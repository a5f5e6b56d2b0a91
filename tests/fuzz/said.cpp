// See said.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/said.h"

#include <type_traits>

#include "tcpwave/sentences.h"

namespace tcpwave::fuzz {
namespace {

/// Writes values one after the other; of structures each member, as the padding between is anything.
class Writer {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T> Writer& operator<<(T value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  template <class T>
  Writer& operator<<(const std::optional<T>& value) {
    *this << value.has_value();
    return value ? *this << *value : *this;
  }
  template <class T, std::size_t N>
  Writer& operator<<(const std::array<T, N>& values) {
    for (const T& value : values) *this << value;
    return *this;
  }
  template <class T, std::size_t N>
  Writer& operator<<(const Few<T, N>& values) {
    *this << values.size();
    for (const T& value : values) *this << value;
    return *this;
  }
  Writer& operator<<(Seq s) { return *this << s.raw(); }
  Writer& operator<<(const Timestamps& t) { return *this << t.value << t.echo; }
  Writer& operator<<(const SackBlock& b) { return *this << b.left << b.right; }
  Writer& operator<<(const Address& a) { return *this << a.octets << a.v6; }
  Writer& operator<<(const Options& o) {
    return *this << o.mss << o.window_scale << o.timestamps << o.sack_permitted << o.fast_open
                 << o.sack_count << o.sack;
  }
  Writer& operator<<(Flags f) { return *this << f.bits; }
  Writer& operator<<(const StepMark& s) {
    return *this << s.phase << s.number << s.repeated << s.original_frame;
  }
  Writer& operator<<(const EndpointView& e) {
    return *this << e.before << e.after << e.previous << e.basis << e.proof_frame;
  }
  Writer& operator<<(const Rule& r) {
    return *this << r.kind << r.ok << r.actual << r.base << r.data;
  }
  Writer& operator<<(const FindingHit& f) { return *this << f.finding << f.first << f.second; }
  Writer& operator<<(const HostGauge& g) {
    return *this << g.syn_received << g.close_wait << g.time_wait;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string said(const Annotation& a) {
  Writer w;
  w << a.connection << a.tracked << a.sender << a.role_basis << a.phase << a.steps << a.endpoint
    << a.active_closer << a.flags << a.payload << a.lost << a.copy << a.seq << a.ack
    << a.seq_expected << a.ack_expected << a.seq_check << a.ack_check << a.rules << a.findings
    << a.waiting_for << a.handshake_rtt_ns << a.wave_duration_ns << a.since_previous_step_ns
    << a.handshake_frame << a.wave_frame << a.gauge << a.outcome << a.outcome_kind << a.rst
    << a.reset_states << a.reset_by << a.reset_cause << a.reset_confidence << a.conn_state
    << a.history;
  return w.take();
}

std::string said(const Segment& s) {
  Writer w;
  w << s.source << s.destination << s.source_port << s.destination_port << s.seq << s.ack << s.flags
    << s.window << s.urgent << s.payload << s.options << s.options_cut << s.ip_id << s.ttl;
  return w.take();
}

std::size_t words_of(const Annotation& a, bool final) {
  std::size_t length = history_text(a).view().size();
  for (const Language language : {Language::English, Language::Chinese}) {
    const auto add = [&](const Text& text) { length += text.view().size(); };
    for (const StepMark& step : a.steps) add(step_text(a, step, language));
    for (const Rule& rule : a.rules) {
      add(rule_text(rule, language));
      add(checked_rule_text(a, rule, language));
    }
    for (const FindingHit& hit : a.findings) {
      add(finding_text(a, hit, language));
      add(judged_finding_text(a, hit, language));
      add(explanation_text(a, hit, language));
    }
    for (const Side side : {Side::Client, Side::Server}) {
      add(transition_text(a, side));
      add(endpoint_text(a, side, language));
    }
    add(waiting_text(a, language));
    add(headline(a, language));
    add(short_mark(a, language));
    add(meaning_text(a, language));
    add(checks_text(a, language));
    add(seq_check_text(a, language));
    add(ack_check_text(a, language));
    add(steps_text(a, language));
    add(connection_text(a, final, language));
  }
  return length;
}

}  // namespace tcpwave::fuzz
