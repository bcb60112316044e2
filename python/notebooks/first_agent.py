"""A first agent: four spiking neurons learn to balance a pole.

    marimo edit first_agent.py     look at it and change it; needs marimo and matplotlib
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
    # A first agent

    `hedon.train` trains learners that differ in their seed alone, and evaluates each of them every few
    thousand steps. The method is called `neuron-agent`: every hidden neuron is a reinforcement-learning agent
    of its own that decides to fire or not, and all of them hear one global signal.
    """)
    return


@app.cell
def _(hedon):
    result = hedon.train("CartPole-v1", "neuron-agent", seeds=10)
    print(result.summary())
    return (result,)


@app.cell
def _(pyplot, result):
    figure, _axes = pyplot.subplots(figsize=(6, 3.5), layout="constrained")
    result.plot(_axes)
    _axes.set_title("CartPole-v1: ten seeds, and their mean")
    figure
    return (figure,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    What did the method set, and what does each option mean? `hedon.explain` says so without training anything.
    """)
    return


@app.cell
def _(hedon):
    hedon.explain("CartPole-v1", "neuron-agent")
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    One learner, to act with. `predict` takes an observation as Gymnasium gives it: the cart's position and
    velocity, the pole's angle and its velocity.
    """)
    return


@app.cell
def _(hedon):
    agent = hedon.Agent("CartPole-v1", "neuron-agent", seed=1).learn(20_000)
    falls_right, _ = agent.predict([0.0, 0.0, 0.1, 0.5])
    falls_left, _ = agent.predict([0.0, 0.0, -0.1, -0.5])
    print(f"the pole falls to the right: {falls_right} (1 pushes to the right); to the left: {falls_left}")
    print("returns of ten episodes:", agent.evaluate(10))
    return agent, falls_left, falls_right


if __name__ == "__main__":
    app.run()
