#!/bin/sh
# Put the random numbers through dieharder and print a table of p-values; docs/randomness.md
# quotes it. What comes out WEAK is tried again on another seed with four times the samples.
#
#   tools/battery.sh [ORDER...]     orders of tools/words.c; all by default
set -eu
cd "$(dirname "$0")/.."
. tools/need.sh
need gcc "gcc libc6-dev"
need dieharder dieharder
install_missing
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
gcc -O2 -std=c11 -Isrc/base -o "$scratch/words" tools/words.c

# dieharder's number of the test, and -n where the test has sizes
tests='0 1 2 3 4 8 9 13 15 16 100 101 102 200:2 200:8 201:3 201:5 202:5 203:0 203:7 204
  206 207 208 209'

# try ORDER SEED TEST TIMES: lines "name size p assessment"
try() {
  size=
  case $3 in *:*) size="-n ${3#*:}" ;; esac
  "$scratch/words" "$1" "$2" 2>/dev/null |
    dieharder -g 200 -d "${3%:*}" $size -m "$4" -c '|' -D test_name -D ntuple -D pvalues \
      -D assessment | awk -F'|' '{ gsub(/ /, ""); print $1, $2, $3, $4 }'
}

# A line for each order: p-values, how many were not passed, and the least and the greatest.
summary() {
  awk '{ order = $2 == "again:" ? $1 " again" : $1; p = $(NF - 1) + 0 }
    !(order in n) { names[++k] = order; low[order] = 1 }
    { n[order]++; weak[order] += $NF == "WEAK"; failed[order] += $NF == "FAILED" }
    p < low[order] { low[order] = p }
    p > high[order] { high[order] = p }
    END {
      for (i = 1; i <= k; i++) {
        order = names[i]
        printf "| %s | %d | %d | %d | %.6f | %.6f |\n", order, n[order], weak[order],
          failed[order], low[order], high[order]
      }
    }' "$1"
}

orders=${*:-steps draws key seeds envs}
for order in $orders; do
  [ "$("$scratch/words" "$order" | head -c 4 | wc -c)" -eq 4 ] || exit 2
done
dieharder -l | grep -o 'dieharder version [0-9.]*'
for order in $orders; do
  for test in $tests; do
    try "$order" 0 "$test" 1 >"$scratch/lines"
    sed "s/^/$order /" "$scratch/lines"
    if grep -qv PASSED "$scratch/lines"; then
      try "$order" 1 "$test" 4 | sed "s/^/$order again: /"
    fi
  done
done | tee "$scratch/all"
summary "$scratch/all"
