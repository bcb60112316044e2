#!/usr/bin/env python3
"""Write docs/options.md, every setting of the tool.

    tools/options_page.py HEDON             writes the page
    tools/options_page.py HEDON --check     fails if the page is not what HEDON says
"""
import itertools
import json
import os
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs", "options.md")
HEAD = """# Settings

Written by tools/options_page.py from what the tool itself says; a test compares. `hedon explain KEY` shows one,
`hedon train --set KEY=VALUE` changes it, and a setting that nothing in a run reads is refused with the reason. What a method
sets for a task is another thing: `hedon explain METHOD TASK`.
"""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def row(option):
    unit = f" [{option['unit']}]" if option["unit"] else ""
    key = f"<a id=\"{option['key']}\"></a>`{option['key']}`"
    return " | ".join(["", key, cell(option["help"]), cell(option["allowed"]) + unit,
                       f"`{option['default']}`", cell(option["readers"]), ""]).strip()


def page(options):
    parts = [HEAD]
    for group, members in itertools.groupby(options, key=lambda option: option["group"]):
        rows = "\n".join(row(option) for option in members)
        parts.append(f"## {group}\n\n| setting | meaning | allowed | default | read by |\n|---|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def main(hedon, *flags):
    listed = subprocess.run([hedon, "explain", "--options", "--json"], capture_output=True, check=True)
    text = page(json.loads(listed.stdout))
    if flags == ("--check",):
        with open(PAGE, encoding="utf-8") as f:
            if f.read() != text:
                sys.exit("docs/options.md is not what the tool says: run tools/options_page.py HEDON")
        return print("docs/options.md is what the tool says")
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)


main(*sys.argv[1:])
