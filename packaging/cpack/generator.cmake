# Read by cpack once for each kind of package: which parts of the installation go into it.
# SPDX-License-Identifier: GPL-2.0-or-later
if(CPACK_GENERATOR STREQUAL DEB)
  set(CPACK_COMPONENTS_ALL plugin record debian)
  set(CPACK_SET_DESTDIR ON)  # Wireshark's folders are absolute
  set(CPACK_INSTALL_PREFIX /usr)
else()
  set(CPACK_COMPONENTS_ALL portable)
  set(CPACK_PACKAGING_INSTALL_PREFIX "/")
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
if("$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_TCPWAVE_COMMIT_TIME})
endif()
