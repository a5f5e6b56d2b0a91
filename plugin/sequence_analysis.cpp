// See sequence_analysis.h.
// SPDX-License-Identifier: GPL-2.0-or-later
