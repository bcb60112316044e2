#!/usr/bin/env python3
"""Searches and synapse agents on the same tasks: the tables of docs/search.md.

    tools/search_table.py [--hedon build/hedon] [--only WORD | --write-only] [--curves N] [--out docs]

The blobs: 131 weights, 4000 evaluations, seeds 1000-1019, scored by the likelihood of the right
answers, as in the reconstruction of the experiment of Zheng et al. 2026, and by the share of right
answers alone. Control: seeds from 1000 on, each method's own rows. Every row goes to data/search.json
with its commit, and the tables are written anew between their marks on the page. --only measures the
rows whose name contains WORD, and a table none of whose rows has been measured stays as it is. --curves
runs the first N seeds of the rows of control and keeps their learning curves, for search.svg, where the
seeds end with the hashes of the row."""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import blobs_rows
import curves
import data_file
from clean_commit import ROOT, clean_commit
from result_page import panels
from results import mean_curve

BLOBS = {"random-walk": "", "syn-m4": "history and weight", "syn-m3": "weight", "syn-m1": "history",
         "syn-m2": "longer history", "syn-coarse": "and coarse position", "win-stay": "",
         "evolving-connectivity": "", "alopex": "", "syn-m5": "weight and identity", "metropolis": "",
         "ec-trust": "", "one-plus-one": "", "syn-plus": "sign of the three-factor term", "spsa": "",
         "nes": ""}
DESIGNS = ["syn-m1", "syn-m2", "syn-m3", "syn-m4", "syn-coarse", "syn-m5", "syn-plus"]
UNDONE = ["hidden=0", "init_readout=0", "search.greedy=false", "search.episodes=32",
          "search.movers=0.05", "search.undo=true", "search.move=0.8"]
CONTROL = [("cartpole", method, 30, 400000, []) for method in [*DESIGNS, "alopex", "nes", "random-walk"]]
CONTROL += [("gridworld", method, 10, 3000000, []) for method in DESIGNS]
# Of a row of the cart-pole: returns that belong to other moves, and synapses that draw and do not learn.
BESIDE = {"shuffled": (["shuffle_signal=true"], [*DESIGNS[:-1], "alopex", "nes"]),
          "frozen": (["syn.frozen=true"], DESIGNS)}
CONTROL += [("gridworld", "random-walk", 10, 3000000, ["eval_every=100000", *UNDONE]),
            ("gridworld", "nes", 20, 1000000, []), ("acrobot", "nes", 20, 3000000, [])]


# ---- measuring ----

def run(hedon, task, method, seeds, settings, *flags):
    command = [hedon, "train", task, "--method", method, "--seed", "1000", "--seeds", str(seeds),
               "--threads", "1", "--quiet", "--json", *flags, "--set", *settings]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def add_curve(hedon, known, name, what, n):
    """Of the first n seeds of a row, if they end as the row says."""
    task, method, _, settings = what
    with tempfile.TemporaryDirectory() as folder:
        ended = run(hedon, task, method, n, settings, "--out", f"{folder}/run")
        if [seed["hash"] for seed in ended["seeds"]] != [seed["hash"] for seed in known[name]["seeds"][:n]]:
            return print(name, "has no curve: these seeds end otherwise now", flush=True)
        known[name] |= {"curve": mean_curve(f"{folder}/run"), "curve_seeds": n}
    print(name, f"curve of {n} seeds", flush=True)


def plan():
    """Name of a row, and what is run for it."""
    for score in ("likelihood", "return"):
        for method in BLOBS:
            settings = ["search.score=" + score, "overtrain=0", "threshold=nan", "eval_every=600000"]
            yield f"blobs {score} {method}", ("blobs", method, 20,
                                              settings + blobs_rows.settings(method))
    for task, method, seeds, steps, settings in CONTROL:
        yield f"{task} {method}", (task, method, seeds, [f"steps={steps}", *settings])
        for title, (added, methods) in BESIDE.items():
            if task == "cartpole" and method in methods:
                yield f"{task} {method} {title}", (task, method, seeds, [f"steps={steps}", *added])


# ---- writing ----

def finals(row):
    return [seed["final_return"] for seed in row["seeds"]]


def accuracy(row):
    return "-" if row is None else f"{statistics.mean(finals(row)):.3f}"


def makers(known, names):
    made = {}
    for name in names:
        if name in known:
            made.setdefault(known[name]["commit"], []).append(name)
    missing = [name for name in names if name not in known]
    most = max(made, key=lambda commit: len(made[commit]), default=None)
    said = [f"Measured by commit {most}" + "".join(f", by {commit}: {', '.join(rows)}" for commit, rows in made.items()
                                                   if commit != most) + "."] if made else []
    return " ".join(said + ([f"Not measured: {', '.join(missing)}."] if missing else []))


def blobs_table(known):
    lines = ["| method | accuracy, mean | least of 20 | told the accuracy alone |", "|---|---|---|---|"]
    rows = {method: known.get(f"blobs likelihood {method}") for method in BLOBS}
    shown = sorted((m for m in BLOBS if rows[m]), key=lambda m: statistics.mean(finals(rows[m])))
    for method in shown:
        lines.append(f"| {f'`{method}` {BLOBS[method]}'.strip()} | {accuracy(rows[method])} | "
                     f"{min(finals(rows[method])):.3f} | {accuracy(known.get(f'blobs return {method}'))} |")
    return "\n".join(lines) + "\n\n" + makers(known, [name for name, _ in plan() if name[:5] == "blobs"])


def solved_cell(row):
    if row is None:
        return "-"
    steps = [seed["steps_to_threshold"] for seed in row["seeds"] if seed["solved"]]
    return f"{len(steps)} of {len(row['seeds'])}" + (f", {statistics.median(steps):,.0f}" if steps else "")


def return_cell(row):
    return f"{statistics.mean(finals(row)):.2f}" if row else "-"


def beside_cell(row):
    if row is None:
        return "-"
    return f"{sum(seed['solved'] for seed in row['seeds'])} of {len(row['seeds'])}, {statistics.mean(finals(row)):.0f}"


def control_table(known):
    """A row a method, with its figures on each task that has several methods, and its controls on the cart-pole."""
    tasks = {"cartpole": "cart-pole", "gridworld": "grid"}
    titles = ["method", *(f"{words}: {what}" for words in tasks.values() for what in ("solved, median steps", "return, mean")),
              *(f"cart-pole, {title}" for title in BESIDE), "CPU s per seed"]
    lines = [titles, ["---"] * len(titles)]
    for method in dict.fromkeys(method for task, method, *_ in CONTROL if task in tasks):
        rows = [known.get(f"{task} {method}") for task in tasks]
        took = [f"{statistics.median(seed['cpu_s'] for seed in row['seeds']):.2f}" if row else "-" for row in rows]
        cells = [cell for row in rows for cell in (solved_cell(row), return_cell(row))]
        cells += [beside_cell(known.get(f"cartpole {method} {title}")) for title in BESIDE]
        lines.append([f"`{method}`", *cells, ", ".join(took)])
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    rows = [f"{task} {method}" for task, method, *_ in CONTROL]
    beside = [name for name, _ in plan() if name[:5] != "blobs" and name not in rows]
    return f"{table}\n\n{makers(known, rows)} Of the controls: {makers(known, beside)}"


def rows_with_curves(known):
    """As the panels of a plan's page are made of; random moves are drawn beside those of agents."""
    for task, method, *_ in CONTROL:
        row, control = known.get(f"{task} {method}", {}), known.get(f"{task} random-walk", {})
        if "curve" in row and method != "random-walk":
            beside = [{"title": "random moves", "seeds": [{"seed": 0, "hash": ""}], "curve": control["curve"]}
                      ] if "curve" in control else []
            yield {"name": task, "command": f"hedon train {task} --method {method}", "curve": row["curve"],
                   "curve_seeds": row["curve_seeds"], "outcome": {"seeds": [{"seed": 0, "hash": "own"}]},
                   "controls": beside}


def write(out, known):
    data = {"generated_by": "tools/search_table.py; not to be edited", "rows": known}
    data_file.write(out / "data/search.json", data)
    page = (out / "search.md").read_text()
    tables = [("control", control_table(known))]
    tables += [("blobs", blobs_table(known))] if any(name[:5] == "blobs" for name in known) else []
    for mark, table in tables:
        page = re.sub(rf"<!-- {mark} -->.*?<!-- /{mark} -->",
                      lambda _: f"<!-- {mark} -->\n{table}\n<!-- /{mark} -->", page, flags=re.S)
    (out / "search.md").write_text(page)
    if drawn := list(panels(rows_with_curves(known))):
        (out / "search.svg").write_text(curves.picture(drawn))
    if out.samefile(ROOT / "docs"):
        subprocess.run([sys.executable, ROOT / "tools" / "family_pages.py"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hedon", default="build/hedon")
    parser.add_argument("--only", default="")
    parser.add_argument("--write-only", action="store_true", help="measure nothing")
    parser.add_argument("--curves", type=int, metavar="N", help="add curves of N seeds to rows of control")
    parser.add_argument("--out", default=ROOT / "docs", type=pathlib.Path)
    args = parser.parse_args()
    data = args.out / "data/search.json"
    known = data_file.read(data)["rows"] if data.exists() else {}
    if args.curves:
        clean_commit()
        for name, what in [(name, what) for name, what in plan() if name in known and name[:5] != "blobs"]:
            if args.only in name:
                add_curve(args.hedon, known, name, what, args.curves)
    elif not args.write_only:
        commit = clean_commit()
        for name, what in plan():
            if args.only in name:
                outcome = run(args.hedon, *what)
                keys = ("seed", "solved", "steps_to_threshold", "final_return", "cpu_s", "hash")
                seeds = [{key: seed[key] for key in keys} for seed in outcome["seeds"]]
                known[name] = {"commit": commit, "settings": what[3], "seeds": seeds}
                print(name, accuracy(known[name]), flush=True)
    write(args.out, known)


if __name__ == "__main__":
    main()
