// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/fields.h"

#include <array>

#include "tcpwave/annotation.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::Uint8:
      return "unsigned, 1 byte";
    case FieldType::Code:
      return "unsigned, 1 byte, with names";
    case FieldType::Uint32:
      return "unsigned, 4 bytes";
    case FieldType::Bool:
      return "boolean";
    case FieldType::String:
      return "string";
    case FieldType::RelativeTime:
      return "time";
    case FieldType::Frame:
    case FieldType::RequestFrame:
    case FieldType::ResponseFrame:
    case FieldType::AckFrame:
    case FieldType::OriginalFrame:
      return "frame number";
  }
  return "";
}

/// The words of an enumeration, as a row of the table of words.
template <class Enum>
std::string words(const char* fields, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view word = name(static_cast<Enum>(i));
    if (!word.empty()) names.push_back(code(word));
  }
  return row({fields, joined(names, " ")});
}

}  // namespace

std::string fields_page() {
  std::string text = "# Fields\n\n" + made_from("plugin/writing/fields.cpp");
  text +=
      "What display filters, columns, colouring rules and `tshark -e` can name. Names are "
      "public: they are never\nchanged. A field can occur more than once in a segment, for "
      "example `tcpwave.step` in a segment that is two\nsteps; `tshark -T fields` then prints "
      "all of them, separated by commas.\n\n";
  text += heading({"field", "type", "says"});
  for (const Field& field : fields()) {
    std::string meaning = field.meaning;
    if (field.shown == Display::Hidden) meaning += " (not drawn in the tree)";
    text += row({code(field.filter), std::string(type_name(field.type)), meaning});
  }
  text +=
      "\nEvery segment of a known connection has most of them; these are also present on a "
      "segment of none: ";
  std::vector<std::string> always;
  for (const Field& field : fields())
    if (!field.of_connection) always.push_back(code(field.filter));
  text += joined(always, ", ") + ".\n";
  text +=
      "\nEach finding is an expert item of its own as well, `tcpwave.finding.` and its "
      "identifier: [findings](findings.md).\n`tcpwave.unseen` marks a segment that TCP Wave did "
      "not receive, `tcpwave.lost` one on which it failed.\n";
  text += "\n## Their words\n\n" + heading({"field", "words"});
  text += words<State>("the states: `tcpwave.state`, `tcpwave.client.state`, ...", kStates);
  text += words<Basis>("`tcpwave.client.state.basis`, `tcpwave.server.state.basis`", kBases);
  text += words<Phase>("`tcpwave.phase`", kPhases);
  text += words<SeqCheck>("`tcpwave.seq.check`", kSeqChecks);
  text += words<AckCheck>("`tcpwave.ack.check`", kAckChecks);
  text += words<RoleBasis>("`tcpwave.role.basis`", kRoleBases);
  text += words<Outcome>("`tcpwave.outcome`", kOutcomes);
  text += words<OutcomeKind>("`tcpwave.outcome.kind`", kOutcomeKinds);
  return text;
}

}  // namespace tcpwave::docs
