#!/usr/bin/env python3
"""Write the tables of speed in docs/data (bench.md, bench-size.md, benchmarks.md) from the data beside them, and the table of
docs/speed.md, the page to begin with.

    tools/speed_pages.py             writes them
    tools/speed_pages.py --check     fails if one shows something else than the data say"""
import json
import statistics
import sys

import bench
from clean_commit import ROOT
from page_section import with_section

sys.path.insert(0, str(ROOT / "bench" / "peers"))
import report  # noqa: E402 (the peers are no package)

DATA, DOCS = ROOT / "docs/data", ROOT / "docs"

# Instruction sets as their makers call what is most of them.
SETS = {"v2": "SSE4.2", "v3": "AVX2", "v4": "AVX-512"}


def bench_figure(found, group, key, row, column):
    """A figure of `hedon bench`, as its page writes it."""
    section = next(one for one in found["sections"] if (one["group"], one["key"]) == (group, key))
    values = next(one for one in section["rows"] if one["name"] == row)
    return bench.cell(values[column], next(one["form"] for one in section["columns"] if one["key"] == column))


def ratio(peers, group, peer):
    """Least and greatest median ratio over the rows of a group, of those peers whose name begins so."""
    found = [statistics.median(report.ratios(row["results"]["Hedon"], result))
             for row in peers["groups"][group] for who, result in row["results"].items()
             if who.startswith(peer) and "failed" not in result]
    low, high = report.times(min(found)), report.times(max(found))
    return f"{low}x" if low == high else f"{low}x to {high}x"


def methods(found):
    names = ["neuron-agent", "neuron-agent-online", "place-actor-critic", "nes", "a2c", "ppo", "dqn"]
    return ", ".join(f"`{name}` {bench_figure(found, 'learn', 'methods', name, 'steps')}" for name in names)


def rows():
    """What is asked, what was measured, and the page that has the rest."""
    found = json.loads((DATA / "bench.json").read_text())
    peers = json.loads((DATA / "benchmarks.json").read_text())
    ours, peer = "[speed, measured](data/bench.md)", "[beside other libraries](data/benchmarks.md)"
    size = "[cost and size](data/bench-size.md)"

    def figure(*where):
        return bench_figure(found, *where)
    solved = ("train", "solve", "20 seeds on 1 thread")
    return [
        ("CartPole-v1 solved by `neuron-agent`, a seed", f"{figure(*solved, 'ms')} ms of CPU learning, "
         f"{figure(*solved, 'evaluation ms')} evaluating", ours),
        ("learning on CartPole-v1, steps per second of one core", methods(found), ours),
        ("the cart-pole alone, 1,024 together", figure("envs", "steps", "CartPole-v1", "B=1024") + " steps per second", ours),
        ("two threads against one, 32 learners", figure("learn", "side by side", "neuron-agent, 32 on 2 threads", "times")
         + "x", ours),
        (f"{SETS[found['isa']]} against plain C, the same bits",
         f"plain C has {figure('learn', 'sets', 'neuron-agent, scalar', 'of best')} of the speed", ours),
        ("evaluations, metrics and checkpoints on disk", figure("train", "keep", "CPU", "more") + " more CPU", ours),
        ("a learner of `neuron-agent`, of `ppo`, of `dqn`", ", ".join(
            figure("size", "learners", name, "bytes") for name in ("neuron-agent", "ppo", "dqn")), size),
        ("the tool on disk", figure("size", "files", "hedon", "bytes"), size),
        ("greedy LIF networks, against snnTorch, SpikingJelly", f"{ratio(peers, 'forward', 'snnTorch')}, "
         f"{ratio(peers, 'forward', 'SpikingJelly')}", peer),
        ("gradients through time, against the same", f"{ratio(peers, 'gradients', 'snnTorch')}, "
         f"{ratio(peers, 'gradients', 'SpikingJelly')}", peer),
        ("spiking actor-critic end to end", f"{ratio(peers, 'a2c', 'snnTorch')}, {ratio(peers, 'a2c', 'SpikingJelly')}", peer),
        ("neuron agents, against NumPy vectorised", ratio(peers, "numpy", "NumPy"), peer),
        ("rules with state, against BindsNET's MSTDPET", ratio(peers, "bindsnet", "BindsNET"), peer),
        ("environments, against Gymnasium's vectors", f"{ratio(peers, 'envs', 'CartPoleVectorEnv')} (on arrays), "
         f"{ratio(peers, 'envs', 'SyncVectorEnv')} (one by one)", peer),
    ]


def table():
    lines = ["| what | measured | more |", "|---|---|---|"] + ["| " + " | ".join(row) + " |" for row in rows()]
    dates = [json.loads((DATA / name).read_text()) for name in ("bench.json", "benchmarks.json")]
    commits = (dates[0]["commit"], dates[1]["machine"]["commit"])
    return "\n".join(lines) + "\n\nCommits {} (own figures) and {} (beside others); {}.".format(*commits, dates[0]["cpu"])


def pages():
    speed = DOCS / "speed.md"
    peers = json.loads((DATA / "benchmarks.json").read_text())
    return bench.pages() | {DATA / "benchmarks.md": report.document(peers),
                            speed: with_section(speed, "<!-- written by tools/speed_pages.py -->", "<!-- end -->", table())}


def main(*flags):
    made = pages()
    stale = [path.name for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if flags == ("--check",):
        if stale:
            sys.exit(f"{', '.join(stale)} of docs differ from docs/data: run tools/speed_pages.py")
        return print(f"{len(made)} pages on speed show what docs/data say")
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


main(*sys.argv[1:])
