#!/usr/bin/env python3
"""Every method on the classic suite, as it is built in, within a budget of CPU seconds, from the outcome of `hedon compare all`:
docs/data/methods-compared.json, and from it the page methods-compared.md of docs and a page for each task beside it.

  methods_compared.py --hedon HEDON --cpu SECONDS [--seeds N] [--folder DIR] [--threads N] [--tasks T,T] [--methods M,M]
                      [--set KEY=VALUE ...] [--trial]
  methods_compared.py --hedon HEDON --again M,M [--folder DIR] [--threads N]
  methods_compared.py --write-only

The folder keeps the runs: the same command goes on with what was stopped. Every run may take an equal share of
the CPU seconds. Figures belong to a commit, so a changed tree is refused; --trial writes into the folder
instead, whatever the tree. --again measures these methods of the page anew, with the CPU seconds a run that all had; their
rows name their commit. --write-only measures nothing, and writes the pages from the data.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import textwrap

import data_file
from clean_commit import ROOT, clean_commit
from result_figures import share

DOCS = ROOT / "docs"
FIRST_SEED = 1000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hedon")
    parser.add_argument("--cpu", type=float, help="CPU seconds of all runs together")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--folder", default="methods-compared")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--tasks")
    parser.add_argument("--methods")
    parser.add_argument("--set", nargs="+", default=[])
    parser.add_argument("--again", metavar="M,M")
    parser.add_argument("--trial", action="store_true")
    parser.add_argument("--write-only", action="store_true")
    args = parser.parse_args()
    if not args.write_only and (args.hedon is None or (args.cpu is None) == (args.again is None)):
        parser.error("--hedon and one of --cpu and --again are needed to measure")
    return args


# ---- measuring ----


def command(args):
    words = ["compare", "all", "--seed", str(FIRST_SEED), "--seeds", str(args.seeds), "--cpu", f"{args.cpu:g}"]
    for flag in ("tasks", "methods"):
        words += [f"--{flag}", getattr(args, flag)] if getattr(args, flag) else []
    return words + (["--set", *args.set] if args.set else [])


def measure(args):
    """What the pages show: of each task its cells, in the comparison's order."""
    commit = "a tree that may differ from its commit" if args.trial else clean_commit()
    hedon = str(pathlib.Path(args.hedon).resolve())
    threads = ["--threads", str(args.threads)] if args.threads else []
    ran = subprocess.run([hedon, *command(args), "--out", args.folder, *threads])
    if ran.returncode not in (0, 1):
        sys.exit(ran.returncode)
    found = json.loads((pathlib.Path(args.folder) / "compare.json").read_text(encoding="utf-8"))
    listed = subprocess.run([hedon, "runs", f"{args.folder}/cells", "--json"], capture_output=True, text=True, check=True)
    costs = {int(row["run"].rsplit("/", 1)[1]): row for row in map(json.loads, listed.stdout.splitlines())}
    envs = subprocess.run([hedon, "list", "envs", "--json"], capture_output=True, text=True, check=True)
    known = {task["name"]: task for task in json.loads(envs.stdout)}
    limit = args.cpu / (sum(cell["state"] != "conflict" for cell in found["cells"]) * args.seeds)
    tasks = {name: task_data(known[name], [cell for cell in found["cells"] if cell["env"] == name], costs)
             for name in found["tasks"]}
    return {"generated_by": "tools/methods_compared.py; not to be edited", "commit": commit,
            "command": " ".join(["hedon", *command(args)]), "seeds": args.seeds, "limit_s": limit, "tasks": tasks}


def rank(cell):
    """The comparison's order: most seeds solved, in the fewest steps, with the highest last returns, and last what did not run."""
    return (not ran(cell), -(cell["solved"] or 0), cell["steps"] or 0, -cell["final"] if cell["final"] is not None else 0)


def measure_again(args, page):
    """The page, with cells of the methods named in place of those it had."""
    names = args.again.split(",")
    pairs = sum(ran(cell) and cell["method"] in names for task in page["tasks"].values() for cell in task["cells"])
    args.methods, args.seeds, args.cpu = args.again, page["seeds"], page["limit_s"] * pairs * page["seeds"]
    found = measure(args)
    if found["tasks"].keys() != page["tasks"].keys() or abs(found["limit_s"] / page["limit_s"] - 1) > 1e-3:
        sys.exit("the tasks that these methods run are not those of the page any more; measure all of it")
    for name, task in page["tasks"].items():
        new = {cell["method"]: {**cell, "commit": found["commit"]} for cell in found["tasks"][name]["cells"]}
        task["cells"] = sorted((new.get(cell["method"], cell) for cell in task["cells"]), key=rank)
    return page


def task_data(task, cells, costs):
    doc = task["doc"][0].upper() + task["doc"][1:]
    return {"doc": doc, "threshold": cells[0]["threshold"], "cells": [cell_data(cell, task, costs) for cell in cells]}


def cell_data(cell, task, costs):
    kept = dict.fromkeys(("solved", "steps", "final", "low", "high", "spikes", "syn_ops", "cpu_s"))
    if cell["state"] == "done":
        cost = costs.get(cell["number"], {})
        kept = {"solved": cell["n_solved"] if cell["threshold"] is not None else None, "steps": cell["steps_median"],
                "final": cell["return_iqm"], "low": cell["iqm_low"], "high": cell["iqm_high"], "spikes": cost.get("spikes"),
                "syn_ops": cost.get("syn_ops"), "cpu_s": cell["cpu_median"]}
    cut = cell["state"] == "done" and any(not seed["done"] for seed in cell["seeds"])
    return {"method": cell["method"], **kept, "cut": cut, "why": reason(cell, task) if is_failing(cell) else None, "commit": None}


def is_failing(cell):
    return cell["state"] != "done" or (cell["threshold"] is not None and cell["n_solved"] < len(cell["seeds"]))


def distance(cell, task):
    """Where the last returns lie between a random policy and the threshold."""
    low, end, goal = task["low_score"], cell["return_iqm"], cell["threshold"]
    if end is None:
        return "no evaluation reached"
    best = statistics.median(seed["best_return"] for seed in cell["seeds"] if seed["best_return"] is not None)
    if best >= goal:
        return f"single evaluations pass (best {short(best)}), not three running"
    if low is None or goal <= low:
        return f"ends at {short(end)} of {short(goal)}"
    share = (end - low) / (goal - low)
    return f"no better than a random policy ({short(low)})" if share < 0.05 else f"{share:.0%} of the way"


def reason(cell, task):
    """Why a method does not solve a task with every seed."""
    if cell["state"] != "done":
        return cell.get("message") or f"it was {cell['state']}"
    cut = [seed["env_steps"] for seed in cell["seeds"] if not seed["done"]]
    lost = sum(seed["relapsed"] for seed in cell["seeds"])
    some = [f"{len(cell['failures'])} failed: {cell['failures'][0]['message']}"] if cell.get("failures") else []
    some += [f"{len(cut)} cut off after {short(statistics.median(cut))} steps"] if cut else []
    some += [] if cell["n_solved"] else [distance(cell, task)]
    some += [f"{lost} lost it again"] if lost else []
    return "; ".join(some or ["the others fall short"])


# ---- pages ----


def short(value):
    if value is None:
        return "-"
    size = abs(value)
    return (f"{value / 1e6:.3g} M" if size >= 1e6 else f"{value / 1e3:.3g} k" if size >= 1e4 else f"{value:,.0f}" if size >= 1000
            else f"{value:.4g}")


def wrapped(words):
    return textwrap.fill(words, 140, break_long_words=False, break_on_hyphens=False)


def ran(cell):
    return cell["cpu_s"] is not None


def solved(cell, data):
    return f"{cell['solved']}/{data['seeds']}"


def final(cell):
    return "-" if cell["final"] is None else f"{short(cell['final'])} ({short(cell['low'])} to {short(cell['high'])})"


def span(low, high):
    return low if low == high else f"{low} to {high}"


def is_at_the_floor(cell):
    return cell["solved"] == 0 and not cell["cut"] and cell["why"].startswith("no better than a random policy")


def floor_row(cells, data):
    """Those that end as a random policy does share a row."""
    ends = sorted(cell["final"] for cell in cells)
    costs = sorted(cell["cpu_s"] for cell in cells)
    return [names(cells), f"0/{data['seeds']} each", "-", span(short(ends[0]), short(ends[-1])),
            span(f"{costs[0]:.3g}", f"{costs[-1]:.3g}"), cells[0]["why"]]


def open_rows(cells):
    """Where no return counts as solved; those that end no higher than the random policy's interval share a row."""
    floor = next((cell["high"] for cell in cells if cell["method"] == "random-walk"), None)
    low = [cell for cell in cells if floor is not None and not cell["cut"] and cell["final"] <= floor]
    for cell in cells:
        if cell not in low:
            yield [f"`{cell['method']}`", final(cell), short(cell["spikes"]), short(cell["syn_ops"]), f"{cell['cpu_s']:.3g}",
                   "some" if cell["cut"] else ""]
    if low:
        yield [names(low), *(span(short(min(values)), short(max(values))) for values in (
            [cell[key] for cell in low if cell[key] is not None] for key in ("final", "spikes", "syn_ops"))),
            span(*(f"{pick(cell['cpu_s'] for cell in low):.3g}" for pick in (min, max))), ""]


def task_table(task, data):
    cells = [cell for cell in task["cells"] if ran(cell)]
    if task["threshold"] is None:
        titles = ["method", "final return", "spikes", "synaptic operations", "CPU s", "cut off"]
        rows = list(open_rows(cells))
    else:
        titles = ["method", "solved", "steps to solve", "final return", "CPU s", "why not with every seed"]
        low = [cell for cell in cells if is_at_the_floor(cell)]
        rows = [[f"`{cell['method']}`", solved(cell, data), short(cell["steps"]), final(cell), f"{cell['cpu_s']:.3g}",
                 cell["why"] or ""] for cell in cells if cell not in low]
        rows += [floor_row(low, data)] if low else []
    return ["| " + " | ".join(row) + " |" for row in (titles, ["---"] * len(titles), *rows)]


def names(cells):
    return ", ".join(f"`{cell['method']}`" for cell in cells) or "none"


def sentences(task, data):
    """Who solves it, who comes highest, who had too little time."""
    cells = [cell for cell in task["cells"] if ran(cell)]
    ended = sorted((cell for cell in cells if cell["final"] is not None), key=lambda cell: -cell["final"])
    if task["threshold"] is not None:
        all_seeds = sorted((cell for cell in cells if cell["solved"] == data["seeds"]), key=lambda cell: cell["steps"])
        yield (f"{len(all_seeds)} of {len(cells)} methods solve it with every seed, in the fewest steps {names(all_seeds[:3])}."
               if all_seeds else f"None of {len(cells)} methods solves it with every seed.")
    floor = next((f"; `random-walk` ends at {short(cell['final'])}" for cell in ended if cell["method"] == "random-walk"), "")
    yield f"The highest last returns are those of {names(ended[:3])}{floor}."
    yield f"{sum(cell['cut'] for cell in cells)} methods have runs that were cut off by their share of the CPU time."


def refusals(task):
    """Who cannot run the task, by what the tool answers."""
    by_words = {}
    for cell in task["cells"]:
        if not ran(cell):
            by_words.setdefault(cell["why"], []).append(cell)
    return [f"Not run: {'; '.join(f'{names(cells)} ({words})' for words, cells in by_words.items())}."] if by_words else []


def other_commits(cells, data):
    """The methods that were measured at other commits than the rest, by commit."""
    found = {}
    for cell in cells:
        if cell["commit"] not in (None, data["commit"]):
            found.setdefault(cell["commit"], set()).add(f"`{cell['method']}`")
    return found


def task_page(name, task, data):
    goal = f"Solved at a return of {task['threshold']:g}." if task["threshold"] is not None else "No return counts as solved."
    commits = " and ".join([data["commit"], *other_commits(task["cells"], data)])
    where = (f"Measured at commit {commits}; [all tasks](../methods-compared.md), "
             "[how it was made](../methods-compared.md#how-it-was-made).")
    return "\n".join([f"# Every method on {name}", "", wrapped(f"{task['doc']}. {goal} {where}"), "",
                      wrapped(" ".join([*sentences(task, data), *refusals(task)])), "", *task_table(task, data), ""])


def outcome(cell, task, data):
    """A cell of the table of all tasks; a star where a run was cut by its share of the CPU time."""
    if not ran(cell):
        return "-"
    words = short(cell["final"]) if task["threshold"] is None else solved(cell, data)
    words += f", {short(cell['steps'])}" if cell["solved"] else ""
    return words + (r" \*" if cell["cut"] else "")


def by_method(data):
    found = {}
    for name, task in data["tasks"].items():
        for cell in task["cells"]:
            if ran(cell):
                found.setdefault(cell["method"], {})[name] = cell
    return found


def matrix(data):
    """Rows of the methods that run more than one task and solve one with two seeds, most solved first; sentences on the others."""
    tasks, rows, few, none, single = data["tasks"], [], [], [], {}
    for method, cells in sorted(by_method(data).items()):
        seeds = [cell["solved"] for cell in cells.values() if cell["solved"] is not None]
        if len(tasks) > 1 and len(cells) == 1:
            (name, cell), = cells.items()
            single.setdefault(name, []).append(f"`{method}` {outcome(cell, tasks[name], data)}")
        elif max(seeds, default=0) < 2:
            (few if any(seeds) else none).append(f"`{method}`")
        else:
            words = [outcome(cells[name], tasks[name], data) if name in cells else "-" for name in tasks]
            rows.append((-seeds.count(data["seeds"]), -sum(seeds), f"| `{method}` | {' | '.join(words)} |"))
    head = ["| method | " + " | ".join(f"[{name}](methods-compared/{name}.md)" for name in tasks) + " |", "|---|" + "---|" * len(tasks)]
    words = [f"{name} only: {', '.join(found)}." for name, found in single.items()]
    words += [f"One seed at most solves a task by {', '.join(few)}."] if few else []
    words += [f"No task is solved with any seed by {', '.join(none)}."] if none else []
    return head + [row for *_, row in sorted(rows)], " ".join(words)


def front_page(data):
    table, others = matrix(data)
    cells = [cell for task in data["tasks"].values() for cell in task["cells"]]
    again = "".join(f", but {', '.join(sorted(methods))} at {commit}" for commit, methods in other_commits(cells, data).items())
    return "\n".join([
        "# Every method on the classic suite", "",
        wrapped("Each method as it is built in, nothing tuned for this page. A cell: how many seeds solved the task, and the "
                "median of the steps these took; where no return counts as solved, the last returns. - : not run. \\*: some "
                "runs were cut off by their CPU time, with more of which slow methods may solve what they do not here. Methods in `-relu` do "
                "not spike and are controls; `random-walk` is the floor. First come those that solve most tasks with every seed. " + others), "",
        *table, "", "## How it was made", "",
        wrapped(f"`{data['command']}` at commit {data['commit']}{again}: {sum(map(ran, cells))} pairs of method and "
                f"task, seeds {FIRST_SEED} to {FIRST_SEED + data['seeds'] - 1}. A run ends when it has [solved](concepts.md#when-a-task-is-solved) its task, or after "
                f"{data['limit_s']:.3g} CPU seconds (more steps on a faster machine). All seeds solved is "
                f"{share(data['seeds'], data['seeds'])} by Wilson's interval (95 %), none {share(0, data['seeds'])}. Final return: interquartile "
                "mean of the last evaluations, with a bootstrap interval. Spikes and synaptic operations: of one decision. CPU: of "
                "learning, median. *Of the way*: from a random policy to the threshold. Written by [methods_compared.py](../tools/methods_compared.py) "
                "from [its data](data/methods-compared.json)."), ""])


def write(data, out):
    page = out / "methods-compared.md"
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    for name, task in data["tasks"].items():
        (folder / f"{re.sub('[^A-Za-z0-9.-]', '-', name)}.md").write_text(task_page(name, task, data), encoding="utf-8")
    page.write_text(front_page(data), encoding="utf-8")
    print(f"{page}, and a page for each of {len(data['tasks'])} tasks")


def main():
    args = arguments()
    out = pathlib.Path(args.folder) if args.trial else DOCS
    path = out / "methods-compared.json" if args.trial else DOCS / "data" / "methods-compared.json"
    if not args.write_only:
        data_file.write(path, measure_again(args, data_file.read(path)) if args.again else measure(args))
    write(data_file.read(path), out)


main()
