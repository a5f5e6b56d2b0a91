// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistics_help.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

std::string table(const char* what, const std::vector<Term>& terms) {
  if (terms.empty()) return {};
  std::string text = "\n" + heading({what, "is"});
  for (const Term& term : terms) text += row({code(term.word), term.meaning});
  return text;
}

}  // namespace

std::string statistics_page() {
  std::string text =
      "# Statistics: the options of `tshark -z`\n\n" +
      made_from("plugin/statistics/statistics_help.cpp and plugin/statistics/connection_row.cpp");
  text += "The same is shown by `tshark -z tcpwave,help`, and of each by `-z NAME,help`. They\n" +
          joined(common_help(), "\n") + "\n";
  for (const StatisticHelp& help : statistics_help()) {
    text += "\n## " + code("-z " + help.synopsis) + "\n\n**" + help.purpose + ".** " +
            joined(help.description, "\n") + "\n";
    text += table("argument", help.arguments) + table("column", help.columns);
    text += "\n```sh\n" + joined(help.examples, "\n") + "\n```\n";
  }
  return text;
}

}  // namespace tcpwave::docs
