#!/usr/bin/env python3
"""Run `hedon bench` and write docs/data/bench.json, docs/data/bench.md and docs/data/bench-size.md.

    tools/bench.py [--hedon build/hedon] [--write-only | -- WORD ...]

Words after -- are handed on to the tool, such as --repeats 9. --write-only writes the pages from the data."""
import argparse
import datetime
import json
import math
import shlex
import subprocess
import sys

from clean_commit import ROOT, clean_commit

DATA = ROOT / "docs/data/bench.json"

# A page, its title, and the groups of figures on it.
PAGES = {
    "bench.md": ("Speed, measured", ("machine", "envs", "forward", "learn", "train")),
    "bench-size.md": ("Cost and size, measured", ("scale", "size")),
}

PREFACE = """# {title}

Written by `cmake --build build --target bench`, which runs tools/bench.py, from
[bench.json](bench.json); nothing here is typed in. What matters of it: [speed](../speed.md).

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


def document(found, heading, groups):
    caches = [size(one) for one in found["cache_bytes"] if one > 0]
    about = PREFACE.format(**{key: found[key] for key in (
        "version", "compiler", "isa", "cpu", "processors", "repeats", "seconds", "commit", "date")},
        title=heading, command=shlex.join(["hedon", "bench", *found["words"]]),
        caches=", ".join(caches) or "unknown")
    parts = [f"{title(section).strip()}\n\n{table(section)}" for section in found["sections"]
             if section["group"] in groups]
    return "\n\n".join([about.strip(), *parts]) + "\n"


def pages():
    """Every page by its path, as the data have it."""
    found = json.loads(DATA.read_text())
    return {DATA.parent / name: document(found, *about) for name, about in PAGES.items()}


def measure(hedon, words):
    commit = clean_commit()
    run = subprocess.run([hedon, "bench", *words, "--json"], stdout=subprocess.PIPE, text=True, check=True)
    found = {"generated_by": "tools/bench.py; not to be edited", "commit": commit,
             "date": datetime.date.today().isoformat(), "words": words} | json.loads(run.stdout)
    DATA.write_text(json.dumps(found, separators=(",", ":")) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Measure what docs/data/bench.md and docs/data/bench-size.md show.")
    parser.add_argument("--hedon", default=ROOT / "build" / "hedon")
    parser.add_argument("--write-only", action="store_true", help="run nothing")
    parser.add_argument("words", nargs="*", help="handed on to hedon bench, after --")
    args = parser.parse_args()
    if not args.write_only:
        measure(args.hedon, args.words)
    subprocess.run([sys.executable, ROOT / "tools" / "speed_pages.py"], check=True)


if __name__ == "__main__":
    main()
