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


def watch(arguments, columns, seconds, end=signal.SIGINT, then=None, **changes):
    """Run for so long, then send a signal; returns exit code and what was drawn."""
    environment = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8")
    environment.pop("NO_COLOR", None)
    environment.update(changes)
    child, fd = pty.fork()
    if child == 0:
        time.sleep(0.2)
        os.execvpe(hedon, [hedon] + arguments, environment)
    resize(fd, columns)
    drawn, began, sent, shrunk = b"", time.time(), False, False
    while True:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                break
            if not piece:
                break
            drawn += piece
        spent = time.time() - began
        if then and not shrunk and spent > seconds / 2:
            resize(fd, then)
            drawn += b"<resized>"
            shrunk = True
        if not sent and spent > seconds:
            os.kill(child, end)
            sent = True
        if spent > 60 + seconds:
            os.kill(child, signal.SIGKILL)
    os.close(fd)
    status = os.waitpid(child, 0)[1]
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    return code, drawn.decode("utf-8", "replace")


def frames(drawn):
    """The states of the redrawn line."""
    lines = [part.split("\r")[-1] for part in drawn.split("\x1b[K")[:-1]]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines if "%" in line]


code, drawn = watch(LONG, 100, 2.5)
check("a line is drawn again about ten times a second", 8 <= len(frames(drawn)) <= 40, drawn)
check("it has bar and sparkline", "░" in drawn and re.search("[▁▂▃▄▅▆▇█]", drawn), drawn)
check("it has rates of the layers and the time left",
      "steps/s" in drawn and re.search(r"\d+%( \(\d+% silent\))?  ", drawn) and " left" in drawn,
      drawn)
check("Ctrl-C ends with 130 and a sentence", code == 130 and "hedon: stopped" in drawn, (code, drawn))

code, drawn = watch(LONG, 100, 2.5, then=44)
before, after = (frames(part) for part in drawn.split("<resized>"))
check("no line is longer than the terminal", all(len(line) < 100 for line in before), before)
check("nor after it shrinks", after and all(len(line) < 44 for line in after[1:]), after)

code, drawn = watch(LONG, 100, 1, LC_ALL="C")
check("plain characters where the locale has no others",
      drawn.isascii() and re.search(r"[#.]{16}", drawn), drawn)

code, drawn = watch(["train", "cartpole", "--steps", "2000"], 100, 30, NO_COLOR="1")
check("NO_COLOR", "\x1b[K" in drawn and not re.search(r"\x1b\[[0-9;]*m", drawn), drawn)

code, drawn = watch(LONG, 100, 1, TERM="dumb")
check("TERM=dumb", "\x1b" not in drawn, drawn)

with tempfile.TemporaryDirectory() as folder:
    run = os.path.join(folder, "run")
    code, drawn = watch(LONG + ["--out", run, "--seeds", "2"], 100, 1, end=signal.SIGTERM)
    check("SIGTERM ends with 143", code == 143, (code, drawn))
    check("and says how to go on", "hedon resume" in drawn, drawn)
    seen = subprocess.run([hedon, "eval", run, "--episodes", "2", "--json"], capture_output=True)
    lines = seen.stdout.decode().splitlines()
    check("what was saved can be used", len(lines) == 2 and all(json.loads(l)["returns"] for l in lines),
          seen)

seen = subprocess.run([hedon, "train", "cartpole", "--steps", "1000", "--json"], capture_output=True)
check("--json is JSON, on the last line", "seeds" in json.loads(seen.stdout.decode().splitlines()[-1]),
      seen)
for kind in ("envs", "methods", "neurons", "codings", "rules"):
    seen = subprocess.run([hedon, "list", kind, "--json"], capture_output=True)
    check(f"list {kind} --json is JSON", len(json.loads(seen.stdout)) > 0, seen)
print(f"{failed} checks failed")
sys.exit(failed > 0)
