// THE table of findings: one row per enumerator of `Finding`, in the same order.
//
// The expert info, `tcpwave.finding`, the documents and the tests are made from it. The rows stand by group in
// findings/GROUP.h, beside what raises them (findings/GROUP.cpp, or the file that GROUP.h names). What is asked of a row
// is checked here, when it is compiled.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>

#include "tcpwave/finding.h"
#include "tcpwave/findings/closing.h"
#include "tcpwave/findings/hosts.h"
#include "tcpwave/findings/opening.h"
#include "tcpwave/findings/resets.h"
#include "tcpwave/findings/segments.h"

namespace tcpwave {

/// The findings that are the verdict on a RST: Annotation::reset_cause is one of them.
inline constexpr std::array kResetCauses{
    Finding::ConnectionRefused, Finding::RstInHandshake, Finding::HalfOpenPeer,
    Finding::RstAbort,          Finding::RstUnreadData,  Finding::RstOrphanData,
    Finding::RstCloserGone,     Finding::RstPeerGone,    Finding::RstUnknownConnection,
    Finding::RstKeepalive,      Finding::RstForeignPath, Finding::TimeWaitKilled};

namespace detail {
consteval std::array<FindingInfo, kFindings> all_findings() {
  std::array<FindingInfo, kFindings> all{};
  std::size_t next = 0;
  const auto add = [&](Group group, const auto& rows) {
    for (FindingInfo row : rows) {
      row.group = group;
      all.at(next++) = row;  // one too many does not compile
    }
  };
  add(Group::Opening, kOpeningFindings);
  add(Group::Closing, kClosingFindings);
  add(Group::Resets, kResetsFindings);
  add(Group::Segments, kSegmentsFindings);
  add(Group::Hosts, kHostsFindings);
  return all;
}
}  // namespace detail

inline constexpr std::array<FindingInfo, kFindings> kCatalogue = detail::all_findings();

constexpr const FindingInfo& info(Finding f) { return kCatalogue[static_cast<std::size_t>(f)]; }

namespace detail {
consteval bool in_order() {
  for (std::size_t i = 0; i < kFindings; ++i)
    if (static_cast<std::size_t>(kCatalogue[i].finding) != i || kCatalogue[i].id == nullptr)
      return false;
  return true;
}
consteval bool is_name(std::string_view id) {
  for (const char c : id)
    if (!((c >= 'a' && c <= 'z') || c == '_')) return false;
  return !id.empty();
}
consteval bool names_good() {
  for (std::size_t i = 0; i < kFindings; ++i) {
    if (!is_name(kCatalogue[i].id)) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (std::string_view(kCatalogue[i].id) == kCatalogue[j].id) return false;
  }
  return true;
}
/// Each placeholder that `text` has, `other` has too.
consteval bool has_placeholders_of(std::string_view text, std::string_view other) {
  for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1))
    if (other.find(text.substr(at, text.find('}', at) + 1 - at)) == other.npos) return false;
  return true;
}
/// An end of the segment may be named in one language's explanation and not in the other's.
consteval bool languages_agree() {
  for (const FindingInfo& row : kCatalogue) {
    if (!has_placeholders_of(row.english.text, row.chinese.text)) return false;
    if (!has_placeholders_of(row.chinese.text, row.english.text)) return false;
    if (!has_placeholders_of(row.chinese.explanation, row.english.explanation)) return false;
  }
  return true;
}
consteval bool words_complete() {
  for (const FindingInfo& row : kCatalogue)
    for (const FindingWords& words : {row.english, row.chinese})
      if (std::string_view(words.text).empty() || std::string_view(words.text).ends_with('.') ||
          std::string_view(words.explanation).empty())
        return false;
  return true;
}
}  // namespace detail
static_assert(detail::in_order(), "row i must be enumerator i, and no row may be missing");
static_assert(detail::names_good(), "ids are unique snake_case");
static_assert(detail::words_complete(), "texts are not empty and end without period");
static_assert(detail::languages_agree(), "both languages quote the same numbers and ends");

}  // namespace tcpwave
