#!/usr/bin/env python3
"""Measure how neurons that are agents learn to land, and write docs/lunarlander.md and .svg.

    tools/lunarlander.py [--hedon build/hedon] [--seeds 30] [--only VARIANT ...] [--spikes | --write-only]

Trains the variants in turn on seeds from 1000 on, one learner after the other: at most --seeds of each, and of
controls as many as their row says. What docs/data/lunarlander.json has already is not trained again, and every
learner is written there when it has ended, so that what takes long may be stopped. --only trains these variants.
--write-only writes the page about the learners that are known. --spikes draws lunarlander-spikes.svg, the spikes of
a learner that has learned, and measures nothing."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import data_file
from clean_commit import clean_commit

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DOCS = os.path.join(ROOT, "docs")
DATA = os.path.join(DOCS, "data", "lunarlander.json")
FIRST_SEED = 1000
FROZEN, SHUFFLED = ["learn_hidden=false"], ["shuffle_signal=true"]
NARROW = ["hidden=64", "alpha=0.02", "code.gain=1"]  # as tuned before the gain of inputs was
WIDE = ["hidden=256", "alpha_readout=0.0015", "code.gain=1"]
OLD = ["steps=1500000", "eval_every=150000", "code.gain=1", "lambda_actor=0", "alpha_readout=nan"]
DRAWN = ["settle.action_neurons=false", "alpha=0.02", "alpha_readout=0.003", "steps=1000000", "eval_every=100000"]
SETTLE, ONLINE, SOCIETY = "neuron-agent-settle", "neuron-agent-online", "neuron-agent-society"
VARIANTS = {  # name: what is said of it, method, settings, most seeds, colour in the picture
    "settle": ("32 neurons that settle", SETTLE, [], 30, "#1f6fb4"),
    "settle-frozen": ("the same, hidden layer frozen", SETTLE, FROZEN, 10, "#b4581f"),
    "settle-shuffled": ("the same, signal shuffled", SETTLE, SHUFFLED, 5, "#777777"),
    "unsettled": ("the same settings, not settled", ONLINE, [], 10, "#2f8f4e"),
    "society": ("a society: 32 hidden and 32 action neurons, all settle", SOCIETY, [], 30, "#8a4fb0"),
    "society-frozen": ("the same, hidden layer frozen", SOCIETY, FROZEN, 10, "#c9a227"),
    "society-shuffled": ("the same, signal shuffled", SOCIETY, SHUFFLED, 5, None),
    "drawn": ("a society whose action neurons do not settle", SOCIETY, DRAWN, 10, None),
    "drawn-frozen": ("the same, hidden layer frozen", SOCIETY, [*DRAWN, *FROZEN], 5, None),
    "narrow": ("64 neurons that settle, inputs a third as large", SETTLE, NARROW, 4, None),
    "narrow-frozen": ("the same, hidden layer frozen", SETTLE, [*NARROW, *FROZEN], 1, None),
    "wide": ("256 neurons that settle, inputs a third as large", SETTLE, WIDE, 2, None),
    "independent": ("32 independent neurons, inputs a third as large", ONLINE, OLD, 22, None),
    "independent-frozen": ("the same, hidden layer frozen", ONLINE, [*OLD, *FROZEN], 13, None),
}


# ---- learners ----

def command(variant, seed):
    _, method, settings, *_ = VARIANTS[variant]
    return ["train", "LunarLander-v3", "--method", method, "--seed", str(seed), "--threads", "1",
            *(["--set", *settings] if settings else [])]


def measure(hedon, variant, seed, commit):
    """What one learner reaches, with its evaluations."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run")
        args = [hedon, *command(variant, seed), "--quiet", "--json", "--out", out]
        run = subprocess.run(args, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"lunarlander: {' '.join(args)}: {run.stderr.strip()}")
        outcome = json.loads(run.stdout.strip().splitlines()[-1])["seeds"][0]
        with open(os.path.join(out, "metrics.jsonl"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
    events = [event for event in events if event["event"] == "evaluation"]
    curve = [[event["env_steps"], round(event["eval_return"], 1)] for event in events]
    return {"final_return": outcome["final_return"], "hash": outcome["hash"], "steps": outcome["env_steps"],
            "cpu_s": round(outcome["cpu_s"], 2), "commit": commit, "curve": curve,
            "spikes": round(sum(layer["n"] * layer["rate"] for layer in events[-1]["layers"]), 1)}


def load():
    return data_file.read(DATA)["learners"]


def save(known):
    data_file.write(DATA, {"generated_by": "tools/lunarlander.py; not to be edited", "learners": known})


def measure_all(args, known):
    commit = clean_commit()
    for variant in args.only or VARIANTS:
        learners = known.setdefault(variant, {})
        for seed in range(FIRST_SEED, FIRST_SEED + min(args.seeds, VARIANTS[variant][3])):
            if str(seed) not in learners:
                learners[str(seed)] = measure(args.hedon, variant, seed, commit)
                print(variant, seed, f"{learners[str(seed)]['final_return']:.0f}", flush=True)
                save(known)


def draw_spikes(hedon):
    """The hidden neurons of the first learner that settles, when it has learned."""
    clean_commit()
    with tempfile.TemporaryDirectory() as folder:
        run = os.path.join(folder, "run")
        subprocess.run([hedon, *command("settle", FIRST_SEED), "--quiet", "--out", run], check=True)
        subprocess.run([hedon, "trace", run, "--what", "spike", "--decisions", "0-299", "--out",
                        os.path.join(DOCS, "lunarlander-spikes.svg")], check=True)


# ---- the picture of learning ----

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 820, 400, 60, 20, 60, 40
LOW, HIGH = -300, 300


def place(steps, value, budget):
    x = LEFT + (WIDTH - LEFT - RIGHT) * steps / budget
    y = TOP + (HEIGHT - TOP - BOTTOM) * (HIGH - max(LOW, min(HIGH, value))) / (HIGH - LOW)
    return f"{x:.1f},{y:.1f}"


def line(points, budget, colour, width, opacity):
    path = " ".join(place(*point, budget) for point in points)
    return (f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" '
            f'opacity="{opacity}" points="{path}"/>')


def text(x, y, said, anchor="start", colour="#333"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{said}</text>'


def mean_curve(curves):
    return [(points[0][0], statistics.fmean(value for _, value in points)) for points in zip(*curves)]


def drawn(known):
    """Curves of the variants that have a colour and evaluations."""
    found = {variant: [one["curve"] for one in known[variant].values() if one["curve"]]
             for variant in VARIANTS if variant in known and VARIANTS[variant][4]}
    return {variant: curves for variant, curves in found.items() if curves}


def picture(known):
    curves_of = drawn(known)
    budget = max(steps for curves in curves_of.values() for curve in curves for steps, _ in curve)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             'font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for value in range(LOW, HIGH + 1, 100):
        parts += [line([(0, value), (budget, value)], budget, "#ccc", 1, 1),
                  text(LEFT - 8, float(place(0, value, budget).split(",")[1]) + 4, value, "end")]
    for k in range(0, 6):
        x = place(budget * k / 5, LOW, budget).split(",")[0]
        parts.append(text(x, HEIGHT - 20, f"{budget * k / 5000:g} k", "middle"))
    parts.append(text(WIDTH - RIGHT, HEIGHT - 4, "steps", "end"))
    for k, (variant, curves) in enumerate(curves_of.items()):
        said, *_, colour = VARIANTS[variant]
        parts += [line(curve, budget, colour, 1, 0.25) for curve in curves]
        parts += [line(mean_curve(curves), budget, colour, 3, 1),
                  text(LEFT + 370 * (k % 2), 16 + 16 * (k // 2), f"{said}, {len(curves)} seeds", "start", colour)]
    return "\n".join(parts + ["</svg>"]) + "\n"


# ---- the page ----

PAGE = """# Landing by neurons that are agents

Tables and figures are written by tools/lunarlander.py from [data/lunarlander.json](data/lunarlander.json). LunarLander-v3 is
Gymnasium's, eight real numbers in, four actions out. Each hidden neuron draws one spike a decision and is an agent, told by
one broadcast number, the TD error of a critic on tilings; a softmax readout turns the spikes into an action. In a society
action neurons, eight for each action, draw a spike and are agents too, and the action with most spikes is taken. Neurons of
`neuron-agent-online` learn from the spike they drew, those of `neuron-agent-settle`, and all of the society, from the
probability of a spike given the action that was taken ([how](families/settle.md)). No gradient passes through any neuron. A
greedy action is the most probable one given the hidden spikes, but in societies whose action neurons do not settle: most spikes.

    hedon train LunarLander-v3 --method neuron-agent-settle    # or neuron-agent-online, neuron-agent-society

A final return is the mean of {episodes} greedy episodes by the averaged weights; a learner of 200 or more *lands*, as Gymnasium says.
Settings were chosen on seeds 0 to 21. Figures are of seeds from 1000 on, every learner is in the data, with its hash;
commits {commits}. Spikes of all neurons a decision, at the end, and CPU seconds are medians.

| | steps | seeds | final return: mean +- standard error (least to most) | land; below 150 | spikes; CPU s |
| --- | --- | --- | --- | --- | --- |
{rows}

![Return of evaluations during learning, and the mean of each variant; returns below -300 are drawn there](lunarlander.svg)

![Spikes of 32 hidden neurons over 300 decisions, a line each, of a learner that has learned: `hedon trace`](lunarlander-spikes.svg)

**What the controls say.** Frozen hidden neurons keep the weights that they were drawn with, while readout and critic learn; a
shuffled signal is one of the last 1,024, drawn at random. Settings were tuned for neurons that settle, and the same without
settling were not tuned again. Of the seeds that both have:

| | control | seeds | ends higher | by, in the mean | land; of the control |
| --- | --- | --- | --- | --- | --- |
{controls}

**The aim** was a mean of at least 220 over 30 seeds, none below 150, and the frozen control below 50, in 500,000 steps.
32 neurons that settle {verdict}
A society, whose action neurons are agents too, {society}
What was tried on tuning seeds is told with [the method](families/settle.md#tried-on-the-lander). Finals of independent neurons are
whole numbers in the data, taken over from an older page's table.
"""
EPISODES = 40


def ranges(numbers):
    """Runs of consecutive numbers: 1000 to 1003, 1007."""
    runs = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(f"{a} to {b}" if b > a else str(a) for a, b in runs)


def finals(learners):
    return [one["final_return"] for one in learners.values()]


def mean_and_error(values):
    mean = f"{statistics.fmean(values):.0f}"
    return f"{mean} +- {statistics.stdev(values) / len(values) ** 0.5:.0f}" if len(values) > 1 else mean


def median(learners, key):
    values = [one[key] for one in learners.values() if one.get(key) is not None]
    return f"{statistics.median(values):.0f}" if values else "-"


def row(variant, learners):
    values = finals(learners)
    cells = [VARIANTS[variant][0], f"{max(one['steps'] for one in learners.values()):,}",
             ranges(sorted(int(seed) for seed in learners)), f"{mean_and_error(values)} ({min(values):.0f} to {max(values):.0f})",
             f"{sum(v >= 200 for v in values)} of {len(values)}; {sum(v < 150 for v in values)}",
             f"{median(learners, 'spikes')}; {median(learners, 'cpu_s')}"]
    return "| " + " | ".join(cells) + " |"


CONTROLS = [("settle", "settle-frozen", "hidden layer frozen"), ("settle", "settle-shuffled", "signal shuffled"),
            ("settle", "unsettled", "not settled"), ("society", "society-frozen", "hidden layer frozen"),
            ("society", "society-shuffled", "signal shuffled"), ("drawn", "drawn-frozen", "hidden layer frozen"),
            ("independent", "independent-frozen", "hidden layer frozen")]


def compared(known, variant, control, name):
    """A row about the seeds that both have."""
    both = sorted(set(known[variant]) & set(known[control]))
    pairs = [(known[variant][seed]["final_return"], known[control][seed]["final_return"]) for seed in both]
    cells = [VARIANTS[variant][0], name, str(len(pairs)), str(sum(a > b for a, b in pairs)),
             f"{statistics.fmean(a - b for a, b in pairs):.0f}", f"{sum(a >= 200 for a, _ in pairs)}; {sum(b >= 200 for _, b in pairs)}"]
    return "| " + " | ".join(cells) + " |"


def controls(known):
    return "\n".join(compared(known, *row) for row in CONTROLS if all(known.get(name) for name in row[:2]))


def verdict(known, variant):
    """Which parts of the aim a variant meets, and which it misses."""
    learnt, frozen = finals(known[variant]), finals(known.get(f"{variant}-frozen", {}))
    steps = max(one["steps"] for one in known[variant].values())
    said = [("a mean of 220", statistics.fmean(learnt) >= 220), ("no seed below 150", min(learnt) >= 150),
            ("the control below 50", bool(frozen) and statistics.fmean(frozen) < 50),
            ("500,000 steps", steps <= 500000), ("30 seeds", len(learnt) >= 30)]
    met, missed = ([name for name, ok in said if ok is want] for want in (True, False))
    return f"met {', '.join(met) or 'nothing'}; missed: {', '.join(missed) or 'nothing'}."


def page(known):
    commits = sorted({one["commit"] for learners in known.values() for one in learners.values()})
    rows = "\n".join(row(variant, known[variant]) for variant in VARIANTS if known.get(variant))
    return PAGE.format(episodes=EPISODES, commits=", ".join(commits), rows=rows,
                       controls=controls(known), verdict=verdict(known, "settle"), society=verdict(known, "society"))


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/lunarlander.md shows.")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS), help="train these variants")
    parser.add_argument("--write-only", action="store_true", help="train nothing")
    parser.add_argument("--spikes", action="store_true", help="draw spikes only")
    args = parser.parse_args()
    if args.spikes:
        draw_spikes(args.hedon)
        return
    known = load()
    if not args.write_only:
        measure_all(args, known)
    for name, said in (("lunarlander.md", page(known)), ("lunarlander.svg", picture(known))):
        with open(os.path.join(DOCS, name), "w", encoding="utf-8") as file:
            file.write(said)


if __name__ == "__main__":
    main()
