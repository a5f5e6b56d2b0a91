// See hear.h. Nothing of epan's that is called here leaves by longjmp: a block's options are only read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/hear.h"

#include "guarded.h"

namespace tcpwave::kernel {

bool has_comment(const packet_info& pinfo) {
  return pinfo.rec != nullptr && pinfo.rec->block != nullptr &&
         wtap_block_count_option(pinfo.rec->block, OPT_COMMENT) > 0;
}

void hear(const packet_info& pinfo, SegmentId id, const Segment& segment, Witness& witness) {
  constexpr guint kMostComments =
      16;  // a kernel has one for each end; merged files have a few more
  const guint count = wtap_block_count_option(pinfo.rec->block, OPT_COMMENT);
  for (guint i = 0; i < count && i < kMostComments; ++i) {
    char* comment = nullptr;
    if (wtap_block_get_nth_string_option_value(pinfo.rec->block, OPT_COMMENT, i, &comment) !=
        WTAP_OPTTYPE_SUCCESS)
      continue;
    guarded("a word of the kernel is lost", [&] {
      if (const auto word = word_of(comment)) witness.add(id, segment, *word);
    });
  }
}

}  // namespace tcpwave::kernel
