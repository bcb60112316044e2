#!/usr/bin/env python3
"""Measure what methods learn on MinAtar's games, and write docs/minatar-learning.md and .svg.

    tools/minatar.py [--hedon build/hedon] [--seeds 3] [--only WORD] [--write-only]

Trains every method on every game, then their controls, seed after seed from 1000 on, one learner at a time. What
docs/data/minatar.json has already is not trained again, and every learner is written there when it has ended, so that
what takes long may be stopped. --only trains rows whose name, GAME/METHOD/CONTROL, contains WORD. --write-only writes
the page about the learners that are known."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import curves
from clean_commit import clean_commit

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DOCS = os.path.join(ROOT, "docs")
DATA = os.path.join(DOCS, "data", "minatar.json")
FIRST_SEED, RANDOM_STEPS = 1000, 60000
GAMES = ["Breakout", "SpaceInvaders", "Asterix", "Freeway", "Seaquest"]
METHODS = ["dqn", "dqn-relu", "layer-agent", "neuron-agent-online", "neuron-agent-settle"]
CONTROLS = {"": [], "frozen": ["learn_hidden=false"], "shuffled": ["shuffle_signal=true"]}
CONTROL_SEEDS = 3


# ---- learners ----

def command(game, method, control, seed):
    flags = CONTROLS[control]
    return ["train", f"MinAtar-{game}-v1", "--method", method, "--seed", str(seed), "--threads", "1",
            *(["--set", *flags] if flags else [])]


def measure(hedon, words):
    """What one learner reaches, with its evaluations."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run")
        args = [hedon, *words, "--quiet", "--json", "--out", out]
        run = subprocess.run(args, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"minatar: {' '.join(args)}: {run.stderr.strip()}")
        outcome = json.loads(run.stdout.strip().splitlines()[-1])["seeds"][0]
        with open(os.path.join(out, "metrics.jsonl"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
    curve = [[event["env_steps"], round(event["eval_return"], 2)] for event in events if event["event"] == "evaluation"]
    return {"final_return": outcome["final_return"], "train_return": outcome["train_return"], "hash": outcome["hash"],
            "steps": outcome["env_steps"], "cpu_s": round(outcome["cpu_s"], 1), "curve": curve}


def measure_random(hedon, game):
    """Mean return of the whole episodes that random actions play."""
    args = [hedon, "rollout", f"MinAtar-{game}-v1", "--steps", str(RANDOM_STEPS), "--seed", str(FIRST_SEED), "--json"]
    returns, total = [], 0.0
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            step = json.loads(line[line.rindex("]") + 1:].replace(",", "{", 1) if "reward" in line else "{}")
            total += step.get("reward", 0.0)
            if step.get("terminated") or step.get("truncated"):
                returns.append(total)
                total = 0.0
    return {"final_return": statistics.fmean(returns), "episodes": len(returns), "steps": RANDOM_STEPS}


def load():
    if not os.path.exists(DATA):
        return {}
    with open(DATA, encoding="utf-8") as file:
        return json.load(file)["learners"]


def save(known):
    with open(DATA, "w", encoding="utf-8") as file:
        json.dump({"generated_by": "tools/minatar.py; not to be edited", "learners": known}, file,
                  separators=(",", ":"))
        file.write("\n")


def learn(args, known, commit, name, seed, made):
    learners = known.setdefault(name, {})
    if (args.only or "") in name and str(seed) not in learners:
        learners[str(seed)] = made() | {"commit": commit}
        print(name, seed, f"{learners[str(seed)]['final_return']:.2f}", flush=True)
        save(known)


def measure_seed(args, known, commit, control, seed):
    for game in GAMES:
        for method in METHODS:
            learn(args, known, commit, "/".join((game, method, control)).rstrip("/"), seed,
                  lambda: measure(args.hedon, command(game, method, control, seed)))


def measure_all(args, known):
    commit = clean_commit()
    for game in GAMES:
        learn(args, known, commit, f"{game}/random", FIRST_SEED, lambda: measure_random(args.hedon, game))
    for seed in range(FIRST_SEED, FIRST_SEED + args.seeds):
        for control in CONTROLS:
            if control == "" or seed < FIRST_SEED + CONTROL_SEEDS:
                measure_seed(args, known, commit, control, seed)


# ---- figures ----

def finals(known, *name):
    return [one["final_return"] for one in known.get("/".join(name), {}).values()]


def figure(value):
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values):
    if not values:
        return "-"
    some = f" ({figure(min(values))} to {figure(max(values))})" if len(values) > 1 else ""
    return figure(statistics.fmean(values)) + some


def controlled(values):
    """A control, and how many seeds it has."""
    return spread(values) + (f", {len(values)} seed{'s' * (len(values) > 1)}" if values else "")


def measured(known, game):
    return [method for method in METHODS if finals(known, game, method)]


def highest(known, game):
    return max(measured(known, game), key=lambda method: statistics.fmean(finals(known, game, method)))


def table(known):
    titles = ["game", "method", "seeds", "final return: mean (least to most)", "frozen", "shuffled", "CPU s"]
    lines = [titles, ["---"] * len(titles)]
    for game in GAMES:
        for k, method in enumerate(measured(known, game)):
            learners = known[f"{game}/{method}"].values()
            title = f"**{game}**, random {spread(finals(known, game, 'random'))}" if k == 0 else ""
            lines.append([title, f"`{method}`", str(len(learners)),
                          spread(finals(known, game, method)),
                          *(controlled(finals(known, game, method, control)) for control in ("frozen", "shuffled")),
                          f"{statistics.median(one['cpu_s'] for one in learners):.0f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def listed(methods):
    return ", ".join(f"`{method}`" for method in methods) or "none"


def frozen_of(known, game, methods):
    """What frozen hidden layers reach where the whole network learned, and where that is as much."""
    said = [f"`{method}` {spread(finals(known, game, method, 'frozen'))}" for method in methods
            if finals(known, game, method, "frozen")]
    needless = [method for method in methods if finals(known, game, method, "frozen") and
                statistics.fmean(finals(known, game, method, "frozen")) >= statistics.fmean(finals(known, game, method))]
    return (f"With the hidden layer frozen: {', '.join(said)}; random hidden neurons do as well with {listed(needless)}."
            if said else "Not measured with the hidden layer frozen.")


def said_of(known, game):
    """Three sentences: who ends highest, who learned, and what frozen hidden layers say."""
    chance = statistics.fmean(finals(known, game, "random"))
    best = highest(known, game)
    learned = [method for method in measured(known, game) if min(finals(known, game, method)) > 2 * chance]
    if not learned:
        return (f"- **{game}** is not learned: no method ends above twice the random policy's mean. The highest is `{best}`, at "
                f"{spread(finals(known, game, best))}.")
    others = [method for method in measured(known, game) if method not in learned]
    return (f"- **{game}**: `{best}` ends highest, at {figure(statistics.fmean(finals(known, game, best)))}. Above twice the random "
            f"policy's mean with every seed: {listed(learned)}; not so: {listed(others)}.\n  {frozen_of(known, game, learned)}")


def picture(known):
    """A panel a game, the mean curve of each method in it."""
    panels = []
    for game in GAMES:
        found = {}
        for method in measured(known, game):
            points = zip(*(one["curve"] for one in known[f"{game}/{method}"].values()))
            found[method] = [(point[0][0], statistics.fmean(value for _, value in point)) for point in points]
        panels.append(((game, "mean return of greedy episodes"), found))
    return curves.picture(panels)


# ---- the page ----

PAGE = """# What is learned on MinAtar's games

Written by tools/minatar.py from [data/minatar.json](data/minatar.json), which has every learner with its hash; nothing is
typed in. Measured at commit {commits}. The games are on [their own page](minatar.md). Every method has one hidden layer of 128 (`layer-agent`: two of 64),
fully connected to the bits of the observation, and the rows for these games of its file, which were chosen on seed 0 by a few
runs of up to 100,000 steps:

    hedon train breakout                                  # by the spiking method that ended highest there

A final return is the mean of {episodes} greedy episodes after at most {steps:,} steps; seeds are those from 1000
on. *Frozen*: the hidden layer keeps its first weights. *Shuffled*: every transition of a batch has the target of another, or an agent is
told one of the last 1,024 signals, drawn at random. "-": not measured. *Random*: actions drawn evenly, {random_steps:,} steps
(`hedon rollout`). So few seeds rank methods by large differences only.

{table}

![Mean return of evaluations during learning, by game and method](minatar-learning.svg)

{sentences}

**Beside the literature.** Young & Tian 2019 train a network with a convolution of 16 filters and 128 rectified units for 5,000,000
frames, with one update of 32 transitions a frame, and take the mean of 30 seeds; they tell returns while learning, not of greedy
episodes. Ours see the same bits without a convolution for {steps:,} steps, one in {share:.0f} of theirs, and `dqn` makes one such update in four
steps. So these figures say what little time teaches, and are not to be compared with theirs.
"""
EPISODES = "20 (Seaquest: 10, Freeway: 4)"


def max_steps(known):
    return max(one["steps"] for name in known for one in known[name].values() if not name.endswith("/random"))


def page(known):
    learners = [one for name in known for one in known[name].values()]
    return PAGE.format(episodes=EPISODES, random_steps=RANDOM_STEPS,
                       table=table(known), commits=", ".join(sorted({one["commit"] for one in learners})),
                       sentences="\n".join(said_of(known, game) for game in GAMES),
                       steps=max_steps(known), share=5e6 / max_steps(known))


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/minatar-learning.md shows.")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", metavar="WORD", help="train rows whose name contains this")
    parser.add_argument("--write-only", action="store_true", help="train nothing")
    args = parser.parse_args()
    known = load()
    if not args.write_only:
        measure_all(args, known)
    for name, said in (("minatar-learning.md", page(known)), ("minatar-learning.svg", picture(known))):
        with open(os.path.join(DOCS, name), "w", encoding="utf-8") as file:
            file.write(said)


if __name__ == "__main__":
    main()
