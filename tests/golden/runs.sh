#!/bin/sh
# Short training runs of many methods: a line for each, with task, method, seed and the hash of the
# final weights. Large networks are made small.
#
#   runs.sh HEDON SEEDS [FLAGS of hedon train]
set -eu
hedon=$1
seeds=$2
shift 2
while read -r task method settings; do
  json=$("$hedon" train "$task" --method "$method" --seed 11 --seeds "$seeds" --steps 1500 \
    --set eval_every=500 eval_episodes=2 $settings "$@" --json --quiet)
  echo "$json" | grep -o '"seed":[0-9]*\|"hash":"[0-9a-f]*"' | sed 's/.*://; s/"//g' |
    paste - - | sed "s/^/$task $method /"
done <<'RUNS'
CartPole-v1 neuron-agent
CartPole-v1 neuron-agent-online
CartPole-v1 neuron-agent-society
CartPole-v1 reparam-st
CartPole-v1 reparam-mean
CartPole-v1 reparam-soft
MountainCar-v0 place-actor-critic
Gridworld-v0 neuron-agent-vote
Pendulum-v1 neuron-agent
Taxi-v4 neuron-agent
XorRate-v0 hedonistic
CartPole-v1 hedonistic
CartPole-v1 a2c
CartPole-v1 ppo
FrozenLake-v1 reinforce
CartPole-v1 dqn
Pendulum-v1 td3 hidden=32,20 critic_hidden=32 batch=40
Pendulum-v1 sac hidden=32,20 critic_hidden=32 batch=40
RUNS
