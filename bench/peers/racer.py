#!/usr/bin/env python3
"""Measure one peer, on request.

    racer.py MODULE [THREADS]

MODULE names a file beside this one with a dict CASES: name -> function(**settings) that builds a
case and returns a function which does one piece of the work and returns how much that was, or a
dict of figures; its `report`, if it has one, adds figures to the answer. A request is a line of
JSON on standard input:

    {"case": "forward", "settings": {...}, "seconds": 0.1, "work": 0}

and is answered by one line: {"work", "cpu_s", "wall_s", ...}, or {"failed": why}. Pieces are done
until so many CPU seconds are over and so much work is done, at least one. A case is built, and its
first pieces done unmeasured, when it is first asked for. CPU seconds are those of all threads of
the process."""
import importlib
import json
import os
import sys
import time
import warnings

WARM_UP = 3  # what torch.compile needs until it has seen all there is

def build(cases, built, request):
    key = json.dumps([request["case"], request["settings"]])
    if key not in built:
        once = cases[request["case"]](**request["settings"])
        for _ in range(WARM_UP if request["seconds"] > 0 else 0):
            once()
        built[key] = once
    return built[key]


def measure(once, seconds, enough):
    work, cpu, wall = 0, time.process_time(), time.perf_counter()
    while True:
        done = once()
        if isinstance(done, dict):
            return done
        work += done
        spent = time.process_time() - cpu
        if spent >= seconds and work >= enough:
            took = {"work": work, "cpu_s": spent, "wall_s": time.perf_counter() - wall}
            return took | getattr(once, "report", dict)()


def answer(cases, built, request):
    try:
        return measure(build(cases, built, request), request["seconds"], request["work"])
    except Exception as error:  # a peer that fails is reported, not dropped
        return {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}


def main():
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    warnings.simplefilter("ignore")
    try:
        cases = importlib.import_module(sys.argv[1]).CASES
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
        print(json.dumps({"ready": True}), file=out)
    except Exception as error:
        print(json.dumps({"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}),
              file=out)
        return
    built = {}
    for line in sys.stdin:
        print(json.dumps(answer(cases, built, json.loads(line))), file=out)


if __name__ == "__main__":
    main()
