# Flags of the library. No value may depend on the compiler or the machine, so: no contraction of
# a*b+c, no fast-math. -fno-trapping-math and -fno-math-errno change no value and let
# compare-and-select loops become vector code.
set(hedon_flags -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes
  -ffp-contract=off -fno-trapping-math -fno-math-errno)
if(WIN32) # formats as C has them, of which the compiler's own check knows nothing there
  list(APPEND hedon_flags -D_FILE_OFFSET_BITS=64 -D__USE_MINGW_ANSI_STDIO=1 -Wno-format -Wno-format-extra-args)
endif()
option(HEDON_WERROR "Treat warnings as errors" OFF)
if(HEDON_WERROR)
  list(APPEND hedon_flags -Werror)
endif()
option(HEDON_ASSERT "Check internal facts at run time" ON)
if(NOT HEDON_ASSERT)
  list(APPEND hedon_flags -DHD_NO_ASSERT)
endif()
set(HEDON_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")
if(HEDON_SANITIZE)
  add_compile_options(-fsanitize=${HEDON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEDON_SANITIZE})
endif()
option(HEDON_FUZZ "Build the programs in fuzz/ as fuzzers (clang); HEDON_SANITIZE goes along" OFF)
if(HEDON_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# The rooms of src: folders where headers are found, and patterns of what is compiled.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/ROOMS)
file(STRINGS src/ROOMS hedon_room_lines REGEX "^room ")
set(hedon_rooms)
set(hedon_room_sources)
foreach(line ${hedon_room_lines})
  string(REGEX REPLACE "^room ([a-z]+).*" "\\1" room ${line})
  list(APPEND hedon_rooms ${CMAKE_CURRENT_SOURCE_DIR}/src/${room})
  list(APPEND hedon_room_sources src/${room}/*.c)
endforeach()
