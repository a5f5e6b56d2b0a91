// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/hosts.h"

#include <algorithm>
#include <bit>

namespace tcpwave {
namespace {

constexpr std::uint32_t kWindow = 20;  ///< connects that a rate of refusals is taken over
constexpr std::uint32_t kProbes = 16;  ///< ports of one address, or addresses with one port ...
constexpr std::int64_t kProbeNs = 10'000'000'000;  ///< ... tried within this time are a scan
constexpr std::size_t kTries = 64;                 ///< bounds what is kept of a host
constexpr std::uint32_t kEphemeralPorts = 20000;   ///< of some 28,000 in the usual range

/// What piles up, and what says so from how many on.
struct PilesUp {
  State state;
  Finding finding;
  std::uint32_t Settings::*limit;
  std::uint32_t HostGauge::*gauge;
};
constexpr std::array<PilesUp, 3> kPiles{{
    {State::SynReceived, Finding::SynFlood, &Settings::syn_flood_half_open,
     &HostGauge::syn_received},
    {State::CloseWait, Finding::CloseWaitPileup, &Settings::pileup, &HostGauge::close_wait},
    {State::TimeWait, Finding::TimeWaitPileup, &Settings::pileup, &HostGauge::time_wait},
}};

/// Its place among kPiles; their number where it does not pile up.
std::size_t pile_of(State s) {
  std::size_t i = 0;
  while (i < kPiles.size() && kPiles[i].state != s) ++i;
  return i;
}

}  // namespace

std::size_t Hosts::PairHash::operator()(const Pair& p) const {
  return static_cast<std::size_t>(mix(mix(seed ^ p.towards) ^ p.host));
}

Hosts::Host& Hosts::of(Id id) {
  if (id >= place_.size()) place_.resize(std::size_t{id} + 1, kNone);
  if (place_[id] == kNone) {
    hosts_.push_back({});
    place_[id] = static_cast<std::uint32_t>(hosts_.size() - 1);
  }
  return hosts_[place_[id]];
}

bool Hosts::Alarm::rises(std::uint32_t count, std::uint32_t limit) {
  if (count <= limit / 2) given = false;
  if (given || count < limit) return false;
  given = true;
  return true;
}

/// Its first number is the count that the limit is for.
void Hosts::alarm(Id id, Alarm& state, FindingHit hit, std::uint32_t limit, SegmentId segment) {
  if (limit > 0 && state.rises(hit.first, limit)) found(id, hit, segment);
}

/// Said once of a host and a segment, with the latest numbers.
void Hosts::found(Id id, FindingHit hit, SegmentId segment) {
  segment = in_order(segment);
  for (auto known = hits_.rbegin(); known != hits_.rend() && known->id == segment; ++known) {
    if (known->host != id || known->hit.finding != hit.finding) continue;
    known->hit = hit;
    return;
  }
  hits_.push_back({segment, id, hit});
}

/// In a state that piles up.
void Hosts::count(Id id, State state, int by, SegmentId segment) {
  static_assert(std::ranges::all_of(kPiles, [](const PilesUp& p) { return piles_up(p.state); }));
  segment = in_order(segment);
  const std::size_t i = pile_of(state);
  Pile& pile = of(id).piles[i];
  pile.count += static_cast<std::uint32_t>(by);
  alarm(id, pile.alarm, {kPiles[i].finding, pile.count, 0}, settings_.*kPiles[i].limit, segment);
  if (!pile.history.empty() && pile.history.back().since == segment)
    pile.history.back().count = pile.count;
  else
    pile.history.push_back({segment, pile.count});
}

void Hosts::hold(Id id, std::uint64_t towards, int by, SegmentId segment) {
  if (towards == 0) return;
  std::uint32_t& ports = held_[{id, towards}];
  ports += static_cast<std::uint32_t>(by);
  if (by > 0 && ports == kEphemeralPorts)
    found(id, {Finding::EphemeralPortsLow, ports, 0}, segment);
  if (ports == 0) held_.erase({id, towards});
}

void Hosts::note_end(std::uint64_t end, std::int64_t at_ns) {
  ends_in_time_wait_[end] = at_ns;
  earliest_ns_ = std::min(earliest_ns_, at_ns);
  latest_ns_ = std::max(latest_ns_, at_ns);
}

bool Hosts::forget_end(std::uint64_t end) {
  const bool known = ends_in_time_wait_.erase(end) > 0;
  if (ends_in_time_wait_.empty()) {
    earliest_ns_ = kNever;
    latest_ns_ = -kNever;
  }
  return known;
}

void Hosts::change(Id id, std::uint64_t end, std::uint64_t towards, State from, State to,
                   SegmentId segment, std::int64_t now_ns) {
  if (from == State::TimeWait && !forget_end(end)) from = State::Closed;  // it has expired already
  if (piles_up(from)) count(id, from, -1, segment);
  if (piles_up(to)) count(id, to, 1, segment);
  if (holds_port(to) != holds_port(from)) hold(id, towards, holds_port(to) ? 1 : -1, segment);
  if (to != State::TimeWait) return;
  const std::int64_t at = now_ns + settings_.time_wait_ns;
  note_end(end, at);
  of(id).time_wait.push_back({at, end, towards});
}

void Hosts::expire(Id id, SegmentId segment, std::int64_t now_ns) {
  Host& host = of(id);
  while (is_due(host, now_ns)) {
    const Expiry expiry = host.time_wait.front();
    host.time_wait.pop_front();
    const auto still = ends_in_time_wait_.find(expiry.end);
    if (still == ends_in_time_wait_.end() || still->second != expiry.at_ns) continue;
    forget_end(expiry.end);
    count(id, State::TimeWait, -1, segment);
    hold(id, expiry.towards, -1, segment);
  }
}

void Hosts::connected(Id id, bool good, SegmentId segment) {
  Host& host = of(id);
  host.connects = std::min(host.connects + 1, kWindow);
  host.outcomes = ((host.outcomes << 1) | (good ? 0U : 1U)) & ((1U << kWindow) - 1);
  const auto failed = static_cast<std::uint32_t>(std::popcount(host.outcomes));
  if (host.connects == kWindow)
    alarm(id, host.refusals, {Finding::RefusalRate, failed, kWindow}, kWindow / 2, segment);
}

/// A client that tries the same few ports again and again scans nothing, nor does one that many addresses do
/// not answer: its own network may be down.
void Hosts::probed(Id id, Target target, bool answered, SegmentId segment, std::int64_t now_ns) {
  Host& host = of(id);
  std::erase_if(host.tries, [&](const Try& t) {
    return t.target == target || now_ns - t.at_ns > kProbeNs || t.at_ns > now_ns;
  });
  if (host.tries.size() == kTries) host.tries.erase(host.tries.begin());
  host.tries.push_back({now_ns, target, answered});
  std::uint32_t ports = 0, addresses = 0;
  for (const Try& t : host.tries) {
    if (t.target.host == target.host) ++ports;
    if (t.target.port == target.port && t.answered) ++addresses;
  }
  constexpr auto kSeconds = static_cast<std::uint32_t>(kProbeNs / 1'000'000'000);
  alarm(id, host.scan, {Finding::ScanSuspected, std::max(ports, addresses), kSeconds}, kProbes,
        segment);
}

HostGauge Hosts::gauge(Id id, SegmentId segment) const {
  HostGauge gauge;
  const Host* host = find(id);
  if (host == nullptr) return gauge;
  for (std::size_t i = 0; i < kPiles.size(); ++i) {
    const std::vector<Sample>& history = host->piles[i].history;
    const auto after =
        std::upper_bound(history.begin(), history.end(), segment,
                         [](SegmentId s, const Sample& sample) { return s < sample.since; });
    if (after != history.begin()) gauge.*kPiles[i].gauge = std::prev(after)->count;
  }
  return gauge;
}

bool Hosts::found_at(SegmentId segment) const {
  const auto hit = std::lower_bound(hits_.begin(), hits_.end(), segment,
                                    [](const Hit& h, SegmentId s) { return h.id < s; });
  return hit != hits_.end() && hit->id == segment;
}

void Hosts::add_findings(SegmentId segment, Annotation& a) const {
  auto hit = std::lower_bound(hits_.begin(), hits_.end(), segment,
                              [](const Hit& h, SegmentId s) { return h.id < s; });
  for (; hit != hits_.end() && hit->id == segment; ++hit) a.findings.push(hit->hit);
}

}  // namespace tcpwave
