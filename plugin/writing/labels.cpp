// See labels.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/labels.h"

#include "tcpwave/show/finding_titles.h"
#include "tcpwave/show/words.h"

namespace tcpwave {

Text reset_text(const Annotation& a, Language language) {
  if (a.findings.empty()) return short_mark(a, language);
  return Text(title(a.findings[0].finding, language));
}

Text info_mark(const Annotation& a, Language language) {
  return a.rst && a.steps.empty() ? reset_text(a, language) : short_mark(a, language);
}

Text outcome_text(Outcome outcome, OutcomeKind kind, Language language) {
  const WordTable& w = words(language);
  Text text(word(w.outcome, outcome));
  if (kind != OutcomeKind::None)
    text << word(w.glue, Glue::Open) << word(w.outcome_kind, kind) << word(w.glue, Glue::Close);
  return text;
}

std::string_view reset_by_text(ResetBy by, Language language) {
  const bool plain = language == Language::English && by != ResetBy::ThirdParty;
  return plain ? name(by) : word(words(language).reset_by, by);
}

}  // namespace tcpwave
