"""Figures of one experiment, from what `hedon train --json` says of its seeds."""
import math
import statistics
import sys


def median(values):
    return statistics.median(values) if values else None


def mean(values):
    return statistics.fmean(values) if values else None


def column(seeds, key):
    return [seed[key] for seed in seeds if seed[key] is not None]


def share(n, of):
    """So many of so many, with Wilson's interval at 95 %."""
    if of == 0:
        return "-"
    z, p = 1.959964, n / of
    middle, width = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = (middle - width) / (1 + z * z / of), (middle + width) / (1 + z * z / of)
    return f"{n}/{of} ({max(low, 0):.0%} to {min(high, 1):.0%})"


FIGURES = {
    "solved": lambda seeds: sum(seed["solved"] for seed in seeds),
    "relapsed": lambda seeds: sum(seed["relapsed"] for seed in seeds),
    "steps_median": lambda seeds: median(column(seeds, "steps_to_threshold")),
    "episodes_mean": lambda seeds: mean(column(seeds, "episodes_to_threshold")),
    "final_mean": lambda seeds: mean(column(seeds, "final_return")),
    "train_mean": lambda seeds: mean(column(seeds, "train_return")),
    "cpu_ms_median": lambda seeds: 1000 * median(column(seeds, "cpu_s")),
    "steps_per_cpu_s": lambda seeds: sum(column(seeds, "env_steps")) / sum(column(seeds, "cpu_s")),
}


def agrees(seeds, value, other_mean, other_deviation, other_n):
    """Two means within 1.96 standard errors of their difference."""
    deviation = statistics.stdev(column(seeds, "train_return"))
    error = math.sqrt(deviation**2 / len(seeds) + other_deviation**2 / other_n)
    return abs(value - other_mean) <= 1.96 * error


def holds(outcome, figure, relation, *numbers):
    """`figure` is one of FIGURES, or of what `hedon train --json` says of all seeds."""
    seeds = outcome["seeds"]
    value = FIGURES[figure](seeds) if figure in FIGURES else outcome[figure]
    if value is None:
        return False
    if relation == ">=":
        return value >= numbers[0]
    if relation == "<=":
        return value <= numbers[0]
    if relation == "agrees":
        return agrees(seeds, value, *numbers)
    sys.exit(f"results: no relation is called '{relation}'")


def verdict(experiment, outcome):
    checks = experiment.get("check")
    if checks is None:
        return "-"
    failed = [check[0] for check in checks if not holds(outcome, *check)]
    return "met" if not failed else "missed: " + ", ".join(failed)

