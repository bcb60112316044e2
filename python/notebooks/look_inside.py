"""Looking inside: spikes, potentials, weights and eligibilities.

    marimo edit look_inside.py     look at it and change it; needs marimo, matplotlib and NumPy
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy
    from matplotlib import pyplot

    import hedon

    return hedon, mo, numpy, pyplot


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Looking inside a learner

    A session has views of all its arrays, without a copy. `session.network()` repeats, spike by spike, what the
    learner's own network does while it is trained, and records what it is told to. Looking changes nothing of
    the run.
    """)
    return


@app.cell
def _(hedon):
    session = hedon.Session(
        "CartPole-v1",
        "neuron-agent",
        seed=1,
        settings={"neuron": "lif", "rule": "e-prop", "hidden": 24, "substeps": 8},
    )
    session.train(20_000)
    network = session.network()
    network.record("hidden.spike", substeps=400)
    network.record("hidden.v", substeps=400)
    network.record("input.value", substeps=400)
    session.train(400)  # four environments side by side: 100 decisions of 8 substeps in the one that is shown
    network.views
    return network, session


@app.cell
def _(network, numpy, pyplot):
    spikes, potentials = network["hidden.spike.record"], network["hidden.v.record"]
    figure, (_input, _raster, _trace) = pyplot.subplots(
        3, 1, figsize=(9, 6.5), sharex=True, layout="constrained", height_ratios=[1, 2, 1]
    )
    _input.plot(network["input.value.record"])
    _input.set_ylabel("input")
    _when, _who = numpy.nonzero(spikes)
    _raster.plot(_when, _who, "|", markersize=5, color="black")
    _raster.set_ylabel("neuron")
    _raster.set_yticks(range(0, 24, 4))
    _rate = spikes.mean(0)
    _two = abs(_rate - numpy.median(_rate[_rate > 0])).argsort()[:2]  # neither silent nor at every substep
    _trace.plot(potentials[:, _two], label=[f"neuron {j}" for j in _two])
    _trace.set_ylabel("potential")
    _trace.set_xlabel("substep")
    _trace.legend(loc="upper right")
    figure
    return figure, potentials, spikes


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    Every decision begins with neurons at rest and takes eight substeps, in which the input stays as it is. After a
    spike the potential is lowered by the threshold, 1.

    # Eligibility, synapse by synapse

    A network of one's own shows what a rule keeps. Two inputs spike onto one neuron under `mstdpet`: the first
    always just before the third input makes the neuron fire, the second always just after. The eligibility of
    the first rises, that of the second falls; a reward at the end turns both into weights.
    """)
    return


@app.cell
def _(hedon, numpy):
    small = hedon.Network(
        [hedon.Population("in", 3, "input"), hedon.Population("out", 1, "lif", tau_m=10, r_m=10)],
        [
            hedon.Projection("in", "out", rule="mstdpet", rate=0.05, name="j"),
        ],
    )
    small.write("j.weight", [0.05, 0.05, 3.0])
    n_substeps = 120
    given = numpy.zeros((n_substeps, 3), numpy.float32)
    given[18::25, 0] = given[20::25, 2] = given[22::25, 1] = 1
    eligibility, fired = [], []
    for _values in given:
        small.write("in.value", _values)
        small.step()
        eligibility.append(small.read("j.e")[0, :, 0])
        fired.append(small.read("out.spike")[0, 0])
    before = small.read("j.weight")[:, 0]
    small.signal(1.0)
    after = small.read("j.weight")[:, 0]
    print("weights before the reward:", before, "after it:", after)
    return after, before, eligibility, fired, given


@app.cell
def _(eligibility, fired, given, numpy, pyplot):
    eligibility_figure, (_raster, _e) = pyplot.subplots(
        2, 1, figsize=(9, 4.5), sharex=True, layout="constrained"
    )
    _rows = [given[:, 0], given[:, 1], given[:, 2], numpy.array(fired)]
    _raster.eventplot([numpy.nonzero(row)[0] for row in _rows], colors=["C0", "C1", "C7", "black"], linelengths=0.7)
    _raster.set_yticks(range(4), ["before", "after", "drives it", "neuron"])
    _e.plot(numpy.array(eligibility)[:, :2], label=["before", "after"])
    _e.axhline(0, color="gray", linewidth=0.5)
    _e.set_ylabel("eligibility")
    _e.set_xlabel("substep (1 ms)")
    _e.legend()
    eligibility_figure
    return (eligibility_figure,)


if __name__ == "__main__":
    app.run()
