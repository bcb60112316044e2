# What an installation holds: the headers, both libraries, the tool, and the two ways in which
# another project finds them: pkg-config and find_package(hedon).
include(CMakePackageConfigHelpers)

install(DIRECTORY include/hedon DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
install(TARGETS hedon_static hedon_shared EXPORT hedon
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
# The manual page is the tool's own help in another form, so the tool writes it.
if(NOT CMAKE_CROSSCOMPILING)
  add_custom_command(TARGET hedon POST_BUILD COMMAND hedon help --man > hedon.1
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} BYPRODUCTS hedon.1)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hedon.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(hedon_package ${CMAKE_INSTALL_LIBDIR}/cmake/hedon)
install(EXPORT hedon NAMESPACE hedon:: FILE hedon-targets.cmake DESTINATION ${hedon_package})
configure_package_config_file(cmake/hedon-config.cmake.in hedon-config.cmake
  INSTALL_DESTINATION ${hedon_package})
write_basic_package_version_file(hedon-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hedon-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/hedon-config-version.cmake DESTINATION ${hedon_package})

# The prefix is taken from where the file lies, so an installed tree can be moved.
file(RELATIVE_PATH hedon_prefix_from_pc
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
set(hedon_dl_private ${CMAKE_DL_LIBS})
list(TRANSFORM hedon_dl_private PREPEND " -l")
configure_file(cmake/hedon.pc.in hedon.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hedon.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
