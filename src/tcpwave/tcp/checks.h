// How a segment's seq and ack compare with what was due: pure predicates over the model before it.
//
// A check looks and changes nothing. What a check calls wrong is not evidence against anybody yet:
// findings (findings.h) weigh it, and a property of the capture is said as one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/tcp/model.h"

namespace tcpwave {

/// Sets the record's seq and ack checks and the numbers that were expected.
void judge(const Model& before, const Facts&, Record&);

}  // namespace tcpwave
