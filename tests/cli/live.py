"""What is seen on a terminal: live.py HEDON

Runs the tool behind a pseudo-terminal and looks at what it draws."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

hedon = sys.argv[1]
LONG = ["train", "cartpole", "--steps", "1000000000", "--set", "overtrain=0", "--threads", "1"]
failed = 0


def check(name, good, seen=""):
    global failed
    failed += not good
    print("ok  " if good else "FAIL", name, "" if good else repr(seen)[:600])


def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def redraws(drawn):
    return drawn.count(b"\x1b[K")


def watch(arguments, columns, until, end=signal.SIGINT, then=None, **changes):
    """Run until what was drawn is enough, then send a signal; halfway a terminal may shrink. Nothing
    depends on how fast the machine is. Returns exit code, what was drawn, and the seconds until the
    signal.

        until  so many redraws, or a function of what was drawn"""
    environment = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8")
    for name in ("NO_COLOR", "COLUMNS"):
        environment.pop(name, None)
    environment.update(changes)
    is_sized, size = os.pipe()
    child, fd = pty.fork()
    if child == 0:
        os.read(is_sized, 1)
        os.execvpe(hedon, [hedon] + arguments, environment)
    resize(fd, columns)
    os.write(size, b".")
    drawn, began, spent, shrunk = b"", time.time(), None, False
    is_enough = (lambda seen: redraws(seen) >= until) if isinstance(until, int) else until
    while True:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                break
            if not piece:
                break
            drawn += piece
        if then and not shrunk and redraws(drawn) >= until // 2:
            resize(fd, then)
            drawn += b"<resized>"
            shrunk = True
        if spent is None and is_enough(drawn):
            os.kill(child, end)
            spent = time.time() - began
        if time.time() > began + 300:
            os.kill(child, signal.SIGKILL)
    for descriptor in (fd, is_sized, size):
        os.close(descriptor)
    status = os.waitpid(child, 0)[1]
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    return code, drawn.decode("utf-8", "replace"), spent


def frames(drawn):
    """The states of the redrawn line."""
    lines = [part.split("\r")[-1] for part in drawn.split("\x1b[K")[:-1]]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines if "%" in line]


code, drawn, spent = watch(LONG, 100, 10)
check("a line is drawn again, at most ten times a second", 10 <= len(frames(drawn)) <= 10 * spent + 3,
      (spent, drawn))
check("it has bar and sparkline", "░" in drawn and re.search("[▁▂▃▄▅▆▇█]", drawn), drawn)
check("it has rates of the layers and the time left",
      "steps/s" in drawn and re.search(r"\d+%( \(\d+% silent\))?  ", drawn) and " left" in drawn,
      drawn)
check("Ctrl-C ends with 130 and a sentence", code == 130 and "hedon: stopped" in drawn, (code, drawn))

LONG_EVALUATION = ["train", "cartpole", "--steps", "512", "--set", "envs=1", "eval_episodes=1000000", "--threads", "1"]
code, drawn, _ = watch(LONG_EVALUATION, 100, lambda seen: b"evaluating" in seen)
last = [line for line in frames(drawn) if "evaluating" in line]
check("while all that is left is an evaluation, the line says so and no time",
      code == 130 and last and all("100%" in line and "left" not in line for line in last), drawn)

code, drawn, _ = watch(LONG, 100, 12, then=44)
before, after = (frames(part) for part in drawn.split("<resized>"))
check("no line is longer than the terminal", all(len(line) < 100 for line in before), before)
check("nor after it shrinks", after and all(len(line) < 44 for line in after[1:]), after)

code, drawn, _ = watch(LONG, 100, 6, COLUMNS="50")
check("nor than COLUMNS says", frames(drawn) and all(len(line) < 50 for line in frames(drawn)), drawn)

code, drawn, _ = watch(LONG, 100, 3, LC_ALL="C")
check("plain characters where the locale has no others",
      drawn.isascii() and re.search(r"[#.]{16}", drawn), drawn)

code, drawn, _ = watch(["train", "cartpole", "--steps", "2000"], 100, lambda _: False, NO_COLOR="1")
check("NO_COLOR", "\x1b[K" in drawn and not re.search(r"\x1b\[[0-9;]*m", drawn), drawn)

code, drawn, _ = watch(LONG, 100, lambda seen: b"%" in seen, TERM="dumb")
check("TERM=dumb", "\x1b" not in drawn, drawn)

with tempfile.TemporaryDirectory() as folder:
    run = os.path.join(folder, "run")
    code, drawn, _ = watch(LONG + ["--out", run, "--seeds", "2"], 100, 3, end=signal.SIGTERM)
    check("SIGTERM ends with 143", code == 143, (code, drawn))
    check("and says how to go on", "hedon resume" in drawn, drawn)
    seen = subprocess.run([hedon, "eval", run, "--episodes", "2", "--json"], capture_output=True)
    lines = seen.stdout.decode().splitlines()
    check("what was saved can be used", len(lines) == 2 and all(json.loads(l)["returns"] for l in lines),
          seen)

with tempfile.TemporaryDirectory() as folder:
    paper = ["compare", "population-speed", "--methods", "reward-1,reward-7", "--seeds", "60000", "--steps", "3"]
    code, drawn, _ = watch([*paper, "--out", folder], 100, 3)
    check("a paper's experiment ends by Ctrl-C", code == 130 and "hedon: stopped; seeds that had ended by then count" in drawn,
          (code, drawn[-600:]))
    with open(os.path.join(folder, "compare.json"), encoding="utf-8") as file:
        kept = [len(condition["seeds"]) for condition in json.load(file)["conditions"]]
    check("and keeps what it did", 0 < kept[0] < 60000 and kept[1] == 0, kept)

seen = subprocess.run([hedon, "train", "cartpole", "--steps", "1000", "--json"], capture_output=True)
check("--json is JSON, on the last line", "seeds" in json.loads(seen.stdout.decode().splitlines()[-1]),
      seen)
for kind in ("envs", "methods", "neurons", "codings", "rules"):
    seen = subprocess.run([hedon, "list", kind, "--json"], capture_output=True)
    check(f"list {kind} --json is JSON", len(json.loads(seen.stdout)) > 0, seen)
print(f"{failed} checks failed")
sys.exit(failed > 0)
