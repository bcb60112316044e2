#!/usr/bin/env python3
"""Race Hedon against its peers and write docs/data/benchmarks.md.

    bench/peers/run.py [--quick] [--venv DIR] [--build DIR] [--out DIR] [--only GROUP [--keep]] [--repeats N]

Makes a virtual environment in DIR (kept for next time), installs the peers pinned in install.py
through pip as it is configured here, builds Hedon's side, checks that both sides compute the same,
and races them: every contender of a row in turn, again and again, in one run. --only runs one group
and prints it without writing; with --keep it takes the place of that group in the data. Run it on a machine that does nothing else, and twice: what
torch.compile makes for the peers takes minutes at first and is kept in DIR."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import time

import checks
import install
import report
from race import Peer, Racers, measure, race
from rows import CORES, NUMPY_RULE, Rows

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PPO_THREADS = {"1 thread": 1, f"{CORES} threads": CORES}


def output(*args):
    run = subprocess.run(args, capture_output=True, text=True, cwd=ROOT)
    return run.stdout.strip() if run.returncode == 0 else "unknown"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


def compile_side(build):
    if not (build / "CMakeCache.txt").exists():
        subprocess.run(["cmake", "-S", ROOT, "-B", build], check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", build, "--target", "hedon", "peers_forward", "peers_envs",
                    "peers_gradients", "peers_rules"],
                   check=True, stdout=sys.stderr)


def solve_hedon(rows, seed):
    """Time to threshold as `hedon train` tells it."""
    run = subprocess.run([rows.hedon, "train", "CartPole-v1", "--seed", str(seed), "--threads", "1",
                          "--quiet", "--json"], capture_output=True, text=True, check=True)
    found = json.loads(run.stdout.strip().splitlines()[-1])["seeds"][0]
    return {"cpu_s": found["cpu_s"], "wall_s": found["wall_s"],
            "work": found["env_steps"], "solved": found["solved"],
            "solved_at": found["steps_to_threshold"]}


def solve(rows, seeds, limit):
    """Everyone's runs, seed after seed, PPO's of at most `limit` CPU seconds."""
    found = {"Hedon, 1 thread": []} | {f"PPO, {how}": [] for how in PPO_THREADS}
    for seed in seeds:
        found["Hedon, 1 thread"].append(solve_hedon(rows, seed))
        for how, threads in PPO_THREADS.items():
            peer = Peer("PPO", rows.racers, "stable-baselines3", "sb3", "solve",
                        {"seed": seed, "threads": threads, "limit": limit}, threads)
            found[f"PPO, {how}"].append(measure(peer, 0))
    return {"seeds": list(seeds), "limit": limit, "runs": found}


def machine(hedon, start, load):
    return {
        "hedon": output(hedon, "--version"),
        "commit": output("git", "describe", "--always", "--dirty", "--exclude=*"),
        "date": datetime.date.today().isoformat(), "processor": processor(), "cores": CORES,
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(), "load_before": load,
        "minutes": (time.monotonic() - start) / 60,
    }


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer shapes and seeds, short runs")
    parser.add_argument("--venv", type=pathlib.Path, default=install.default_folder())
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs")
    parser.add_argument("--only", help="one group, printed and not written")
    parser.add_argument("--keep", action="store_true", help="with --only: write the group into the data")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, help="of each repeat (default 0.15; quick 0.05)")
    return parser.parse_args()


def with_group(kept, group, found):
    """What was kept, with a group that was raced by itself and the machine and commit of that."""
    if group not in found["groups"]:
        sys.exit(f"--keep takes a group of rows: {', '.join(kept['groups'])}")
    kept["groups"][group] = found["groups"][group]
    kept.setdefault("raced_alone", {})[group] = found["machine"]
    return kept


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    args = arguments()
    seconds = args.seconds or (0.05 if args.quick else 0.15)
    build, venv = args.build.resolve(), args.venv.resolve()
    python, versions, failed = install.install(venv)
    compile_side(build)
    start, load = time.monotonic(), os.getloadavg()[0]
    racers = Racers(python, failed)
    rows = Rows(build / "hedon", build, racers, args.quick)
    found = {"settings": {"repeats": args.repeats, "seconds": seconds, "quick": args.quick,
                          "command": shlex.join(["bench/peers/run.py"]
                                                + (["--quick"] if args.quick else []))},
             "versions": versions, "not_installed": failed, "checks": [], "groups": {},
             "rule": " ".join(f"{key}={value}" for key, value in NUMPY_RULE.items())}
    if args.only in (None, "checks"):
        for one in checks.checks(rows):
            say(f"{'ok  ' if one['holds'] else 'MISS'} {one['name']}: {one['said']}")
            found["checks"].append(one)
    for key, some in rows.groups():
        if args.only not in (None, key):
            continue
        found["groups"][key] = []
        for row in some:
            results = race(row, args.repeats, seconds)
            found["groups"][key].append({"name": row["name"], "clock": row["clock"],
                                         "aim": row.get("aim"), "results": results})
            say(f"{key}: {row['name']}: " + ", ".join(
                f"{who} {r.get('failed') or format(r['rate'], ',.0f')}"
                for who, r in results.items()))
    if args.only in (None, "solve"):
        found["solve"] = solve(rows, *(((1,), 20) if args.quick else ((1, 2, 3, 4, 5), 30)))
        for who, runs in found["solve"]["runs"].items():
            say(f"solve: {who}: " + ", ".join(
                r.get("failed") or f"{r['cpu_s']:.3f} s{'' if r['solved'] else ' unsolved'}"
                for r in runs))
    racers.close()
    found["machine"] = machine(build / "hedon", start, load)
    data = args.out / "data" / "benchmarks.json"
    if args.only is not None and not args.keep:
        print(report.document(found))
        return
    if args.only is not None:
        found = with_group(json.loads(data.read_text(encoding="utf-8")), args.only, found)
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    if args.out.samefile(ROOT / "docs"):
        subprocess.run([sys.executable, ROOT / "tools" / "speed_pages.py"], check=True)
    else:
        (args.out / "data" / "benchmarks.md").write_text(report.document(found), encoding="utf-8")


if __name__ == "__main__":
    main()
