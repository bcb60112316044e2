#!/usr/bin/env python3
"""Measure every experiment of a plan, tools/NAME.toml, and write docs/NAME.md.

    tools/results.py [--plan results] [--hedon build/hedon] [--only WORD | --again WORD]
                     [--threads N] [--out docs]

Runs `hedon train ... --json` once per experiment and method. Beside the table goes NAME.json with
every seed's figures. A plan with `by_seed` takes one seed of everything after the other and writes
both after each, so that what takes hours may be stopped. --only runs the experiments whose name
contains WORD and prints them without writing anything. --again runs those whose command contains
WORD, keeps of the others what OUT/NAME.json knows, and writes; so every result names who made it.

The controls of a plan are run beside every experiment, on its seeds and within its budget, each with
the settings it adds. A method that refuses these settings has no such control."""
import argparse
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
import time
import tomllib

from clean_commit import clean_commit

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


# ---- figures of one experiment ----

def quartiles(values):
    """Lower quartile, median, upper quartile; of no values, None."""
    if not values:
        return None
    if len(values) == 1:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


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


def measure(hedon, experiment, first_seed, threads, made_by=None):
    args = command(experiment, first_seed)
    extra = ["--threads", str(threads)] if threads else []
    start = time.monotonic()
    run = subprocess.run([hedon, *args, *extra, "--quiet", "--json"], capture_output=True, text=True)
    result = {"name": experiment["name"], "command": shlex.join(["hedon", *args]),
              "aim": experiment["aim"], "made_by": made_by,
              "date": datetime.date.today().isoformat(), "took_s": time.monotonic() - start}
    if run.returncode != 0:
        last = run.stderr.strip().splitlines()[-1:] or ["no message"]
        return result | {"failed": f"exit code {run.returncode}: {last[0]}", "verdict": "failed"}
    outcome = json.loads(run.stdout.strip().splitlines()[-1])
    return result | {"outcome": outcome, "verdict": verdict(experiment, outcome)}


def measure_control(hedon, experiment, control, first_seed, threads):
    """What the seeds of an experiment reach with the settings of a control, or why they cannot."""
    altered = dict(experiment, set=[*experiment.get("set", []), *control["set"]])
    result = measure(hedon, altered, first_seed, threads)
    kept = {"title": control["title"], "command": result["command"], "took_s": result["took_s"]}
    if "failed" in result:
        return kept | {"failed": result["failed"]}
    keys = ("seed", "solved", "steps_to_threshold", "final_return", "hash")
    seeds = [{key: seed[key] for key in keys} for seed in result["outcome"]["seeds"]]
    return kept | {"seeds": seeds}


def measure_controls(hedon, experiment, controls, first_seed, threads):
    """None of an experiment that is one of the controls itself."""
    own = set(experiment.get("set", []))
    return [measure_control(hedon, experiment, control, first_seed, threads)
            for control in controls if not own.issuperset(control["set"])]


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


def three(values):
    found = quartiles(values)
    return "-" if found is None else "{1} ({0} to {2})".format(*map(figure, found))


COLUMNS = ["experiment", "task", "method", "solved (95 %)", "steps to threshold", "episodes",
           "final return: mean, IQM (95 %)", "last 100 training episodes", "CPU s", "relapsed (95 %)",
           "verdict"]


def row(result):
    if "failed" in result:
        return [result["name"], *["-"] * (len(COLUMNS) - 3), result["failed"], result["verdict"]]
    outcome, seeds = result["outcome"], result["outcome"]["seeds"]
    train = column(seeds, "train_return")
    deviation = statistics.stdev(train) if len(train) > 1 else 0.0
    return [
        result["name"], outcome["env"], outcome["method"],
        "{}/{} ({:.0%} to {:.0%})".format(FIGURES["solved"](seeds), len(seeds),
                                          outcome["solved_low"], outcome["solved_high"]),
        three(column(seeds, "steps_to_threshold")),
        three(column(seeds, "episodes_to_threshold")),
        "{}, {} ({} to {})".format(*map(figure, (outcome["return_mean"], outcome["return_iqm"],
                                                 outcome["iqm_low"], outcome["iqm_high"]))),
        f"{figure(mean(train))} +- {figure(deviation)}",
        figure(median(column(seeds, "cpu_s"))),
        share(FIGURES["relapsed"](seeds), FIGURES["solved"](seeds)),
        result["verdict"]]


def changes_nothing(result, seeds):
    """A control that leaves every hash as it was concerns a layer that the method has not."""
    return [seed["hash"] for seed in seeds] == column(result["outcome"]["seeds"], "hash")


def control_cell(result, title):
    """Solved seeds and mean final return; "none" where the method has no such layer."""
    if "controls" not in result:
        return "not measured"
    for control in result["controls"]:
        seeds = control.get("seeds", [])
        if control["title"] == title and seeds and not changes_nothing(result, seeds):
            return "{}/{}, {}".format(FIGURES["solved"](seeds), len(seeds),
                                      figure(FIGURES["final_mean"](seeds)))
    return "none"


def with_controls(titles, rows, results, controls):
    """The columns of a plan's controls stand before the verdict."""
    added = [control["title"] for control in controls]
    titles = titles[:-1] + added + titles[-1:]
    rows = [row[:-1] + [control_cell(result, title) for title in added] + row[-1:]
            for row, result in zip(rows, results)]
    return titles, rows


def control_lines(result):
    """The command of each control, and what it reached or why it was refused."""
    for control in result.get("controls", []):
        reached = control_cell(result, control["title"])
        said = f"refused, {control['failed']}" if "failed" in control else reached
        yield f"\nControl, {control['title']}: {said}.\n\n    {control['command']}\n"


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


def each_seed(result):
    seeds = result.get("outcome", {}).get("seeds", [])
    keys = ["seed", "solved", "relapsed", "steps_to_threshold", "episodes_to_threshold",
            "final_return", "train_return", "env_steps", "episodes", "cpu_s", "hash"]
    said = {True: "yes", False: "no", None: "-"}

    def cell(value):
        if value is None or isinstance(value, bool):
            return said[value]
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    return table([key.replace("_", " ") for key in keys],
                 [[cell(seed[key]) for key in keys] for seed in seeds])


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

Written by `cmake --build build --target {plan}`, which runs tools/results.py on the experiments
of tools/{plan}.toml. Nothing here is typed in, and misses stand beside hits.

{made_by}; {cpu}, {cores} processors; {minutes:.1f} minutes in all.

Every learner has one of the seeds from {first_seed} on; settings were chosen on seeds 0 to 99.
{about}
{legend}
"""
LEGEND = """\
An evaluation is the mean return of 100 greedy episodes, unless the command says otherwise. *Steps to
threshold*: environment steps at the first evaluation that passes and whose next two pass as well.
*Relapsed*: of those that solved it, a later evaluation fell short. Medians are followed by the quartiles.
Intervals are Wilson's for the share solved and a bootstrap's for the interquartile mean (IQM).
*CPU s* is the median of a learner's time in training, evaluation apart. No episode is left out of
any mean."""
LEGEND_BY_SEED = """\
*Best evaluation* is the best of a learner's evaluations while it learned, the mean over seeds. *CPU s*
is the median of a learner's time in training, evaluation apart. No seed and no episode is left out
of any mean."""


def maker(result):
    """Pages older than this note name their commit once; their results do not."""
    return f"{result.get('made_by', 'a commit before 0.1.0')}; {result.get('date', 'no date')}"


def document(results, name, plan):
    took = sum(result["took_s"] for result in results)
    makers = dict.fromkeys(map(maker, results))
    made_by = makers.popitem()[0] if len(makers) == 1 else "Made by several commits, named below"
    about = PREFACE.format(made_by=made_by, cpu=processor(), cores=os.cpu_count(),
                           minutes=took / 60, plan=name,
                           first_seed=plan["first_seed"], title=plan["title"],
                           about=plan["about"].strip(),
                           legend=LEGEND_BY_SEED if plan.get("by_seed") else LEGEND)
    titles, said = (COLUMNS_BY_SEED, row_by_seed) if plan.get("by_seed") else (COLUMNS, row)
    rows = [said(result) for result in results]
    parts = [about, table(*with_controls(titles, rows, results, plan.get("control", []))),
             "\n## Each experiment"]
    for result in results:
        parts += [f"\n### {result['name']}: {result['command'].split()[4]}\n",
                  f"Aim: {result['aim']}. Verdict: {result['verdict']}. {maker(result)}.\n",
                  f"    {result['command']}\n",
                  result.get("failed") or each_seed(result), *control_lines(result)]
    return "\n".join(parts) + "\n"


def remembered(path):
    """Results of before, by their commands."""
    with open(path, encoding="utf-8") as file:
        return {result["command"]: result for result in json.load(file) if "outcome" in result}


def judged(experiment, result):
    """By what the plan says now."""
    return {"name": experiment["name"], "aim": experiment["aim"],
            "verdict": verdict(experiment, result["outcome"])}


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/NAME.md shows.")
    parser.add_argument("--plan", default="results", help="NAME: tools/NAME.toml is measured")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--only", help="run experiments whose name contains this; write nothing")
    parser.add_argument("--again", help="run commands that contain this; keep what is known of the others")
    parser.add_argument("--threads", type=int, help="default: one per processor")
    parser.add_argument("--out", default=os.path.join(ROOT, "docs"))
    args = parser.parse_args()
    with open(os.path.join(HERE, args.plan + ".toml"), "rb") as file:
        plan = tomllib.load(file)
    chosen = [experiment for experiment in plan["experiment"]
              if args.only is None or args.only in experiment["name"]]

    def publish(results):
        if args.only is not None:
            return
        page = document(results, args.plan, plan)
        with open(os.path.join(args.out, args.plan + ".md"), "w", encoding="utf-8") as file:
            file.write(page)
        with open(os.path.join(args.out, args.plan + ".json"), "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
            file.write("\n")

    if plan.get("by_seed"):
        measure_by_seed(args.hedon, chosen, plan["first_seed"], publish)
        return
    known = remembered(os.path.join(args.out, args.plan + ".json")) if args.again else {}
    results = []
    for experiment in chosen:
        for one in spread(experiment):
            line = shlex.join(["hedon", *command(one, plan["first_seed"])])
            same = known.get(line)
            if same is not None and args.again not in line:
                results.append(same | judged(one, same))
                continue
            result = measure(args.hedon, one, plan["first_seed"],
                             experiment.get("threads", args.threads),
                             version(args.hedon) if args.only is None else None)
            if "failed" not in result:
                result["controls"] = measure_controls(args.hedon, one, plan.get("control", []),
                                                      plan["first_seed"], args.threads)
            results.append(result)
            print(" | ".join(row(result)), f"| {result['took_s']:.0f} s", *control_lines(result),
                  flush=True)
    publish(results)


if __name__ == "__main__":
    main()
