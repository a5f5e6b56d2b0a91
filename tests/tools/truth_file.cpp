// Kernel truth beside a capture, and the engine's answers. See truth_file.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/truth_file.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tcpwave/tracker.h"
#include "tools/capture.h"
#include "tools/textbook.h"

namespace tcpwave::tools {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

fs::path truth_path(fs::path capture) { return capture.replace_extension(".truth.jsonl"); }

TruthRow read_row(const json& row, const std::map<std::uint32_t, bool>& clean) {
  TruthRow r;
  r.frame = row.at("frame");
  r.connection = row.at("conn");
  r.state = {row.at("client"), row.at("server")};
  r.fate = row.at("fate");
  r.direction = row.value("dir", "");
  r.note = row.value("note", "");
  if (const auto hidden = row.find("hidden"); hidden != row.end() && hidden->is_object())
    r.hidden = {hidden->value("client", ""), hidden->value("server", "")};
  if (const auto two = row.find("two"); two != row.end() && two->is_object())
    r.two = {two->value("client", ""), two->value("server", "")};
  const auto c = clean.find(r.connection);
  r.clean = c != clean.end() && c->second;
  return r;
}

TruthFile read_lines(std::istream& in) {
  TruthFile truth;
  std::map<std::uint32_t, bool> clean;
  std::string line;
  std::getline(in, line);
  const json head = json::parse(line);
  truth.scenario = head.at("scenario");
  truth.description = head.value("description", "");
  truth.vantage = head.value("vantage", "");
  truth.cut = truth.vantage == "head cut" || truth.vantage == "one direction" ||
              truth.vantage == "tap drops";
  for (const json& c : head.at("conns")) clean[c.at("conn")] = c.value("clean", false);
  while (std::getline(in, line))
    if (!line.empty()) truth.rows.push_back(read_row(json::parse(line), clean));
  return truth;
}

}  // namespace

TruthFile read_truth(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be opened");
  try {
    return read_lines(in);
  } catch (const json::exception& e) {
    throw std::runtime_error(file.string() + ": " + e.what());
  }
}

std::vector<fs::path> captures_with_truth(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.path().extension() == ".pcapng" && fs::exists(truth_path(entry.path())))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

JudgedCapture judge(const fs::path& capture) {
  JudgedCapture result{capture.stem().string(), read_truth(truth_path(capture)), {}};
  std::map<std::uint32_t, const TruthRow*> by_frame;
  for (const TruthRow& row : result.truth.rows) by_frame[row.frame] = &row;

  Tracker tracker;
  std::map<std::uint32_t, TextbookMachine> textbook;  // by connection of the truth
  std::map<std::uint32_t, std::pair<SegmentId, Judged>> judged;
  for (const Segment& segment : read_capture(capture)) {
    const SegmentId id = tracker.observe(segment);
    const auto row = by_frame.find(segment.frame);
    if (row == by_frame.end()) continue;
    const Side sender = row->second->direction == "c>s" ? Side::Client : Side::Server;
    Judged frame{*row->second, segment, {tracker.annotate(id), {}}, {}, true};
    frame.textbook = textbook[frame.truth.connection].after(segment, sender);
    judged[segment.frame] = {id, frame};
  }
  for (const TruthRow& row : result.truth.rows) {
    const auto found = judged.find(row.frame);
    if (found == judged.end()) {
      result.frames.push_back(Judged{row, {}, {}, {}, false});
      continue;
    }
    auto& [id, frame] = found->second;
    frame.pass[1] = tracker.annotate(id, Known::Final);
    result.frames.push_back(frame);
  }
  return result;
}

}  // namespace tcpwave::tools
