# What a wheel of the Python package holds beside python/hedon: the shared library, and a tool that
# uses it, both in the package's folder, so that they find each other wherever it is installed and the
# wheel holds the library once. scikit-build-core builds and installs these and no others
# (pyproject.toml).
if(SKBUILD)
  set_property(TARGET hedon_shared PROPERTY VERSION) # one file, libhedon.so
  set_property(TARGET hedon_shared PROPERTY SOVERSION)
  add_executable(hedon_tool ${cli_sources})
  target_link_libraries(hedon_tool PRIVATE hedon_shared)
  target_compile_options(hedon_tool PRIVATE ${hedon_flags})
  if(APPLE)
    set_target_properties(hedon_tool PROPERTIES INSTALL_RPATH "@loader_path")
  else()
    set_target_properties(hedon_tool PROPERTIES INSTALL_RPATH "$ORIGIN")
  endif()
  install(TARGETS hedon_shared LIBRARY DESTINATION hedon COMPONENT python)
  install(TARGETS hedon_tool RUNTIME DESTINATION hedon COMPONENT python)
endif()
