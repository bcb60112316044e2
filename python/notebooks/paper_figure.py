"""From training to a figure for a paper: one script, one seed list, nothing typed in by hand.

    marimo edit paper_figure.py     look at it and change it; needs marimo, matplotlib and NumPy
    python paper_figure.py          writes figure.pdf, its data figure.npz, and settings.txt into ./figure
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import os

    import marimo as mo
    import numpy
    from matplotlib import pyplot

    import hedon

    return hedon, mo, numpy, os, pyplot


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # From training to a figure

    The question: do the hidden neurons learn, or does the readout do all the work? The same task, seeds and budget,
    with and without learning in the hidden layer, for growing layers.
    """)
    return


@app.cell
def _(hedon):
    sizes, seeds = [2, 4, 8, 16], 8
    settings = {"steps": 30_000, "eval_every": 3000, "eval_episodes": 10, "overtrain": 0}
    results = {
        (learns, size): hedon.train(
            "CartPole-v1",
            "neuron-agent",
            seeds=seeds,
            settings={**settings, "hidden": size, "learn_hidden": learns},
        )
        for learns in (True, False)
        for size in sizes
    }
    return results, seeds, settings, sizes


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    Interquartile means with 95 % bootstrap intervals, sizes in inches as the journal wants them, fonts that are
    embedded as text, and colours that survive a grey print.
    """)
    return


@app.cell
def _(numpy, pyplot, results, seeds, sizes):
    style = {"font.size": 8, "pdf.fonttype": 42, "axes.spines.top": False, "axes.spines.right": False}
    with pyplot.rc_context(style):
        figure, (_left, _right) = pyplot.subplots(1, 2, figsize=(5.5, 2.2), layout="constrained")
        for _learns, _color, _label in ((True, "#0072B2", "learns"), (False, "#E69F00", "frozen")):
            _rows = [results[_learns, size].statistics for size in sizes]
            _left.fill_between(
                sizes, [s.iqm_low for s in _rows], [s.iqm_high for s in _rows], color=_color, alpha=0.25, linewidth=0
            )
            _left.plot(sizes, [s.return_iqm for s in _rows], "o-", color=_color, markersize=3, label=_label)
            _curves = numpy.array([c[1] for c in results[_learns, 4].curves().values()])
            _steps = next(iter(results[_learns, 4].curves().values()))[0]
            _right.plot(_steps, _curves.T, color=_color, alpha=0.3, linewidth=0.7)
            _right.plot(_steps, numpy.median(_curves, 0), color=_color, linewidth=1.5, label=_label)
        _left.set_xscale("log", base=2)
        _left.set_xticks(sizes, [str(size) for size in sizes])
        _left.set_xlabel("hidden neurons")
        _left.set_ylabel(f"final return (IQM, 95 %, {seeds} seeds)")
        _left.set_ylim(0, 520)
        _left.legend(title="hidden layer", frameon=False)
        _right.set_xlabel("environment steps")
        _right.set_ylabel("return, 4 neurons (and median)")
        _right.set_ylim(0, 520)
        for _axes, _letter in ((_left, "a"), (_right, "b")):
            _axes.set_title(_letter, loc="left", fontweight="bold")
    figure
    return (figure,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    What a reader needs to repeat it: the data of the figure, every setting with where it came from, the version,
    and the hashes of the weights, which the same settings and seeds give on every machine.
    """)
    return


@app.cell
def _(figure, hedon, numpy, os, results, settings):
    folder = os.environ.get("FIGURE_FOLDER", "figure")
    os.makedirs(folder, exist_ok=True)
    figure.savefig(os.path.join(folder, "figure.pdf"))
    numpy.savez(
        os.path.join(folder, "figure.npz"),
        **{f"hidden {size}, {'learns' if learns else 'frozen'}": r.returns for (learns, size), r in results.items()},
    )
    with open(os.path.join(folder, "settings.txt"), "w", encoding="utf-8") as _file:
        print(f"hedon {hedon.__version__}", hedon.explain("CartPole-v1", "neuron-agent", settings=settings), sep="\n", file=_file)
        for (_learns, _size), _result in results.items():
            print(f"learn_hidden={_learns} hidden={_size}:", *_result.hashes, file=_file)
    return (folder,)


if __name__ == "__main__":
    app.run()
