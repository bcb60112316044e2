#!/usr/bin/env python3
"""Writes the page methods-compared.md of docs, and a page for each task beside it: every method on the classic suite, as it is
built in, within a budget of CPU seconds, from the outcome of `hedon compare all`.

  methods_compared.py --hedon HEDON --cpu SECONDS [--seeds N] [--folder DIR] [--threads N] [--tasks T,T] [--methods M,M]
                      [--set KEY=VALUE ...] [--trial]

The folder keeps the runs: the same command goes on with what was stopped. Every run may take an equal share of
the CPU seconds. Figures belong to a commit, so a changed tree is refused; --trial writes the pages into the folder
instead, whatever the tree.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

from clean_commit import ROOT, clean_commit

PAGE = ROOT / "docs" / "methods-compared.md"
FIRST_SEED = 1000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hedon", required=True)
    parser.add_argument("--cpu", required=True, type=float, help="CPU seconds of all runs together")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--folder", default="methods-compared")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--tasks")
    parser.add_argument("--methods")
    parser.add_argument("--set", nargs="+", default=[])
    parser.add_argument("--trial", action="store_true")
    return parser.parse_args()


def command(args):
    words = ["compare", "all", "--seed", str(FIRST_SEED), "--seeds", str(args.seeds), "--cpu", f"{args.cpu:g}"]
    for flag in ("tasks", "methods"):
        words += [f"--{flag}", getattr(args, flag)] if getattr(args, flag) else []
    return words + (["--set", *args.set] if args.set else [])


def measure(args):
    """The comparison, the costs of its decisions by cell, and what tasks say of returns."""
    hedon = str(pathlib.Path(args.hedon).resolve())
    threads = ["--threads", str(args.threads)] if args.threads else []
    ran = subprocess.run([hedon, *command(args), "--out", args.folder, *threads])
    if ran.returncode not in (0, 1):
        sys.exit(ran.returncode)
    found = json.loads((pathlib.Path(args.folder) / "compare.json").read_text(encoding="utf-8"))
    listed = subprocess.run([hedon, "runs", f"{args.folder}/cells", "--json"], capture_output=True, text=True, check=True)
    costs = {int(row["run"].rsplit("/", 1)[1]): row for row in map(json.loads, listed.stdout.splitlines())}
    tasks = json.loads(subprocess.run([hedon, "list", "envs", "--json"], capture_output=True, text=True,
                                      check=True).stdout)
    return found, costs, {task["name"]: task for task in tasks}


# ---- figures in words ----


def short(value):
    if value is None:
        return "-"
    size = abs(value)
    return (f"{value / 1e6:.3g} M" if size >= 1e6 else f"{value / 1e3:.3g} k" if size >= 1e4 else f"{value:,.0f}" if size >= 1000
            else f"{value:.4g}")


def solved(cell):
    return f"{cell['n_solved']}/{len(cell['seeds'])}"


def with_interval(cell):
    return "-" if cell["threshold"] is None else (
        f"{solved(cell)} ({100 * cell['solved_low']:.0f}% to {100 * cell['solved_high']:.0f}%)")


def is_failing(cell):
    return cell["state"] != "done" or (cell["threshold"] is not None and cell["n_solved"] < len(cell["seeds"]))


def unfinished(cell, limit):
    cut = [seed for seed in cell["seeds"] if not seed["done"]]
    if not cut:
        return ""
    steps = statistics.median(seed["env_steps"] for seed in cut)
    return f"{len(cut)} of {len(cell['seeds'])} runs had their {limit:.2g} CPU seconds after {short(steps)} steps"


def distance(cell, task):
    """Where the last returns lie between a random policy and the threshold."""
    low, end, goal = task["low_score"], cell["return_iqm"], cell["threshold"]
    if end is None:
        return "no evaluation was reached"
    best = statistics.median(seed["best_return"] for seed in cell["seeds"] if seed["best_return"] is not None)
    if best >= goal:
        return f"single evaluations pass (median of the best {short(best)}), three running do not"
    if low is None or goal <= low:
        return f"it ends at {short(end)} of {short(goal)}"
    share = (end - low) / (goal - low)
    return (f"it does no better than a random policy ({short(end)}; random {short(low)})" if share < 0.05
            else f"it ends at {share:.0%} of the way from a random policy to the threshold")


def reason(cell, task, limit):
    """One sentence, without its full stop, on a method that does not solve a task with every seed."""
    if cell["state"] != "done":
        return cell.get("message") or f"it was {cell['state']}"
    some = [] if cell["n_solved"] == 0 else [f"{cell['n_solved']} of {len(cell['seeds'])} seeds solve it"]
    lost = sum(seed["relapsed"] for seed in cell["seeds"])
    some += [f"{len(cell['failures'])} runs failed: {cell['failures'][0]['message']}"] if cell.get("failures") else []
    some += [unfinished(cell, limit)] if unfinished(cell, limit) else []
    some += [] if cell["n_solved"] else [distance(cell, task)]
    some += [f"{lost} lost it again"] if lost else []
    some += ["the others end below the threshold"] if len(some) == 1 and cell["n_solved"] else []
    return "; ".join(some)


# ---- pages ----


def task_row(cell, costs):
    cost = costs.get(cell["number"], {})
    final = "-" if cell["return_iqm"] is None else (
        f"{short(cell['return_iqm'])} ({short(cell['iqm_low'])} to {short(cell['iqm_high'])})")
    return (f"| `{cell['method']}` | {with_interval(cell)} | {short(cell['steps_median'])} | {final} | {short(cost.get('spikes'))} | "
            f"{short(cost.get('syn_ops'))} | {cell['cpu_median']:.3g} |")


def task_page(name, cells, costs, task, said):
    done = [cell for cell in cells if cell["state"] == "done"]
    goal = cells[0]["threshold"]
    lines = [f"# Every method on {name}", "",
             f"{task['doc'][0].upper()}{task['doc'][1:]}. " + (f"Solved at a return of {goal:g}." if goal is not None
                                                               else "No return counts as solved."),
             f"[All tasks](../methods-compared.md). {said}", "",
             "| method | solved | steps to solve | final return | spikes | synaptic operations | CPU s |",
             "|---|---|---|---|---|---|---|", *[task_row(cell, costs) for cell in done], ""]
    failing = [cell for cell in cells if is_failing(cell)]
    if failing:
        lines += ["## Why not", ""]
        lines += [f"- `{cell['method']}`: {reason(cell, task, cell['limit'])}." for cell in failing]
        lines += [""]
    return "\n".join(lines)


def outcome(cell):
    """A cell of the table of all tasks; a star where a run was cut by its share of the CPU time."""
    if cell["state"] != "done":
        return "-"
    words = short(cell["return_iqm"]) if cell["threshold"] is None else solved(cell)
    words += f", {short(cell['steps_median'])}" if cell["threshold"] is not None and cell["n_solved"] else ""
    return words + (r" \*" if unfinished(cell, cell["limit"]) else "")


def matrix(found, by_task):
    lines = ["| method | " + " | ".join(f"[{task}](methods-compared/{task}.md)" for task in found["tasks"]) + " |",
             "|---|" + "---|" * len(found["tasks"])]
    for method in found["methods"]:
        lines.append(f"| `{method}` | " + " | ".join(outcome(by_task[task][method]) for task in found["tasks"]) + " |")
    return lines


def front_page(args, found, by_task, said, limit):
    n = sum(cell["state"] == "done" for cells in by_task.values() for cell in cells.values())
    return "\n".join([
        "# Every method on the classic suite", "",
        "Each method with the settings that it is built in with, rows of its own for a task included: nothing was tuned for this",
        "page. A cell says how many seeds solved the task, and the median of the environment steps that these took; where no return",
        "counts as solved, the interquartile mean of the last returns; - where the method cannot run the task. Every run may take",
        f"{limit:.2g} CPU seconds, and \\* marks cells in which some were cut off by that: slow methods, above all those that go back",
        "through their networks or replay the past, may solve with more time what they do not solve here. The page of a task",
        "has intervals, final returns, what a decision costs, and a sentence on each method that does not solve it with every seed.",
        "Methods whose name ends in `-relu` do not spike and are controls; `random-walk` is the floor.", "",
        *matrix(found, by_task), "", "## How it was made", "",
        f"    {' '.join(['hedon', *command(args)])}", "",
        f"{said} {n} pairs of method and task, each with seeds {FIRST_SEED} to {FIRST_SEED + args.seeds - 1}; a run may take {limit:.3g} CPU seconds,",
        f"an equal share of {args.cpu:g}. What it has reached by then counts: on another machine a slow method may get farther. A run that solved its",
        "task ends early. Solved: three evaluations running reach the threshold (Wilson's interval, 95 %); steps to solve: median over",
        "the seeds that did; final return: interquartile mean of the last evaluations with a bootstrap interval; spikes and synaptic",
        "operations: of one decision at the last evaluation, where the network spikes; CPU: median of learning.", "",
        "The page and those of the tasks are written by [methods_compared.py](../tools/methods_compared.py).", ""])


def main():
    args = arguments()
    commit = "a tree that may differ from its commit" if args.trial else f"commit {clean_commit()}"
    found, costs, tasks = measure(args)
    by_task = {task: {} for task in found["tasks"]}
    n_runs = sum(cell["state"] != "conflict" for cell in found["cells"]) * args.seeds
    limit = args.cpu / n_runs
    for cell in found["cells"]:
        by_task[cell["env"]][cell["method"]] = {**cell, "limit": limit}
    said = f"Measured on {commit}."
    page = pathlib.Path(args.folder) / "methods-compared.md" if args.trial else PAGE
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    for task, cells in by_task.items():
        (folder / f"{re.sub('[^A-Za-z0-9.-]', '-', task)}.md").write_text(
            task_page(task, list(cells.values()), costs, tasks[task], said), encoding="utf-8")
    page.write_text(front_page(args, found, by_task, said, limit), encoding="utf-8")
    print(f"{page}, and a page for each of {len(by_task)} tasks")


main()
