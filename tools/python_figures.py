#!/usr/bin/env python3
"""Measure what crossing between Python and the library costs, and write it into docs/python.md.

    tools/python_figures.py [--build build] [--print] [--rounds 7]

Needs numpy and gymnasium in the Python that runs it. What is compared is measured in turn, round by
round, by the CPU clock of the thread or process; a row shows the best round, since other programs can only
slow one down, and whole runs the median of pairs. --print writes nothing and takes a changed tree as well."""
import argparse
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from clean_commit import clean_commit
from page_section import write_section

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOC = os.path.join(ROOT, "docs", "python.md")
BEGIN, END = "<!-- figures: tools/python_figures.py -->", "<!-- /figures -->"


def thread_us(call, n):
    """CPU microseconds of a call."""
    started = time.thread_time()
    for _ in range(n):
        call()
    return (time.thread_time() - started) / n * 1e6


def in_turn(rounds, *measures):
    """The least of what each measure returns, taken in turn."""
    found = [[] for _ in measures]
    for _ in range(rounds + 1):
        for measure, row in zip(measures, found):
            row.append(measure())
    return [min(row) for row in found]


# ---- rows ----

def imports(rounds):
    """With compiled files, which an installed package has."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        env.pop("PYTHONDONTWRITEBYTECODE", None)

        def ms(before):
            code = (f"{before}\nimport time\nstarted = time.process_time()\nimport hedon\n"
                    "print((time.process_time() - started) * 1e3)")
            return lambda: float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                                check=True, env=env).stdout)

        bare, after = in_turn(rounds, ms(""), ms("import numpy"))
    yield "`import hedon`", "< 50 ms", f"{bare:.0f} ms"
    yield "`import hedon` after NumPy", "< 15 ms", f"{after:.1f} ms"


def vectors(rounds):
    import gymnasium
    import numpy

    import hedon.gymnasium  # noqa: F401

    for n, calls, aim in ((1, 2000, 20), (1024, 300, 3)):
        actions = [numpy.random.default_rng(0).integers(0, 2, n) for _ in range(calls)]

        def measure(name):
            envs = gymnasium.make_vec(name, num_envs=n)
            envs.reset(seed=0)

            def once():
                step = envs.step
                started = time.thread_time()
                for action in actions:
                    step(action)
                return (time.thread_time() - started) / calls * 1e6

            return once

        theirs, ours = in_turn(rounds, measure("CartPole-v1"), measure("hedon/CartPole-v1"))
        yield (f"a step of the vector cart-pole, {n} environments, against Gymnasium's own",
               f">= {aim}x", f"{theirs / ours:.1f}x ({ours:.1f} against {theirs:.0f} µs)")


def recorder(name, log):
    """A function that makes environments which note what they are told."""
    import gymnasium

    class Recorded(gymnasium.Wrapper):
        def __init__(self):
            super().__init__(gymnasium.make(name))
            self.number = Recorded.made
            Recorded.made += 1

        def reset(self, seed=None):
            log.append((self.number, None, seed))
            return self.env.reset(seed=seed)

        def step(self, action):
            log.append((self.number, action, None))
            return self.env.step(action)

    Recorded.made = 0
    return Recorded


def environment_cost(name, method, n, rounds, slices=40, steps=400):
    """CPU microseconds of a step: of the environment alone, told what learning told it, and of all of it.
    Learning is cut into slices, whose best times are added up, and the environment's likewise."""
    import gymnasium

    import hedon

    def session_of(make):
        return hedon.Session(hedon.Task(make, name=name), method, settings={"envs": n}, seed=1)

    log = []
    session = session_of(recorder(name, log))
    begun, told = {i: seed for i, action, seed in log if action is None}, []
    for _ in range(slices):
        log.clear()
        session.train(steps)
        told.append(list(log))

    def timed(call, *arguments):
        started = time.thread_time()
        call(*arguments)
        return time.thread_time() - started

    def replay(calls):
        for call, seed, action in calls:
            if seed is None:
                call(action)
            else:
                call(seed=seed)

    def one_round():
        again = session_of(lambda: gymnasium.make(name))
        envs = {i: gymnasium.make(name) for i in {one[0] for slice in told for one in slice}}
        for i, env in envs.items():
            env.reset(seed=begun[i])
        for slice in told:
            calls = [(envs[i].step if seed is None else envs[i].reset, seed, action) for i, action, seed in slice]
            yield timed(replay, calls), timed(again.train, steps)
        assert again.hash == session.hash

    own = learner_cost(name, method, n, rounds, steps)
    best = [[min(column) for column in zip(*pair)] for pair in zip(*[list(one_round()) for _ in range(rounds)])]
    alone, all_of_it = (sum(column) / session.env_steps * 1e6 for column in zip(*best))
    return alone, all_of_it, own


def learner_cost(name, method, n, rounds, steps):
    """CPU microseconds of a step of the same learner on the built-in environment of the same name, which takes
    a small part of them."""
    import hedon

    settings = {key: option.value for key, option in hedon.explain(f"gymnasium:{name}", method).changed.items()}
    session = hedon.Session(name, method, settings={**settings, "envs": n}, seed=1)

    def once():
        begun, started = session.env_steps, time.thread_time()
        session.train(8 * steps)
        return (time.thread_time() - started) / (session.env_steps - begun) * 1e6

    return in_turn(rounds, once)[0]


def python_environment(rounds):
    n = 8
    for name in ("CartPole-v1", "Acrobot-v1", "Pendulum-v1"):
        alone, all_of_it, own = environment_cost(name, "neuron-agent", n, rounds)
        yield (f"time outside the environment, Gymnasium's {name}, {n} at a time, neuron-agent", "< 10 %",
               f"{1 - alone / all_of_it:.0%} ({all_of_it:.1f} µs a step, {alone:.1f} µs of them the environment's, "
               f"{own:.1f} µs the learner's)")


def single_calls(rounds):
    import numpy

    import hedon

    agent = hedon.Agent("CartPole-v1")
    obs = numpy.array([0.01, 0.02, -0.01, 0.03], numpy.float32)
    network = hedon.Network([hedon.Population("in", 64, "input"), hedon.Population("out", 64, "lif")],
                            [hedon.Projection("in", "out", weight=0.1)])
    predict, step = in_turn(rounds, lambda: thread_us(lambda: agent.predict(obs), 5000),
                            lambda: thread_us(network.step, 5000))
    yield "`predict` on one observation", "< 10 µs", f"{predict:.1f} µs"
    yield "`Network.step`, 64 inputs to 64 neurons, all to all", "< 5 µs", f"{step:.1f} µs"


def whole_runs(rounds, tool):
    import hedon

    hashes = {}

    def package():
        started = time.process_time()
        hashes["package"] = hedon.train("CartPole-v1", seeds=30, threads=1, progress=False).hashes
        return time.process_time() - started

    def command():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run([tool, "train", "CartPole-v1", "--seeds", "30", "--threads", "1", "--quiet",
                               "--json"], capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        hashes["tool"] = re.findall(r'"hash":"([0-9a-f]{16})"', said)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    package(), command()
    pairs = [(package(), command()) for _ in range(3 * rounds)]
    low, middle, high = statistics.quantiles([ours / tools - 1 for ours, tools in pairs], n=4)
    same = "same hashes" if hashes["package"] == hashes["tool"] else "OTHER HASHES"
    yield ('`hedon.train("CartPole-v1", seeds=30)` against the command line', "within 5 %, same hashes",
           f"{middle:+.1%}, {same} (median of {len(pairs)} pairs, quartiles {low:+.1%} and {high:+.1%}; "
           f"{min(ours for ours, _ in pairs):.2f} s at best)")


# ---- the page ----

def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)


def table(rows, commit, rounds):
    import gymnasium
    import numpy

    lines = ["| what | aim | measured |", "|---|---|---|"]
    lines += [f"| {what} | {aim} | {found} |" for what, aim, found in rows]
    about = (f"Written by [tools/python_figures.py](../tools/python_figures.py) at commit {commit}: CPU time, "
             f"the best of {rounds} rounds in turn, one core of {processor()}; Python {platform.python_version()}, "
             f"NumPy {numpy.__version__}, Gymnasium {gymnasium.__version__}.")
    return "\n".join([about, "", *lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    commit = "of a changed tree" if args.print else clean_commit()
    os.environ.setdefault("HEDON_LIBRARY", os.path.join(args.build, "libhedon.so"))
    path = os.path.join(ROOT, "python")
    os.environ["PYTHONPATH"] = path
    sys.path.insert(0, path)
    rows = []
    for part in (imports(args.rounds), vectors(args.rounds), python_environment(args.rounds),
                 single_calls(args.rounds), whole_runs(args.rounds, os.path.join(args.build, "hedon"))):
        for row in part:
            rows.append(row)
            print(*row, sep=" | ", file=sys.stderr)
    text = table(rows, commit, args.rounds)
    if args.print:
        print(text)
        return
    write_section(DOC, BEGIN, END, text)


if __name__ == "__main__":
    main()
