# Libraries that are loaded when they are needed first: finding all their symbols takes several times
# as long as everything else that the tool does at its start.

# The name that the loader finds a shared library by: its soname, or else that of its file. Its Debian
# package, which dpkg-shlibdeps does not see, is noted in hedon_loaded_packages.
macro(hedon_loaded library name)
  get_filename_component(hedon_loaded_file ${library} REALPATH)
  get_filename_component(${name} ${hedon_loaded_file} NAME)
  if(CMAKE_OBJDUMP)
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${hedon_loaded_file} ERROR_QUIET
      OUTPUT_VARIABLE hedon_loaded_head)
    if(hedon_loaded_head MATCHES "SONAME +([^\n ]+)")
      set(${name} ${CMAKE_MATCH_1})
    endif()
  endif()
  find_program(HEDON_DPKG dpkg-query DOC "Names the packages that the Debian package depends on")
  mark_as_advanced(HEDON_DPKG)
  if(HEDON_DPKG)
    execute_process(COMMAND ${HEDON_DPKG} -S ${hedon_loaded_file} ERROR_QUIET
      OUTPUT_VARIABLE hedon_loaded_package)
    if(hedon_loaded_package MATCHES "^([^:]+):")
      list(APPEND hedon_loaded_packages ${CMAKE_MATCH_1})
    endif()
  endif()
endmacro()
