#!/usr/bin/env python3
"""A run that is asked to wait is saved and waits, as often as it is asked, ends with the hash of one that nobody asked,
and does not wait for who has died.

    hold.py HEDON"""
import json
import os
import subprocess
import sys
import tempfile
import time

HEDON = os.path.abspath(sys.argv[1])
WORDS = [HEDON, "train", "CartPole-v1", "--method", "neuron-agent-online", "--seeds", "2", "--threads", "2", "--quiet", "--json",
         "--set", "steps=60000", "overtrain=0", "threshold=10000", "eval_every=20000", "eval_episodes=3"]


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


def start(folder, **how):
    """A run that has begun, and is asked to wait."""
    run = subprocess.Popen([*WORDS, "--out", folder], text=True, **how)
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
    os.utime(os.path.join(folder, "hold"), (0, 0))  # who asked has died
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


def main():
    alone = hashes(subprocess.run(WORDS, capture_output=True, text=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as scratch:
        check_same(scratch, alone)
        assert hashes(check_stopped(scratch)) == alone
    print("a run that waits loses nothing")


main()
