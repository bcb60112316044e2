#!/usr/bin/env python3
"""Write docs/options.md, every setting of the tool, and docs/parameters.md, those of neurons, codings and rules.

    tools/options_page.py HEDON             writes the pages
    tools/options_page.py HEDON --check     fails if a page is not what HEDON says
"""
import itertools
import json
import os
import subprocess
import sys

DOCS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs")
OF_MODELS = ("Neurons", "Codings", "Rules")  # groups that have a page of their own
OPTIONS_HEAD = """# Settings

Written by tools/options_page.py from what the tool itself says; a test compares. `hedon explain KEY` shows one,
`hedon train --set KEY=VALUE` changes it, and a setting that nothing in a run reads is refused with the reason. What a method
sets for a task is another thing: `hedon explain METHOD TASK`. Parameters of neurons, codings and rules, such as `lif.tau_m`, are
[on a page of their own](parameters.md).
"""
PARAMETERS_HEAD = """# Parameters of neurons, codings and rules

Written by tools/options_page.py from what the tool itself says; a test compares. A parameter is set as any [setting](options.md)
is, `hedon train --set lif.tau_m=10`, in a run whose neurons, coding or rule read it; `hedon explain lif` shows those of one model.
"""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def row(option):
    unit = f" [{option['unit']}]" if option["unit"] else ""
    key = f"<a id=\"{option['key']}\"></a>`{option['key']}`"
    return " | ".join(["", key, cell(option["help"]), cell(option["allowed"]) + unit,
                       f"`{option['default']}`", cell(option["readers"]), ""]).strip()


def page(head, options):
    parts = [head]
    for group, members in itertools.groupby(options, key=lambda option: option["group"]):
        rows = "\n".join(row(option) for option in members)
        parts.append(f"## {group}\n\n| setting | meaning | allowed | default | read by |\n|---|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def pages(options):
    return {"options.md": page(OPTIONS_HEAD, [one for one in options if one["group"] not in OF_MODELS]),
            "parameters.md": page(PARAMETERS_HEAD, [one for one in options if one["group"] in OF_MODELS])}


def check(name, text):
    with open(os.path.join(DOCS, name), encoding="utf-8") as f:
        if f.read() != text:
            sys.exit(f"docs/{name} is not what the tool says: run tools/options_page.py HEDON")


def main(hedon, *flags):
    listed = subprocess.run([hedon, "explain", "--options", "--json"], capture_output=True, check=True)
    for name, text in pages(json.loads(listed.stdout)).items():
        if flags == ("--check",):
            check(name, text)
        else:
            with open(os.path.join(DOCS, name), "w", encoding="utf-8") as f:
                f.write(text)
    if flags == ("--check",):
        print("docs/options.md and docs/parameters.md are what the tool says")


main(*sys.argv[1:])
