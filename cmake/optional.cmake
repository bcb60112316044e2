# Environments that stand on another library are built in where it is found. Each adds what it needs
# to these lists, or takes its sources out of hedon_sources, and leaves a line for the summary.
set(hedon_optional_definitions)
set(hedon_optional_objects)
set(hedon_optional_libraries)
set(hedon_optional_private) # what a static libhedon asks of a linker, as flags

include(cmake/box2d.cmake)
include(cmake/mujoco.cmake)
