#!/usr/bin/env python3
"""Race MuJoCo's robots against Gymnasium's: steps per second of one core, in turn, in one run.

Use:  python tools/race_mujoco.py BUILD [SECONDS]

BUILD is a build folder in which the target peers_envs was built; the Python has gymnasium, mujoco,
glfw and imageio. Actions are drawn beforehand, episodes restarted as they end; five turns each of
SECONDS of CPU (default 1). Prints the rows of the table in docs/environments.md.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

import gymnasium
import mujoco
import numpy

import record_mujoco

TURNS = 5
ACTIONS = 64


def ours(program, name, seconds):
    run = subprocess.run([program, name, "1", str(seconds)], capture_output=True, text=True,
                         check=True)
    took = json.loads(run.stdout)
    return took["work"] / took["cpu_s"]


def theirs(env, seconds):
    space = env.action_space
    actions = numpy.random.default_rng(1).uniform(space.low, space.high,
                                                  (ACTIONS, *space.shape)).astype(numpy.float32)
    env.reset(seed=1)
    steps, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for action in actions:
            *_, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()
        steps += ACTIONS
    return steps / (time.process_time() - start)


def main():
    warnings.simplefilter("ignore")
    program = pathlib.Path(sys.argv[1]) / "bench/peers/peers_envs"
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    print(f"gymnasium {gymnasium.__version__}, mujoco {mujoco.__version__}")
    for name in record_mujoco.ENVS:
        env = gymnasium.make(name)
        turns = [(ours(program, name, seconds), theirs(env, seconds)) for _ in range(TURNS)]
        here, there = (statistics.median(rates) for rates in zip(*turns))
        ratio = statistics.median(a / b for a, b in turns)
        print(f"| `{name}` | {here:,.0f} | {there:,.0f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
