"""Numbers of environments, codings and the like that pages tell are those of the tool's own lists.

Use:  counts_said.py ROOT HEDON
"""
import json
import pathlib
import re
import subprocess
import sys

root, hedon = pathlib.Path(sys.argv[1]), sys.argv[2]
WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
WITH_LIBRARIES = re.compile(r"LunarLander|Pendulum-v4|Hopper|HalfCheetah|Walker2d|Ant-")


def listed(kind):
    run = subprocess.run([hedon, "list", kind, "--json"], capture_output=True, check=True)
    return [one["name"] for one in json.loads(run.stdout)]


def number(word):
    tens, _, ones = word.lower().partition("-")
    return WORDS.index(tens) + 1 if tens in WORDS else TENS[tens] + (WORDS.index(ones) + 1 if ones else 0)


# What a page says, and what is counted: environments in C are those that no library brings.
CLAIMS = {
    "environments in C": len([name for name in listed("envs") if not WITH_LIBRARIES.search(name)]),
    "codings": len(listed("codings")),
    "neuron models": len(listed("neurons")),
}
faults, found = [], 0
for page in [root / "CHANGELOG.md", root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
    text = page.read_text(encoding="utf-8")
    for what, truth in CLAIMS.items():
        for word in re.findall(rf"(?<![\w-])((?:{'|'.join([*WORDS, *TENS])})(?:-\w+)?) {what}\b", text, flags=re.I):
            found += 1
            if number(word) != truth:
                faults.append(f"{page.relative_to(root)}: {word} {what}, but the tool lists {truth}")
print("\n".join(faults) or f"{found} numbers that pages tell are those of the tool's lists")
sys.exit(bool(faults) or not found)
