#!/usr/bin/env python3
"""Race two commits of this repository: speed of learning, new against old, method by method.

Use:  python3 tools/race_commits.py OLD NEW [--rounds N] [--methods M,M...] [--json FILE]
                                               [--count]

OLD and NEW are commits, which are built in release mode in a temporary folder, or build folders that
hold hedon and bench/bench_step. In every round old and new measure the same thing one right after
the other, in an order that alternates, so that whatever else the machine does hits both:

  work    every method: CPU time of a training of fixed length (about 0.1 s), evaluation left out;
          a * marks methods whose final weights differ, so that they may have done other work
  bench   `hedon bench learn`, for every method that it runs on CartPole-v1, and bench/step.c
  prompt  `hedon train cartpole`, 100 seeds on one thread, from start to end: CPU and wall time

With --count, instructions instead (callgrind), once, of a shorter training of every method, what a
training of one step takes subtracted. They do not depend on what else the machine does, and say
nothing about caches and memory.

Printed for each row: the ratio of speeds new/old, as the median and the lowest of all rounds. Above 1
the new commit is faster. Times of different runs of this script are not to be compared.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK_S = 0.1
COUNT_S = 0.01


def output(*command):
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{run.stderr}")
    return run.stdout


@contextlib.contextmanager
def build(what):
    """The build folder `what`, or one of the commit `what`, which is removed at the end."""
    if (pathlib.Path(what) / "hedon").is_file():
        yield pathlib.Path(what)
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "tree"
        output("git", "-C", ROOT, "worktree", "add", "--detach", tree, what)
        try:
            output("cmake", "-S", tree, "-B", tree / "build", "-DCMAKE_BUILD_TYPE=Release",
                   "-DHEDON_TESTS=OFF", "-DHEDON_EXAMPLES=OFF")
            output("cmake", "--build", tree / "build", "--parallel", os.cpu_count(),
                   "--target", "hedon", "bench_step")
            yield tree / "build"
        finally:
            output("git", "-C", ROOT, "worktree", "remove", "--force", tree)


def training(method, task, steps):
    return ["train", task, "--method", method, "--steps", steps, "--seeds", 1, "--threads", 1,
            "--quiet", "--json", "--set", "eval_every=1000000000", "eval_episodes=1"]


def trained(folder, method, task, steps):
    """CPU seconds and hash of one learner."""
    page = json.loads(output(folder / "hedon", *training(method, task, steps)))
    return page["seeds"][0]["cpu_s"], page["seeds"][0]["hash"]


def instructions(folder, method, task, steps):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", folder / "hedon",
               *training(method, task, steps)]
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def length(folder, method, seconds):
    """The first of two tasks that the method can learn, and how many steps of it take so long."""
    try:
        task, steps = "CartPole-v1", 1000
        trained(folder, method, task, 1)
    except RuntimeError:
        task = "Pendulum-v1"
    while (spent := trained(folder, method, task, steps)[0]) < seconds:
        steps = int(steps * min(1.5, 1.2 * seconds / (spent + 1e-9))) + 1
    return task, steps


def work(method, task, steps, differ):
    hashes = {}

    def measure(folder):
        spent, hashes[folder] = trained(folder, method, task, steps)
        if len(set(hashes.values())) > 1:
            differ.add(("work", method))
        return {("work", method): 1 / spent}

    return measure


def count(method, task, steps):
    def measure(folder):
        spent = instructions(folder, method, task, steps) - instructions(folder, method, task, 1)
        return {("count", method): 1 / spent}

    return measure


def bench(folder):
    page = json.loads(output(folder / "hedon", "bench", "learn", "--seconds", 0.02, "--repeats", 3,
                             "--threads", 1, "--json"))
    rates = {("bench", row["name"]): row["steps"] for row in page["sections"][0]["rows"]}
    step = re.search(r"([\d.]+) M steps per", output(folder / "bench/bench_step"))
    rates["bench", "bench/step.c"] = float(step[1])
    return rates


def prompt(folder):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    output(folder / "hedon", "train", "cartpole", "--seeds", 100, "--threads", 1, "--quiet")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {("prompt", "CPU"): 1 / cpu, ("prompt", "wall"): 1 / wall}


def race(sides, measures, rounds):
    """Ratios new/old of every round, by row."""
    ratios = {}
    for turn in range(rounds):
        for measure in measures:
            order = sides if turn % 2 == 0 else sides[::-1]
            rates = {folder: measure(folder) for folder in order}
            for row, old in rates[sides[0]].items():
                ratios.setdefault(row, []).append(rates[sides[1]][row] / old)
        print(f"round {turn + 1} of {rounds}", file=sys.stderr)
    return ratios


def report(ratios, differ):
    for kind in ("work", "count", "bench", "prompt"):
        rows = {row: statistics.median(r) for row, r in ratios.items() if row[0] == kind}
        if not rows:
            continue
        print(f"{kind:32}{'median':>9}{'lowest':>9}")
        for row, median in rows.items():
            mark = "*" if row in differ else " "
            print(f"  {row[1]:29}{mark}{median:9.3f}{min(ratios[row]):9.3f}")
        least = min(rows, key=rows.get)
        print(f"  median of rows {statistics.median(rows.values()):.3f}, "
              f"lowest row {rows[least]:.3f} ({least[1]})\n")


def main():
    parse = argparse.ArgumentParser(description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("old")
    parse.add_argument("new")
    parse.add_argument("--rounds", type=int, default=7)
    parse.add_argument("--methods", help="only these, joined by commas; and neither bench nor prompt")
    parse.add_argument("--count", action="store_true", help="count instructions; no times")
    parse.add_argument("--json", help="write the ratios of all rounds into this file")
    args = parse.parse_args()
    with build(args.old) as old, build(args.new) as new:
        listed = [m["name"] for m in json.loads(output(old / "hedon", "list", "methods", "--json"))]
        methods, differ = args.methods.split(",") if args.methods else listed, set()
        if args.count:
            ratios = race((old, new), [count(m, *length(old, m, COUNT_S)) for m in methods], 1)
        else:
            measures = [work(m, *length(old, m, WORK_S), differ) for m in methods]
            measures += [] if args.methods else [bench, prompt]
            ratios = race((old, new), measures, args.rounds)
    if args.json:
        rows = {" ".join(row): r for row, r in ratios.items()}
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1))
    report(ratios, differ)


if __name__ == "__main__":
    main()
