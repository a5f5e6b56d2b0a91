// All of the library's interface. What it is, with an example: src/docs/library.md.
//
//   tracker.h     segments in, annotations out: begin here
//   segment.h     what goes in: one TCP header as a value; parse.h and link.h make it from bytes
//   annotation.h  what comes out: steps, states, checks, findings of a segment, and their words
//   summary.h     a connection as a whole; ladder.h: as a picture
//   state.h, finding.h, catalogue.h, language.h, seq.h, text.h, address.h, sentences.h: what those use
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/address.h"
#include "tcpwave/annotation.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/finding.h"
#include "tcpwave/ladder.h"
#include "tcpwave/language.h"
#include "tcpwave/link.h"
#include "tcpwave/parse.h"
#include "tcpwave/segment.h"
#include "tcpwave/sentences.h"
#include "tcpwave/seq.h"
#include "tcpwave/state.h"
#include "tcpwave/summary.h"
#include "tcpwave/text.h"
#include "tcpwave/tracker.h"
