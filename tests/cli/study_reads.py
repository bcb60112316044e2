#!/usr/bin/env python3
"""`hedon study`: killed at any moment it ends with the results of a study nobody disturbed, several
processes share its runs, a run that fails stops no other, and wrong files are refused in a sentence.

    study_reads.py HEDON PLUGIN [KILLS [SEED]]

PLUGIN is plugin_faulty.so; SEED is that of the moments, as shares of the time that a study takes."""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HEDON = os.path.abspath(sys.argv[1])
PLUGIN = os.path.abspath(sys.argv[2])
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 20
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
TIMES = {"cpu_s", "eval_cpu_s", "wall_s"}

STUDY = """
title = "a test"
tasks = ["CartPole-v1", "Bandit-v0"]
methods = ["neuron-agent", "nes"]
seed = 7
seeds = 3
[set]
steps = 8000
overtrain = 0
eval_every = 2000
eval_episodes = 2
[task."Bandit-v0"]
steps = 2000
eval_every = 500
[sweep]
hidden = [[4], [8]]
"""


def hedon(*words, cwd, code=0):
    done = subprocess.run([HEDON, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert code is None or done.returncode == code, (words, done)
    return done


def write(cwd, name, text):
    with open(os.path.join(cwd, name), "w", encoding="utf-8") as file:
        file.write(text)


def begin(cwd, *words):
    return subprocess.Popen([HEDON, "study", *words, "--threads", "1", "--quiet"], cwd=cwd,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def runs_of(path):
    """Every run of a study's outcome: what it is, and its result without times."""
    with open(os.path.join(path, "study.json"), encoding="utf-8") as file:
        found = json.load(file)
    return {(cell["env"], cell["method"], seed["seed"]):
            {key: value for key, value in seed.items() if key not in TIMES}
            for cell in found["cells"] if cell["state"] == "done" for seed in cell["seeds"]}


def lines_of(path):
    """The lines of a study's run folders, without times."""
    found = {}
    for cell in sorted(os.listdir(os.path.join(path, "cells"))):
        with open(os.path.join(path, "cells", cell, "metrics.jsonl"), encoding="utf-8") as file:
            found[cell] = [{key: value for key, value in json.loads(line).items() if key not in TIMES}
                           for line in file]
    return found


def count_results(path):
    try:
        with open(os.path.join(path, "results.jsonl"), encoding="utf-8") as file:
            return sum(1 for _ in file)
    except FileNotFoundError:
        return 0


def check_same(whole, other, name):
    assert runs_of(whole) == runs_of(other), name
    assert lines_of(whole) == lines_of(other), name
    with open(os.path.join(other, "results.jsonl"), encoding="utf-8") as file:
        runs = [json.loads(line)["run"] for line in file]
    assert sorted(runs) == sorted(set(runs)) and len(runs) == len(runs_of(whole)), runs


def check_kill(cwd, whole):
    """Killed at a random moment, several times in a study, until it was killed so often as asked for."""
    n = 0
    moments = random.Random(SEED)
    took = time.monotonic()
    hedon("study", "study.toml", "--out", "timed", "--quiet", cwd=cwd)
    took = time.monotonic() - took
    print(f"a study takes {took:.2f} s; moments of seed {SEED}", flush=True)
    while n < KILLS:
        shutil.rmtree(os.path.join(cwd, "killed"), ignore_errors=True)
        while True:
            going = begin(cwd, "study.toml", "--out", "killed")
            try:
                going.wait(took * moments.random())
                break
            except subprocess.TimeoutExpired:
                going.kill()
                going.wait()
                n += 1
        assert going.returncode == 0, going.returncode
        check_same(whole, os.path.join(cwd, "killed"), "killed")
    print(f"killed {n} times: the same results", flush=True)


def check_two(cwd, whole):
    """Two processes share the runs; one of them is killed, and the other takes its runs up."""
    path = os.path.join(cwd, "shared")
    first, second = begin(cwd, "study.toml", "--out", "shared"), begin(cwd, "study.toml", "--out", "shared")
    while count_results(path) < 4 and first.poll() is None and second.poll() is None:
        time.sleep(0.01)
    first.kill()
    first.wait()
    assert second.wait() == 0
    check_same(whole, path, "shared")


def check_longest(cwd):
    """One run of each cell comes first, that of the most steps before the others; then those that take longest."""
    write(cwd, "longest.toml", """tasks = ["Bandit-v0"]
methods = ["neuron-agent:steps=500", "neuron-agent:steps=1000", "neuron-agent:steps=40000"]
seeds = 3
[set]
overtrain = 0
""")
    hedon("study", "longest.toml", "--threads", "1", "--quiet", cwd=cwd)
    with open(os.path.join(cwd, "longest/results.jsonl"), encoding="utf-8") as file:
        cells = [json.loads(line)["run"] // 3 for line in file]
    assert cells[:5] == [2, 1, 0, 2, 2] and sorted(cells[5:]) == [0, 0, 1, 1], cells


def check_stop(cwd, whole):
    """SIGTERM saves; the folder goes on."""
    path = os.path.join(cwd, "stopped")
    going = begin(cwd, "study.toml", "--out", "stopped")
    while count_results(path) < 3 and going.poll() is None:
        time.sleep(0.01)
    going.send_signal(signal.SIGTERM)
    assert going.wait() in (0, 143)
    hedon("study", "stopped", "--quiet", cwd=cwd)
    check_same(whole, path, "stopped")


def check_listed(cwd):
    """Its outcome is a folder of runs like any other."""
    rows = [json.loads(line) for line in hedon("runs", "whole", "--json", cwd=cwd).stdout.splitlines()]
    assert len(rows) == 8 and all(row["seeds"] == row["done"] == 3 and row["seed"] == 7 for row in rows)
    shown = hedon("show", "whole/cells/1", cwd=cwd).stdout
    assert "seed" in shown
    hedon("report", "whole", "-o", "page.html", "--quiet", cwd=cwd)
    hedon("diff", "whole/cells/1", "whole/cells/2", cwd=cwd, code=None)
    with open(os.path.join(cwd, "whole/study.md"), encoding="utf-8") as file:
        assert "# a test\n" in file.read()


def check_suite(cwd):
    """The suite of studies/classic.toml is read as it stands; here its runs are short."""
    with open(os.path.join(ROOT, "studies/classic.toml"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^steps = .*", "steps = 300", file.read())
    text = re.sub(r"(?m)^eval_every = .*", "eval_every = 200", text.replace("seeds = 30", "seeds = 1"))
    write(cwd, "classic.toml", text.replace("eval_episodes = 20", "eval_episodes = 1"))
    found = json.loads(hedon("study", "classic.toml", "--json", "--quiet", cwd=cwd).stdout)
    states = [cell["state"] for cell in found["cells"]]
    assert states == ["done"] * 30, states


def check_failure(cwd):
    """A run that fails stops no other and is told with its reason, again when the study goes on."""
    write(cwd, "fails.toml", 'tasks = ["Faulty-v0"]\nmethods = ["neuron-agent"]\nseeds = 6\n'
          "[set]\nsteps = 2000\novertrain = 0\neval_every = 500\neval_episodes = 2\n")
    for _ in range(2):
        done = hedon("--plugin", PLUGIN, "study", "fails.toml", "--json", "--quiet", cwd=cwd, code=1)
        cell, = json.loads(done.stdout)["cells"]
        failed = {row["seed"] for row in cell["failures"]}
        assert 0 < len(failed) < 6 and cell["state"] == "done", cell
        assert all("reward" in row["message"] for row in cell["failures"]), cell
        assert {seed["seed"] for seed in cell["seeds"] if seed["done"]} == set(range(6)) - failed
    row, = hedon("--plugin", PLUGIN, "runs", "fails", "--json", cwd=cwd).stdout.splitlines()
    assert json.loads(row)["done"] == 6 - len(failed), row
    text = hedon("--plugin", PLUGIN, "study", "fails", "--quiet", cwd=cwd, code=1).stdout
    assert text.count(" failed: ") == len(failed), text


def check_halving(cwd):
    """Of each round the best share goes on; the last one has all steps."""
    write(cwd, "halving.toml", 'tasks = ["CartPole-v1"]\nmethods = ["neuron-agent"]\nseeds = 2\nrounds = 2\n'
          "draws = 4\ndraw_seed = 5\n[set]\nsteps = 4000\novertrain = 0\neval_every = 1000\neval_episodes = 2\n"
          "[sweep]\nalpha = {low = 1e-4, high = 1e-1}\n")
    found = json.loads(hedon("study", "halving.toml", "--json", "--quiet", cwd=cwd).stdout)
    first = [cell for cell in found["cells"] if cell["method"].endswith("round 1")]
    last = [cell for cell in found["cells"] if cell["method"].endswith("round 2")]
    assert len(first) == len(last) == 4 and all(cell["state"] == "done" for cell in first)
    assert all(seed["env_steps"] < 2100 for cell in first for seed in cell["seeds"])
    kept = [cell["method"].split(",")[0] for cell in last if cell["state"] == "done"]
    assert len(kept) == 2 and sum(cell["state"] == "dropped" for cell in last) == 2, last
    best = sorted(first, key=lambda cell: cell["place"])
    assert {cell["method"].split(",")[0] for cell in best[:2]} == set(kept), (kept, best)


HEAD = 'tasks = ["Bandit-v0"]\nmethods = ["nes"]\n'
BAD = [
    (HEAD + "seedz = 3\n", "a study has no 'seedz'; did you mean 'seed'?"),
    (HEAD + "[sweep]\nalpha = []\n", "the sweep of alpha is empty"),
    (HEAD + "seeds = 65536\n[sweep]\ngamma = [0.1, 0.2]\nlambda = {low = 0.1, high = 0.9}\n"
     "alpha = [%s]\n" % ", ".join(f"0.{i}1" for i in range(900)), "allowed are 10000 pairs"),
    ('tasks = ["Bandit-v0", "bandit"]\nmethods = ["nes"]\n', "task Bandit-v0 is named twice"),
    ('tasks = ["Bandit-v0"]\nmethods = ["nes", "nes"]\n', "method nes is named twice"),
    (HEAD + "seeds = 3\nseeds = 4\n", "seeds"),
    ('methods = ["nes"]\n', "has no tasks"),
    ('tasks = []\nmethods = ["nes"]\n', "the list of tasks is empty"),
    (HEAD + "seeds = 0\n", "seeds is 0, allowed: whole, 1 to 65536"),
    ('tasks = "Bandit-v0"\nmethods = ["nes"]\n', 'line 1: tasks is a list of names, such as ["CartPole-v1"]'),
    ('tasks = ["Bandit-v0"]\nmethods = "all"\n', 'line 2: methods is a list of names, such as ["neuron-agent"]'),
    (HEAD + "sweep = 3\n", "line 3: sweep is a table, [sweep], and here it is a value"),
    (HEAD + "[title]\na = 1\n", "line 4: title is one value, and here it is a table"),
    (HEAD + "[set]\nhidden = [8, '9']\n", "line 4: hidden is a list of numbers, and this is a text"),
    (HEAD + "[sweep]\nneuron = {low = 1, high = 2}\n", "line 4: neuron is a text in quotes, which has no bounds"),
    (HEAD + "[sweep]\ngamma = [[0.1]]\n", "line 4: gamma is a number, and this is a list"),
    (HEAD + "[[sweep]]\ngamma = [0.1]\n", "line 4: gamma is a number, and this is a list"),
    (HEAD + "[set]\ngama = 0.9\n", "'gama'"),
    (HEAD + "[set]\ngamma = 9\n", "gamma"),
    (HEAD + '[task."CartPole-v1"]\nsteps = 9\n', "CartPole-v1 is none of the study's tasks"),
    (HEAD + "[sweep]\nalpha = {low = 1, high = 0.1}\n", "low below high"),
    (HEAD + "[sweep]\nalpha = 3\n", "swept over a list"),
    (HEAD + "tasks\n", "line 3"),
]


# What a key takes, and everything else that a file can say in its place.
VALUES = {"text": '"word"', "whole": "3", "number": "0.5", "flag": "true", "date": "2020-01-01",
          "list": "[1, 2]", "empty list": "[]", "table": "{a = 1}"}
TAKES = {"title": ["text"], "doc": ["text"], "source": ["text"], "seed": ["whole"], "seeds": ["whole"],
         "draws": ["whole"], "draw_seed": ["whole"], "rounds": ["whole"], "cpu": ["whole", "number"],
         "keep": ["number"], "tasks": [], "methods": [], "set": ["table"], "sweep": ["table"], "task": ["table"]}
SETTINGS = {"gamma": ["number"], "steps": ["whole"], "bias": ["flag"], "neuron": [], "hidden": ["whole", "list"],
            "lif.tau_m": ["whole", "number"]}


def check_types(cwd):
    """Every key with every wrong type is refused, in one sentence with the line."""
    for key, takes in TAKES.items():
        for kind, value in VALUES.items():
            if kind not in takes:
                head = "".join(line + "\n" for line in HEAD.splitlines() if not line.startswith(key + " "))
                check_refused(cwd, f"{key} = {value}\n{head}", "line 1: ")
    for key, takes in SETTINGS.items():
        for kind, value in VALUES.items():
            if kind not in takes:
                check_refused(cwd, f"{HEAD}[set]\n{key} = {value}\n", "line 4: ")
    check_refused(cwd, f"{HEAD}[task.Bandit-v0]\nsteps = '9'\n", "line 4: steps is a whole number")
    for key, takes in SETTINGS.items():
        for kind in ("text", "flag", "date", "table"):
            if kind not in takes:
                check_refused(cwd, f"{HEAD}[sweep]\n{key} = [{VALUES[kind]}]\n", "line 4: ")
    for key in ("seeds", "cpu", "keep", "draw_seed"):
        check_refused(cwd, f'{key} = "1"\n{HEAD}', "line 1: ")
    for key in SETTINGS:
        check_refused(cwd, f'{HEAD}[set]\n{key} = "1"\n', "line 4: ")



def check_refused(cwd, text, sentence):
    write(cwd, "bad.toml", text)
    done = hedon("study", "bad.toml", cwd=cwd, code=2)
    assert sentence in done.stderr and done.stderr.count("\n") == 1, (text, done.stderr)
    assert not os.path.exists(os.path.join(cwd, "bad")), text


def check_bad(cwd):
    for text, sentence in BAD:
        check_refused(cwd, text, sentence)
    for words, sentence in ((["nowhere.toml"], "nowhere.toml"), (["study.txt"], "does not end in .toml")):
        done = hedon("study", *words, cwd=cwd, code=None)
        assert done.returncode != 0 and sentence in done.stderr, done
    write(cwd, "other.toml", STUDY.replace("[8]", "[9]"))
    done = hedon("study", "other.toml", "--out", "whole", cwd=cwd, code=1)
    assert "hidden=8" in done.stderr, done


def main():
    with tempfile.TemporaryDirectory() as cwd:
        write(cwd, "study.toml", STUDY)
        hedon("study", "study.toml", "--out", "whole", "--quiet", cwd=cwd)
        whole = os.path.join(cwd, "whole")
        assert len(runs_of(whole)) == 24
        check_listed(cwd)
        check_kill(cwd, whole)
        check_two(cwd, whole)
        check_stop(cwd, whole)
        check_longest(cwd)
        check_suite(cwd)
        check_failure(cwd)
        check_halving(cwd)
        check_bad(cwd)
        check_types(cwd)
    print("studies end as they would have")


main()
