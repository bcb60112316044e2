# What a wheel of the Python package holds beside python/hedon: the shared library, and a tool that
# uses it, both in the package's folder, so that they find each other wherever it is installed and the
# wheel holds the library once. Both are made of the objects of the ordinary build, when they are asked
# for: scikit-build-core builds and installs these and no others (pyproject.toml).
add_library(hedon_python SHARED EXCLUDE_FROM_ALL $<TARGET_OBJECTS:hedon_objects>
  ${hedon_kernel_objects} ${hedon_optional_objects})
target_link_libraries(hedon_python PRIVATE Threads::Threads m ${CMAKE_DL_LIBS}
  ${hedon_optional_libraries})
set_target_properties(hedon_python PROPERTIES OUTPUT_NAME hedon
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/python)
add_executable(hedon_tool EXCLUDE_FROM_ALL $<TARGET_OBJECTS:hedon_cli> ${hedon_index_sources}
  cli/watch_server_none.c)
target_include_directories(hedon_tool PRIVATE include)
target_link_libraries(hedon_tool PRIVATE hedon_python Threads::Threads m ${CMAKE_DL_LIBS})
if(APPLE)
  set_target_properties(hedon_tool PROPERTIES INSTALL_RPATH "@loader_path")
else()
  set_target_properties(hedon_tool PROPERTIES INSTALL_RPATH "$ORIGIN")
endif()
install(TARGETS hedon_python LIBRARY DESTINATION hedon COMPONENT python EXCLUDE_FROM_ALL)
install(TARGETS hedon_tool RUNTIME DESTINATION hedon COMPONENT python EXCLUDE_FROM_ALL)
