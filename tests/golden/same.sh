#!/bin/sh
# The same training run gives the same weights for any number of threads, alone or among other
# seeds, on any instruction set; and, as every build compares with the same file, for any compiler
# and optimisation.
#
#   same.sh HEDON GOLDEN       compare with the file
#   same.sh HEDON              print what the file should hold
#
# A line of GOLDEN is a run: task, method, seed, hash.
set -eu
hedon=$1
golden=${2:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset HEDON_ISA

# Several updates of each method in a fraction of a second.
runs='
CartPole-v1 neuron-agent
CartPole-v1 neuron-agent-online
CartPole-v1 neuron-agent-society
CartPole-v1 reparam-st
CartPole-v1 reparam-mean
CartPole-v1 reparam-soft
MountainCar-v0 place-actor-critic
Gridworld-v0 neuron-agent-vote
Gridworld-v0 neuron-agent-published
Pendulum-v1 neuron-agent
Taxi-v4 neuron-agent
'

# hashes SEEDS FLAGS...: a line for each seed of each run
hashes() {
  seeds=$1
  shift
  echo "$runs" | while read -r task method; do
    [ -n "$task" ] || continue
    "$hedon" train "$task" --method "$method" --seed 11 --seeds "$seeds" --steps 1500 \
      --set eval_every=500 eval_episodes=2 "$@" --json --quiet >"$scratch/json" || return 1
    grep -o '"seed":[0-9]*\|"hash":"[0-9a-f]*"' "$scratch/json" | sed 's/.*://; s/"//g' |
      paste - - | while read -r seed hash; do
      echo "$task $method $seed $hash"
    done
  done
}

if [ -z "$golden" ]; then
  hashes 3
  exit
fi

failed=0
# compare WHAT SEEDS FLAGS...
compare() {
  what=$1
  shift
  last=$((10 + $1))
  awk -v last=$last '!/^#/ && $3 <= last' "$golden" >"$scratch/want"
  hashes "$@" >"$scratch/got"
  if cmp -s "$scratch/want" "$scratch/got"; then
    echo "ok   $what"
  else
    echo "FAIL $what: expected (<), got (>)"
    diff "$scratch/want" "$scratch/got" || :
    failed=1
  fi
}

for threads in 1 2 3 8; do
  compare "$threads threads" 3 --threads $threads
done
compare "a seed alone" 1 --threads 1
for isa in scalar v2 v3 v4; do
  HEDON_ISA=$isa
  export HEDON_ISA
  if "$hedon" list rules >/dev/null 2>&1; then
    compare "instruction set $isa" 3 --threads 2
  else
    echo "skip instruction set $isa: not on this processor"
  fi
done
exit $failed
