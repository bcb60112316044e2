"""Contenders, and races between them: everyone in turn, again and again, in one run.

A contender has `name`, `start(seconds, copy)` and `finish(handle)`; the latter returns
{"work", "cpu_s", "wall_s", ...} or {"failed": why}. `copy` tells apart processes that run at the
same time."""
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def failure(process, error):
    said = error.strip().splitlines()
    return {"failed": said[-1][:200] if said else f"exit code {process.returncode}"}


@dataclasses.dataclass
class Program:
    """A program that takes the seconds as its last argument and prints one JSON line."""
    name: str
    argv: list

    def start(self, seconds, copy=0):
        return subprocess.Popen([*map(str, self.argv), str(seconds)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def finish(self, process):
        out, error = process.communicate()
        return json.loads(out) if process.returncode == 0 else failure(process, error)


@dataclasses.dataclass
class Training:
    """`hedon train`; the one episode of evaluation at its end is in the wall time only."""
    name: str
    hedon: pathlib.Path
    method: str
    settings: dict
    task: str = "CartPole-v1"
    rate: float = 0.0  # steps per CPU second, so that a run takes as long as asked

    def argv(self, steps, seed=1):
        flags = {"overtrain": 0, "eval_every": 10**9, "eval_episodes": 1} | self.settings
        return [str(self.hedon), "train", self.task, "--method", self.method, "--seed", str(seed),
                "--threads", "1", "--steps", str(steps), "--quiet", "--json", "--set",
                *[f"{key}={value}" for key, value in flags.items()]]

    def run(self, steps, seed=1):
        return subprocess.Popen(self.argv(steps, seed), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def start(self, seconds, copy=0):
        if self.rate == 0.0:
            first = self.finish(self.run(100_000))
            self.rate = first["work"] / first["cpu_s"] if "work" in first else 1e5
        return self.run(max(10_000, int(self.rate * seconds)))

    def finish(self, process):
        out, error = process.communicate()
        if process.returncode != 0:
            return failure(process, error)
        seed = json.loads(out.strip().splitlines()[-1])["seeds"][0]
        return {"work": seed["env_steps"], "cpu_s": seed["cpu_s"],
                "wall_s": seed["wall_s"], "recent": seed["train_return"]}


class Racers:
    """The peers' processes, started when first needed."""

    def __init__(self, python, failed):
        self.python, self.not_installed, self.process = python, failed, {}

    def get(self, peer, threads, env, copy):
        key = (peer, threads, tuple(env.items()), copy)
        if key not in self.process:
            limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                                      "MKL_NUM_THREADS")}
            limits["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait let others run
            limits["TORCHINDUCTOR_CACHE_DIR"] = str(pathlib.Path(self.python).parent.parent
                                                    / "compiled")
            process = subprocess.Popen(
                [self.python, HERE / "racer.py", f"peer_{peer}", str(threads)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, env=os.environ | limits | env)
            process.hello = json.loads(process.stdout.readline() or '{"failed": "ended at once"}')
            self.process[key] = process
        return self.process[key]

    def close(self):
        for process in self.process.values():
            process.stdin.close()
            process.wait()


@dataclasses.dataclass
class Peer:
    name: str
    racers: Racers
    package: str
    module: str
    case: str
    settings: dict
    threads: int = 1
    env: dict = dataclasses.field(default_factory=dict)

    def start(self, seconds, copy=0, work=0):
        if self.package in self.racers.not_installed:
            return {"failed": "not installed: " + self.racers.not_installed[self.package]}
        process = self.racers.get(self.module, self.threads, self.env, copy)
        if "failed" in process.hello:
            return process.hello
        print(json.dumps({"case": self.case, "settings": self.settings, "seconds": seconds,
                          "work": work}), file=process.stdin, flush=True)
        return process

    def finish(self, process):
        if isinstance(process, dict):
            return process
        line = process.stdout.readline()
        return json.loads(line) if line else {"failed": "the process ended"}


def measure(contender, seconds, copies=1, **more):
    """Of several copies at once: the work of all, the time of the slowest."""
    handles = [contender.start(seconds, copy, **more) for copy in range(copies)]
    results = [contender.finish(handle) for handle in handles]
    for one in results:
        if "failed" in one:
            return one
    if copies == 1:
        return results[0]
    return results[0] | {"work": sum(one["work"] for one in results),
                         "cpu_s": sum(one["cpu_s"] for one in results),
                         "wall_s": max(one["wall_s"] for one in results)}


def rate(result, clock):
    return result["work"] / result[clock]


@dataclasses.dataclass
class Entry:
    """A contender as it enters a race: the quickest of several ways to run it."""
    name: str
    ways: list  # (how, contender, copies)
    tried: dict = dataclasses.field(default_factory=dict)

    def choose(self, seconds, clock):
        best, chosen = 0.0, self.ways[0]
        for how, contender, copies in self.ways if len(self.ways) > 1 else ():
            measure(contender, seconds / 4, copies)
            result = measure(contender, seconds, copies)
            self.tried[how] = result.get("failed") or rate(result, clock)
            if "failed" not in result and rate(result, clock) > best:
                best, chosen = rate(result, clock), (how, contender, copies)
        return chosen


def race(row, repeats, seconds):
    """Every entrant's results, taken in turn."""
    clock = row["clock"]
    entered = [(entry, *entry.choose(seconds, clock)) for entry in row["entries"]]
    results = {entry.name: {"how": how, "tried": entry.tried, "repeats": []}
               for entry, how, _, _ in entered}
    for _, _, contender, copies in entered:
        measure(contender, seconds / 4, copies)
    for _ in range(repeats):
        for entry, _, contender, copies in entered:
            results[entry.name]["repeats"].append(measure(contender, seconds, copies))
    for one in results.values():
        failed = [r["failed"] for r in one["repeats"] if "failed" in r]
        if failed:
            one["failed"] = failed[0]
        else:
            one["rates"] = [rate(r, clock) for r in one["repeats"]]
            one["rate"] = statistics.median(one["rates"])
    return results
