#!/usr/bin/env python3
"""Follow pages of docs/dev to the letter: in a copy of the tree, write their files, insert their lines, run their commands.

    tools/follow_pages.py [PAGE ...]          all of docs/dev/add-*.md if none is named

A fenced block says in its first line what is done with it:

    ```c src/env/corridor.c                        a new file
    ```c src/env/env_table.h after `X(blackjack)`  lines below the first line that holds this
    ```c src/env/env_table.h instead of `X(old)`   lines in place of the first line that holds this
    ```sh                                          commands, run in the copy; the built tool is `hedon`

Other blocks are only shown. Each page is followed in a fresh copy of what is committed, whose build folder stays: a new
folder, or the one that HEDON_FOLLOW names.
Prints for each page the files of src and include that it touched; fails if a command fails or the page's line
"Files of `src` and `include` to touch: N" gives another number."""
import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FENCE = re.compile(r"^```(\w*)(?: (\S+))?(?: (after|instead of) `([^`\n]*)`)?\n(.*?)^```$", re.M | re.S)


def insert(path, how, anchor, text):
    lines = open(path).read().split("\n")
    at = next((i for i, line in enumerate(lines) if anchor in line), None)
    if at is None:
        sys.exit(f"{path} has no line with `{anchor}`")
    lines[at + (how == "after") : at + 1] = text.rstrip("\n").split("\n")
    open(path, "w").write("\n".join(lines))


def follow(page, copy):
    text = open(os.path.join(ROOT, page)).read()
    touched = set()
    for language, file, how, anchor, body in FENCE.findall(text):
        if file:
            path = os.path.join(copy, file)
            touched.add(file)
            if how:
                insert(path, how, anchor, body)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                open(path, "w").write(body)
        elif language == "sh":
            env = dict(os.environ, PATH=f"{copy}/build:{os.environ['PATH']}")
            subprocess.run(["sh", "-exc", body], cwd=copy, env=env, check=True)
    counted = sorted(f for f in touched if f.startswith(("src/", "include/")))
    told = int(re.search(r"Files of `src` and `include` to touch: (\d+)", text).group(1))
    print(f"{page}: {len(counted)} files: {' '.join(counted)}", flush=True)
    if told != len(counted):
        sys.exit(f"{page} says {told}")


def main():
    os.chdir(ROOT)
    pages = sys.argv[1:] or sorted(glob.glob("docs/dev/add-*.md"))
    copy = os.environ.get("HEDON_FOLLOW") or tempfile.mkdtemp(prefix="hedon-follow-")
    if not os.path.isdir(f"{copy}/.git"):
        subprocess.run(["git", "clone", "-q", ".", copy], check=True)
    for page in pages:
        subprocess.run(f"git fetch -q {ROOT} HEAD && git checkout -qf FETCH_HEAD && git clean -fdq", shell=True, cwd=copy,
                       check=True)
        follow(page, copy)


if __name__ == "__main__":
    main()
