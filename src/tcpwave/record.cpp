// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/record.h"

namespace tcpwave {

Record captured_part(Record r) {
  const Record fresh;
  r.fate = fresh.fate;
  r.copy_of = kNoRow;
  r.bogus = r.after_missed = false;
  r.seq_check = fresh.seq_check;
  r.ack_check = fresh.ack_check;
  return r;
}

}  // namespace tcpwave
