#!/usr/bin/env python3
"""What it costs a training run that `hedon watch` could look at it, and that it does.

  watch_cost.py HEDON [OTHER]     OTHER: a tool to compare instructions with, such as one of an older commit

Instructions of a run are counted by callgrind; CPU seconds of a run nobody looks at and of one that a page is told of are
measured in pairs, one after the other, and their ratio is that of the median pair."""
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading

PAIRS = 9
TRAIN = ["train", "CartPole-v1", "--method", "ppo", "--threads", "1", "--quiet", "--out"]


def settings(steps):
    return ["--set", f"steps={steps}", f"eval_every={steps // 10}", "overtrain=0", "threshold=1000", "eval_episodes=5"]


def instructions(hedon, folder):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", hedon, *TRAIN, folder, *settings(3000)],
                          capture_output=True, text=True, check=True)
    return int(next(line for line in done.stderr.splitlines() if "Collected" in line).split(":")[1])


def cpu_s(hedon, folder):
    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    before = spent()
    subprocess.run([hedon, *TRAIN, folder, *settings(200000)], capture_output=True, check=True)
    return spent() - before


def read_all(connection):
    while connection.recv(65536):
        pass


def watched_cpu_s(hedon, runs):
    """The same while a page is told of every run of the folder, and its newest learner plays."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with subprocess.Popen([hedon, "watch", runs, "--port", str(port)], stdout=subprocess.PIPE, text=True) as watch:
        watch.stdout.readline()
        page = socket.create_connection(("127.0.0.1", port))
        page.sendall(f"GET /events HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        reader = threading.Thread(target=read_all, args=(page,), daemon=True)
        reader.start()
        spent = cpu_s(hedon, os.path.join(runs, "run"))
        watch.terminate()
        reader.join()
    return spent


def main():
    hedon, others = os.path.abspath(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        for k, tool in enumerate([hedon, *others]):
            print(f"{instructions(tool, os.path.join(folder, str(k))):,} instructions of a run by {tool}")
        ratios = []
        for k in range(PAIRS):
            runs = os.path.join(folder, f"runs-{k}")
            os.makedirs(runs)
            alone = cpu_s(hedon, os.path.join(folder, f"alone-{k}"))
            ratios.append(watched_cpu_s(hedon, runs) / alone)
        print(f"CPU seconds watched / alone: median {statistics.median(ratios):.3f} of {PAIRS} pairs "
              f"({min(ratios):.3f} to {max(ratios):.3f})")


main()
