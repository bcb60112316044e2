#!/usr/bin/env python3
"""What a synapse that learns its own weight has to see: the experiment behind docs/synapse-features.md.

    tools/synapse_features.py [--hedon build/hedon] [--part PART] [--quick] [--read]

Trains every row of every part (main, alone, undoing, dynamics), or of PART, on the same seeds, adds
them to docs/data/synapse-features.json, and fills the tables of docs/synapse-features.md and docs/data/synapse-features-tests.md,
each between the comments `<!-- NAME -->` and `<!-- end -->`.
--read fills the tables from that file without training; --quick trains two seeds for a look, and
writes nothing. Refuses a tree with changes that are not committed. About ten minutes of CPU, one core.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from rank_tests import friedman, holm, spearman, wilcoxon

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "docs/data/synapse-features.json"
PAGES = [ROOT / "docs/synapse-features.md", ROOT / "docs/data/synapse-features-tests.md"]

SEEDS = [(1000, 30), (30, 20)]  # first, count: reported everywhere; kept from all tuning
ALONE_SEEDS = [(1000, 20)]

# A task, the steps of budget x1, and its settings. A run looks at its policy twelve times in x1.
LOOKS = 12
TASKS = {
    "blobs": ("Blobs-v0", 120000, "search.score=return"),
    "xor": ("XorRate-v0", 18000, "search.score=likelihood"),
    "cart-pole": ("CartPole-v1", 90000, "hidden=8 search.episodes=3 eval_episodes=10"),
    "bandit": ("ContextualBandit-v0", 18000, "search.episodes=30"),
}
DIGITS = {"blobs": 3, "xor": 3, "cart-pole": 0, "bandit": 3}

PLAIN = "search.movers=1 search.undo=false search.move=0.03"
UNDOING = "search.movers=0.05 search.undo=true search.move=0.8"
REWARD = "syn.reward=sign-zero"
DESIGNS = {"m1": "syn-m1", "m2": "syn-m2", "m3": "syn-m3", "m4": "syn-m4", "m5": "syn-m5",
           "nothing": "syn-m3 syn.bins=0"}
DYNAMICS = ["signal", "eligibility", "agreement", "rate-pre+rate-post", "membrane", "surrogate"]
ONE_PAST = "syn-m1 syn.actions=1 syn.rewards=1"


def greedy(task):
    """The bandit's pulls are drawn: its greedy return changes only where the favourite arm does."""
    return "search.greedy=false" if task == "bandit" else ""


# Parts: rows as name -> task -> method and settings.
def main_rows():
    rows = {}
    for table, position in (("shared", "none"), ("own", "full")):
        for name, method in DESIGNS.items():
            rows[f"{name} {table}"] = lambda task, m=method, p=position: (
                f"{m} {PLAIN} {REWARD} syn.position={p} {greedy(task)}")
    rows["random walk"] = lambda task: f"random-walk {PLAIN} {greedy(task)}"
    return rows


def undoing_rows():
    rows = {name: lambda task, m=method: f"{m} {UNDOING} {REWARD} {greedy(task)}"
            for name, method in DESIGNS.items()}
    rows["random walk"] = lambda task: f"random-walk {UNDOING} {greedy(task)}"
    return rows


def dynamics_rows():
    rows = {name: lambda task, d=name: (
        f"{ONE_PAST} {PLAIN} {REWARD} rule=reparam-mean syn.dynamics={d}") for name in DYNAMICS}
    rows["none"] = lambda task: f"{ONE_PAST} {PLAIN} {REWARD} search.greedy=false"
    return rows


PARTS = {"main": (main_rows(), 3), "undoing": (undoing_rows(), 1), "dynamics": (dynamics_rows(), 1)}

# Blobs told the accuracy alone, 4000 evaluations: the methods' own rows, and controls.
ALL = "search.movers=1 search.undo=false"
ALONE = {
    "`syn-m5`": "syn-m5",
    "`alopex`": "alopex",
    "`win-stay`, their settings": f"win-stay {UNDOING}",
    "`nes`, answers drawn": "nes",
    "`nes`, likeliest answers, σ = .5": "nes search.greedy=true search.sigma=0.5",
    "`one-plus-one`": "one-plus-one",
    "control: undoing alone (all move, by .01), `syn-m5`":
        "syn-m5 search.movers=1 search.undo=true search.move=0.01",
    "control: undoing alone, long moves (all move, by .8), `syn-m5`":
        "syn-m5 search.movers=1 search.undo=true search.move=0.8",
    "control: few at a time alone, `syn-m5`": "syn-m5 search.undo=false",
    "control: few at a time alone, `alopex`": "alopex search.undo=false",
    "control: neither (all move, by .01), `syn-m5`": f"syn-m5 {ALL} search.move=0.01",
    "control: neither (all move, by .01), `alopex`": f"alopex {ALL} search.move=0.01",
    "control: neither, answers drawn (all move, by .03), `syn-m5`":
        f"syn-m5 {ALL} search.move=0.03 search.greedy=false",
    "control: random moves undone, no agents": f"random-walk {UNDOING}",
    "control: random walk": f"random-walk {ALL} search.move=0.01",
}


# ---- training ----

def train(hedon, env, words, first, count, settings):
    """The curves of `count` learners: {seed: [return at each look]}."""
    method, *own = words.split()
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([hedon, "train", env, "--method", method, "--seed", str(first), "--seeds",
                        str(count), "--threads", "1", "--quiet", "--json", "--out",
                        scratch + "/run", "--set", "overtrain=0", *settings, *own],
                       check=True, capture_output=True, text=True)
        curves = {}
        for line in open(scratch + "/run/metrics.jsonl"):
            event = json.loads(line)
            if event["event"] == "evaluation":
                curves.setdefault(event["seed"], []).append(event["eval_return"])
    return curves


def scores(curve, budget):
    """What is kept of a curve that reaches `budget` times x1."""
    kept = {"x1/3": curve[LOOKS // 3 - 1], "x1": curve[LOOKS - 1]}
    if budget == 3:
        kept["x3"] = curve[3 * LOOKS - 1]
    for looks in (1, 3, LOOKS):
        kept[f"best of {looks}"] = max(curve[LOOKS - 1::-(LOOKS // looks)][:looks])
    kept["mean of 3"] = statistics.mean(curve[LOOKS - 3:LOOKS])
    return kept


def measure_row(hedon, task, words, budget, seeds):
    env, steps, settings = TASKS[task]
    kept = {}
    for first, count in seeds:
        curves = train(hedon, env, words, first, count,
                       [*settings.split(), f"steps={steps * budget}", f"eval_every={steps // LOOKS}"])
        for seed in range(first, first + count):
            for name, value in scores(curves[seed], budget).items():
                kept.setdefault(name, []).append(round(value, 4))
    return kept


def measure_alone(hedon, seeds, keep):
    rows = {}
    for name, words in ALONE.items():
        curves = {}
        for first, count in seeds:
            curves.update(train(hedon, "Blobs-v0", words, first, count, ["eval_every=600000"]))
        rows[name] = [round(curve[-1], 4) for curve in curves.values()]
        print(f"alone: {name}: {statistics.mean(rows[name]):.3f}", flush=True)
    keep(rows)


def measure(hedon, part, seeds, keep):
    rows, budget = PARTS[part]
    data = {}
    for task in reversed(TASKS):  # the dearest last, since what is measured is kept
        for name, words in rows.items():
            row = measure_row(hedon, task, words(task), budget, seeds)
            data.setdefault(task, {})[name] = row
            print(f"{part}: {task}: {name}: {statistics.mean(row['x1']):.3f}", flush=True)
        keep(data)


# ---- tables ----

def line(*cells):
    return "| " + " | ".join(cells) + " |"


def table(head, rows):
    return "\n".join([line(*head), "|" + "---|" * len(head), *(line(*row) for row in rows)])


def number(task, value):
    return f"{value:.{DIGITS[task]}f}".replace("0.", ".", 1) if DIGITS[task] else f"{value:.0f}"


def mean_of(data, part, task, row, score="x1"):
    return number(task, statistics.mean(data[part][task][row][score]))


def measured_tasks(data, part):
    return [task for task in TASKS if task in data[part]]


def means(data, part, score="x1"):
    tasks = measured_tasks(data, part)
    return table(["it sees, or is", *tasks],
                 [[name, *(mean_of(data, part, task, name, score) for task in tasks)]
                  for name in PARTS[part][0]])


def both_tables(data):
    """With one table for all, and with a table each."""
    def cell(task, name):
        rows = [f"{name} {kind}" for kind in ("shared", "own")] if name in DESIGNS else [name]
        return " / ".join(mean_of(data, "main", task, row) for row in rows)
    return table(["it sees, or is", *TASKS], [[name, *(cell(task, name) for task in TASKS)] for name in [*DESIGNS, "random walk"]])


def differences(data, part, pairs, score="x1"):
    """Holm's p of each pair of rows (a against b) on each task, as one family."""
    found = {}
    for a, b in pairs:
        for task in measured_tasks(data, part):
            x, y = data[part][task][a][score], data[part][task][b][score]
            change = [u - v for u, v in zip(x, y)]
            found[a, b, task] = (statistics.mean(change), wilcoxon(change))
    corrected = holm([p for _, p in found.values()])
    return {key: (mean, p) for (key, (mean, _)), p in zip(found.items(), corrected)}


def verdict(task, mean, p):
    sign = "+" if mean > 0 else "−" if mean < 0 else ""
    text = sign + number(task, abs(mean)) + (f", p = {p:.2g}" if p >= 1e-4 else ", p < .0001")
    return f"**{text}**" if p < 0.05 else text


def compared(data, part, pairs, score="x1"):
    found = differences(data, part, pairs, score)
    tasks = measured_tasks(data, part)
    return table(["a against b", *tasks],
                 [[f"{a} against {b}", *(verdict(t, *found[a, b, t]) for t in tasks)]
                  for a, b in pairs])


SHARED = [(f"{m} shared", "nothing shared") for m in list(DESIGNS)[:5]]
OWN = [(f"{m} own", "nothing own") for m in list(DESIGNS)[:5]]
TABLES = [(f"{m} own", f"{m} shared") for m in DESIGNS]
BEST = [("m5 own", f"{m} own") for m in list(DESIGNS)[:4]]
FLOOR = [("m1 shared", "random walk"), ("nothing shared", "random walk"), ("m5 own", "random walk")]
FAMILIES = {"seen, one table for all": SHARED, "seen, a table each": OWN,
            "a table each against one for all": TABLES}


def friedmans(data):
    tests = {(table_kind, task): friedman([data["main"][task][f"{m} {table_kind}"]["x1"]
                                           for m in list(DESIGNS)[:5]])
             for table_kind in ("shared", "own") for task in TASKS}
    corrected = dict(zip(tests, holm(list(tests.values()))))
    return table(["m1 to m5, with", *TASKS],
                 [[words, *(f"p {'= %.2g' % corrected[kind, t] if corrected[kind, t] >= 1e-4 else '< .0001'}"
                            for t in TASKS)]
                  for kind, words in (("shared", "one table for all"), ("own", "a table each"))])


def tally(found):
    better = sum(p < 0.05 and mean > 0 for mean, p in found.values())
    worse = sum(p < 0.05 and mean < 0 for mean, p in found.values())
    return f"{better} better, {worse} worse, {len(found) - better - worse} open"


def budgets(data):
    return table(["comparisons", "x1/3", "x1", "x3"],
                 [[name, *(tally(differences(data, "main", pairs, score))
                           for score in ("x1/3", "x1", "x3"))]
                  for name, pairs in FAMILIES.items()])


def looks(data):
    kinds = ["x1", "mean of 3", "best of 3", "best of 12"]
    words = ["last look", "mean of the last three", "best of 3 looks", "best of 12 looks"]
    rows = []
    for kind, name in zip(kinds, words):
        cells = []
        for task in TASKS:
            by = {s: [statistics.mean(data["main"][task][r][s]) for r in PARTS["main"][0]]
                  for s in ("x1", kind)}
            cells.append(f"{spearman(by['x1'], by[kind]):.2f}")
        rows.append([name, *cells, *(tally(differences(data, "main", pairs, kind))
                                     for pairs in FAMILIES.values())])
    return table(["score", *(f"{task}: rank correlation" for task in TASKS), *FAMILIES], rows)


def alone(data):
    return table(["row", "accuracy, mean", "least", "seeds with .95"],
                 [[name, f"{statistics.mean(values):.3f}", f"{min(values):.3f}",
                   f"{sum(v >= 0.95 for v in values)} of {len(values)}"]
                  for name, values in data["alone"].items()])


def main_tables(data):
    return {"main": both_tables(data), "friedman": friedmans(data),
            "floor": compared(data, "main", FLOOR), "shared": compared(data, "main", SHARED),
            "own": compared(data, "main", OWN), "tables": compared(data, "main", TABLES),
            "best": compared(data, "main", BEST), "best long": compared(data, "main", BEST, "x3"),
            "long": means(data, "main", "x3"), "budgets": budgets(data), "looks": looks(data)}


def undoing_tables(data):
    agents = [(name, "random walk") for name in DESIGNS]
    return {"undoing": means(data, "undoing"), "undoing early": means(data, "undoing", "x1/3"),
            "agents": compared(data, "undoing", agents, "x1/3")}


def dynamics_tables(data):
    return {"dynamics": means(data, "dynamics"),
            "dynamics tests": compared(data, "dynamics", [(d, "none") for d in DYNAMICS])}


TABLES_OF = {"main": main_tables, "alone": lambda data: {"alone": alone(data)},
             "undoing": undoing_tables, "dynamics": dynamics_tables}


def tables(data):
    measured = [part for part in TABLES_OF if part in data]
    found = {"measured": "Measured with " + ", ".join(
        f"commit {data['commits'][part]} ({part})" for part in measured) + "."}
    for part in measured:
        found.update(TABLES_OF[part](data))
    return found


def fill(page, found):
    for name, text in found.items():
        start, end = f"<!-- {name} -->\n", "<!-- end -->"
        if start not in page:
            continue
        before, rest = page.split(start, 1)
        page = before + start + text + "\n" + end + rest.split(end, 1)[1]
    return page


# ---- the command ----

def clean_commit():
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True,
                              text=True).stdout.strip()
    if git("status", "--porcelain"):
        sys.exit("synapse_features.py: commit the changes of this tree first; the page names a commit")
    return git("rev-parse", "--short=12", "HEAD")


def read():
    return json.loads(DATA.read_text()) if DATA.exists() else {"commits": {}}


def keep(part, commit, rows):
    data = read()
    data[part] = rows
    data["commits"][part] = commit
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(data, separators=(",", ":")).replace('"x1/3"', '\n"x1/3"') + "\n")


def measure_part(hedon, part, commit, seeds, alone_seeds):
    def keep_part(rows):
        if commit is not None:
            keep(part, commit, rows)
    if part == "alone":
        measure_alone(hedon, alone_seeds, keep_part)
    else:
        measure(hedon, part, seeds, keep_part)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hedon", default=str(ROOT / "build/hedon"))
    parser.add_argument("--part", choices=list(TABLES_OF), help="measure this part alone")
    parser.add_argument("--quick", action="store_true", help="two seeds, nothing written")
    parser.add_argument("--read", action="store_true", help="fill the tables from the data kept")
    args = parser.parse_args()
    if not args.read:
        commit = None if args.quick else clean_commit()
        seeds, alone_seeds = ([(0, 2)], [(0, 2)]) if args.quick else (SEEDS, ALONE_SEEDS)
        for part in [args.part] if args.part else TABLES_OF:
            measure_part(args.hedon, part, commit, seeds, alone_seeds)
    if not args.quick:
        for page in PAGES:
            page.write_text(fill(page.read_text(), tables(read())))


if __name__ == "__main__":
    main()
