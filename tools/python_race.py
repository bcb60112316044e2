#!/usr/bin/env python3
"""Time to solve CartPole-v1: hedon.train against Stable-Baselines3's PPO and an A2C on snnTorch's neurons.

    tools/python_race.py [--build build] [--print] [--seeds 3] [--limit 300]

Needs numpy, torch, gymnasium, stable-baselines3 and snntorch in the Python that runs it. The peers and their
settings are those of bench/peers: PPO as the zoo of Stable-Baselines3 tuned it for this task, and a2c.py.
Everybody runs in this process, on one thread, seed by seed in turn, and is judged alike: every 2500 steps 100
greedy episodes; solved at the first mean of at least 475 whose next two pass as well. Times are CPU seconds
until learning ends there; evaluations are left out. --limit ends an attempt of a peer after so many of them.
Written into docs/python.md, or shown with --print, which takes a changed tree as well."""
import argparse
import os
import statistics
import sys
import time

from clean_commit import clean_commit
from page_section import write_section
from python_figures import processor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOC = os.path.join(ROOT, "docs", "python.md")
BEGIN, END = "<!-- race: tools/python_race.py -->", "<!-- /race -->"
EVERY, EPISODES, THRESHOLD, PASSES, BUDGET = 2500, 100, 475, 3, 100_000


def hedon_run(seed, limit):
    import hedon

    run = hedon.train("CartPole-v1", seed=seed, threads=1, progress=False).runs[0]
    return {"cpu_s": run.cpu_s, "solved": run.solved, "steps": run.env_steps}


def ppo_run(seed, limit):
    import peer_sb3

    found = peer_sb3.solve(seed, 1, limit)()
    return {"cpu_s": found["cpu_s"], "solved": found["solved"], "steps": found["work"]}


def evaluate(actor, seed):
    """Mean of the first episode of each of so many poles, acting greedily."""
    import numpy
    import torch
    from cartpole import CartPoles

    poles = CartPoles(EPISODES, numpy.random.default_rng(seed))
    alive, total = numpy.ones(EPISODES, bool), 0
    with torch.inference_mode():
        while alive.any():
            terminated, truncated = poles.step(actor(torch.from_numpy(poles.observe())).argmax(1).numpy())
            total += alive.sum()
            alive &= ~(terminated | truncated)
    return total / EPISODES


def a2c_run(seed, limit):
    import peer_snntorch

    once = peer_snntorch.CASES["a2c"](hidden=64, T=4, envs=8, rollout=32, seed=seed)
    cpu, steps, passed, judged = 0.0, 0, 0, 0
    while passed < PASSES and cpu < limit and steps < BUDGET:
        started = time.process_time()
        steps += once()
        cpu += time.process_time() - started
        if steps >= (judged + 1) * EVERY:
            passed = passed + 1 if evaluate(once.actor, judged) >= THRESHOLD else 0
            judged += 1
    return {"cpu_s": cpu, "solved": passed >= PASSES, "steps": steps}


CONTENDERS = {"hedon.train, neuron-agent": hedon_run, "Stable-Baselines3, PPO": ppo_run,
              "snnTorch, A2C": a2c_run}


def row(name, runs, ours):
    solved = [r for r in runs if r["solved"]]
    took = statistics.median(r["cpu_s"] for r in runs)
    steps = statistics.median(r["steps"] for r in runs)
    ratio = "" if runs is ours else f"{'' if len(solved) == len(runs) else 'more than '}" \
        f"{took / statistics.median(r['cpu_s'] for r in ours):.0f}x"
    return f"| {name} | {len(solved)} of {len(runs)} | {took:.3g} s | {steps:,.0f} | {ratio} |"


def table(found, seeds, commit):
    import gymnasium
    import snntorch
    import stable_baselines3
    import torch

    ours = next(iter(found.values()))
    about = (f"Written by [tools/python_race.py](../tools/python_race.py) at commit {commit}: CPU seconds on one core "
             f"of {processor()} until CartPole-v1 is solved, evaluations left out, medians of seeds 0 to {seeds - 1} in turn "
             f"(a seed that did not solve it counts with all it took); PyTorch {torch.__version__}, Stable-Baselines3 "
             f"{stable_baselines3.__version__}, snnTorch {snntorch.__version__}, Gymnasium {gymnasium.__version__}.")
    return "\n".join([about, "", "| who | solved | time | steps | hedon is quicker by |", "|---|---|---|---|---|",
                      *(row(name, runs, ours) for name, runs in found.items())])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300)
    args = parser.parse_args()
    commit = "of a changed tree" if args.print else clean_commit()
    os.environ.setdefault("HEDON_LIBRARY", os.path.join(args.build, "libhedon.so"))
    sys.path[:0] = [os.path.join(ROOT, "python"), os.path.join(ROOT, "bench", "peers")]
    import torch

    torch.set_num_threads(1)
    found = {name: [] for name in CONTENDERS}
    for seed in range(args.seeds):
        for name, contender in CONTENDERS.items():
            found[name].append(contender(seed, args.limit))
            print(name, seed, found[name][-1], file=sys.stderr)
    text = table(found, args.seeds, commit)
    if args.print:
        print(text)
        return
    write_section(DOC, BEGIN, END, text)


if __name__ == "__main__":
    main()
