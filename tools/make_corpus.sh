#!/bin/sh
# Make seeds for the fuzzers: configurations and checkpoints of small learners.
#
#   make_corpus.sh HEDON [FOLDER]     FOLDER: that of the seeds, as a rule fuzz/corpus
#
# What a fuzzer found beyond these lies beside them, in files named by their checksums.
set -eu
hedon=$1
corpus=$(cd "${2:-$(dirname "$0")/../fuzz/corpus}" && pwd)
mkdir -p "$corpus/config" "$corpus/checkpoint"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# seed NAME TASK METHOD KEY=VALUE...: one learner of a few hundred steps
seed() {
  name=$1 task=$2 method=$3
  shift 3
  "$hedon" train "$task" --method "$method" --steps 300 --out "$scratch/$name" --quiet \
    --set eval_every=300 eval_episodes=1 "$@" >"$scratch/$name.log"
  cp "$scratch/$name/config.toml" "$corpus/config/$name.toml"
  cp "$scratch/$name"/checkpoint-*.hd "$corpus/checkpoint/$name.hd"
}
seed rollout cartpole neuron-agent hidden=2 critic.order=1 rollout=2
seed online cartpole neuron-agent-online hidden=2 critic.order=1
seed tiles mountaincar place-actor-critic code.cells=16 critic.cells=16
seed traces mountaincar place-actor-critic code.cells=16 critic.cells=16 lambda_actor=0.5 envs=2
seed table frozenlake neuron-agent hidden=2

printf 'alpha = 0.5 # half\nhidden = [8, 4,]\nsteps = 1_000\n' >"$corpus/config/partial.toml"
printf 'task = "CartPole-v1"\nmethod = "neuron-agent"\n[run]\nseed = 1\nseeds = 2\n' \
  >"$corpus/config/run.toml"
printf 'rng = "gymna\\"s\\n"\n' >"$corpus/config/escape.toml"
printf '\357\273\277lif.tau_m = 20\r\nbias = false\r\n' >"$corpus/config/mark.toml"
