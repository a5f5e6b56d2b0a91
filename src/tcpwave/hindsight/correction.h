// What hindsight finds of a record that was applied already: a value. Connection::correct alone puts it into the record,
// and has all from there applied again, from the model saved before it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tcpwave/store/segment_record.h"

namespace tcpwave {

struct Correction {
  enum What : std::uint8_t {
    Presumed,      ///< that it arrived is presumed again
    Delivered,     ///< it arrived
    Lost,          ///< it did not arrive, or its receiver did not take it
    Attributed,    ///< it is its claimed sender's
    Unattributed,  ///< it is not: forged, or an old duplicate
    AfterMissed,   ///< what lies before it was missed by the tap, and did arrive
    Outlived,      ///< a RST that did not end what it met
  };
  Row row = kNoRow;
  What what = Presumed;
};

}  // namespace tcpwave
