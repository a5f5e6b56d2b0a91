# The packages that `cpack` makes of a build, in the form that packaging/package asks for:
#   DEB  for the Debian release that it runs on: the plugin and the profile for all users. It depends on
#        that release's minor version of Wireshark, because Wireshark loads plugins of no other;
#   TGZ  for any Linux with that minor version: the same for one user, with a script that installs it.
# The time in them is the commit's, so that the same sources give the same bytes.
# Which parts go into which package: generator.cmake. SPDX-License-Identifier: GPL-2.0-or-later

# The time of the commit: SOURCE_DATE_EPOCH where that is set (in a chroot without git, say), the one that `git archive`
# wrote into a source tarball, or the checkout's.
file(READ ${CMAKE_CURRENT_LIST_DIR}/commit-time commit_time)
string(STRIP "${commit_time}" commit_time)
if("$ENV{SOURCE_DATE_EPOCH}" MATCHES "^[0-9]+$")
  set(commit_time $ENV{SOURCE_DATE_EPOCH})
endif()
if(NOT commit_time MATCHES "^[0-9]+$")
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct
                  OUTPUT_VARIABLE commit_time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT commit_time)
  set(commit_time 0)
endif()

set(TCPWAVE_MAINTAINER "The tcpwave maintainers <maintainers@tcpwave.invalid>" CACHE STRING
    "Maintainer named in packages: who publishes them, with an address that is read")
string(REPLACE "." ";" number "${TCPWAVE_WIRESHARK_VERSION}")
list(GET number 0 major)
list(GET number 1 minor)
math(EXPR next "${minor} + 1")

set(CPACK_PACKAGE_NAME tcpwave)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION}+wireshark${TCPWAVE_WIRESHARK_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "TCP handshake and close, step by step, for Wireshark")
set(CPACK_PACKAGE_DESCRIPTION "Wireshark plugin that says, beside each TCP segment, which step of the
handshake or of the close it is, in which state of RFC 9293 both endpoints
are after it, and whether its seq and ack are what they should be.
.
This package is for Wireshark ${TCPWAVE_WIRESHARK_VERSION}.")
set(CPACK_PACKAGE_CONTACT "${TCPWAVE_MAINTAINER}")
set(CPACK_PACKAGE_FILE_NAME
    tcpwave-${PROJECT_VERSION}-wireshark${TCPWAVE_WIRESHARK_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/generator.cmake)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_TCPWAVE_COMMIT_TIME ${commit_time})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "wireshark-common (>= ${major}.${minor}~), wireshark-common (<< ${major}.${next}~)")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "tshark, wireshark")
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)

# What only the .deb has.
set(metadata ${PROJECT_BINARY_DIR}/packaging)
execute_process(COMMAND date -Ru -d @${commit_time} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
file(WRITE ${metadata}/changelog "tcpwave (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}, built for Wireshark ${TCPWAVE_WIRESHARK_VERSION}.

 -- ${TCPWAVE_MAINTAINER}  ${date}
")
execute_process(COMMAND gzip -9nf ${metadata}/changelog)
install(FILES ${metadata}/changelog.gz ${CMAKE_CURRENT_LIST_DIR}/copyright
        DESTINATION /usr/share/doc/tcpwave COMPONENT debian EXCLUDE_FROM_ALL)

# What the tarball has.
install(TARGETS tcpwave_plugin LIBRARY DESTINATION plugin COMPONENT portable EXCLUDE_FROM_ALL)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/packaging/profile/" DESTINATION profiles
        COMPONENT portable EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION . COMPONENT portable EXCLUDE_FROM_ALL)
configure_file(${CMAKE_CURRENT_LIST_DIR}/../portable/install.in ${metadata}/install @ONLY)
install(PROGRAMS ${metadata}/install DESTINATION . COMPONENT portable EXCLUDE_FROM_ALL)

include(CPack)
