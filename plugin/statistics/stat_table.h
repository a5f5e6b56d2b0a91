// What our tables in Wireshark's Statistics menu have in common: cells, rows, and when they are made and
// freed.
//
// Wireshark asks for a table's rows by one call per segment that passes the window's display filter, and
// shows them when it has gone through all of them. So each call does a segment's share of the work, and
// none takes long.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"
#include "statistics/connection_row.h"

namespace tcpwave {

/// More rows hold the window up for longer than anybody waits.
inline constexpr guint kTableRows = 100'000;

using TableItem = stat_tap_table_item_type;

[[nodiscard]] TableItem number_item(std::uint64_t);
[[nodiscard]] TableItem seconds_item(double);
/// Of any type; TABLE_ITEM_NONE where there is nothing to say.
[[nodiscard]] TableItem item_of(CellType, const Cell&);
/// A column of cells of this type.
[[nodiscard]] stat_tap_table_item table_column(CellType, const char* title);
/// What two cells of a row without numbers say in a window that stays open while the file is dissected again
/// (a changed preference, another profile) or captured on: nothing is final then, and Wireshark does not
/// ask again by itself.
inline constexpr const char* kNotFinal = "(file has changed)";
inline constexpr const char* kNotFinalRemedy = "press Apply";

/// Freed with its row.
[[nodiscard]] TableItem words_item(const char*);
void free_item(stat_tap_table*, guint row, guint column, TableItem*);

/// Of the window that Wireshark hands to a listener.
[[nodiscard]] stat_tap_table* table_of(void* data);
/// Of the kind of window; null where none is open.
[[nodiscard]] stat_tap_table* table_of(const stat_tap_table_ui&);
void make_table(stat_tap_table_ui*);
/// Takes the rows out. Another window on the same table may still show them: then they stay in memory.
void empty_table(const stat_tap_table_ui&, stat_tap_table*);

/// Fills in what is the same for all, and tells Wireshark. The structure has to stay.
void register_table(stat_tap_table_ui&);

}  // namespace tcpwave
