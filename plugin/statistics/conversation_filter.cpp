// See conversation_filter.h. By our connection number and not by addresses and ports: these can be
// used again.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/conversation_filter.h"

#include <optional>
#include <type_traits>

#include "epan.h"
#include "guarded.h"
#include "self.h"

namespace tcpwave {
namespace {

/// The connection of the innermost segment in the frame.
std::optional<std::uint32_t> connection_of(const packet_info& pinfo) {
  const Self& s = self();
  std::optional<std::uint32_t> found;
  if (!s.session) return found;
  guarded("no filter of a connection", [&] {
    for (std::size_t i = 0; const auto slot = s.session->find(pinfo.num, i); ++i) {
      if (slot->not_fed != NotFed::No) continue;
      const Annotation annotation = s.session->tracker().annotate(slot->id, Known::Final);
      if (annotation.tracked) found = annotation.connection;
    }
  });
  return found;
}

// Later versions of Wireshark hand over a pointer as well, which this has no use for.
template <class... Rest>
epan::Boolean has_connection(packet_info* pinfo, Rest...) {
  return connection_of(*pinfo).has_value() ? TRUE : FALSE;
}

template <class... Rest>
char* connection_filter(packet_info* pinfo, Rest...) {
  const auto connection = connection_of(*pinfo);
  return connection ? g_strdup_printf("tcpwave.conn == %u", *connection) : nullptr;
}

template <class Register>
void register_with(Register* add) {
  if constexpr (std::is_invocable_v<Register, const char*, const char*, is_filter_valid_func,
                                    build_filter_string_func, void*>)
    add("tcpwave", "TCP Wave", has_connection, connection_filter, nullptr);
  else
    add("tcpwave", "TCP Wave", has_connection, connection_filter);
}

}  // namespace

void register_connection_filter() { register_with(register_conversation_filter); }

}  // namespace tcpwave
