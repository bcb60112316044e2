#!/bin/sh
# Write tests/golden/hashes.txt anew. A change of it is a commit of its own that says why the
# results had to change.
#
#   tools/regold.sh [HEDON]
set -eu
cd "$(dirname "$0")/.."
sh tests/golden/runs.sh "${1:-build/hedon}" 3 >tests/golden/hashes.new
mv tests/golden/hashes.new tests/golden/hashes.txt
git --no-pager diff --stat tests/golden/hashes.txt
