#!/usr/bin/env python3
"""Run `hedon bench` and write docs/bench.md.

    tools/bench.py [--hedon build/hedon] [--out docs] [-- WORD ...]

Words after -- are handed on to the tool, such as --repeats 9."""
import argparse
import datetime
import json
import math
import os
import shlex
import subprocess

from clean_commit import clean_commit

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

PREFACE = """# Speed and size, measured

Written by `cmake --build build --target bench`, which runs tools/bench.py. Nothing here is typed in.

    {command}

hedon {version}, commit {commit}, {date}; {compiler}, instruction set {isa}.
{cpu}, {processors} processors, caches {caches}.

Rates are per second of CPU time of one thread: medians, and quartiles, of {repeats} runs of
{seconds:g} s for each figure, taken in turn with those they are compared with, after a round that
is not counted. Other programs may have been running; what they disturb most is wall time.
"""


def number(value):
    """Three digits and a suffix from ten thousand on."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if suffix == 'k' else size):.3g} {suffix}"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def size(value):
    for unit, text in ((2**20, "MiB"), (2**10, "KiB")):
        if value >= unit:
            return f"{value / unit:.1f} {text}"
    return f"{value:.0f} B"


FORMS = {"number": number, "share": "{:.1%}".format, "bytes": size}


def cell(value, form):
    return "-" if value is None or not math.isfinite(value) else FORMS[form](value)


def cells(row, columns):
    first, *more = columns
    out = [row["name"], cell(row[first["key"]], first["form"])]
    if "low" in row:
        out[-1] += " ({} to {})".format(*(cell(row[key], first["form"]) for key in ("low", "high")))
    return out + [cell(row[column["key"]], column["form"]) for column in more]


def table(section):
    columns = section["columns"]
    lines = [["", *(column["key"] for column in columns)], ["---", *(["---:"] * len(columns))]]
    lines += [cells(row, columns) for row in section["rows"]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def title(section):
    return f"## {section['group'].capitalize()}: {section['key']}\n\n" \
        + section["title"][0].upper() + section["title"][1:] + ". " + section.get("note", "")


def document(found, words, commit):
    caches = [size(one) for one in found["cache_bytes"] if one > 0]
    about = PREFACE.format(**{key: found[key] for key in (
        "version", "compiler", "isa", "cpu", "processors", "repeats", "seconds")},
        command=shlex.join(["hedon", "bench", *words]), commit=commit,
        date=datetime.date.today().isoformat(), caches=", ".join(caches) or "unknown")
    parts = [f"{title(section).strip()}\n\n{table(section)}" for section in found["sections"]]
    return "\n\n".join([about.strip(), *parts]) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/bench.md shows.")
    parser.add_argument("--hedon", default=os.path.join(ROOT, "build", "hedon"))
    parser.add_argument("--out", default=os.path.join(ROOT, "docs"))
    parser.add_argument("words", nargs="*", help="handed on to hedon bench, after --")
    args = parser.parse_args()
    commit = clean_commit()
    run = subprocess.run([args.hedon, "bench", *args.words, "--json"], stdout=subprocess.PIPE,
                         text=True, check=True)
    with open(os.path.join(args.out, "bench.md"), "w", encoding="utf-8") as file:
        file.write(document(json.loads(run.stdout), args.words, commit))


main()
