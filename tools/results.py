#!/usr/bin/env python3
"""Measure every experiment of a plan, tools/NAME.toml, and write docs/NAME.md.

    tools/results.py [--plan results] [--hedon build/hedon] [--only WORD | --again WORD | --write-only]
                     [--curves N | --controls] [--again WORD] [--threads N] [--out docs]

Runs `hedon train ... --json` once per experiment and method. Beside the page go NAME.svg with
learning curves and data/NAME.json with every seed's figures. All that is known is written after each row,
so that what takes hours may be stopped, and go on by --again. --only runs the experiments whose name
contains WORD and prints them without writing anything. --again runs those whose command contains WORD,
keeps of the others what data/NAME.json knows, and writes; so every result names who made it. --write-only
writes the page from data/NAME.json.
--curves runs the first N seeds of rows that have no learning curve, and keeps their curve if their hashes
are those of the row, so that it is the curve of what the row tells. --controls does the same for rows that were measured
without their controls.

The controls of a plan are run beside every experiment, on its first seeds and within its budget, each
with the settings it adds. A method that refuses these settings has no such control, and neither has
one whose weights the settings leave as they were."""
import argparse
import datetime
import functools
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib

import curves
import data_file
from clean_commit import clean_commit
from result_figures import mean, verdict
from result_page import document, panels, row

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


# ---- running ----

def spread(experiment):
    """An experiment of several methods is one for each of them."""
    for method in experiment.get("methods", [experiment.get("method")]):
        yield dict(experiment, method=method)


def settings(experiment):
    """Later settings win, so that an experiment's own come last."""
    chosen = {}
    if experiment.get("whole"):
        chosen |= {"overtrain": "0", "steps": "100000000"}
    for key in ("steps", "episodes"):
        if key in experiment:
            chosen[key] = str(experiment[key])
    return chosen | dict(one.split("=", 1) for one in experiment.get("set", []))


def command(experiment, first_seed):
    flags = [f"{key}={value}" for key, value in settings(experiment).items()]
    return ["train", experiment["task"], "--method", experiment["method"], "--seed",
            str(first_seed), "--seeds", str(experiment["seeds"]), *(["--set", *flags] if flags else [])]


def mean_curve(folder):
    """Mean return of the evaluations at each number of steps; who is done keeps its last one."""
    by_seed = {}
    with open(os.path.join(folder, "metrics.jsonl"), encoding="utf-8") as file:
        for event in map(json.loads, file):
            if event["event"] == "evaluation":
                by_seed.setdefault(event["seed"], {})[event["env_steps"]] = event["eval_return"]
    every = sorted({step for found in by_seed.values() for step in found})
    some = every[::max(1, len(every) // 60)]
    points = []
    for step in dict.fromkeys([*some, *every[-1:]]):
        latest = [[value for at, value in found.items() if at <= step] for found in by_seed.values()]
        if all(latest):
            points.append([step, mean([values[-1] for values in latest])])
    return points


def train(hedon, args, threads):
    """What `hedon train` says of all seeds, with their mean curve; or why it failed."""
    extra = ["--threads", str(threads)] if threads else []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run")
        run = subprocess.run([hedon, *args, *extra, "--quiet", "--json", "--out", out],
                             capture_output=True, text=True)
        if run.returncode != 0:
            last = run.stderr.strip().splitlines()[-1:] or ["no message"]
            return {"failed": f"exit code {run.returncode}: {last[0]}"}
        outcome = json.loads(run.stdout.strip().splitlines()[-1])
        return {"outcome": outcome, "curve": mean_curve(out)}


def measure(hedon, experiment, first_seed, threads, made_by=None):
    args = command(experiment, first_seed)
    start = time.monotonic()
    found = train(hedon, args, threads)
    result = {"name": experiment["name"], "command": shlex.join(["hedon", *args]),
              "aim": experiment["aim"], "made_by": made_by,
              "date": datetime.date.today().isoformat(), "took_s": time.monotonic() - start}
    said = "failed" if "failed" in found else verdict(experiment, found["outcome"])
    return result | found | {"verdict": said}


KEPT = ("seed", "solved", "steps_to_threshold", "final_return", "hash")


def measure_control(hedon, experiment, control, first_seed, threads):
    """What the seeds of an experiment reach with the settings of a control, or why they cannot."""
    altered = dict(experiment, set=[*experiment.get("set", []), *control["set"]])
    result = measure(hedon, altered, first_seed, threads)
    kept = {key: result[key] for key in ("command", "took_s", "failed", "curve") if key in result}
    if "outcome" in result:
        kept["seeds"] = [{key: seed[key] for key in KEPT} for seed in result["outcome"]["seeds"]]
    return kept | {"title": control["title"]}


def bounded(experiment, outcome):
    """Who learns nothing may never end an episode: a budget of episodes is one of steps as well, twice
    as many as any seed of the row took, and evaluations have 20 episodes."""
    if not experiment.get("whole"):
        return experiment
    most = 2 * max(seed["env_steps"] for seed in outcome["seeds"])
    less = [f"steps={most}", "eval_episodes=20"]
    return dict(experiment, set=[*less, *experiment.get("set", [])])


def measure_controls(hedon, experiment, plan, threads):
    """None of an experiment that is one of the controls itself."""
    most = experiment.get("control_seeds", plan.get("control_seeds", experiment["seeds"]))
    few = dict(experiment, seeds=min(experiment["seeds"], most))
    own, found = set(experiment.get("set", [])), {}
    for control in plan.get("control", []):
        rests_on = found.get(control.get("where"), {})
        if not own.issuperset(control["set"]) and "failed" not in rests_on:
            found[control["title"]] = measure_control(hedon, few, control, plan["first_seed"], threads)
    return list(found.values())


# ---- writing ----

def output(*args, **options):
    run = subprocess.run(args, capture_output=True, text=True, **options)
    return run.stdout.strip() if run.returncode == 0 else "unknown"


@functools.cache
def version(hedon):
    """Asked for before anything is measured, as pages that are written make the tree differ."""
    commit = clean_commit()
    return f"{output(hedon, '--version')}, commit {commit}"


def remembered(path):
    """Results of before, by their commands."""
    return {result["command"]: result for result in data_file.read(path)["results"] if "outcome" in result}


def judged(experiment, result):
    """By what the plan says now."""
    return {"name": experiment["name"], "aim": experiment["aim"],
            "verdict": verdict(experiment, result["outcome"])}


def data_path(args):
    return os.path.join(args.out, "data", args.plan + ".json")


def write(args, plan, results):
    """The page, its curves and its data."""
    if args.only is not None:
        return
    page = document(results, args.plan, plan)
    with open(os.path.join(args.out, args.plan + ".md"), "w", encoding="utf-8") as file:
        file.write(page)
    drawn = list(panels(results))
    if drawn:
        with open(os.path.join(args.out, args.plan + ".svg"), "w", encoding="utf-8") as file:
            file.write(curves.picture(drawn))
    for result in results:
        result.pop("mark", None)
    data_file.write(data_path(args), {"generated_by": f"tools/results.py --plan {args.plan}; not to be edited", "results": results})
    if os.path.samefile(args.out, os.path.join(ROOT, "docs")):
        subprocess.run([sys.executable, os.path.join(HERE, "family_pages.py")], check=True)


def measure_all(args, plan, chosen):
    """What is known is published after each row; rows to come are those of before."""
    known = remembered(data_path(args)) if os.path.exists(data_path(args)) else {}
    rows = [(one, shlex.join(["hedon", *command(one, plan["first_seed"])]))
            for experiment in chosen for one in spread(experiment)]
    results = [known[line] | judged(one, known[line]) if line in known else None for one, line in rows]
    for k, (one, line) in enumerate(rows):
        if args.again and args.again not in line:
            continue
        threads = one.get("threads", args.threads)
        result = measure(args.hedon, one, plan["first_seed"], threads,
                         version(args.hedon) if args.only is None else None)
        if "failed" not in result and one.get("control_seeds", 1) > 0:
            limited = bounded(one, result["outcome"])
            result["controls"] = measure_controls(args.hedon, limited, plan, args.threads)
        results[k] = result
        made = [result for result in results if result is not None]
        print(" | ".join(row(result, made, plan)), f"| {result['took_s']:.0f} s", flush=True)
        write(args, plan, made)


def repeated(hedon, result, n, threads):
    """What the first n seeds of a row do now, if they end as the row says; else why not, as "failed"."""
    words = shlex.split(result["command"])[1:]
    words[words.index("--seeds") + 1] = str(n)
    found = train(hedon, words, threads)
    if "failed" in found:
        return found
    ended = [seed["hash"] for seed in found["outcome"]["seeds"]]
    if ended != [seed["hash"] for seed in result["outcome"]["seeds"][:n]]:
        return {"failed": "these seeds end otherwise now: --again measures the row"}
    return found


def add_curve(args, _plan, _experiment, result):
    n = min(args.curves, len(result["outcome"]["seeds"]))
    found = repeated(args.hedon, result, n, args.threads)
    if "failed" in found:
        return "no curve: " + found["failed"]
    result |= {"curve": found["curve"], "curve_seeds": n}
    return f"curve of {n} seeds"


def add_controls(args, plan, experiment, result):
    if experiment.get("control_seeds", 1) == 0:
        return "no controls: the plan has none for it"
    found = repeated(args.hedon, result, plan.get("control_seeds", 1), args.threads)
    if "failed" in found:
        return "no controls: " + found["failed"]
    limited = bounded(experiment, result["outcome"])
    result |= {"controls": measure_controls(args.hedon, limited, plan, args.threads), "controls_by": version(args.hedon)}
    return f"{len(result['controls'])} controls"


def complete(args, plan, part, add):
    """Rows that were measured without a part of what is told of them today."""
    version(args.hedon)  # refuses a tree with changes
    known = remembered(data_path(args))
    results = list(known.values())
    for one in (one for experiment in plan["experiment"] for one in spread(experiment)):
        line = shlex.join(["hedon", *command(one, plan["first_seed"])])
        if line in known and not known[line].get(part) and (args.again or "") in line:
            print(f"{line}: {add(args, plan, one, known[line])}", flush=True)
            write(args, plan, results)


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/NAME.md shows.")
    parser.add_argument("--plan", default="results", help="NAME: tools/NAME.toml is measured")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--only", help="run experiments whose name contains this; write nothing")
    parser.add_argument("--again", help="run commands that contain this; keep what is known of the others")
    parser.add_argument("--write-only", action="store_true", help="run nothing")
    parser.add_argument("--curves", type=int, metavar="N", help="curves of N seeds for rows that have none")
    parser.add_argument("--controls", action="store_true", help="controls of rows that have none")
    parser.add_argument("--threads", type=int, help="default: one per processor")
    parser.add_argument("--out", default=os.path.join(ROOT, "docs"))
    args = parser.parse_args()
    with open(os.path.join(HERE, args.plan + ".toml"), "rb") as file:
        plan = tomllib.load(file)
    chosen = [experiment for experiment in plan["experiment"]
              if args.only is None or args.only in experiment["name"]]
    if args.curves:
        complete(args, plan, "curve", add_curve)
    elif args.controls:
        complete(args, plan, "controls", add_controls)
    elif args.write_only:
        write(args, plan, list(remembered(data_path(args)).values()))
    else:
        measure_all(args, plan, chosen)


if __name__ == "__main__":
    main()
