// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/packed.h"

#include <algorithm>
#include <cstring>

namespace tcpwave {
namespace {

// What a record's first two octets tell: its sender, and what of it stands behind them.
constexpr unsigned kFromB = 1U << 0, kSeq = 1U << 1, kAck = 1U << 2, kPayload = 1U << 3,
                   kTimestamps = 1U << 4, kTsval = 1U << 5, kTsecr = 1U << 6, kWindow = 1U << 7,
                   kIpId = 1U << 8, kTtl = 1U << 9, kChecksum = 1U << 10, kFrame = 1U << 11,
                   kSynOptions = 1U << 12, kDsack = 1U << 13, kFlags = 1U << 14,
                   kLearned = 1U << 15;

/// Writes where there is room for it; see kMost.
class Writer {
 public:
  explicit Writer(std::uint8_t* at) : at_(at) {}
  [[nodiscard]] const std::uint8_t* end() const { return at_; }
  template <class T>
  void fixed(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  /// Seven bits an octet, the low ones first.
  void varying(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<std::uint8_t>(value | 0x80U);
    *at_++ = static_cast<std::uint8_t>(value);
  }

 private:
  std::uint8_t* at_;
};

/// More octets than any record takes: its fixed parts, and ten for each of four varying ones.
constexpr std::size_t kMost = sizeof(Record) + 40;

class Reader {
 public:
  explicit Reader(const std::uint8_t* at) : at_(at) {}
  template <class T>
  T fixed() {
    T value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  void skip(std::size_t octets) { at_ += octets; }
  std::uint64_t varying() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t octet = *at_++;
      value |= std::uint64_t{octet & 0x7FU} << shift;
      if ((octet & 0x80U) == 0) return value;
    }
  }

 private:
  const std::uint8_t* at_;
};

/// Small numbers of either sign become small numbers; wraps, so that any two times have a difference.
constexpr std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (0 - (difference >> 63));
}
constexpr std::uint64_t unzigzag(std::uint64_t z) { return (z >> 1) ^ (0 - (z & 1)); }

constexpr bool fits_octet(std::uint32_t difference) { return difference < 0x80; }

/// What an ordinary segment in order comes to.
void learn_usual(Record& r, Seq ack_expected, Phase phase) {
  r.ack_check = AckCheck::Ok;
  r.seq_expected = r.seq;
  r.ack_expected = ack_expected;
  r.ack_expected_known = true;
  r.phase = phase;
}

bool learned_usual(const Record& r, const Expectation& before) {
  return r.fate == Fate::Presumed && r.copy_of == kNoRow && !r.bogus && !r.after_missed &&
         r.seq_check == SeqCheck::Ok && r.ack_check == AckCheck::Ok && r.seq_expected == r.seq &&
         r.ack_expected_known && r.ack_expected == before.ack(r.from) && r.notes == 0 &&
         r.noted == 0 && r.steps.empty() && r.repeated.empty() && r.phase == before.phase();
}

void write_learned(const Record& r, Writer& out) {
  out.fixed(r.fate);
  out.fixed(r.copy_of);
  out.fixed(static_cast<std::uint8_t>((r.bogus ? 1U : 0U) | (r.after_missed ? 2U : 0U) |
                                      (r.ack_expected_known ? 4U : 0U)));
  out.fixed(r.seq_check);
  out.fixed(r.ack_check);
  out.fixed(r.seq_expected.raw());
  out.fixed(r.ack_expected.raw());
  out.fixed(r.notes);
  out.fixed(r.noted);
  out.fixed(r.steps);
  out.fixed(r.repeated);
  out.fixed(r.phase);
}

/// What was learned, in a glimpse.
void tell_learned(const Record& r, Glimpse& to) {
  to.lost = r.fate == Fate::Lost;
  to.copy = r.copy_of != kNoRow;
  to.again = r.seq_check == SeqCheck::Retransmission;
  to.plain = r.is_plain();
  to.notable =
      r.flags.has_step() || !r.steps.empty() || !r.seq_check_accepts() || !r.ack_check_accepts();
}

void read_learned(Record& r, Reader& in) {
  r.fate = in.fixed<Fate>();
  r.copy_of = in.fixed<Row>();
  const auto bits = in.fixed<std::uint8_t>();
  r.bogus = (bits & 1U) != 0;
  r.after_missed = (bits & 2U) != 0;
  r.ack_expected_known = (bits & 4U) != 0;
  r.seq_check = in.fixed<SeqCheck>();
  r.ack_check = in.fixed<AckCheck>();
  r.seq_expected = Seq(in.fixed<std::uint32_t>());
  r.ack_expected = Seq(in.fixed<std::uint32_t>());
  r.notes = in.fixed<std::uint8_t>();
  r.noted = in.fixed<std::uint32_t>();
  r.steps = in.fixed<StepSet>();
  r.repeated = in.fixed<StepSet>();
  r.phase = in.fixed<Phase>();
}

unsigned surprises(const Record& r, const Expectation& before, Kept kept) {
  const auto expected = before.of(r.from);
  unsigned mask = r.from == End::B ? kFromB : 0;
  const auto add = [&mask](bool surprise, unsigned bit) { mask |= surprise ? bit : 0; };
  add(r.seq != expected.seq, kSeq);
  add(r.ack != before.ack(r.from), kAck);
  add(r.payload != 0, kPayload);
  add(r.has_ts, kTimestamps);
  add(r.has_ts && !fits_octet(r.tsval - expected.tsval), kTsval);
  add(r.has_ts && r.tsecr != before.tsecr(r.from), kTsecr);
  add(r.window != expected.window, kWindow);
  add(r.ip_id != expected.ip_id, kIpId);
  add(r.ttl != expected.ttl, kTtl);
  add(r.checksum != 0, kChecksum);
  add(r.frame - r.id != before.frame_beyond_id(), kFrame);
  add(r.fast_open != FastOpen::None || r.window_scale != -1 || r.scale_excess || r.options_cut,
      kSynOptions);
  add(r.dsack_left != Seq{} || r.dsack_right != Seq{}, kDsack);
  add(!(r.flags == expected.flags), kFlags);
  add(kept == Kept::Whole && !learned_usual(r, before), kLearned);
  return mask;
}

void write(const Record& r, const Expectation& before, Kept kept, Writer& out) {
  const unsigned mask = surprises(r, before, kept);
  out.fixed(static_cast<std::uint16_t>(mask));
  out.varying(r.id - before.id());
  out.varying(
      zigzag(static_cast<std::uint64_t>(r.time_ns) - static_cast<std::uint64_t>(before.time_ns())));
  if ((mask & kFlags) != 0) out.fixed(r.flags.bits);
  if ((mask & kSeq) != 0) out.fixed(r.seq.raw());
  if ((mask & kAck) != 0) out.fixed(r.ack.raw());
  if ((mask & kPayload) != 0) out.varying(r.payload);
  if ((mask & kTimestamps) != 0) {
    if ((mask & kTsval) != 0)
      out.fixed(r.tsval);
    else
      out.fixed(static_cast<std::uint8_t>(r.tsval - before.of(r.from).tsval));
    if ((mask & kTsecr) != 0) out.fixed(r.tsecr);
  }
  if ((mask & kWindow) != 0) out.fixed(r.window);
  if ((mask & kIpId) != 0) out.fixed(r.ip_id);
  if ((mask & kTtl) != 0) out.fixed(r.ttl);
  if ((mask & kChecksum) != 0) out.fixed(r.checksum);
  if ((mask & kFrame) != 0) out.varying(r.frame - r.id);
  if ((mask & kSynOptions) != 0) {
    out.fixed(static_cast<std::uint8_t>(static_cast<unsigned>(r.fast_open) |
                                        (r.options_cut ? 0x40U : 0U) |
                                        (r.scale_excess ? 0x80U : 0U)));
    out.fixed(r.window_scale);
  }
  if ((mask & kDsack) != 0) {
    out.fixed(r.dsack_left.raw());
    out.fixed(r.dsack_right.raw());
  }
  if ((mask & kLearned) != 0) write_learned(r, out);
}

void read(Record& r, Reader& in, const Expectation& before, Kept kept) {
  const unsigned mask = in.fixed<std::uint16_t>();
  r.from = (mask & kFromB) != 0 ? End::B : End::A;
  const auto expected = before.of(r.from);
  r.id = before.id() + static_cast<std::uint32_t>(in.varying());
  r.time_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(before.time_ns()) +
                                        unzigzag(in.varying()));
  r.flags = (mask & kFlags) != 0 ? Flags{in.fixed<std::uint8_t>()} : expected.flags;
  r.seq = (mask & kSeq) != 0 ? Seq(in.fixed<std::uint32_t>()) : expected.seq;
  r.ack = (mask & kAck) != 0 ? Seq(in.fixed<std::uint32_t>()) : before.ack(r.from);
  if ((mask & kPayload) != 0) r.payload = static_cast<std::uint32_t>(in.varying());
  r.has_ts = (mask & kTimestamps) != 0;
  if (r.has_ts) {
    r.tsval = (mask & kTsval) != 0 ? in.fixed<std::uint32_t>()
                                   : expected.tsval + in.fixed<std::uint8_t>();
    r.tsecr = (mask & kTsecr) != 0 ? in.fixed<std::uint32_t>() : before.tsecr(r.from);
  }
  r.window = (mask & kWindow) != 0 ? in.fixed<std::uint16_t>() : expected.window;
  r.ip_id = (mask & kIpId) != 0 ? in.fixed<std::uint16_t>() : expected.ip_id;
  r.ttl = (mask & kTtl) != 0 ? in.fixed<std::uint8_t>() : expected.ttl;
  if ((mask & kChecksum) != 0) r.checksum = in.fixed<std::uint16_t>();
  r.frame = r.id + ((mask & kFrame) != 0 ? static_cast<std::uint32_t>(in.varying())
                                         : before.frame_beyond_id());
  if ((mask & kSynOptions) != 0) {
    const auto options = in.fixed<std::uint8_t>();
    r.fast_open = static_cast<FastOpen>(options & 0x3FU);
    r.options_cut = (options & 0x40U) != 0;
    r.scale_excess = (options & 0x80U) != 0;
    r.window_scale = in.fixed<std::int8_t>();
  }
  if ((mask & kDsack) != 0) {
    r.dsack_left = Seq(in.fixed<std::uint32_t>());
    r.dsack_right = Seq(in.fixed<std::uint32_t>());
  }
  if ((mask & kLearned) != 0)
    read_learned(r, in);
  else if (kept == Kept::Whole)
    learn_usual(r, before.ack(r.from), before.phase());
}

void read_all(std::span<Record> records, Reader& in, Kept kept) {
  const Record blank;
  Expectation expectation;
  for (Record& r : records) {
    r = blank;
    read(r, in, expectation, kept);
    expectation.note(r);
  }
}

/// Reads what `read` does, as far as a glimpse tells it.
class GlimpseReader {
 public:
  GlimpseReader(Reader& in, const Record& first)
      : in_(in),
        time_ns_(first.time_ns),
        id_(first.id),
        frame_beyond_id_(first.frame - first.id),
        phase_(first.phase) {
    flags_[index(first.from)] = first.flags;
  }

  void next(Glimpse& to) {
    const unsigned mask = in_.fixed<std::uint16_t>();
    to.from = (mask & kFromB) != 0 ? End::B : End::A;
    to.id = id_ += static_cast<std::uint32_t>(in_.varying());
    to.time_ns = time_ns_ =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(time_ns_) + unzigzag(in_.varying()));
    Flags& flags = flags_[index(to.from)];
    if ((mask & kFlags) != 0) flags = Flags{in_.fixed<std::uint8_t>()};
    to.flags = flags;
    in_.skip(((mask & kSeq) != 0 ? 4U : 0U) + ((mask & kAck) != 0 ? 4U : 0U));
    to.payload = (mask & kPayload) != 0 ? static_cast<std::uint32_t>(in_.varying()) : 0;
    if ((mask & kTimestamps) != 0)
      in_.skip(((mask & kTsval) != 0 ? 4U : 1U) + ((mask & kTsecr) != 0 ? 4U : 0U));
    in_.skip(((mask & kWindow) != 0 ? 2U : 0U) + ((mask & kIpId) != 0 ? 2U : 0U) +
             ((mask & kTtl) != 0 ? 1U : 0U) + ((mask & kChecksum) != 0 ? 2U : 0U));
    if ((mask & kFrame) != 0) frame_beyond_id_ = static_cast<std::uint32_t>(in_.varying());
    to.frame = id_ + frame_beyond_id_;
    in_.skip(((mask & kSynOptions) != 0 ? 2U : 0U) + ((mask & kDsack) != 0 ? 8U : 0U));
    (mask & kLearned) != 0 ? learned(to) : usual(to);
  }

 private:
  void usual(Glimpse& to) const {
    to.lost = to.copy = to.again = false;
    to.plain = phase_ == Phase::Established && to.flags.is_ack_alone();
    to.notable = to.flags.has_step();
  }

  void learned(Glimpse& to) {
    read_learned(learned_, in_);
    learned_.flags = to.flags;
    tell_learned(learned_, to);
    phase_ = learned_.phase;
  }

  Reader& in_;
  std::int64_t time_ns_;
  std::uint32_t id_, frame_beyond_id_;
  Phase phase_;
  Record learned_;
  std::array<Flags, 2> flags_{};
};

}  // namespace

Expectation::OfEnd Expectation::of(End end) const {
  const OfEnd& last = end_[index(end)];
  const auto ip_id = static_cast<std::uint16_t>(last.ip_id + (last.ip_id != 0 ? 1U : 0U));
  return {last.seq, last.tsval, last.window, ip_id, last.ttl, last.flags};
}

void Expectation::note(const Record& r) {
  OfEnd& x = end_[index(r.from)];
  x.seq = r.end();
  if (r.has_ts) x.tsval = r.tsval;
  x.window = r.window;
  x.ip_id = r.ip_id;
  x.ttl = r.ttl;
  x.flags = r.flags;
  id_ = r.id;
  phase_ = r.phase;
  frame_beyond_id_ = r.frame - r.id;
  time_ns_ = r.time_ns;
}

Glimpse glimpse_of(const Record& r) {
  Glimpse g;
  g.time_ns = r.time_ns;
  g.id = r.id;
  g.frame = r.frame;
  g.payload = r.payload;
  g.from = r.from;
  g.flags = r.flags;
  tell_learned(r, g);
  return g;
}

PackedRecords::PackedRecords(std::span<const Record> records, Kept kept) {
  constexpr std::size_t kFew = 16, kCount = 5;
  std::array<std::uint8_t, kCount + kFew * kMost> small;
  std::unique_ptr<std::uint8_t[]> large;
  if (records.size() > kFew) large.reset(new std::uint8_t[kCount + records.size() * kMost]);
  std::uint8_t* const room = large ? large.get() : small.data();
  Writer out(room);
  out.varying(records.size());
  Expectation expectation;
  for (const Record& r : records) {
    write(r, expectation, kept, out);
    expectation.note(r);
  }
  octets_.reset(new std::uint8_t[static_cast<std::size_t>(out.end() - room)]);
  std::copy(static_cast<const std::uint8_t*>(room), out.end(), octets_.get());
}

Row PackedRecords::size() const {
  return empty() ? 0 : static_cast<Row>(Reader(octets_.get()).varying());
}

void PackedRecords::unpack(Record* to, Kept kept) const {
  if (empty()) return;
  Reader in(octets_.get());
  const auto count = in.varying();
  read_all({to, static_cast<std::size_t>(count)}, in, kept);
}

void PackedRecords::glimpse(Glimpse* to) const {
  if (empty()) return;
  Reader in(octets_.get());
  const Glimpse* const end = to + in.varying();
  Record first;
  read(first, in, Expectation{}, Kept::Whole);
  *to++ = glimpse_of(first);
  GlimpseReader others(in, first);
  while (to != end) others.next(*to++);
}

std::vector<Record> PackedRecords::unpacked(Kept kept) const {
  std::vector<Record> records(size());
  unpack(records.data(), kept);
  return records;
}

void PackedSequence::push_back(const Record& r) {
  std::array<std::uint8_t, kMost> room;
  Writer out(room.data());
  write(r, next_, Kept::Captured, out);
  const auto octets = static_cast<std::size_t>(out.end() - room.data());
  if (octets_.size() + octets > octets_.capacity())
    octets_.reserve(octets_.size() + octets_.size() / 4 + octets);
  octets_.insert(octets_.end(), room.data(), room.data() + octets);
  next_.note(r);
  ++size_;
}

std::vector<Record> PackedSequence::unpacked() const {
  std::vector<Record> records(size_);
  Reader in(octets_.data());
  read_all(records, in, Kept::Captured);
  return records;
}

}  // namespace tcpwave
