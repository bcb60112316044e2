#!/usr/bin/env python3
"""`mpirun -n 2 hedon study`: the ranks share the runs of a study, one of them speaks, and what a killed one
leaves is taken up. Skips aloud without mpirun.

    study_ranks.py HEDON"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HEDON = os.path.abspath(sys.argv[1])
TIMES = {"cpu_s", "eval_cpu_s", "wall_s"}
STUDY = """
tasks = ["CartPole-v1", "Bandit-v0"]
methods = ["neuron-agent", "nes"]
seeds = 12
[set]
steps = 20000
overtrain = 0
eval_every = 5000
eval_episodes = 2
"""
ALLOWED = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
           "OMPI_MCA_rmaps_base_oversubscribe": "1"}


def start(cwd, out):
    return subprocess.Popen(["mpirun", "-n", "2", HEDON, "study", "study.toml", "--threads", "1", "--out", out, "--json"],
                            cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            env={**os.environ, **ALLOWED})


def runs(found):
    return {(cell["env"], cell["method"]): [{key: value for key, value in seed.items() if key not in TIMES}
                                            for seed in cell["seeds"]] for cell in found["cells"]}


def ranks_of(launcher, out):
    """Processes that a launcher started: hedon, with this folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == launcher.pid and os.fsencode(out) in words and os.path.basename(words[0]) != b"mpirun":
            found.append(int(name))
    return found


def count(path):
    try:
        with open(path, encoding="utf-8") as file:
            return sum(1 for _ in file)
    except FileNotFoundError:
        return 0


def check_killed(cwd, whole):
    going = start(cwd, "killed")
    path = os.path.join(cwd, "killed", "results.jsonl")
    while count(path) < 4 and going.poll() is None:
        time.sleep(0.01)
    ranks = ranks_of(going, "killed")
    for rank in ranks[:1]:
        os.kill(rank, signal.SIGKILL)
    going.communicate()
    assert going.returncode == 0 or ranks, "mpirun failed by itself"
    print(f"{len(ranks[:1])} of {len(ranks)} ranks killed after {count(path)} of 48 runs")
    again = start(cwd, "killed")
    out, _ = again.communicate()
    assert again.returncode == 0 and runs(json.loads(out)) == whole, again.returncode
    assert count(path) == 48, count(path)


def main():
    if shutil.which("mpirun") is None or not os.path.isdir("/proc"):
        print("mpirun (Debian: openmpi-bin) is missing: studies under a launcher are not tested")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as cwd:
        with open(os.path.join(cwd, "study.toml"), "w", encoding="utf-8") as file:
            file.write(STUDY)
        alone = subprocess.run([HEDON, "study", "study.toml", "--quiet", "--json"], cwd=cwd, capture_output=True,
                               text=True, check=True)
        whole = runs(json.loads(alone.stdout))
        both = start(cwd, "shared")
        out, _ = both.communicate()
        assert both.returncode == 0 and out.count("\n") == 1, (both.returncode, out)  # one of them speaks
        assert runs(json.loads(out)) == whole
        check_killed(cwd, whole)
    print("two ranks do what one does")


main()
