#!/usr/bin/env python3
"""Measure every experiment of a plan, tools/NAME.toml, and write docs/NAME.md.

    tools/results.py [--plan results] [--hedon build/hedon] [--only WORD | --again WORD | --write-only]
                     [--threads N] [--out docs]

Runs `hedon train ... --json` once per experiment and method. Beside the page go NAME.svg with
learning curves and data/NAME.json with every seed's figures. A plan with `by_seed` takes one seed of
everything after the other and writes all of them after each, so that what takes hours may be stopped.
--only runs the experiments whose name contains WORD and prints them without writing anything. --again
runs those whose command contains WORD, keeps of the others what data/NAME.json knows, and writes; so
every result names who made it. --write-only writes the page from data/NAME.json.

The controls of a plan are run beside every experiment, on its first seeds and within its budget, each
with the settings it adds. A method that refuses these settings has no such control, and neither has
one whose weights the settings leave as they were."""
import argparse
import collections
import datetime
import functools
import json
import math
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

import curves
from clean_commit import clean_commit

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


# ---- figures of one experiment ----

def median(values):
    return statistics.median(values) if values else None


def mean(values):
    return statistics.fmean(values) if values else None


def column(seeds, key):
    return [seed[key] for seed in seeds if seed[key] is not None]


def share(n, of):
    """So many of so many, with Wilson's interval at 95 %."""
    if of == 0:
        return "-"
    z, p = 1.959964, n / of
    middle, width = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = (middle - width) / (1 + z * z / of), (middle + width) / (1 + z * z / of)
    return f"{n}/{of} ({max(low, 0):.0%} to {min(high, 1):.0%})"


FIGURES = {
    "solved": lambda seeds: sum(seed["solved"] for seed in seeds),
    "relapsed": lambda seeds: sum(seed["relapsed"] for seed in seeds),
    "steps_median": lambda seeds: median(column(seeds, "steps_to_threshold")),
    "episodes_mean": lambda seeds: mean(column(seeds, "episodes_to_threshold")),
    "final_mean": lambda seeds: mean(column(seeds, "final_return")),
    "train_mean": lambda seeds: mean(column(seeds, "train_return")),
    "cpu_ms_median": lambda seeds: 1000 * median(column(seeds, "cpu_s")),
    "steps_per_cpu_s": lambda seeds: sum(column(seeds, "env_steps")) / sum(column(seeds, "cpu_s")),
}


def agrees(seeds, value, other_mean, other_deviation, other_n):
    """Two means within 1.96 standard errors of their difference."""
    deviation = statistics.stdev(column(seeds, "train_return"))
    error = math.sqrt(deviation**2 / len(seeds) + other_deviation**2 / other_n)
    return abs(value - other_mean) <= 1.96 * error


def holds(outcome, figure, relation, *numbers):
    """`figure` is one of FIGURES, or of what `hedon train --json` says of all seeds."""
    seeds = outcome["seeds"]
    value = FIGURES[figure](seeds) if figure in FIGURES else outcome[figure]
    if value is None:
        return False
    if relation == ">=":
        return value >= numbers[0]
    if relation == "<=":
        return value <= numbers[0]
    if relation == "agrees":
        return agrees(seeds, value, *numbers)
    sys.exit(f"results: no relation is called '{relation}'")


def verdict(experiment, outcome):
    checks = experiment.get("check")
    if checks is None:
        return "-"
    failed = [check[0] for check in checks if not holds(outcome, *check)]
    return "met" if not failed else "missed: " + ", ".join(failed)


def compare(results, control):
    """Who learned on the same seeds as a control has to do no worse."""
    means = [FIGURES["final_mean"](result["outcome"]["seeds"]) for result in results]
    methods = [result["outcome"]["method"] for result in results]
    least = means[methods.index(control)]
    for result, method, value in zip(results, methods, means):
        reached = "met" if value >= least else "missed"
        result["verdict"] = ("control" if method == control
                             else f"{reached}: {value / least:.2f} of the control's")


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


def measure_by_seed(hedon, experiments, first_seed, publish):
    """What is known is published whenever every method of an experiment had one seed more."""
    known = {}  # results of its methods by an experiment's name
    for n_before in range(max(experiment["seeds"] for experiment in experiments)):
        for experiment in [one for one in experiments if one["seeds"] > n_before]:
            results = []
            for one in spread(experiment):
                result = measure(hedon, dict(one, seeds=1), first_seed + n_before, 1,
                                 version(hedon))
                if "failed" in result:
                    sys.exit(f"results: {result['command']}: {result['failed']}")
                result["command"] = shlex.join(
                    ["hedon", *command(dict(one, seeds=n_before + 1), first_seed)])
                del result["curve"]  # of one seed
                results.append(result)
            for before, result in zip(known.get(experiment["name"], []), results):
                result["outcome"]["seeds"] = before["outcome"]["seeds"] + result["outcome"]["seeds"]
                result["took_s"] += before["took_s"]
            compare(results, experiment["control"])
            for result in results:
                print(" | ".join(row_by_seed(result)), flush=True)
            known[experiment["name"]] = results
            publish([result for results in known.values() for result in results])


# ---- writing ----

def figure(value):
    """Four digits, thousands apart."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def solved_cell(result):
    outcome, seeds = result["outcome"], result["outcome"]["seeds"]
    n = FIGURES["solved"](seeds)
    said = share(n, len(seeds))
    steps = median(column(seeds, "steps_to_threshold"))
    said += f", {figure(steps)} steps" if n > 0 else ""
    trained_on = any(seed["solved"] and seed["env_steps"] > 2 * seed["steps_to_threshold"]
                     for seed in seeds)
    relapsed = FIGURES["relapsed"](seeds)
    return said + (f"; relapsed {share(relapsed, n)}" if relapsed > 0 or trained_on else "")


def return_cell(result):
    outcome = result["outcome"]
    return "{} ({} to {})".format(*map(figure, (outcome["return_iqm"], outcome["iqm_low"],
                                                outcome["iqm_high"])))


# ---- what controls say ----

def changes_nothing(result, seeds):
    """A control that leaves every hash as it was concerns a layer that the method has not."""
    own = {seed["seed"]: seed["hash"] for seed in result["outcome"]["seeds"]}
    return all(own[seed["seed"]] == seed["hash"] for seed in seeds)


def shown_controls(result):
    """Seeds of each control by its title, but for those that do not concern the method."""
    shown = {}
    for control in result.get("controls", []):
        seeds = control.get("seeds", [])
        if seeds and not changes_nothing(result, seeds):
            shown[control["title"]] = seeds
    return shown


def same_seeds(result, seeds):
    wanted = {seed["seed"] for seed in seeds}
    return [seed for seed in result["outcome"]["seeds"] if seed["seed"] in wanted]


SHUFFLED = "shuffled signal"


def part_of_way(value, low, high):
    return (value - low) / (high - low) if high > low else 1.0


def reached(result, seeds, floor):
    """How far a control comes, of the way from nothing learned to where its row comes, by each measure
    there is: the share solved, where the row solves at least half of the seeds, and the mean final
    return, where nothing learned is `floor`, what a shuffled signal teaches."""
    own, parts = same_seeds(result, seeds), []
    if 2 * FIGURES["solved"](own) >= len(own):
        parts.append(FIGURES["solved"](seeds) / FIGURES["solved"](own))
    if floor is not None:
        parts.append(part_of_way(*(FIGURES["final_mean"](some) for some in (seeds, floor, own))))
    return parts


def as_far(parts, says):
    """By how far a control comes: as far (9 in 10), not (1 in 10, and not half of the return), or part
    of the way."""
    if min(parts) >= 0.9:
        return says[0]
    return says[2] if min(parts) <= 0.1 and max(parts) < 0.5 else says[1]


def is_no_better(result, floor):
    """Than what a shuffled signal teaches: few seeds are solved, and its mean return is not below the
    row's interval."""
    seeds = result["outcome"]["seeds"]
    return (2 * FIGURES["solved"](seeds) < len(seeds)
            and FIGURES["final_mean"](floor) >= result["outcome"]["iqm_low"])


def beside_no_spikes(result, results):
    """Against the row of the same experiment whose units do not spike, by intervals of the IQM."""
    method = result["command"].split()[4] + "-relu"
    for other in results:
        if other["name"] == result["name"] and other["command"].split()[4] == method:
            own, bare = result["outcome"], other["outcome"]
            if own["iqm_low"] > bare["iqm_high"]:
                return ["better than without spikes"]
            return ["worse than without spikes" if own["iqm_high"] < bare["iqm_low"]
                    else "as good as without spikes"]
    return []


def words_of(result, results, plan):
    """What the controls of a row say, by rule."""
    said = beside_no_spikes(result, results)
    if "controls" not in result:
        return said + [f"{'other ' if said else ''}controls not measured"]
    shown = shown_controls(result)
    floor = shown.get(SHUFFLED)
    if floor is not None and is_no_better(result, floor):
        return [control["says"][0] for control in plan["control"] if control["title"] == SHUFFLED]
    for control in plan["control"]:
        seeds = shown.get(control["title"])
        parts = [] if seeds is None else reached(result, seeds, floor)
        said += [words for words in [as_far(parts, control["says"])] if words] if parts else []
    return said or ["no control applies"]


def control_cell(result, plan):
    """Solved seeds and mean final return of each control, in the plan's order."""
    if "controls" not in result:
        return "-"
    shown = shown_controls(result)
    cells = ["{}/{}, {}".format(FIGURES["solved"](seeds), len(seeds), figure(FIGURES["final_mean"](seeds)))
             if (seeds := shown.get(control["title"])) else "-" for control in plan["control"]]
    return " / ".join(cells)


def summary(results, plan):
    """How many rows the controls say each thing of."""
    counted = {}
    for result in results:
        if "outcome" in result:
            for said in words_of(result, results, plan):
                counted[said] = counted.get(said, 0) + 1
    most_first = sorted(counted.items(), key=lambda item: -item[1])
    return f"Of {len(results)} rows: " + ", ".join(f"{n} *{said}*" for said, n in most_first) + "."


def columns(plan):
    titles = ["experiment, method", "solved (95 %), median steps", "final return: IQM (95 %)"]
    if plan.get("control"):
        titles += [" / ".join(control["short"] for control in plan["control"]), "what they say"]
    return titles + ["aim"]


def row(result, results, plan):
    outcome = result.get("outcome")
    method = result["command"].split()[4]
    title = f"{result['name']}, `{method}`{result.get('mark', '')}"
    if outcome is None:
        return [title, result["failed"], *["-"] * (len(columns(plan)) - 3), result["verdict"]]
    cells = [title, solved_cell(result), return_cell(result)]
    if plan.get("control"):
        cells += [control_cell(result, plan), "; ".join(words_of(result, results, plan))]
    return cells + [result["verdict"]]


COLUMNS_BY_SEED = ["experiment", "task", "method", "seeds", "final return: mean (least to most)",
                   "best evaluation: mean", "last 100 training episodes", "CPU s", "verdict"]


def row_by_seed(result):
    outcome, seeds = result["outcome"], result["outcome"]["seeds"]
    final = column(seeds, "final_return")
    return [
        result["name"], outcome["env"], outcome["method"], str(len(seeds)),
        "{} ({} to {})".format(*map(figure, (mean(final), min(final), max(final)))),
        figure(mean(column(seeds, "best_return"))), figure(mean(column(seeds, "train_return"))),
        figure(median(column(seeds, "cpu_s"))), result["verdict"]]


def table(titles, rows):
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def output(*args, **options):
    run = subprocess.run(args, capture_output=True, text=True, **options)
    return run.stdout.strip() if run.returncode == 0 else "unknown"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


@functools.cache
def version(hedon):
    """Asked for before anything is measured, as pages that are written make the tree differ."""
    commit = clean_commit()
    return f"{output(hedon, '--version')}, commit {commit}"


PREFACE = """# {title}

Written by `cmake --build build --target {plan}`, which measures the experiments of
[tools/{plan}.toml](../tools/{plan}.toml); nothing is typed in. Seeds from {first_seed} on; settings were
chosen on seeds 0 to 99. Every seed and command is in [data/{plan}.json](data/{plan}.json).

{made_by}
{cpu}, {cores} processors; {minutes:.0f} minutes in all.

{about}
{legend}
"""
LEGEND = """\
An evaluation is the mean of 100 greedy episodes, unless the command says otherwise; solved at the first that passes and whose next two
pass as well; relapsed: of those, a later one fell short. Intervals are Wilson's for shares, a bootstrap's for the interquartile mean (IQM)."""
LEGEND_BY_SEED = """\
*Best evaluation* is the best of a learner's evaluations while it learned, the mean over seeds. *CPU s*
is the median of a learner's time in training, evaluation apart."""


def maker(result):
    return f"{result['made_by']}, {result['date']}"


def mark_makers(results):
    """Who made most rows is the page's maker; rows of others are marked. Returns the sentences about them."""
    rows = collections.Counter(maker(result) for result in results)
    makers = sorted(sorted(rows), key=lambda one: (rows[one], one[-10:]), reverse=True)
    marks = {one: "" if k == 0 else f" [{k}]" for k, one in enumerate(makers)}
    for result in results:
        result["mark"] = marks[maker(result)]
    notes = [f"{mark.strip()} {one}" for one, mark in marks.items() if mark]
    older = f" Rows of other commits are marked: {'; '.join(notes)}." if notes else ""
    return f"{makers[0]}.{older}"


def panels(results):
    """Rows with curves, and those of their controls."""
    for result in results:
        if not result.get("curve"):
            continue
        shown = shown_controls(result)
        found = {"as the row says": result["curve"]}
        found |= {control["title"]: control["curve"] for control in result.get("controls", [])
                  if control["title"] in shown and control.get("curve")}
        yield (result["name"], result["command"].split()[4]), found


def document(results, name, plan):
    took = sum(result["took_s"] + sum(control["took_s"] for control in result.get("controls", []))
               for result in results)
    parts = [PREFACE.format(made_by=mark_makers(results), cpu=processor(), cores=os.cpu_count(),
                            minutes=took / 60, plan=name, first_seed=plan["first_seed"],
                            title=plan["title"], about=plan["about"].strip(),
                            legend=LEGEND_BY_SEED if plan.get("by_seed") else LEGEND)]
    if plan.get("by_seed"):
        parts.append(table(COLUMNS_BY_SEED, [row_by_seed(result) for result in results]))
    else:
        parts.append(table(columns(plan), [row(result, results, plan) for result in results]))
    if plan.get("control") and not plan.get("by_seed"):
        parts.append("\n" + summary(results, plan))
    if any(result.get("curve") for result in results):
        parts.append(f"\n![Mean return of evaluations during learning, of rows and controls]({name}.svg)")
    return "\n".join(parts) + "\n"


def remembered(path):
    """Results of before, by their commands."""
    with open(path, encoding="utf-8") as file:
        return {result["command"]: result for result in json.load(file)["results"]
                if "outcome" in result}


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
    data = {"generated_by": f"tools/results.py --plan {args.plan}; not to be edited", "results": results}
    with open(data_path(args), "w", encoding="utf-8") as file:
        json.dump(data, file, separators=(",", ":"))
        file.write("\n")
    if os.path.samefile(args.out, os.path.join(ROOT, "docs")):
        subprocess.run([sys.executable, os.path.join(HERE, "family_pages.py")], check=True)


def measure_all(args, plan, chosen):
    """What is known is published after each row; rows to come are those of before."""
    known = remembered(data_path(args)) if os.path.exists(data_path(args)) else {}
    rows = [(one, shlex.join(["hedon", *command(one, plan["first_seed"])]))
            for experiment in chosen for one in spread(experiment)]
    results = [known[line] | judged(one, known[line]) if line in known else None for one, line in rows]
    for k, (one, line) in enumerate(rows):
        if args.again and results[k] is not None and args.again not in line:
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


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/NAME.md shows.")
    parser.add_argument("--plan", default="results", help="NAME: tools/NAME.toml is measured")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--only", help="run experiments whose name contains this; write nothing")
    parser.add_argument("--again", help="run commands that contain this; keep what is known of the others")
    parser.add_argument("--write-only", action="store_true", help="run nothing")
    parser.add_argument("--threads", type=int, help="default: one per processor")
    parser.add_argument("--out", default=os.path.join(ROOT, "docs"))
    args = parser.parse_args()
    with open(os.path.join(HERE, args.plan + ".toml"), "rb") as file:
        plan = tomllib.load(file)
    chosen = [experiment for experiment in plan["experiment"]
              if args.only is None or args.only in experiment["name"]]
    if args.write_only:
        write(args, plan, list(remembered(data_path(args)).values()))
    elif plan.get("by_seed"):
        measure_by_seed(args.hedon, chosen, plan["first_seed"],
                        lambda results: write(args, plan, results))
    else:
        measure_all(args, plan, chosen)


if __name__ == "__main__":
    main()
