// See stat_table.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/stat_table.h"

#include "statistics/tap.h"

namespace tcpwave {

TableItem number_item(guint number) {
  TableItem item{};
  item.type = TABLE_ITEM_UINT;
  item.value.uint_value = number;
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
  ui.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
  ui.tap_name = kTapName;
  ui.stat_tap_free_table_item_cb = free_item;
  register_stat_tap_table_ui(&ui);
}

}  // namespace tcpwave
