"""The page of a plan: its rows as cells, its tables, who made them, and the panels of its curves."""
import collections
import os
import platform

from result_figures import FIGURES, column, mean, median, share
from result_words import shown_controls, without_controls, words_of


def figure(value):
    """Four digits, thousands apart."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def solved_cell(result):
    seeds = result["outcome"]["seeds"]
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


def control_cell(result, plan):
    """Solved seeds and mean final return of each control, in the plan's order."""
    if "controls" not in result:
        return "-" if without_controls(result, plan) else "not measured"
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


def table(titles, rows):
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


PREFACE = """# {title}

Written by `cmake --build build --target {plan}`, which measures the experiments of
[tools/{plan}.toml](../tools/{plan}.toml); nothing is typed in. Seeds from {first_seed} on; settings were
chosen on seeds 0 to 99. Every seed and command is in [data/{plan}.json](data/{plan}.json). {made_by}
{cpu}, {cores} processors; {minutes:.0f} minutes in all.

{about}
{legend}
"""
LEGEND = """\
An evaluation is the mean of 100 greedy episodes, unless the command says otherwise; *solved* and *relapsed* are what
[concepts](concepts.md#when-a-task-is-solved) say. Intervals are Wilson's for shares, a bootstrap's for the interquartile mean (IQM)."""


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
        some = f", first {result['curve_seeds']} seeds" if "curve_seeds" in result else ""
        yield (result["name"], result["command"].split()[4] + some), found


def document(results, name, plan):
    took = sum(result["took_s"] + sum(control["took_s"] for control in result.get("controls", []))
               for result in results)
    parts = [PREFACE.format(made_by=mark_makers(results), cpu=processor(), cores=os.cpu_count(),
                            minutes=took / 60, plan=name, first_seed=plan["first_seed"],
                            title=plan["title"], about=plan["about"].strip(),
                            legend=LEGEND)]
    parts.append(table(columns(plan), [row(result, results, plan) for result in results]))
    if plan.get("control"):
        parts.append("\n" + summary(results, plan))
    if any(result.get("curve") for result in results):
        parts.append(f"\n![Mean return of evaluations during learning, of rows and controls]({name}.svg)")
    return "\n".join(parts) + "\n"
