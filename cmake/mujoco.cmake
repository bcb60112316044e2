# The robots of src/env/mujoco_*.c: MuJoCo 2.2, and Gymnasium's models of them.
option(HEDON_MUJOCO "Build MuJoCo's tasks where MuJoCo is found" ON)

# Sets hedon_mujoco_text to what came of it, which begins with yes or no.
function(hedon_find_mujoco)
  find_path(HEDON_MUJOCO_INCLUDE mujoco/mujoco.h)
  find_library(HEDON_MUJOCO_LIBRARY mujoco)
  mark_as_advanced(HEDON_MUJOCO_INCLUDE HEDON_MUJOCO_LIBRARY)
  set(text no)
  if(HEDON_MUJOCO AND NOT (HEDON_MUJOCO_INCLUDE AND HEDON_MUJOCO_LIBRARY))
    set(text "no, MuJoCo is not installed: libmujoco-dev")
  elseif(HEDON_MUJOCO)
    # Where its errors are caught (src/env/mujoco_simulator.c).
    include(CheckLibraryExists)
    check_library_exists(${HEDON_MUJOCO_LIBRARY} _mjPRIVATE__set_tls_error_fn "" HEDON_MUJOCO_CATCHES)
    set(text "no, ${HEDON_MUJOCO_LIBRARY} has no error handlers of threads")
    if(HEDON_MUJOCO_CATCHES)
      set(text "yes, ${HEDON_MUJOCO_LIBRARY}")
    endif()
  endif()
  set(hedon_mujoco_text ${text} PARENT_SCOPE)
endfunction()

# The folder of the models, in the Gymnasium of the python3 that is found. It is not imported.
function(hedon_find_mujoco_models)
  set(found "")
  find_program(HEDON_PYTHON python3 DOC "Runs the tests that need a terminal or a second JSON parser")
  if(HEDON_PYTHON)
    execute_process(
      COMMAND ${HEDON_PYTHON} -c
        "import importlib.util as u; print(u.find_spec('gymnasium').submodule_search_locations[0])"
      OUTPUT_VARIABLE gymnasium OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(EXISTS "${gymnasium}/envs/mujoco/assets/hopper.xml")
      set(found "${gymnasium}/envs/mujoco/assets")
    endif()
  endif()
  set(HEDON_MUJOCO_MODELS "${found}" CACHE PATH "Folder of Gymnasium's MuJoCo models; found if empty" FORCE)
endfunction()

hedon_find_mujoco()
list(FILTER hedon_sources EXCLUDE REGEX "/mujoco_[a-z]+\\.c$")
if(NOT hedon_mujoco_text MATCHES "^yes")
  return()
endif()

if(NOT HEDON_MUJOCO_MODELS)
  hedon_find_mujoco_models()
endif()
if(HEDON_MUJOCO_MODELS)
  string(APPEND hedon_mujoco_text ", models in ${HEDON_MUJOCO_MODELS}")
else()
  string(APPEND hedon_mujoco_text ", but no models: pip install gymnasium")
endif()
hedon_loaded(${HEDON_MUJOCO_LIBRARY} hedon_mujoco_name)
add_library(hedon_mujoco OBJECT src/env/mujoco_simulator.c src/env/mujoco_library.c src/env/mujoco_robot.c
              src/env/mujoco_pendulums.c src/env/mujoco_walkers.c)
target_include_directories(hedon_mujoco SYSTEM PRIVATE ${HEDON_MUJOCO_INCLUDE})
target_include_directories(hedon_mujoco PRIVATE include ${hedon_rooms})
target_compile_options(hedon_mujoco PRIVATE ${hedon_flags})
target_compile_definitions(hedon_mujoco PRIVATE HD_WITH_MUJOCO
  HD_MUJOCO_MODELS="${HEDON_MUJOCO_MODELS}" HD_MUJOCO_LIBRARY="${hedon_mujoco_name}")

list(APPEND hedon_optional_definitions HD_WITH_MUJOCO)
list(APPEND hedon_optional_objects $<TARGET_OBJECTS:hedon_mujoco>)
