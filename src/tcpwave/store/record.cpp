// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/record.h"

namespace tcpwave {

Record captured_part(const Record& r) {
  Record fresh;
  static_cast<Header&>(fresh) = r;
  fresh.from = r.from;
  fresh.id = r.id;
  fresh.dsack_left = r.dsack_left;
  fresh.dsack_right = r.dsack_right;
  return fresh;
}

}  // namespace tcpwave
