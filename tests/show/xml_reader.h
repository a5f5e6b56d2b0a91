// As much of an XML parser as it takes to say whether a text is well-formed.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tcpwave {

/// What is wrong with the document, and where; empty for nothing.
[[nodiscard]] std::string xml_fault(std::string_view document);

}  // namespace tcpwave
