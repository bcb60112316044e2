#!/usr/bin/env python3
"""A run that is asked to wait is saved and waits, as often as it is asked, ends with the hash of one that nobody asked,
and does not wait for who has died. So does a run of a study.

    hold.py HEDON"""
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

# A search of one candidate, which takes the longer the more episodes score it.
LONG = [HEDON, "train", "CartPole-v1", "--method", "nes", "--steps", "1", "--threads", "1", "--quiet", "--json", "--set",
        "eval_episodes=1", "search.population=2", "substeps=96", "hidden=65536"]


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


def start(scratch, words, run_of="", **how):
    """A run that waits, and its folder. One that has ended before it could be asked is followed by another."""
    for attempt in range(100):
        folder = os.path.join(scratch, f"attempt-{attempt}")
        run = subprocess.Popen([*words, "--out", folder], text=True, **how)
        asked = os.path.join(folder, run_of)
        wait(lambda: os.path.exists(os.path.join(asked, "config.toml")), "it does not begin")
        ask(asked)
        wait(lambda: waits(asked) or run.poll() is not None, "it does not wait")
        if waits(asked):
            return run, folder
        run.communicate()
    raise AssertionError("every run ended before it waited")


def let_go(folder):
    os.unlink(os.path.join(folder, "hold"))


def waits(folder):
    return os.path.exists(os.path.join(folder, "held"))


def check_same(scratch, alone):
    run, folder = start(scratch, WORDS, stdout=subprocess.PIPE)
    for _ in range(2):
        let_go(folder)
        wait(lambda: not waits(folder), "it does not go on")
        ask(folder)
        wait(lambda: waits(folder) or run.poll() is not None, "it does not wait again")
    later = time.time() + 3600
    os.utime(os.path.join(folder, "hold"), (later, later))  # the clock was set back by an hour since
    out = run.communicate(timeout=120)[0]
    assert run.returncode == 0 and hashes(out) == alone, (run.returncode, out)
    assert not waits(folder)


def check_stopped(scratch):
    """A run that waits is stopped as any other, and resumed."""
    run, folder = start(scratch, WORDS, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    run.terminate()
    err = run.communicate(timeout=120)[1]
    assert run.returncode == 143 and "go on with" in err and not waits(folder), (run.returncode, err)
    let_go(folder)
    return subprocess.run([HEDON, "resume", folder, "--json", "--quiet"], capture_output=True, text=True, check=True).stdout


def check_study(scratch, alone):
    """A run of a study waits, and its worker with it: what the study ends with is the same."""
    first, second = (os.path.join("cells", "1.seeds", seed) for seed in "01")
    study, folder = start(scratch, STUDY, first, stdout=subprocess.DEVNULL)
    assert study.poll() is None and not os.path.exists(os.path.join(folder, second))
    let_go(os.path.join(folder, first))
    assert study.wait(120) == 0
    with open(os.path.join(folder, "results.jsonl"), encoding="utf-8") as file:
        results = [json.loads(line) for line in file]
    assert [one["result"]["hash"] for one in results] == alone, (results, alone)


def gives_up(scratch, words):
    """Whether a run gives up a unit of learning to wait; it goes on from its folder then, here anew, to the same end."""
    run, folder = start(scratch, words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    given_up = not os.path.exists(os.path.join(folder, "checkpoint-0.hd"))
    os.utime(os.path.join(folder, "hold"), (0, 0))  # who asked has died
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    if given_up:
        alone = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert hashes(out) == hashes(alone), (out, err)
    return given_up


def check_given_up(scratch):
    """On any machine there is a unit of learning that takes longer than a run that is to wait goes on."""
    episodes = 1
    while not gives_up(os.path.join(scratch, str(episodes)), [*LONG, f"search.episodes={episodes}"]):
        episodes *= 2
        assert episodes <= 256, "it gave up nothing"


def main():
    alone = hashes(subprocess.run(WORDS, capture_output=True, text=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as scratch:
        check_same(os.path.join(scratch, "same"), alone)
        assert hashes(check_stopped(os.path.join(scratch, "stopped"))) == alone
        check_study(os.path.join(scratch, "study"), alone)
        check_given_up(os.path.join(scratch, "given-up"))
    print("a run that waits loses nothing")


main()
