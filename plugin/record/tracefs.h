// The single include point of libtracefs and libtraceevent, whose headers are C's.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// An inline function of tracefs.h passes 0 for an enumerator of this one, which only C takes. It is never
// called; this is what it finds in C++.
struct tracefs_instance;
struct tracefs_hist;
int tracefs_hist_command(tracefs_instance*, tracefs_hist*, int);

extern "C" {
#include <event-parse.h>
#include <tracefs.h>
}
