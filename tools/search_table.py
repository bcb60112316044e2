#!/usr/bin/env python3
"""Searches and synapse agents on the same tasks, as a table in Markdown.

    tools/search_table.py [--hedon build/hedon] [--quick] > table.md

The blobs: 131 weights, 4000 evaluations, seeds 1000-1019, scored by the likelihood of the right
answers, as in the reconstruction of the experiment of Zheng et al. 2026, and by the share of right
answers alone. Control: seeds from 1000 on, each method's own rows.
"""
import argparse
import json
import statistics
import subprocess

import blobs_rows

BLOBS = ["random-walk", "syn-m1", "syn-m2", "syn-m3", "syn-m4", "syn-coarse", "syn-m5", "syn-plus",
         "win-stay", "alopex", "one-plus-one", "metropolis", "spsa", "nes",
         "evolving-connectivity", "ec-trust"]
CONTROL = [("cartpole", m, 30, 400000) for m in
           ("syn-m1", "syn-m2", "syn-m3", "syn-m4", "syn-coarse", "syn-m5", "syn-plus", "alopex",
            "nes")]
CONTROL += [("acrobot", "nes", 20, 3000000), ("lunarlander", "nes", 10, 2000000),
            ("gridworld", "nes", 20, 1000000)]


def run(hedon, task, method, seeds, *more):
    command = [hedon, "train", task, "--method", method, "--seed", "1000", "--seeds", str(seeds),
               "--quiet", "--json", *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def returns_of(outcome):
    return [seed["final_return"] for seed in outcome["seeds"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hedon", default="build/hedon")
    parser.add_argument("--quick", action="store_true", help="two seeds each")
    args = parser.parse_args()

    print("| method | by likelihood: mean, least of the seeds | by accuracy |")
    print("|---|---|---|")
    for method in BLOBS:
        cells = []
        for score in ("likelihood", "return"):
            outcome = run(args.hedon, "blobs", method, 2 if args.quick else 20, "--set",
                          "search.score=" + score, "overtrain=0", "threshold=nan",
                          "eval_every=600000", *blobs_rows.settings(method))
            values = returns_of(outcome)
            cells.append(f"{statistics.mean(values):.3f}, {min(values):.3f}")
        print(f"| `{method}` | {cells[0]} | {cells[1]} |", flush=True)

    print("\n| task | method | solved | steps, median | return, mean | CPU s per seed |")
    print("|---|---|---|---|---|---|")
    for task, method, seeds, steps in CONTROL:
        outcome = run(args.hedon, task, method, 2 if args.quick else seeds, "--steps", str(steps))
        values = returns_of(outcome)
        solved = sum(seed["solved"] for seed in outcome["seeds"])
        median = outcome["steps_median"]
        median = f"{median:.0f}" if median is not None else "-"
        print(f"| {task} | `{method}` | {solved} of {len(values)} | {median} | "
              f"{statistics.mean(values):.2f} | {outcome['cpu_median']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
