#!/usr/bin/env python3
"""Measures the playground in headless Chromium beside the tool, and writes the figures of docs/playground.md.

  playground_figures.py HEDON PAGE     PAGE: index.html of tools/playground.sh

Refuses a tree with changes that no commit has."""
import gzip
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "web"))
import browser  # noqa: E402
from playground_runs import begin, native  # noqa: E402

DOCUMENT = os.path.join(ROOT, "docs", "playground.md")
MARKS = "<!-- figures: written by tools/playground_figures.py -->\n", "<!-- /figures -->"
REPEATS = 5
# The speed of learning alone, without evaluations.
LONG = {"eval_episodes": "1", "eval_every": "1000000", "overtrain": "0"}
RACES = [
    ("CartPole-v1", "neuron-agent", 1000, {"steps": "300000", **LONG}),
    ("CartPole-v1", "neuron-agent-online", 1000, {"steps": "150000", **LONG}),
    ("CartPole-v1", "ppo", 1000, {"steps": "60000", **LONG}),
    ("MountainCar-v0", "place-actor-critic", 1000, {"steps": "300000", **LONG}),
]


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout.strip()
    if git("status", "--porcelain"):
        sys.exit("commit first: figures are those of a commit")
    return git("rev-parse", "--short", "HEAD")


def middle(values):
    return statistics.median(values)


def solved_ms(chromium, page):
    """From the start of the first run of a fresh page to its end, and how long the page took to be ready."""
    solved, ready = [], []
    for _ in range(REPEATS):
        tab = chromium.open("file://" + page + "#task=CartPole-v1&method=neuron-agent&seed=1000&speed=0")
        tab.wait("document.body.dataset.state === 'ready'")
        tab.run("document.getElementById('start').click()")
        tab.wait("document.body.dataset.state === 'done'")
        ready.append(float(tab.run("document.body.dataset.readyMs")))
        solved.append(float(tab.run("document.body.dataset.solvedMs")))
    return middle(ready), middle(solved)


def race(chromium, page, run):
    """Steps per second of learning, (page, tool), run in turn."""
    tab = chromium.open("file://" + page)
    tab.wait("document.body.dataset.state === 'ready'")
    there, here = [], []
    for _ in range(3):
        begin(tab, run)
        there.append(float(tab.run("document.body.dataset.stepsPerSecond")))
        result = native(sys.argv[1], *run)
        here.append(result["env_steps"] / result["cpu_s"])
    return middle(there), middle(here)


def table(page, at):
    with open(page, "rb") as file:
        data = file.read()
    with browser.Browser() as chromium:
        ready, solved = solved_ms(chromium, page)
        rows = [(run, *race(chromium, page, run)) for run in RACES]
    yield f"Commit {at}, headless Chromium, medians; the tool runs in turn on the same machine.\n\n"
    yield "| what | figure |\n|---|---|\n"
    yield f"| the page, all of it, compressed (gzip -9) | {len(gzip.compress(data, 9)) / 1000:.0f} kB |\n"
    yield f"| from opening to ready | {ready:.0f} ms |\n"
    yield f"| from start to a solved cart-pole (`neuron-agent`, seed 1000), evaluations included | {solved:.0f} ms |\n"
    for (task, method, _, _), there, here in rows:
        yield (f"| learning steps a second, {method} on {task} | {there:,.0f}; the tool {here:,.0f}: "
               f"{there / here:.2f} of it |\n")


def main():
    text = "".join(table(os.path.abspath(sys.argv[2]), commit()))
    with open(DOCUMENT, encoding="utf-8") as file:
        before, rest = file.read().split(MARKS[0])
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(before + MARKS[0] + text + MARKS[1] + rest.split(MARKS[1])[1])
    print(text)


main()
