// See table_writer.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/table_writer.h"

#include <glib.h>
#include <wsutil/json_dumper.h>

#include "statistics/text_table.h"
#include "tcpwave/show/decimal.h"

namespace tcpwave {

struct TableWriter::Json {
  json_dumper dumper{};

  void begin(std::FILE* out) {
    dumper.output_file = out;
    json_dumper_begin_array(&dumper);
  }
  void value(CellType type, const Cell& cell) {
    if (type == CellType::Words)
      json_dumper_value_string(&dumper, cell.words.c_str());
    else if (type == CellType::Set)
      list(cell.words);
    else
      json_dumper_value_anyf(&dumper, "%s", cell_text(type, cell).c_str());
  }
  void list(const std::string& words) {
    json_dumper_begin_array(&dumper);
    for (std::size_t at = 0; at < words.size();) {
      const std::size_t end = std::min(words.find(' ', at), words.size());
      json_dumper_value_string(&dumper, words.substr(at, end - at).c_str());
      at = end + 1;
    }
    json_dumper_end_array(&dumper);
  }
};

TableWriter::TableWriter(std::FILE* out, TableForm form, std::vector<Head> heads)
    : out_(out), form_(form), heads_(std::move(heads)) {
  std::vector<TextTable::Heading> headings;
  std::vector<std::string> names;
  for (const Head& head : heads_) {
    const bool left = head.type == CellType::Words || head.type == CellType::Set;
    headings.push_back({head.name, left ? TextTable::Align::Left : TextTable::Align::Right});
    names.push_back(head.name);
  }
  switch (form_) {
    case TableForm::Text:
      text_ = std::make_unique<TextTable>(out_, headings);
      break;
    case TableForm::Csv:
      write_csv(out_, names);
      break;
    case TableForm::Json:
      json_ = std::make_unique<Json>();
      json_->begin(out_);
  }
}

TableWriter::~TableWriter() = default;

void TableWriter::row(const std::vector<Cell>& cells) {
  if (form_ == TableForm::Json) {
    json_dumper_begin_object(&json_->dumper);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!cells[i].present) continue;
      json_dumper_set_member_name(&json_->dumper, heads_[i].name.c_str());
      json_->value(heads_[i].type, cells[i]);
    }
    json_dumper_end_object(&json_->dumper);
    return;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < cells.size(); ++i)
    texts.push_back(cell_text(heads_[i].type, cells[i]));
  if (text_)
    text_->row(std::move(texts));
  else
    write_csv(out_, texts);
}

void TableWriter::finish() {
  if (text_) text_->finish();
  if (!json_) return;
  json_dumper_end_array(&json_->dumper);
  json_dumper_finish(&json_->dumper);
}

std::string cell_text(CellType type, const Cell& cell) {
  constexpr int kMicroseconds = 6;
  if (!cell.present) return {};
  switch (type) {
    case CellType::Number:
      return std::to_string(cell.number);
    case CellType::Seconds:
      return fixed(cell.seconds, kMicroseconds);
    case CellType::Percent:
      return fixed(cell.seconds, 1);
    case CellType::Words:
    case CellType::Set:
      return cell.words;
  }
  return {};
}

}  // namespace tcpwave
