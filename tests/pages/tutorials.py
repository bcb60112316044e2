#!/usr/bin/env python3
"""Follow tutorials to the letter: write their files, run their commands, compare what is printed.

    tutorials.py HEDON CC ROOT PAGE ...

A block ```c FILE is written to FILE, in a fresh folder for every page. In a block ```console a line
"$ COMMAND" is run by the shell, with the tool as `hedon`, a C compiler as `cc` and the tree as $HEDON;
the lines below it are what standard output and standard error show. "..." stands for any lines,
* for any characters. Times and speeds differ from machine to machine, so only their units are compared.
"""
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
TIME = re.compile(r"\d[\d.,]*[kM]?(?= (?:ms|s|min|steps per second)\b)")


def commands(body):
    """Pairs of a command and the lines that it shows."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown.rstrip("\n").split("\n") if shown.strip() else []


def plain(line):
    return re.sub(r"\s+", " ", TIME.sub("#", line)).strip()


def pattern(shown):
    """A regular expression of the lines that a page shows."""
    lines = []
    for line in shown:
        escaped = re.escape(plain(line)).replace(r"\*", ".*")
        lines.append(r"(?:.*\n)*" if line == "..." else escaped + r"\n")
    return "".join(lines)


def printed(output):
    return "".join(plain(line) + "\n" for line in output.rstrip("\n").split("\n") if output.strip())


def follow(page, env, folder):
    """Number of faults on a page."""
    faults = count = 0
    with open(page, encoding="utf-8") as f:
        text = f.read()
    for language, file, body in BLOCK.findall(text):
        if language == "c" and file:
            with open(os.path.join(folder, file), "w", encoding="utf-8") as f:
                f.write(body)
        elif language == "console":
            for command, shown in commands(body):
                count += 1
                run = subprocess.run(["sh", "-c", command], cwd=folder, env=env, text=True, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                if not re.fullmatch(pattern(shown), printed(run.stdout)):
                    faults += 1
                    print(f"{page}: $ {command}\n  shows\n{run.stdout}  and not\n" + "\n".join(shown))
    print(f"{page}: {count} commands, {faults} with another outcome")
    return faults if count else 1


def main(hedon, cc, root, *pages):
    faults = 0
    for page in pages:
        with tempfile.TemporaryDirectory() as folder:
            tools = os.path.join(folder, ".bin")
            os.mkdir(tools)
            for name, target in (("hedon", hedon), ("cc", cc)):
                os.symlink(target, os.path.join(tools, name))
            path = tools + os.pathsep + os.environ["PATH"]
            env = dict(os.environ, PATH=path, HEDON=root, TERM="dumb", LC_ALL="C.UTF-8")
            for name in ("HEDON_ISA", "NO_COLOR"):
                env.pop(name, None)
            faults += follow(page, env, folder)
    sys.exit(1 if faults else 0)


main(*sys.argv[1:])
