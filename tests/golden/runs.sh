#!/bin/sh
# The short training runs of runs.txt: a line for each, with task, method, seed and the hash of the
# final weights.
#
#   runs.sh HEDON SEEDS [FLAGS of hedon train]      HEDON_RUNS names a file in place of runs.txt
set -eu
hedon=$1
seeds=$2
shift 2
grep -v '^#' "${HEDON_RUNS:-$(dirname "$0")/runs.txt}" | while read -r task run settings; do
  [ -n "$task" ] || continue
  json=$("$hedon" train "$task" --method "${run%%+*}" --seed 11 --seeds "$seeds" --steps 1500 \
    --set eval_every=500 eval_episodes=2 $settings "$@" --json --quiet)
  echo "$json" | grep -o '"seed":[0-9]*\|"hash":"[0-9a-f]*"' | sed 's/.*://; s/"//g' |
    paste - - | sed "s/^/$task $run /"
done
