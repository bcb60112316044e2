#!/usr/bin/env python3
"""Measure what crossing between Python and the library costs, and write it into docs/python.md.

    tools/python_figures.py [--build build] [--print] [--rounds 7]

Needs numpy and gymnasium in the Python that runs it. What is compared is measured in turn, round by
round, by the CPU clock of the thread or process; a row shows medians. --print writes nothing and
takes a changed tree as well."""
import argparse
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time

from clean_commit import clean_commit

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
    """Medians of what each measure returns, taken in turn."""
    found = [[] for _ in measures]
    for _ in range(rounds + 1):
        for measure, row in zip(measures, found):
            row.append(measure())
    return [statistics.median(row[1:]) for row in found]


# ---- rows ----

def imports(rounds):
    def ms(before):
        code = (f"{before}\nimport time\nstarted = time.process_time()\nimport hedon\n"
                "print((time.process_time() - started) * 1e3)")
        return lambda: float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                            check=True).stdout)

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


def python_environment(rounds):
    import gymnasium
    import numpy

    import hedon

    n, steps = 8, 8000
    for name, method in (("CartPole-v1", "neuron-agent"), ("Acrobot-v1", "neuron-agent"),
                         ("Pendulum-v1", "neuron-agent")):
        def alone():
            envs = [gymnasium.make(name) for _ in range(n)]
            draws = numpy.random.default_rng(0)
            space = envs[0].action_space
            actions = [draws.integers(0, space.n) if hasattr(space, "n") else
                       draws.uniform(space.low, space.high).astype(numpy.float32) for _ in range(steps)]
            for i, env in enumerate(envs):
                env.reset(seed=i)
            started, at = time.thread_time(), 0
            for _ in range(steps // n):
                for env in envs:
                    _, _, terminated, truncated, _ = env.step(actions[at])
                    at += 1
                    if terminated or truncated:
                        env.reset(seed=at)
            return (time.thread_time() - started) / steps * 1e6

        def learning():
            session = hedon.Session("gymnasium:" + name, method, settings={"envs": n}, seed=1)
            started, taken = time.thread_time(), session.stats().env_steps
            session.train(steps)
            return (time.thread_time() - started) / (session.stats().env_steps - taken) * 1e6

        environment, all_of_it = in_turn(rounds, alone, learning)
        yield (f"time outside the environment, Gymnasium's {name}, {n} at a time, {method}", "< 10 %",
               f"{1 - environment / all_of_it:.0%} ({all_of_it:.1f} µs a step, {environment:.1f} µs of them the "
               "environment's)")


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

    ours, tools = in_turn(min(rounds, 5), package, command)
    same = "same hashes" if hashes["package"] == hashes["tool"] else "OTHER HASHES"
    yield ('`hedon.train("CartPole-v1", seeds=30)` against the command line', "within 5 %, same hashes",
           f"{ours / tools - 1:+.1%}, {same} ({ours:.2f} against {tools:.2f} s)")


# ---- the page ----

def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)


def table(rows, commit):
    import gymnasium
    import numpy

    lines = ["| what | aim | measured |", "|---|---|---|"]
    lines += [f"| {what} | {aim} | {found} |" for what, aim, found in rows]
    about = (f"Written by [tools/python_figures.py](../tools/python_figures.py) at commit {commit}: CPU time, "
             f"medians of rounds in turn, one core of {processor()}; Python {platform.python_version()}, "
             f"NumPy {numpy.__version__}, Gymnasium {gymnasium.__version__}.")
    return "\n".join([about, "", *lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
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
    text = table(rows, commit)
    if args.print:
        print(text)
        return
    with open(DOC, encoding="utf-8") as file:
        page = file.read()
    page = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: f"{BEGIN}\n{text}\n{END}", page, flags=re.S)
    with open(DOC, "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    main()
