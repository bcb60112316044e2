# The methods of src/config/methods as a C source, so that the library needs no files when it runs.
# Each becomes an array of its bytes; hexadecimal, since CMake's lists would split at brackets.
file(GLOB hedon_method_files CONFIGURE_DEPENDS src/config/methods/*.toml)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${hedon_method_files})
set(hedon_method_arrays "")
set(hedon_method_rows "")
set(hedon_method_names "")
foreach(file ${hedon_method_files})
  get_filename_component(name ${file} NAME_WE)
  list(APPEND hedon_method_names ${name})
endforeach()
list(SORT hedon_method_names) # by name: with the ending, a2c-relu.toml stands before a2c.toml
foreach(name ${hedon_method_names})
  string(MAKE_C_IDENTIFIER "text_${name}" array)
  file(READ src/config/methods/${name}.toml text)
  if(EMSCRIPTEN) # the page of the playground is loaded by each visitor, and shows no comments
    string(REGEX REPLACE "(^|\n)#[^\n]*" "\\1" text "${text}")
  endif()
  string(HEX "${text}" bytes)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND hedon_method_arrays "static const char ${array}[] = {${bytes}0};\n")
  string(APPEND hedon_method_rows "    {\"${name}\", ${array}, sizeof ${array} - 1},\n")
endforeach()
list(LENGTH hedon_method_files hedon_method_count)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/method_texts.c @ONLY CONTENT
"/* Made by cmake/methods.cmake from src/config/methods. */
#include \"method_text.h\"

@hedon_method_arrays@
const hd__method_text hd__method_texts[] = {
@hedon_method_rows@};
const int hd__method_text_count = @hedon_method_count@;
hd__method hd__methods[@hedon_method_count@];
")
list(APPEND hedon_sources ${CMAKE_CURRENT_BINARY_DIR}/method_texts.c)
