// Wireshark's headers for a program of its own, beyond what the plugin includes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

extern "C" {
#include <epan/color_filters.h>
#include <epan/epan.h>
#include <epan/frame_data.h>
#include <epan/frame_data_sequence.h>
#include <epan/print.h>
#include <epan/timestamp.h>
#include <wiretap/wtap.h>
#include <wsutil/buffer.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
}
