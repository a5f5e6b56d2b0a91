// Scripts inside documents. See document.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/document.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace tcpwave::scenario {

namespace fs = std::filesystem;

std::vector<Scenario> scenarios_in_document(const fs::path& file) {
  std::vector<Scenario> found;
  std::ifstream in(file);
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!inside && line == "```tcpwave") {
      inside = true;
      block.clear();
    } else if (inside && line == "```") {
      inside = false;
      std::string name = file.stem().string() + "_" + std::to_string(found.size() + 1);
      std::replace(name.begin(), name.end(), '-', '_');  // a test's name has no hyphen
      found.push_back(parse_scenario(block, name));
      found.back().group = "document";
    } else if (inside) {
      block += line + "\n";
    }
  }
  return found;
}

std::vector<fs::path> documents(const fs::path& project) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(project))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  for (const char* folder : {"src", "plugin", "tests", "captures"}) {
    if (!fs::exists(project / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(project / folder))
      if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tcpwave::scenario
