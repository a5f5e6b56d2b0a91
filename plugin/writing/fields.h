// THE list of tcpwave's fields: one row each.
//
// Registration, the tree and the documents are made from these rows. A row says the field's filter
// name, label, type and meaning, and how its values, none or several, are read from an annotation.
// Names are public interface. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "kernel/witness.h"
#include "tcpwave/annotation.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// What the readers read.
struct View {
  const Annotation& annotation;
  Known known = Known::SoFar;
  Language language = Language::English;     ///< of the lines; values are the same in all
  const kernel::BothSaid* kernel = nullptr;  ///< what the ends' kernels said; null: nothing
};

/// Takes the values of one field, in order. It may longjmp: readers own nothing.
class ValueSink {
 public:
  virtual void number(std::uint32_t) = 0;
  virtual void text(const char*) = 0;
  virtual void duration(std::int64_t nanoseconds) = 0;
  /// The line that this value would belong below has none.
  virtual void skip() {}

 protected:
  ~ValueSink() = default;
};

enum class FieldType : std::uint8_t {
  Uint8,
  Uint32,
  Code,  // a number with a name: see field_values.h
  Bool,
  String,
  RelativeTime,
  Frame,          // a link without a symbol in the packet list
  RequestFrame,   // links drawn as: what started this,
  ResponseFrame,  // ... what answers,
  AckFrame,       // ... what acknowledges,
  OriginalFrame,  // ... what this repeats
};

enum class Display : std::uint8_t {
  Labelled,  // label: value, or what the row's `says` makes of it
  Bare,      // what `says` makes of it, alone
  Hidden,    // found by filters and scripts, but would say twice what stands in the tree already
};

/// Lines of the details pane that have others below them. What explains stands on top, what it rests
/// on below.
enum class Branch : std::uint8_t {
  Top,
  Step,
  Client,
  Server,
  Kernel,
  Checks,
  Finding,
  Steps,
  Connection
};
inline constexpr std::size_t kBranches = 9;

/// A row of the list of fields.
struct Field {
  const char* filter;
  std::array<const char*, kLanguages> label;
  FieldType type;
  Display shown;
  Branch in;  ///< below which line it stands: its n-th value below the n-th, if there are more
  bool of_connection;  ///< absent where the segment belongs to no connection
  const char* meaning;
  void (*read)(const View&, ValueSink&);
  Text (*says)(const View&, std::size_t n) = nullptr;  ///< the line for the n-th value
  Branch heads = Branch::Top;                          ///< the lines that stand below it
  bool (*worth)(const View&) = nullptr;  ///< absent: whenever it has a value, a line shows it
};

inline constexpr std::size_t kFields = 68;

/// Whether Detail::Mark tells all of the n-th field's values.
[[nodiscard]] bool is_of_mark(std::size_t field);

/// In the order of the tree.
[[nodiscard]] std::span<const Field, kFields> fields();

}  // namespace tcpwave
