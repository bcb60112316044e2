"""Record figures of the package rliable, for tests/study/test_scores.c.

    python3 tools/record_rliable.py > tests/data/rliable.txt

Two methods with scores on three tasks, ties among them, then each figure with its 95 % interval of
50,000 bootstrap samples: "NAME [TAU] VALUE LOW HIGH".
"""

import numpy as np
from rliable import library, metrics

TASKS, RUNS = 3, 10


def scores(rng, level):
    values = np.array(level) + rng.normal(0.0, 0.25, (RUNS, TASKS))
    return np.round(np.clip(values, 0.0, 1.2) * 20) / 20


def show(name, values, intervals):
    for value, low, high in zip(np.ravel(values), np.ravel(intervals[0]), np.ravel(intervals[1])):
        print(name, *(f"{number:.17g}" for number in (value, low, high)))


def main():
    rng = np.random.default_rng(1)
    x, y = scores(rng, [0.4, 0.7, 0.9]), scores(rng, [0.3, 0.7, 0.6])
    for name, of in (("x", x), ("y", y)):
        for task in range(TASKS):
            print(name, task, *(f"{value:.17g}" for value in of[:, task]))
    aggregates = {"mean": metrics.aggregate_mean, "median": metrics.aggregate_median,
                  "iqm": metrics.aggregate_iqm, "gap": metrics.aggregate_optimality_gap}
    for name, figure in aggregates.items():
        value, interval = library.get_interval_estimates(
            {"x": x}, lambda s, figure=figure: np.array([figure(s)]), reps=50000,
            random_state=np.random.RandomState(1))
        show(name, value["x"], interval["x"])
    value, interval = library.get_interval_estimates(
        {"x,y": (x, y)}, metrics.probability_of_improvement, reps=5000,
        random_state=np.random.RandomState(1))
    show("improvement", value["x,y"], interval["x,y"])
    taus = np.linspace(0.0, 1.2, 7)
    share, interval = library.create_performance_profile({"x": x}, taus, reps=5000)
    for i, tau in enumerate(taus):
        show(f"profile {tau:.17g}", share["x"][i], interval["x"][:, i:i + 1])


main()
