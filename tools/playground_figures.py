#!/usr/bin/env python3
"""Measures the playground in headless Chromium beside the tool, and writes the figures of docs/playground.md.

  playground_figures.py HEDON PAGE     PAGE: index.html of tools/playground.sh

Refuses a tree with changes that no commit has."""
import gzip
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "web"))
import browser  # noqa: E402
from playground_runs import native  # noqa: E402

DOCUMENT = os.path.join(ROOT, "docs", "playground.md")
MARKS = "<!-- figures: written by tools/playground_figures.py -->\n", "<!-- /figures -->"
REPEATS = 5
# Enough steps for V8 to have compiled what is hot.
RACES = [("CartPole-v1", "neuron-agent", 1000000), ("CartPole-v1", "neuron-agent-online", 400000),
         ("CartPole-v1", "ppo", 100000), ("MountainCar-v0", "place-actor-critic", 400000)]


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout.strip()
    if git("status", "--porcelain"):
        sys.exit("commit first: figures are those of a commit")
    return git("rev-parse", "--short", "HEAD")


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
    return min(ready), min(solved)


def race(page, task, method, steps):
    """Steps per second of CPU, (engine, tool), best of three in turn: other programs only slow them down."""
    engine = os.path.join(os.path.dirname(page), "wasm", "hedon_engine.js")
    node = ["node", os.path.join(ROOT, "tools", "playground_speed.js"), engine, task, method, str(steps)]
    settings = {"steps": str(steps), "eval_episodes": "1", "eval_every": "100000000", "overtrain": "0"}
    there, here = 0, 0
    for _ in range(3):
        there = max(there, float(subprocess.run(node, capture_output=True, text=True, check=True).stdout))
        result = native(sys.argv[1], task, method, 1000, settings)
        here = max(here, result["env_steps"] / result["cpu_s"])
    return there, here


def table(page, at):
    with open(page, "rb") as file:
        data = file.read()
    with browser.Browser() as chromium:
        ready, solved = solved_ms(chromium, page)
    rows = [(run, *race(page, *run)) for run in RACES]
    load = os.getloadavg()[0]
    yield (f"Commit {at}; {os.cpu_count()} processors at a load of {load:.0f}. Times are of headless Chromium, by the clock, least of "
           f"{REPEATS}; speeds are steps per second of CPU, in Node, whose V8 is Chromium's, and of the tool (AVX), best of "
           "three in turn.\n\n")
    yield "| what | figure |\n|---|---|\n"
    yield f"| the page, all of it, compressed (gzip -9) | {len(gzip.compress(data, 9)) / 1000:.0f} kB |\n"
    yield f"| from opening to ready | {ready:.0f} ms |\n"
    yield f"| from start to a solved cart-pole (`neuron-agent`, seed 1000), evaluations included | {solved:.0f} ms |\n"
    for (task, method, _), there, here in rows:
        yield (f"| steps of learning per second, `{method}` on {task} | {there:,.0f}; the tool {here:,.0f}: "
               f"{there / here:.2f} of it |\n")


def main():
    text = "".join(table(os.path.abspath(sys.argv[2]), commit()))
    with open(DOCUMENT, encoding="utf-8") as file:
        before, rest = file.read().split(MARKS[0])
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(before + MARKS[0] + text + MARKS[1] + rest.split(MARKS[1])[1])
    print(text)


main()
