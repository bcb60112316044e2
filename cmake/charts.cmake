# Charts of `hedon report`: dygraphs, embedded into the tool where it is found. What is not found is said
# by the summary and by every report.
option(HEDON_CHARTS "Embed dygraphs into the tool where it is found" ON)
find_file(HEDON_DYGRAPHS dygraph.min.js PATHS /usr/share/javascript/dygraphs NO_DEFAULT_PATH
  DOC "dygraph.min.js of dygraphs 2, with dygraph.min.css beside it")
mark_as_advanced(HEDON_DYGRAPHS)
set(hedon_charts_script "")
set(hedon_charts_style "")
if(NOT HEDON_CHARTS)
  set(hedon_charts_text "no")
elseif(NOT HEDON_DYGRAPHS)
  unset(HEDON_DYGRAPHS CACHE) # else one that was installed since is not looked for
  set(hedon_charts_text "no, dygraphs is not installed: libjs-dygraphs")
else()
  get_filename_component(hedon_charts_folder ${HEDON_DYGRAPHS} DIRECTORY)
  file(READ ${HEDON_DYGRAPHS} hedon_charts_script HEX)
  file(READ ${hedon_charts_folder}/dygraph.min.css hedon_charts_style HEX)
  set(hedon_charts_text "yes, ${HEDON_DYGRAPHS}")
endif()
# As arrays of bytes: a string of C may be too long, and CMake's lists would split at brackets.
string(REGEX REPLACE "(..)" "0x\\1," hedon_charts_script "${hedon_charts_script}")
string(REGEX REPLACE "(..)" "0x\\1," hedon_charts_style "${hedon_charts_style}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/report_charts.c @ONLY CONTENT
"/* Made by cmake/charts.cmake from dygraphs. */
#include \"report_charts.h\"

const char report_charts_script[] = {@hedon_charts_script@0};
const char report_charts_style[] = {@hedon_charts_style@0};
")
