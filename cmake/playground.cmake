# Under emscripten (tools/playground.sh) all that is built is what the page of web/playground calls:
# the library without threads and a learner at play, as one script that holds its WebAssembly.
add_executable(hedon_engine web/playground/engine.c cli/player.c cli/player_learn.c
  cli/player_state.c cli/player_tell.c cli/player_value.c cli/threshold.c cli/json.c cli/unicode.c $<TARGET_OBJECTS:hedon_objects> ${hedon_kernel_objects})
target_include_directories(hedon_engine PRIVATE include cli)
target_compile_options(hedon_engine PRIVATE ${hedon_flags} -Wno-missing-prototypes) # called by name
target_link_options(hedon_engine PRIVATE -O3 -sMODULARIZE=1 -sEXPORT_NAME=hedon_engine -sSINGLE_FILE=1
  -sENVIRONMENT=web,worker,node -sALLOW_MEMORY_GROWTH=1 -sFILESYSTEM=0
  -sEXPORTED_RUNTIME_METHODS=cwrap)
