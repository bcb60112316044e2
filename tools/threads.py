#!/usr/bin/env python3
"""Wall time of one learner on one thread against two: ppo on LunarLander-v3, td3 on HalfCheetah-v4, dqn on CartPole-v1.

    tools/threads.py [--hedon build/hedon] [--rounds N]

Both train the same number of steps in turn, in an order that alternates, on a machine that does nothing else: a busy
second core shows as a ratio near 1. What a training of one step takes is subtracted. Fails if the weights differ. Printed
for each: the ratio of the medians, and of the shortest of all rounds."""
import argparse
import json
import statistics
import subprocess
import sys
import time

# td3 acts at random for a thousand steps, not ten thousand: those are a hundredth of a whole run, and would be a third here.
RUNS = [("ppo", "LunarLander-v3", 100_000, 1.7, []),
        ("td3", "HalfCheetah-v4", 30_000, 1.7, ["replay.learning_starts=1000"]),
        ("dqn", "CartPole-v1", 20_000, 1.4, [])]


def train(hedon, method, task, steps, threads, settings):
    """Seconds on the wall, and the hash."""
    start = time.perf_counter()
    run = subprocess.run([hedon, "train", task, "--method", method, "--steps", str(steps), "--seeds", "1", "--threads",
                          str(threads), "--quiet", "--json", "--set", "eval_every=1000000000", "eval_episodes=1", *settings],
                         capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.strip()
    return time.perf_counter() - start, json.loads(run.stdout)["seeds"][0]["hash"]


def race(hedon, method, task, steps, rounds, settings):
    """Seconds of every round by threads, and all hashes."""
    spent, hashes = {1: [], 2: []}, set()
    for turn in range(rounds):
        for threads in (1, 2) if turn % 2 == 0 else (2, 1):
            whole, found = train(hedon, method, task, steps, threads, settings)
            if whole is None:
                return None, found
            spent[threads].append(whole - train(hedon, method, task, 1, threads, settings)[0])
            hashes.add(found)
    return spent, hashes


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--hedon", default="build/hedon")
    parse.add_argument("--rounds", type=int, default=7)
    args = parse.parse_args()
    differ = False
    for method, task, steps, aim, settings in RUNS:
        spent, found = race(args.hedon, method, task, steps, args.rounds, settings)
        if spent is None:
            print(f"{method:4} {task:15} skipped: {found}")
            continue
        median = statistics.median(spent[1]) / statistics.median(spent[2])
        least = min(spent[1]) / min(spent[2])
        differ = differ or len(found) > 1
        print(f"{method:4} {task:15} median {median:.2f}, shortest {least:.2f}, aim {aim}"
              f"{'; the weights DIFFER' if len(found) > 1 else ''}", flush=True)
    sys.exit(differ)


if __name__ == "__main__":
    main()
