# The page of `hedon watch` is served by libmicrohttpd where it is found; the library never uses it, and
# the tool of a wheel (python.cmake), which has to run elsewhere, does without.
option(HEDON_WATCH "Build the server of hedon watch where libmicrohttpd is found" ON)
find_path(HEDON_MICROHTTPD_INCLUDE microhttpd.h)
find_library(HEDON_MICROHTTPD_LIBRARY microhttpd)
mark_as_advanced(HEDON_MICROHTTPD_INCLUDE HEDON_MICROHTTPD_LIBRARY)

# Files of web/ as arrays of bytes, each with the path it is served at.
set(hedon_page_arrays "")
set(hedon_page_rows "")
file(GLOB hedon_page_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/web
  web/shared/* web/watch/*)
function(hedon_add_watch_page file path)
  string(MAKE_C_IDENTIFIER "page_${file}" array)
  set(types "html,text/html" "css,text/css" "js,text/javascript")
  get_filename_component(end ${file} LAST_EXT)
  string(SUBSTRING ${end} 1 -1 end)
  list(FILTER types INCLUDE REGEX "^${end},")
  string(REGEX REPLACE ".*," "" type "${types}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/web/${file})
  file(READ web/${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  set(hedon_page_arrays "${hedon_page_arrays}static const char ${array}[] = {${bytes}0};\n" PARENT_SCOPE)
  set(hedon_page_rows "${hedon_page_rows}    {\"${path}\", \"${type}; charset=utf-8\", ${array}, sizeof ${array} - 1},\n"
    PARENT_SCOPE)
endfunction()

set(hedon_watch_sources watch_server_none.c)
if(NOT HEDON_WATCH)
  set(hedon_watch_text "no")
elseif(NOT HEDON_MICROHTTPD_INCLUDE OR NOT HEDON_MICROHTTPD_LIBRARY)
  set(hedon_watch_text "no, libmicrohttpd is not installed: libmicrohttpd-dev")
else()
  set(hedon_watch_text "yes, ${HEDON_MICROHTTPD_LIBRARY}")
  foreach(file ${hedon_page_files})
    string(REPLACE "/watch/watch.html" "/" path "/${file}")
    hedon_add_watch_page(${file} ${path})
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/watch_pages.c @ONLY CONTENT
"/* Made by cmake/watch.cmake from web/shared and web/watch. */
#include \"watch_server.h\"

@hedon_page_arrays@
const watch_page watch_pages[] = {
@hedon_page_rows@};
const int watch_n_pages = sizeof watch_pages / sizeof *watch_pages;
")
  set(hedon_watch_sources watch_server.c watch_server_http.c)
  hedon_loaded(${HEDON_MICROHTTPD_LIBRARY} hedon_microhttpd_name)
  target_sources(hedon PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/watch_pages.c)
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/watch_pages.c PROPERTIES
    INCLUDE_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR}/cli)
  target_include_directories(hedon PRIVATE ${HEDON_MICROHTTPD_INCLUDE})
  target_compile_definitions(hedon PRIVATE HEDON_MICROHTTPD="${hedon_microhttpd_name}")
endif()
list(TRANSFORM hedon_watch_sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/cli/)
target_sources(hedon PRIVATE ${hedon_watch_sources})
