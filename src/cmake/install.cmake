# The engine as a library of its own: headers, find_package(tcpwave) and pkg-config's file, in the install
# component `engine`. Where the plugin is built too, only who names the component gets it, so that
# installing or packaging the plugin carries no headers:
#   cmake --install build/release --component engine --prefix /usr/local
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(only_by_name "")
if(TCPWAVE_PLUGIN)
  set(only_by_name EXCLUDE_FROM_ALL)
endif()

# The interface; every other header of the engine stays inside.
set(headers address annotation catalogue finding ladder language link parse segment sentences seq state
            summary tcpwave text tracker)
# The rows of the catalogue.
foreach(group opening closing resets segments hosts)
  list(APPEND headers findings/${group})
endforeach()
list(TRANSFORM headers PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/tcpwave/)
list(TRANSFORM headers APPEND .h)
target_sources(tcpwave PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR} FILES ${headers})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tcpwave)
install(TARGETS tcpwave EXPORT tcpwave
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT engine ${only_by_name}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT engine ${only_by_name})
install(EXPORT tcpwave NAMESPACE tcpwave:: FILE tcpwave-config.cmake DESTINATION ${package_dir}
        COMPONENT engine ${only_by_name})

# Before 1.0 the interface may change with each minor version.
write_basic_package_version_file(tcpwave-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tcpwave-config-version.cmake DESTINATION ${package_dir}
        COMPONENT engine ${only_by_name})

# Relative to itself, so that an installed copy can be moved; unless the folders are absolute.
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  file(RELATIVE_PATH up /prefix/${pc_dir} /prefix)
  string(REGEX REPLACE "/$" "" up ${up})
  set(pc_prefix "\${pcfiledir}/${up}")
endif()
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "\${prefix}" OUTPUT_VARIABLE pc_libdir)
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_INCLUDEDIR BASE_DIRECTORY "\${prefix}"
           OUTPUT_VARIABLE pc_includedir)
configure_file(cmake/tcpwave.pc.in tcpwave.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tcpwave.pc DESTINATION ${pc_dir}
        COMPONENT engine ${only_by_name})
