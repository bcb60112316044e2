"""An environment of one's own: a class with the methods of Gymnasium's is all it takes.

    marimo edit own_environment.py     look at it and change it; needs marimo, matplotlib, NumPy, Gymnasium
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import gymnasium
    import marimo as mo
    import numpy
    from matplotlib import pyplot

    import hedon

    return gymnasium, hedon, mo, numpy, pyplot


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # An environment of one's own

    A forager sees how far food is, and in which direction. It steps to the left, to the right, or stays; where it
    finds food it is rewarded, and food grows elsewhere. Every step costs a little.
    """)
    return


@app.cell
def _(gymnasium, numpy):
    class Forage(gymnasium.Env):
        """A line of cells with one piece of food."""

        observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), numpy.float32)
        action_space = gymnasium.spaces.Discrete(3)
        cells = 15

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.place, self.steps = self.cells // 2, 0
            self.grow()
            return self.seen(), {}

        def grow(self):
            self.food = int(self.np_random.integers(self.cells))

        def seen(self):
            far = (self.food - self.place) / self.cells
            return numpy.array([far, numpy.sign(far)], numpy.float32)

        def step(self, action):
            self.place = min(max(self.place + int(action) - 1, 0), self.cells - 1)
            self.steps += 1
            reward = -0.02
            if self.place == self.food:
                reward += 1.0
                self.grow()
            return self.seen(), reward, False, self.steps >= 50, {}

    return (Forage,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    `hedon.Task` adds what Gymnasium does not say: the length of an episode, and which mean return counts as solved.
    A function or a class may be given to `hedon.train` as it is, too. What can be learned is known beforehand only
    by comparison, so a policy that acts at random stands beside it.
    """)
    return


@app.cell
def _(Forage, hedon):
    task = hedon.Task(Forage, max_steps=50, solved=6.0)
    result = hedon.train(
        task,
        "neuron-agent",
        seeds=3,
        steps=5000,
        settings={"eval_every": 1000, "eval_episodes": 10, "overtrain": 0},
    )
    print(result.summary())
    return result, task


@app.cell
def _(Forage, numpy):
    def play(act, episodes=20):
        """Mean return of whole episodes."""
        env, returns = Forage(), []
        for seed in range(episodes):
            observation, _ = env.reset(seed=seed)
            total, is_over = 0.0, False
            while not is_over:
                observation, reward, terminated, truncated, _ = env.step(act(observation))
                total, is_over = total + reward, terminated or truncated
            returns.append(total)
        return float(numpy.mean(returns))

    _draw = numpy.random.default_rng(0)
    at_random = play(lambda observation: _draw.integers(3))
    best = play(lambda observation: 1 + int(observation[1]))
    print(f"at random {at_random:.1f}; straight to the food {best:.1f}")
    return at_random, best


@app.cell
def _(at_random, best, pyplot, result):
    figure, _axes = pyplot.subplots(figsize=(6, 3.5), layout="constrained")
    result.plot(_axes)
    _axes.axhline(at_random, color="gray", linestyle=":", label="at random")
    _axes.axhline(best, color="gray", linestyle="--", label="straight to the food")
    _axes.legend()
    figure
    return (figure,)


if __name__ == "__main__":
    app.run()
