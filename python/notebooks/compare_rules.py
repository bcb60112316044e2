"""Learning rules compared: the same network and task, intervals over seeds, and a control.

    marimo edit compare_rules.py     look at it and change it; needs marimo and matplotlib
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from matplotlib import pyplot

    import hedon

    return hedon, mo, pyplot


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Rules compared

    A rule says what a neuron adds to the eligibility of its synapses; the learner multiplies it by the global
    signal. All else stays: network, task, seeds, budget. Beside the rules stands a control whose hidden layer
    does not learn (`learn_hidden = false`). A rule that does no better than it has shown nothing.
    """)
    return


@app.cell
def _(hedon):
    seeds, budget = 10, 30_000
    common = {"eval_every": 3000, "eval_episodes": 10, "overtrain": 0}
    chosen = {
        "pgcn": {"rule": "pgcn"},
        "reparam-mean": {"rule": "reparam-mean"},
        "mstdpet": {"rule": "mstdpet"},
        "hidden layer frozen": {"learn_hidden": False},
    }
    results = {
        name: hedon.train("CartPole-v1", "neuron-agent", seeds=seeds, steps=budget, settings={**common, **own})
        for name, own in chosen.items()
    }
    return budget, results, seeds


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    With ten seeds a mean says little alone. Each row has the interquartile mean of the final returns with its
    bootstrap interval, and the share of seeds that solved the task with Wilson's; both intervals are 95 %.
    Where intervals overlap, more seeds are needed before anything is said.
    """)
    return


@app.cell
def _(results):
    for _name, _result in results.items():
        _s = _result.statistics
        print(
            f"{_name:20} return {_s.return_iqm:5.1f} ({_s.iqm_low:5.1f} to {_s.iqm_high:5.1f})"
            f"   solved {_s.n_solved:2} of {_s.n} ({100 * _s.solved_low:.0f}% to {100 * _s.solved_high:.0f}%)"
        )
    return


@app.cell
def _(budget, pyplot, results, seeds):
    figure, (_curves, _final) = pyplot.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for _k, (_name, _result) in enumerate(results.items()):
        _result.plot(_curves, color=f"C{_k}", label=_name)
        _s = _result.statistics
        _final.errorbar(
            _s.return_iqm,
            _k,
            xerr=[[max(0, _s.return_iqm - _s.iqm_low)], [max(0, _s.iqm_high - _s.return_iqm)]],
            fmt="o",
            color=f"C{_k}",
            capsize=4,
        )
    _curves.set_title(f"{seeds} seeds each, and their means")
    _curves.get_legend().remove()  # the colours are those of the names beside
    _final.set_yticks(range(len(results)), list(results))
    _final.invert_yaxis()
    _final.set_xlim(0, 520)
    _final.set_xlabel(f"final return after {budget:,} steps: interquartile mean, 95 %")
    figure
    return (figure,)


if __name__ == "__main__":
    app.run()
