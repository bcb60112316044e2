#!/usr/bin/env python3
"""Methods in worlds that no row of theirs knows, as docs/robust.md and docs/robust.json.

    tools/robust.py [--hedon build/hedon] [--before HEDON --before-commit HASH] [--cc cc]

Ten learners each, of seeds 1000 to 1009, with the steps of the method's preset; the worlds are those
of tests/learning/worlds.h. --before is a tool of an earlier commit, whose figures stand beside."""
import argparse
import json
import os
import subprocess
import tempfile

from clean_commit import ROOT, clean_commit

METHODS = ["neuron-agent", "neuron-agent-online", "neuron-agent-society", "a2c", "ppo",
           "place-actor-critic"]
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
whole numbers are taken for quantities. Cells of a place code do not share what they learned, so that
an input that is noise multiplies what `place-actor-critic` has to visit. Rewards times a power of two give the same weights to
the bit, and so do searches that go by ranks, signs or comparisons:
[test_changed_worlds.c](../tests/learning/test_changed_worlds.c) holds all of this, and that learners
without it fail. Rows of built-in tasks keep the settings that they were tuned with.
"""


def plugin(cc, folder):
    path = os.path.join(folder, "worlds.so")
    source = ROOT / "tests/learning/worlds_plugin.c"
    subprocess.run([cc, "-O2", "-shared", "-fPIC", f"-I{ROOT / 'include'}", str(source), "-lm",
                    "-o", path], check=True)
    return path


def seeds_of(hedon, worlds, world, method):
    command = [hedon, "--plugin", worlds, "train", world, "--method", method, "--seed", "1000",
               "--seeds", "10", "--json", "--quiet"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["seeds"]


def cell(seeds):
    solved = sorted(s["steps_to_threshold"] for s in seeds if s["solved"])
    steps = f" in {solved[len(solved) // 2] / 1000:.0f} k" if solved else ""
    return f"{len(solved)}{steps}"


def table(result):
    rows = ["| world | " + " | ".join(METHODS) + " |", "|---" * (len(METHODS) + 1) + "|"]
    for world, words in WORLDS:
        cells = [cell(result[world][method]) for method in METHODS]
        rows.append(f"| {words} | " + " | ".join(cells) + " |")
    slow = ", ".join(f"`{method}` {cell(result[WORLDS[0][0]][method])}" for method in SLOW_METHODS)
    return "\n".join(rows) + f"\n\nSlower methods, {WORLDS[0][1]}: {slow}.\n"


def measure(hedon, worlds):
    result = {world: {method: seeds_of(hedon, worlds, world, method) for method in METHODS}
              for world, _ in WORLDS}
    for method in SLOW_METHODS:
        result[WORLDS[0][0]][method] = seeds_of(hedon, worlds, WORLDS[0][0], method)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hedon", default="build/hedon")
    parser.add_argument("--before")
    parser.add_argument("--before-commit")
    parser.add_argument("--cc", default="cc")
    args = parser.parse_args()
    tools = [(clean_commit(), args.hedon)]
    if args.before:
        tools.append((args.before_commit, args.before))
    with tempfile.TemporaryDirectory() as folder:
        worlds = plugin(args.cc, folder)
        results = {commit: measure(hedon, worlds) for commit, hedon in tools}
    page = INTRO
    for commit, hedon in tools:
        when = "Now" if hedon == args.hedon else "Before"
        page += (f"{when}, commit {commit}: learners solved of ten, and the median steps of those.\n\n"
                 + table(results[commit]) + "\n")
    (ROOT / "docs/robust.json").write_text(json.dumps(results, indent=1) + "\n")
    (ROOT / "docs/robust.md").write_text(page.rstrip("\n") + "\n" + NOTE)


if __name__ == "__main__":
    main()
