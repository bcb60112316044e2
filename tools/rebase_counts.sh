#!/bin/sh
# Write tests/guards/counts.txt anew: the instructions that small paths may cost. A change of it is
# a commit that says why they cost more, or what made them cheaper.
#
#   tools/rebase_counts.sh
set -eu
cd "$(dirname "$0")/.."
. tools/need.sh
need valgrind valgrind
install_missing
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target guard_paths >/dev/null
sh tests/guards/counts.sh build-release/tests/guard_paths tests/guards/counts.txt --record
git --no-pager diff --stat tests/guards/counts.txt
