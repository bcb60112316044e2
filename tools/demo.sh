#!/bin/sh
# Install what is missing, build, and watch a network of spiking agents learn to balance a pole.
#
#   tools/demo.sh [TASK [FLAGS of hedon train]]
set -eu
cd "$(dirname "$0")/.."
. tools/need.sh
need gcc "gcc libc6-dev"
need cmake cmake
need make make
install_missing

echo "building in build/ ..."
mkdir -p build
{
  cmake -S . -B build &&
    cmake --build build --target hedon --parallel "$(nproc)"
} >build/demo.log 2>&1 || {
  cat build/demo.log
  exit 1
}
[ $# -gt 0 ] || set -- CartPole-v1
echo "build/hedon train $*"
exec build/hedon train "$@"
