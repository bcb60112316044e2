#!/usr/bin/env python3
"""Compare `hedon rollout --rng gymnasium` with the installed gymnasium, line by line.

Use:  python tests/live_gymnasium.py HEDON [STEPS [ENV ...]]

HEDON is the program, STEPS the steps of each of five seeds (default 500). Policies and actions are
those of tools/record_gymnasium.py, the seeds are others. Every number must be equal.
Exit code 77: skipped, gymnasium is missing.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

try:
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
    import record_gymnasium
except ImportError as missing:
    print(f"SKIP: {missing}")
    sys.exit(77)

SEEDS = [3, 1000, 20241, 2**31 + 11, 2**40 + 1]


def expected(name, seed, steps):
    """What hedon has to print, and the actions it needs for that."""
    lines, actions = [], []
    for action, obs, *rest in record_gymnasium.play(name, seed, steps):
        line = {"obs": [float(x) for x in obs]}
        if action is not None:
            line["action"] = [float(a) for a in action.reshape(-1)]
            line["reward"], line["terminated"], line["truncated"] = rest[:3]
            actions.append(" ".join(repr(a) for a in line["action"]))
        lines.append(line)
    return lines, actions


def compare(hedon, name, seed, steps):
    """Number of lines compared; raises on the first difference."""
    want, actions = expected(name, seed, steps)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(actions) + "\n")
        file.flush()
        run = subprocess.run(
            [hedon, "rollout", name, "--seed", str(seed), "--rng", "gymnasium", "--actions",
             file.name, "--json"], capture_output=True, text=True, check=True)
    got = [json.loads(line) for line in run.stdout.splitlines()]
    if len(got) != len(want):
        raise SystemExit(f"{name} seed {seed}: {len(got)} lines, expected {len(want)}")
    for number, (ours, theirs) in enumerate(zip(got, want), 1):
        if ours != theirs:
            raise SystemExit(f"{name} seed {seed} line {number}:\n  hedon     {ours}\n"
                             f"  gymnasium {theirs}")
    return len(got)


def main():
    warnings.simplefilter("ignore")
    hedon = sys.argv[1]
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    for name in sys.argv[3:] or record_gymnasium.ENVS:
        lines = sum(compare(hedon, name, seed, steps) for seed in SEEDS)
        print(f"ok   {name}: {lines} lines equal")


if __name__ == "__main__":
    main()
