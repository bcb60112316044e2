#!/usr/bin/env python3
"""A run that is asked to wait is saved and waits, as often as it is asked, ends with the hash of one that nobody asked,
and does not wait for who has died. So does a run of a study.

    hold.py HEDON HIDDEN      HIDDEN neurons make a candidate of a search take about a second"""
import json
import os
import subprocess
import sys
import tempfile
import time

HEDON = os.path.abspath(sys.argv[1])
SETTINGS = ["--set", "steps=60000", "overtrain=0", "threshold=10000", "eval_every=20000", "eval_episodes=3"]
WORDS = [HEDON, "train", "CartPole-v1", "--method", "neuron-agent-online", "--seeds", "2", "--threads", "2", "--quiet", "--json", *SETTINGS]
STUDY = [HEDON, "compare", "CartPole-v1", "--methods", "neuron-agent-online", "--seeds", "2", "--threads", "1", "--quiet", *SETTINGS]

# A candidate of this search takes longer than a run that is to wait goes on.
LONG = [HEDON, "train", "CartPole-v1", "--method", "nes", "--steps", "1", "--threads", "1", "--quiet", "--json", "--set",
        "search.episodes=256", "eval_episodes=1", "search.population=2", f"hidden={sys.argv[2]}", "substeps=96"]


def hashes(text):
    return [one["hash"] for one in json.loads(text)["seeds"]]


def wait(holds, what):
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def ask(folder):
    with open(os.path.join(folder, "hold"), "w", encoding="utf-8") as file:
        file.write("a test asks\n")


def start(folder, words=WORDS, **how):
    """A run that has begun, and is asked to wait."""
    run = subprocess.Popen([*words, "--out", folder], text=True, **how)
    wait(lambda: os.path.exists(os.path.join(folder, "config.toml")), "it does not begin")
    ask(folder)
    return run


def let_go(folder):
    os.unlink(os.path.join(folder, "hold"))


def waits(folder):
    return os.path.exists(os.path.join(folder, "held"))


def check_same(scratch, alone):
    folder = os.path.join(scratch, "held-run")
    run = start(folder, stdout=subprocess.PIPE)
    times = 0
    while times < 3 and run.poll() is None:
        wait(lambda: waits(folder) or run.poll() is not None, "it does not wait")
        times += waits(folder)
        let_go(folder)
        wait(lambda: not waits(folder), "it does not go on")
        ask(folder)
    later = time.time() + 3600
    os.utime(os.path.join(folder, "hold"), (later, later))  # the clock was set back by an hour since
    out = run.communicate(timeout=120)[0]
    assert run.returncode == 0 and times >= 1 and hashes(out) == alone, (run.returncode, times, out)
    assert not waits(folder)


def check_stopped(scratch):
    """A run that waits is stopped as any other, and resumed."""
    folder = os.path.join(scratch, "stopped")
    run = start(folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait(lambda: waits(folder), "it does not wait")
    run.terminate()
    err = run.communicate(timeout=120)[1]
    assert run.returncode == 143 and "go on with" in err and not waits(folder), (run.returncode, err)
    let_go(folder)
    return subprocess.run([HEDON, "resume", folder, "--json", "--quiet"], capture_output=True, text=True, check=True).stdout


def check_study(scratch, alone):
    """A run of a study waits, and its worker with it: what the study ends with is the same."""
    folder = os.path.join(scratch, "study")
    first, second = (os.path.join(folder, "cells", "1.seeds", seed) for seed in "01")
    study = subprocess.Popen([*STUDY, "--out", folder], stdout=subprocess.DEVNULL)
    wait(lambda: os.path.exists(os.path.join(first, "config.toml")), "it does not begin")
    ask(first)
    wait(lambda: waits(first), "a run of a study does not wait")
    assert study.poll() is None and not os.path.exists(second)
    let_go(first)
    assert study.wait(120) == 0
    with open(os.path.join(folder, "results.jsonl"), encoding="utf-8") as file:
        results = [json.loads(line) for line in file]
    assert [one["result"]["hash"] for one in results] == alone, (results, alone)


def check_given_up(scratch):
    """A run that gave up a long unit of learning to wait goes on from its folder: here, anew."""
    folder = os.path.join(scratch, "given-up")
    alone = subprocess.run(LONG, capture_output=True, text=True, check=True).stdout
    run = start(folder, LONG, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait(lambda: waits(folder) or run.poll() is not None, "it does not wait")
    assert waits(folder) and not os.path.exists(os.path.join(folder, "checkpoint-0.hd")), "it gave up nothing"
    os.utime(os.path.join(folder, "hold"), (0, 0))  # who asked has died
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0 and hashes(out) == hashes(alone), (run.returncode, out, err)


def main():
    alone = hashes(subprocess.run(WORDS, capture_output=True, text=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as scratch:
        check_same(scratch, alone)
        assert hashes(check_stopped(scratch)) == alone
        check_study(scratch, alone)
        check_given_up(scratch)
    print("a run that waits loses nothing")


main()
