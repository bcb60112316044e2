#!/usr/bin/env python3
"""Record what Gymnasium's LunarLander does, for tests/env/test_lunarlander.c.

Use:  python tools/record_lunarlander.py [SEED N]

with a Python that has gymnasium[box2d] 1.4.0. Writes tests/data/gymnasium/lunarlander.txt: for both
environments

  env NAME
  flight SEED STEPS           and the observation of reset(seed), then STEPS lines of actions that
                              were drawn beforehand, observation and reward
  landing SEED STEPS RETURN   an episode of Gymnasium's own heuristic

Numbers have all their digits. With SEED and N nothing is written: N landings from SEED on are
summed up, as `test_lunarlander SEED N` does for ours.
"""
import pathlib
import random
import sys

import gymnasium
import numpy
from gymnasium.envs.box2d.lunar_lander import heuristic

FLIGHTS, FLIGHT_STEPS, LANDINGS = 20, 60, 300
FILE = pathlib.Path(__file__).resolve().parent.parent / "tests/data/gymnasium/lunarlander.txt"


def digits(numbers):
    return " ".join(f"{float(x):.9g}" for x in numpy.atleast_1d(numbers))


def some_action(env, chance):
    """Engines stay on or off for a while, as a pilot would have it."""
    if env.unwrapped.continuous:
        return numpy.array([chance.uniform(-1.5, 1.5), chance.uniform(-1.5, 1.5)], numpy.float32)
    return chance.randrange(4)


def flight(env, seed):
    chance = random.Random(seed)
    obs, _ = env.reset(seed=seed)
    lines = [digits(obs)]
    for step in range(FLIGHT_STEPS):
        if step % 4 == 0:
            action = some_action(env, chance)
        obs, reward, terminated, _, _ = env.step(action)
        lines.append(f"{digits(action)} {digits(obs)} {reward:.17g}")
        if terminated:
            break
    return [f"flight {seed} {len(lines) - 1}", *lines]


def landing(env, seed):
    obs, _ = env.reset(seed=seed)
    total, steps, over = 0.0, 0, False
    while not over:
        obs, reward, terminated, truncated, _ = env.step(heuristic(env, obs))
        total, steps, over = total + reward, steps + 1, terminated or truncated
    return f"landing {seed} {steps} {total:.17g}"


def landings(env, name, seeds):
    lines = [landing(env, seed) for seed in seeds]
    returns = [float(line.split()[3]) for line in lines]
    print(f"{name}: mean {numpy.mean(returns):.1f} +- {numpy.std(returns) / len(returns)**.5:.1f},"
          f" {sum(r >= 200 for r in returns)} of {len(returns)} reach 200")
    return lines


def main():
    lines = [f"# gymnasium {gymnasium.__version__}, by tools/record_lunarlander.py"]
    for name in ("LunarLander-v3", "LunarLanderContinuous-v3"):
        env = gymnasium.make(name)
        if len(sys.argv) == 3:
            first, n = map(int, sys.argv[1:])
            landings(env, name, range(first, first + n))
            continue
        lines.append(f"env {name}")
        for seed in range(FLIGHTS):
            lines += flight(env, seed)
        lines += landings(env, name, range(LANDINGS))
    if len(sys.argv) == 1:
        FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
