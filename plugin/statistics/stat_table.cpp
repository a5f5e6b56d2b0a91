// See stat_table.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/stat_table.h"

#include "statistics/tap.h"

namespace tcpwave {

TableItem number_item(std::uint64_t number) {
  TableItem item{};
  // Wireshark's cells have 32 bits; a larger number (of bytes) is shown with a point and sorts too.
  if (number > G_MAXUINT32) return seconds_item(static_cast<double>(number));
  item.type = TABLE_ITEM_UINT;
  item.value.uint_value = static_cast<guint>(number);
  return item;
}

TableItem seconds_item(double seconds) {
  TableItem item{};
  item.type = TABLE_ITEM_FLOAT;
  item.value.float_value = seconds;
  return item;
}

TableItem words_item(const char* words) {
  TableItem item{};
  item.type = TABLE_ITEM_STRING;
  item.value.string_value = g_strdup(words);
  return item;
}

TableItem item_of(CellType type, const Cell& cell) {
  if (!cell.present) return {};
  switch (type) {
    case CellType::Number:
      return number_item(cell.number);
    case CellType::Seconds:
    case CellType::Percent:
      return seconds_item(cell.seconds);
    case CellType::Words:
    case CellType::Set:
      return words_item(cell.words.c_str());
  }
  return {};
}

stat_tap_table_item table_column(CellType type, const char* title) {
  // Later versions print by the format.
  switch (type) {
    case CellType::Number:
      return {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, title, "%u"};
    case CellType::Seconds:
      return {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, title, "%f"};
    case CellType::Percent:
      return {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, title, "%.1f"};
    case CellType::Words:
    case CellType::Set:
      break;
  }
  return {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, title, "%s"};
}

void free_item(stat_tap_table*, guint, guint, TableItem* item) {
  if (item->type == TABLE_ITEM_STRING) g_free(const_cast<char*>(item->value.string_value));
}

stat_tap_table* table_of(const stat_tap_table_ui& ui) {
  const bool open = ui.tables != nullptr && ui.tables->len > 0;
  return open ? g_array_index(ui.tables, stat_tap_table*, 0) : nullptr;
}

stat_tap_table* table_of(void* data) {
  return table_of(*static_cast<stat_data_t*>(data)->stat_tap_data);
}

void make_table(stat_tap_table_ui* ui) {
  if (table_of(*ui) != nullptr) return;  // emptied before it is filled again
  stat_tap_add_table(ui, stat_tap_init_table(ui->title, static_cast<int>(ui->nfields), 0, nullptr));
}

void empty_table(const stat_tap_table_ui& ui, stat_tap_table* table) {
  if (ui.refcount <= 1) {
    for (guint row = 0; row < table->num_elements; ++row) {
      for (guint i = 0; i < table->num_fields; ++i)
        free_item(table, row, i, &table->elements[row][i]);
      g_free(table->elements[row]);
    }
    g_free(table->elements);
  }
  table->elements = nullptr;
  table->num_elements = 0;
}

void register_table(stat_tap_table_ui& ui) {
  // A group that has no place in the menus: ours is in statistics/menu.cpp, all in one.
  ui.group = REGISTER_STAT_GROUP_GENERIC;
  ui.tap_name = kTapName;
  ui.stat_tap_free_table_item_cb = free_item;
  register_stat_tap_table_ui(&ui);
}

}  // namespace tcpwave
