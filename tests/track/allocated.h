// How many octets are allocated now. A program that links allocated.cpp has operators new and delete
// that count.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace tcpwave {

[[nodiscard]] std::size_t allocated();

}  // namespace tcpwave
