# What a wheel of the Python package holds beside python/hedon: the shared library, in the package,
# and the tool. scikit-build-core installs this component and no other (pyproject.toml).
if(SKBUILD)
  install(PROGRAMS $<TARGET_FILE:hedon_shared> DESTINATION hedon COMPONENT python
    RENAME libhedon${CMAKE_SHARED_LIBRARY_SUFFIX})
  install(TARGETS hedon RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)
endif()
