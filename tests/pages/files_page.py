#!/usr/bin/env python3
"""docs/files.md names every file of a run and every field of metrics.jsonl.

    files_page.py HEDON PAGE
"""
import json
import pathlib
import subprocess
import sys
import tempfile

hedon, page = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    said = file.read()
with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch) / "run"
    subprocess.run([hedon, "train", "CartPole-v1", "--seed", "1", "--quiet", "--out", folder], check=True,
                   stdout=subprocess.DEVNULL)
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    fields = {key for line in lines for key in line}
    fields |= {key for line in lines for layer in line.get("layers", []) for key in layer}
    names = {one.name.replace("checkpoint-1", "checkpoint-SEED") for one in folder.iterdir()}
missing = sorted(one for one in fields | names if f"`{one}`" not in said)
if missing:
    sys.exit(f"{page} says nothing of {', '.join(missing)}")
print(f"{len(names)} files and {len(fields)} fields have their words")
