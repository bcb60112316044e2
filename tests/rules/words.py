#!/usr/bin/env python3
"""Holds names, comments, messages and pages to the words of the field.

  words.py ROOT HEDON     prints each violation; fails if there is one

No private word stands in the sources, the public headers, the tool, the tests or the pages, and the
help of every option that HEDON, the tool, lists is a whole sentence that names what it is about.
"""
import json
import os
import re
import subprocess
import sys

# A private word, and what to say in its place.
PRIVATE = [
    (r"judg(e|es|ed|ing)", "evaluate, eval_env, td_targets, set_priorities"),
    (r"seats?", "slot"),
    (r"crews?", "parallel search, workers"),
    (r"luggage", "extra arrays"),
    (r"genomes?", "weight map"),
    (r"observers?", "synapse features"),
    (r"deaf", "ignores"),
    (r"blam(e|es|ed)", "backward"),
    (r"lagging", "target network"),
    (r"deepen(s|ed)?", "gradient step"),
    (r"(hire|dismiss)(s|d|ed)?", "create, destroy"),
    (r"purses?", "return statistics"),
    (r"lessons?", "gradient job"),
    (r"by heart", "memorised"),
    (r"sent home", "stopped"),
    (r"at its door", "not promised across platforms"),
    (r"cannot have been", "inconsistent"),
    (r"(first|second) paper(s|'s)?", "Aenugu 2020, Zheng et al. 2026"),
]
TREES = ["src", "include", "cli", "docs", "tests", "examples", "web", "README.md"]
ENDS = (".c", ".h", ".cpp", ".md", ".toml", ".sh", ".cases", ".txt", ".js", ".html")
DATA = ("tests/data/", "src/env/digits_data.h")
SELF = "tests/rules/words.py"

def words_of(text):
    """The text with names cut into words: hd__eval_env -> hd eval env."""
    return text.replace("_", " ")


def private_words(path, text):
    # A phrase may be broken over lines of a comment.
    flat = words_of(text)
    for pattern, better in PRIVATE:
        spaced = pattern.replace(" ", r"(?:\s|\*|#|//)+")
        for m in re.finditer(r"(?<![A-Za-z])" + spaced + r"(?![A-Za-z])", flat, re.I):
            line = text.count("\n", 0, m.start()) + 1
            print(f"{path}:{line}: '{m.group()}' is a private word; say {better}")
            yield m


def help_faults(options):
    """Faults of the options' help: key and what is wrong."""
    for option in options:
        text = option["help"]
        if not (text[:1].isupper() and text.endswith(".") and len(text.split()) > 3):
            yield option["key"], "is no whole sentence: " + text
        for word in re.findall(r"(?i)\b(it|then)\b|^(that|this|these|those) (?=is|are|has|was)", text):
            yield option["key"], f"says '{''.join(word)}' without a noun: {text}"


def main(root, hedon):
    listed = subprocess.run([hedon, "explain", "--options", "--json"], capture_output=True, check=True)
    options = json.loads(listed.stdout)
    os.chdir(root)
    faults = 0
    listed = subprocess.run(["find", *TREES, "-type", "f"], capture_output=True, text=True, check=True)
    for path in sorted(listed.stdout.split("\n")):
        if not path.endswith(ENDS) or path.startswith(DATA) or path == SELF:
            continue
        with open(path, encoding="utf-8") as f:
            faults += sum(1 for _ in private_words(path, f.read()))
    if len(options) < 150:
        print(f"only {len(options)} options were listed")
        faults += 1
    for key, fault in help_faults(options):
        print(f"the help of {key} {fault}")
        faults += 1
    if faults:
        sys.exit(1)
    print(f"plain words; {len(options)} options have help that stands alone")


main(sys.argv[1], sys.argv[2])
