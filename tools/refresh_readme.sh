#!/bin/sh
# Write the demo's output into README.md: a run in a terminal 100 columns wide, its last frame.
#
#   tools/refresh_readme.sh [HEDON]
set -eu
cd "$(dirname "$0")/.."
hedon=${1:-build/hedon}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# script(1) gives the tool a terminal; what was drawn over is dropped, and so are the escapes.
capture() {
  echo "\$ hedon $*"
  LC_ALL=C.UTF-8 TERM=xterm NO_COLOR=1 script -qefc "stty cols 100; $hedon $*" /dev/null \
    </dev/null | tr -d '\033' | sed 's/\r$//; s/.*\r//; s/\[K//g; s/ *$//'
}
{
  echo '```'
  capture train CartPole-v1
  echo
  capture train CartPole-v1 --seed 1000 --seeds 30 --quiet | sed '8,34d; 7s/$/\n     .../'
  echo
  capture train CartPole-v1 --seed 1000 --seeds 30 --quiet --set learn_hidden=false |
    sed '2,/^ *1029/d; /^intervals/d'
  echo '```'
} >"$scratch/demo"
awk -v demo="$scratch/demo" '
  /<!-- demo/ { print; while ((getline line < demo) > 0) print line; skip = 1 }
  /<!-- \/demo/ { skip = 0 }
  !skip && !/<!-- demo/ { print }' README.md >"$scratch/README.md"
cp "$scratch/README.md" README.md
