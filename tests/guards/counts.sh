#!/bin/sh
# Count the instructions of every path of paths.c, and compare them with those recorded.
#
#   counts.sh PROGRAM COUNTS [--record]
#
# More than 5 % above the record fails. A path that became more than 5 % cheaper is named, so that
# tools/rebase_counts.sh makes the gain the new record. Counts belong to a compiler and its flags:
# where those differ, or valgrind is missing, nothing is compared and the test says so (exit 77).
# Valgrind knows no AVX-512, so the instruction set is v3.
set -eu
program=$1
counts=$2
mode=${3:-compare}

skip() {
  echo "SKIPPED: $1"
  exit 77
}
command -v valgrind >/dev/null || skip "valgrind is not installed; instructions are not counted"
built=$("$program" --built)
if [ "$mode" = compare ] && [ "$(sed -n 's/^# built by //p' "$counts")" != "$built" ]; then
  skip "counts are recorded for '$(sed -n 's/^# built by //p' "$counts")', this is '$built'"
fi
export HEDON_ISA=v3
"$program" >/dev/null 2>&1 || skip "this processor has no instruction set v3"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in $("$program"); do
  valgrind --tool=callgrind --toggle-collect="path_$name" --callgrind-out-file=/dev/null \
    "$program" "$name" >"$scratch/said" 2>&1 || {
    cat "$scratch/said"
    exit 1
  }
  echo "$name $(sed -n 's/^.*Collected : //p' "$scratch/said")"
done >"$scratch/counts"

if [ "$mode" = --record ]; then
  {
    echo "# Instructions of the paths in tests/guards/paths.c; written by tools/rebase_counts.sh."
    echo "# built by $built"
    cat "$scratch/counts"
  } >"$counts.new"
  mv "$counts.new" "$counts"
  exit 0
fi
awk 'NR == FNR { if ($1 != "#") { was[$1] = $2 } next }
  !($1 in was) { print "FAIL " $1 ": not recorded; run tools/rebase_counts.sh"; bad = 1; next }
  {
    share = 100 * ($2 - was[$1]) / was[$1]
    seen[$1] = 1
    word = "ok  "
    if (share > 5) { word = "FAIL"; bad = 1 }
    printf "%s %-24s %10d instructions, recorded %10d (%+.1f %%)\n", word, $1, $2, was[$1], share
    if (share < -5) { print "     cheaper: make it the record with tools/rebase_counts.sh" }
  }
  END {
    for (name in was) if (!(name in seen)) { print "FAIL " name ": recorded, and gone"; bad = 1 }
    exit bad
  }' "$counts" "$scratch/counts"
