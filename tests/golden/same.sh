#!/bin/sh
# A training run gives the recorded hash for any number of threads, alone or among other seeds, and
# on any instruction set.
#
#   same.sh HEDON FILE SEEDS THREADS...      FILE of hashes, seeds of each run, numbers of threads
set -eu
hedon=$1
want=$2
seeds=$3
shift 3
runs="sh $(dirname "$0")/runs.sh $hedon"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset HEDON_ISA
failed=0

# compare WHAT SEEDS FLAGS...
compare() {
  what=$1
  shift
  last=$((10 + $1))
  awk -v last=$last '$3 <= last' "$want" >"$scratch/part"
  $runs "$@" >"$scratch/got"
  if cmp -s "$scratch/part" "$scratch/got"; then
    echo "ok   $what"
  else
    echo "FAIL $what: expected (<), got (>)"
    diff "$scratch/part" "$scratch/got" || :
    failed=1
  fi
}

for threads in "$@"; do
  compare "$threads threads" "$seeds" --threads $threads
done
if [ "$seeds" -gt 1 ]; then
  compare "a seed alone on 2 threads" 1 --threads 2
  compare "a seed alone on 3 threads" 1 --threads 3
fi
for isa in scalar v2 v3 v4; do
  HEDON_ISA=$isa
  export HEDON_ISA
  if "$hedon" list rules >/dev/null 2>&1; then
    compare "instruction set $isa" "$seeds" --threads 2
  else
    echo "skip instruction set $isa: not on this processor"
  fi
done
exit $failed
