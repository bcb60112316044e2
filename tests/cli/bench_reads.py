#!/usr/bin/env python3
"""The object of `hedon bench --json`: it parses, holds what it says, and its derived figures follow
from the measured ones.

    bench_reads.py HEDON"""
import json
import math
import subprocess
import sys

KEYS = {"version", "isa", "compiler", "cpu", "processors", "cache_bytes", "task", "method", "set",
        "seconds", "repeats", "seeds", "threads", "sections"}
SECTIONS = {"machine arithmetic", "machine bandwidth", "envs steps", "forward decisions",
            "learn methods", "learn side by side", "learn sets", "scale points", "scale fits", "size files",
            "size learners"}


def bench(hedon, *words):
    out = subprocess.run([hedon, "bench", *words, "--json"], check=True, capture_output=True,
                         text=True).stdout
    assert out.count("\n") == 1 and out.endswith("\n"), "one line"
    return json.loads(out)


def sections(found):
    for s in found["sections"]:
        keys = [column["key"] for column in s["columns"]]
        assert all(set(keys) <= set(row) for row in s["rows"]), (s["key"], keys)
    return {f"{s['group']} {s['key']}": s["rows"] for s in found["sections"]}


def value_of(row):
    """A row's first figure, under the name of its unit."""
    return list(row.values())[1]


def line(xs, ys, weights):
    """Weighted least squares by the normal equations: intercept, slope, share explained."""
    total = sum(weights)
    mx = sum(w * x for w, x in zip(weights, xs)) / total
    my = sum(w * y for w, y in zip(weights, ys)) / total
    sxx = sum(w * (x - mx) ** 2 for w, x in zip(weights, xs))
    slope = sum(w * (x - mx) * (y - my) for w, x, y in zip(weights, xs, ys)) / sxx
    left = sum(w * (y - my - slope * (x - mx)) ** 2 for w, x, y in zip(weights, xs, ys))
    return my - slope * mx, slope, 1 - left / sum(w * (y - my) ** 2 for w, y in zip(weights, ys))


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)


def check_spreads(tables):
    for name, rows in tables.items():
        assert rows, f"{name} has no rows"
        for row in rows:
            assert row["name"], f"{name}: a row without a name"
            if "low" in row and name != "train keep":
                assert 0 < row["low"] <= value_of(row) <= row["high"], f"{name}: {row}"


def check_shares(tables):
    """Runs this short on a busy machine are off by a factor of two or three; a wrong unit (lanes,
    bytes, two operations for one) in one figure and not in the other shows as more."""
    for row in tables["forward decisions"]:
        assert 0 < row["of peak"] < 4, row
        each = row["op/s"] / row["decisions"]
        assert close(each, 2 * round(each / 2)), row
    fused, separate = (value_of(row) for row in tables["machine arithmetic"])
    assert 1 / 8 < separate / fused < 8, (fused, separate)


def check_fits(tables):
    for fit in tables["scale fits"]:
        points = [row for row in tables["scale points"]
                  if row["name"].rsplit(" ", 1)[0] == fit["name"]]
        sizes, costs = [row["size"] for row in points], [row["ns"] for row in points]
        if len(points) < 3:
            assert fit["R2"] is None and fit["R2 a+b"] is None, fit
            continue
        a, b, r2 = line(sizes, costs, [1 / cost**2 for cost in costs])
        _, exponent, log_r2 = line([math.log(x) for x in sizes], [math.log(y) for y in costs],
                                   [1] * len(points))
        assert close(fit["a"], a) and close(fit["b"], b) and close(fit["R2 a+b"], r2), (fit, a, b)
        assert close(fit["exponent"], exponent) and close(fit["R2"], log_r2), (fit, exponent)


def main():
    hedon = sys.argv[1]
    found = bench(hedon, "machine", "envs", "forward", "learn", "scale", "size", "--seconds",
                  "0.0003", "--repeats", "5", "--threads", "2")
    assert set(found) == KEYS, sorted(found)
    assert found["repeats"] == 5 and found["threads"] == 2 and found["task"] == "CartPole-v1"
    tables = sections(found)
    assert set(tables) == SECTIONS, sorted(tables)
    check_spreads(tables)
    check_shares(tables)
    check_fits(tables)

    found = bench(hedon, "train", "--seeds", "2", "--repeats", "2", "--threads", "1", "steps=1000",
                  "eval_every=500", "eval_episodes=2")
    tables = sections(found)
    assert set(tables) == {"train solve", "train keep"}, sorted(tables)
    assert found["set"] == ["steps=1000", "eval_every=500", "eval_episodes=2"]
    check_spreads(tables)
    print("bench --json holds what it says")


main()
