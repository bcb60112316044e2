#!/usr/bin/env python3
"""Methods in worlds that no row of theirs knows, as docs/robust.md and docs/data/robust.json.

    tools/robust.py [--hedon build/hedon] [--before CHECKOUT] [--cc cc]
                    [--worlds CatchNumbers-v0,...] [--seeds 30]

Ten learners each, of seeds 1000 to 1009, or as many as --seeds says, with the steps of the method's preset; the worlds are those
of tests/learning/worlds.h. --before is a checkout of an earlier commit with a build in its folder
build, whose figures stand beside. What was measured of other commits stays on the page, and --worlds
measures only some."""
import argparse
import itertools
import json
import os
import pathlib
import subprocess
import tempfile

import data_file
from clean_commit import ROOT, clean_commit

METHODS = ["neuron-agent", "neuron-agent-online", "neuron-agent-society", "a2c", "ppo",
           "place-actor-critic"]
DATA, PAGE = ROOT / "docs/data/robust.json", ROOT / "docs/robust.md"
SLOW_METHODS = ["hedonistic", "dqn"]  # in the first world only
WORLDS = [("Cart-v0", "the cart-pole under another name"), ("CartSmall-v0", "rewards times 0.01"),
          ("CartLarge-v0", "rewards times 100"),
          ("CartWide-v0", "ranges declared ten times too wide"),
          ("CartLong-v0", "a pole of twice the length"), ("CartStrong-v0", "force times 1.5"),
          ("CartHeavy-v0", "gravity times 1.5"),
          ("CartNoisy-v0", "noise of 5 % of half the range on every input"),
          ("CartPermuted-v0", "inputs in another order"), ("CartMore-v0", "a fifth input, noise"),
          ("CatchNumbers-v0", "Catch, three real numbers"),
          ("CatchChoices-v0", "Catch, three whole numbers")]
INTRO = """# Robustness

Written by tools/robust.py, which runs the worlds of
[worlds.h](../tests/learning/worlds.h) and refuses a tree with changes. No method has a row for these
worlds: all settings are those of its preset. Settings were chosen on seeds 0 to 19.

"""
NOTE = """
Rewards are divided by the running root mean square of discounted returns
([return_scale.h](../src/value/return_scale.h)), and observations whose declared range is wider than
five running deviations to either side are zoomed ([learned_range.h](../src/value/learned_range.h);
place codes hold the range from take to take, and zoom only what is four times too wide). Several
whole numbers are taken for quantities, by random features of a critic as well. Cells of a place code do not share what they learned, so that
an input that is noise multiplies what `place-actor-critic` has to visit. Rewards times a power of two give the same weights to
the bit, and so do searches that go by ranks, signs or comparisons:
[test_changed_worlds.c](../tests/learning/test_changed_worlds.c) holds all of this, and that learners
without it fail. Rows of built-in tasks keep the settings that they were tuned with.
"""


def plugin(cc, folder, root):
    path = os.path.join(folder, f"worlds{len(os.listdir(folder))}.so")
    source = ROOT / "tests/learning/worlds_plugin.c"
    subprocess.run([cc, "-O2", "-shared", "-fPIC", f"-I{root / 'include'}", str(source), "-lm",
                    "-o", path], check=True)
    return path


def seeds_of(hedon, worlds, world, method, n):
    command = [hedon, "--plugin", worlds, "train", world, "--method", method, "--seed", "1000",
               "--seeds", str(n), "--json", "--quiet"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["seeds"]


def cell(seeds):
    if seeds is None:
        return "not measured"
    solved = sorted(s["steps_to_threshold"] for s in seeds if s["solved"])
    steps = f" in {solved[len(solved) // 2] / 1000:.0f} k" if solved else ""
    of = f" of {len(seeds)}" if len(seeds) != 10 else ""
    return f"{len(solved)}{of}{steps}"


def table(result):
    rows = ["| world | " + " | ".join(METHODS) + " |", "|---" * (len(METHODS) + 1) + "|"]
    for world, words in WORLDS:
        if world not in result:
            continue
        cells = [cell(result[world].get(method)) for method in METHODS]
        rows.append(f"| {words} | " + " | ".join(cells) + " |")
    first = result.get(WORLDS[0][0])
    if first is None:
        return "\n".join(rows) + "\n"
    slow = ", ".join(f"`{method}` {cell(first.get(method))}" for method in SLOW_METHODS)
    return "\n".join(rows) + f"\n\nSlower methods, {WORLDS[0][1]}: {slow}.\n"


def measure(hedon, worlds, world, result, n):
    for method in METHODS + (SLOW_METHODS if world == WORLDS[0][0] else []):
        if method not in result.setdefault(world, {}):
            result[world][method] = seeds_of(hedon, worlds, world, method, n)
            yield


def page_of(results, commits):
    page = INTRO
    for when, commit in commits:
        page += (f"{when}, commit {commit}: learners solved, of ten unless it says otherwise, and the median steps of those.\n\n"
                 + table(results[commit]) + "\n")
    return page.rstrip("\n") + "\n" + NOTE


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hedon", default="build/hedon")
    parser.add_argument("--before", type=pathlib.Path)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--worlds", default=",".join(name for name, _ in WORLDS))
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    checkouts = [("Now", clean_commit(), ROOT, args.hedon)]
    if args.before:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=args.before, check=True,
                                capture_output=True, text=True).stdout.strip()
        checkouts.append(("Before", commit, args.before, args.before / "build/hedon"))
    old = data_file.read(DATA)
    shown = [checkout[:2] for checkout in checkouts]
    shown += [("Earlier", commit) for commit in old if commit not in dict(shown).values()]
    results = {commit: old.get(commit, {}) for _, commit in shown}
    with tempfile.TemporaryDirectory() as folder:
        tools = [(commit, hedon, plugin(args.cc, folder, root))
                 for _, commit, root, hedon in checkouts]
        for world, (commit, hedon, worlds) in itertools.product(args.worlds.split(","), tools):
            for _ in measure(hedon, worlds, world, results[commit], args.seeds):
                data_file.write(DATA, results)
                PAGE.write_text(page_of(results, shown))


if __name__ == "__main__":
    main()
