#!/usr/bin/env python3
"""Fill the results on the pages of docs/families from docs/data, so that no figure is typed in.

The README's table of who learns what is filled, too.

    tools/family_pages.py             writes them
    tools/family_pages.py --check     fails if a page shows something else than the data say

On a page, what stands between `<!-- rows of PLAN: PATTERN -->` and `<!-- end -->` is the table of those rows
of data/PLAN.json whose "NAME, COMMAND" (of data/search.json: "TASK METHOD") matches the regular expression; of the plan
`experiments` it is the table of the experiment that is named (tools/experiments.py).
A page that shows NAME.svg gets the learning curves of its rows."""
import pathlib
import re
import statistics
import sys
import tomllib

import curves
import data_file
import result_page
from page_section import with_section

ROOT = pathlib.Path(__file__).resolve().parent.parent
FAMILIES = ROOT / "docs" / "families"
README = ROOT / "README.md"
# What the README shows: who the agent is, a plan and the name and method of one of its rows.
SHOWN = [("every hidden neuron", "results", "cart-pole v1, rollouts, time to solve", "neuron-agent"),
         ("every hidden neuron, and every action neuron", "results", "cart-pole v1, no softmax anywhere, time to solve", "neuron-agent-society"),
         ("every synapse that releases", "results", "cart-pole v1, releasing synapses", "hedonistic"),
         ("every synapse with a memory", "memory", "cart-pole without velocities", "e-prop"),
         ("every action neuron, over place cells", "results", "mountain car, place cells", "place-actor-critic")]
SECTION = re.compile(r"<!-- rows of (\w+): ([^\n]+) -->\n(.*?)<!-- end -->", re.S)


def data(plan):
    return data_file.read(ROOT / "docs" / "data" / f"{plan}.json")


def commits(plan, made_by):
    """Whose figures they are."""
    named = list(dict.fromkeys(one.rsplit(" ", 1)[-1] for one in made_by))
    return f"*From [data/{plan}.json](../data/{plan}.json), measured at commit {', '.join(named)}.*"


def chosen_rows(plan, pattern):
    rows = data(plan)["results"]
    return [row for row in rows if "outcome" in row and re.search(pattern, f"{row['name']}, {row['command']}")]


def plan_table(plan, pattern):
    """The columns of the plan's own page, but for its aim."""
    with open(ROOT / "tools" / f"{plan}.toml", "rb") as file:
        described = tomllib.load(file)
    rows, every = chosen_rows(plan, pattern), data(plan)["results"]
    titles, cells = result_page.columns(described), [result_page.row(row, every, described) for row in rows]
    kept = [k for k in range(len(titles) - 1) if any(row[k] not in ("-", "not measured") for row in cells)]
    table = result_page.table([titles[k] for k in kept], [[row[k] for k in kept] for row in cells])
    return rows, table, [row["made_by"] for row in rows]


def search_row(name, row):
    task, method, *control = name.split()
    final = [seed["final_return"] for seed in row["seeds"]]
    steps = [seed["steps_to_threshold"] for seed in row["seeds"] if seed["solved"]]
    return [task, ", ".join([f"`{method}`", *control]), f"{len(steps)} of {len(final)}",
            f"{statistics.median(steps):,.0f}" if steps else "-", f"{statistics.mean(final):.2f}"]


def search_table(pattern):
    rows = {name: row for name, row in data("search")["rows"].items() if re.search(pattern, name)}
    titles = ["task", "method", "solved", "steps, median", "final return, mean"]
    table = result_page.table(titles, [search_row(name, row) for name, row in rows.items()])
    return list(rows), table, [row["commit"] for row in rows.values()]


def shown(value, form="{:,.4g}"):
    return "-" if value is None else form.format(value)


def mean(values):
    there = [value for value in values if value is not None]
    return statistics.mean(there) if there else None


def paper_row(row):
    seeds = row["seeds"]
    parts = zip(*(seed["parts"] for seed in seeds))
    return [f"`{row['name']}`", f"{sum(seed['succeeded'] for seed in seeds)} of {len(seeds)}",
            shown(mean([seed["figure"] for seed in seeds])), *(shown(mean(part)) for part in parts), row["reported"]]


def shared_parts(names):
    """How many parts between colons all names begin with."""
    return next(k for k in range(len(names[0].split(":")), -1, -1) if len({tuple(name.split(":")[:k]) for name in names}) == 1)


def method_row(row, shared):
    """A row of methods that are one with several settings; `shared` parts of their names are the same."""
    seeds, own = row["seeds"], " ".join(row["name"].split(":")[shared:])
    steps = [seed["steps_to_threshold"] for seed in seeds if seed["solved"]]
    return [f"`{own}`" if own else "nothing else", f"{len(steps)} of {len(seeds)}", shown(statistics.median(steps) if steps else None, "{:,.0f}"),
            shown(statistics.mean(seed["final_return"] for seed in seeds))]


def experiment(name):
    """The table of an experiment, and below it the command and what its columns are."""
    found = data("experiments")["experiments"].get(name) or sys.exit(f"no experiment {name} in docs/data/experiments.json")
    first = found["rows"][0]["seeds"]
    said = (f"`{found['command']}` at {found['commit']}, seeds {first[0]['seed']} to {first[-1]['seed']}; every seed is in "
            f"[data/experiments.json](../data/experiments.json).")
    if "parts" not in found:
        shared = shared_parts([row["name"] for row in found["rows"]])
        name = " ".join(found["rows"][0]["name"].split(":")[:shared])
        titles = [f"`{name}`, and", "solved", "steps, median", "final return, mean"]
        return result_page.table(titles, [method_row(row, shared) for row in found["rows"]]), said
    titles = ["condition", "succeeded", found["figure"], *(f"{found['unit']} {part}" for part in found["parts"]), "the paper reports"]
    said += (f" Succeeded: {found['success']}. Figures are means over seeds, *{found['figure']}* over those that have one; the columns of "
             f"{found['unit']}: {found['curve']}.")
    return result_page.table(titles, [paper_row(row) for row in found["rows"]]), said


def section(plan, pattern):
    """What stands below the mark of a section, and its rows."""
    if plan == "experiments":
        table, said = experiment(pattern)
        return [], f"{table}\n\n{said}\n"
    rows, table, made_by = search_table(pattern) if plan == "search" else plan_table(plan, pattern)
    if not rows:
        sys.exit(f"no row of {plan} matches {pattern}")
    return rows, f"{table}\n\n{commits(plan, made_by)}\n"


def filled(path):
    """The page as the data have it, and the picture of its curves, if it shows one."""
    drawn = []

    def fill(found):
        plan, pattern, _ = found.groups()
        rows, text = section(plan, pattern)
        drawn.extend(row for row in rows if plan != "search")
        return f"<!-- rows of {plan}: {pattern} -->\n{text}<!-- end -->"

    page = SECTION.sub(fill, path.read_text(encoding="utf-8"))
    picture = path.with_suffix(".svg")
    if f"({picture.name})" not in page or not drawn:
        return {path: page}
    return {path: page, picture: curves.picture(list(result_page.panels(drawn)))}


def solved_of(seeds):
    return f"{sum(seed['solved'] for seed in seeds)} of {len(seeds)}" if seeds else "-"


def shown_row(agent, plan, name, method):
    row = next(row for row in data(plan)["results"] if row["name"] == name and row["command"].split()[4] == method)
    there = result_page.shown_controls(row)
    control = {flag: next((there.get(one["title"]) for one in row["controls"] if flag in one["command"].split()), None)
               for flag in ("learn_hidden=false", "shuffle_signal=true")}
    task = name.split(", ")[0]
    return [agent, task, f"`{method}`", solved_of(row["outcome"]["seeds"]), *map(solved_of, control.values())]


def readme():
    titles = ["who is the agent", "task", "method", "seeds that solve it", "hidden layer frozen", "signal shuffled"]
    begin, end = "<!-- shown: written by tools/family_pages.py -->", "<!-- /shown -->"
    return with_section(README, begin, end, result_page.table(titles, [shown_row(*one) for one in SHOWN]))


def main(*flags):
    made = {README: readme()}
    for path in sorted(FAMILIES.glob("*.md")):
        made |= filled(path)
    if flags == ("--check",):
        stale = [path.name for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        if stale:
            sys.exit(f"{', '.join(stale)} differ from docs/data: run tools/family_pages.py")
        return print(f"{len(made)} pages and pictures, of docs/families and the README, show what docs/data say")
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


main(*sys.argv[1:])
