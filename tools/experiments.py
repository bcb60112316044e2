#!/usr/bin/env python3
"""Measure the experiments of experiments.toml, and put what came out on the pages of docs/families.

    tools/experiments.py HEDON [NAME...]    all of them, or those that are named

Each takes its command as HEDON carries it out, on one thread, and goes into docs/data/experiments.json as soon as it is done.
Figures belong to a commit, so a changed tree is refused; HEDON is what that commit builds."""
import json
import os
import statistics
import subprocess
import sys
import tomllib

import data_file
from clean_commit import ROOT, clean_commit

PLAN = ROOT / "tools" / "experiments.toml"
DATA = ROOT / "docs" / "data" / "experiments.json"
FAMILIES = ROOT / "docs" / "families"


def part_mean(curve, part, length):
    """The mean of a curve over a stretch of its length, which its points divide evenly."""
    first, last = map(int, part.split("-"))
    points = [curve[k] for k in range(len(curve)) if (k + 1) * length > (first - 1) * len(curve) and k * length < last * len(curve)]
    there = [point for point in points if point is not None]
    return round(statistics.mean(there), 4) if there else None


def of_paper(found, parts):
    """A paper's own experiment."""
    rows = [{"name": one["condition"], "reported": one["reported"],
             "seeds": [{"seed": seed["seed"], "succeeded": seed["succeeded"], "figure": seed["figure"],
                        "parts": [part_mean(seed["curve"], part, found["length"]) for part in parts]} for seed in one["seeds"]]}
            for one in found["conditions"]]
    return {key: found[key] for key in ("success", "figure", "curve", "unit")} | {"parts": parts, "rows": rows}


def of_methods(found):
    """A comparison of methods on one task."""
    kept = ("seed", "solved", "relapsed", "steps_to_threshold", "final_return", "hash")
    return {"rows": [{"name": cell["method"], "seeds": [{key: seed[key] for key in kept} for seed in cell["seeds"]]}
                     for cell in found["cells"]]}


def measure(hedon, described):
    command = described["command"].split()
    flags = ["--picture", FAMILIES / described["picture"]] if "picture" in described else []
    run = subprocess.run([hedon, *command, *flags, "--threads", "1", "--quiet", "--json"], capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
        sys.exit(f"hedon {' '.join(command)}: {run.stderr}")
    found = json.loads(run.stdout.splitlines()[-1])
    return of_paper(found, described["parts"]) if "parts" in described else of_methods(found)


def write(name, measured):
    data = data_file.read(DATA) if DATA.exists() else {
        "generated_by": "tools/experiments.py; not to be edited", "experiments": {}}
    data["experiments"][name] = measured
    data_file.write(DATA, data)


def main(hedon, *names):
    with open(PLAN, "rb") as file:
        plan = tomllib.load(file)
    if set(names) - set(plan):
        sys.exit(f"no experiment is called {', '.join(sorted(set(names) - set(plan)))}; there are {', '.join(plan)}")
    commit = clean_commit()
    for name in names or plan:
        print(name, flush=True)
        write(name, {"command": f"hedon {plan[name]['command']}", "commit": commit} | measure(os.path.abspath(hedon), plan[name]))
    subprocess.run([sys.executable, ROOT / "tools" / "family_pages.py"], check=True)


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(*sys.argv[1:])
