# Under emscripten (tools/playground.sh) all that is built is what the page of web/playground calls:
# the library without threads and a learner at play, as a script and its WebAssembly.
# What learners spend their time in is made for speed, with vectors; the rest is made small, src/deep
# too, whose loops are those of src/kernel and src/grad. No build type may say -Os: emcc then inlines
# nothing, not even where -O3 follows.
set(CMAKE_C_FLAGS_RELEASE -DNDEBUG)
set(hedon_page_sources web/playground/engine.c cli/player.c cli/player_learn.c cli/player_state.c
  cli/player_tell.c cli/player_value.c cli/threshold.c cli/json.c cli/unicode.c)
set_source_files_properties(${hedon_sources} ${hedon_page_sources} PROPERTIES COMPILE_OPTIONS -Os)
foreach(room base neuron rule env kernel coding network net grad value episode learner)
  file(GLOB hedon_fast_sources CONFIGURE_DEPENDS src/${room}/*.c)
  list(FILTER hedon_fast_sources EXCLUDE REGEX "/kernel_impl\\.c$") # whose options are those of kernels.cmake
  set_source_files_properties(${hedon_fast_sources} PROPERTIES COMPILE_OPTIONS "-O2;-msimd128")
endforeach()
add_executable(hedon_engine ${hedon_page_sources} $<TARGET_OBJECTS:hedon_objects>
  ${hedon_kernel_objects})
target_include_directories(hedon_engine PRIVATE include cli)
target_compile_options(hedon_engine PRIVATE ${hedon_flags} -Wno-missing-prototypes) # called by name
target_link_options(hedon_engine PRIVATE -O2 -sMODULARIZE=1 -sEXPORT_NAME=hedon_engine
  -sENVIRONMENT=worker,node -sALLOW_MEMORY_GROWTH=1 -sFILESYSTEM=0
  -sEXPORTED_RUNTIME_METHODS=cwrap)
