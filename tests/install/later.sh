#!/bin/sh
# A C++ compiler that was missing when a build folder was configured first is found when it is
# configured again.
#
#   later.sh CMAKE SOURCE FOLDER CC
set -eu
rm -rf "$3"
"$1" -S "$2" -B "$3" -DCMAKE_C_COMPILER="$4" -DCMAKE_CXX_COMPILER=CMAKE_CXX_COMPILER-NOTFOUND \
  -DHEDON_TESTS=OFF -DHEDON_EXAMPLES=OFF | grep 'LunarLander yes'
rm -rf "$3"
