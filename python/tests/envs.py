"""Small environments with the methods of Gymnasium's, and spaces with the names of its classes."""
from __future__ import annotations

import random


class Discrete:
    def __init__(self, n, start=0):
        self.n, self.start, self.shape = n, start, ()


class MultiDiscrete:
    def __init__(self, nvec):
        self.nvec, self.shape = nvec, (len(nvec),)


class Box:
    def __init__(self, low, high):
        self.low, self.high, self.shape = low, high, (len(low),)


class Dict:
    def __init__(self, **spaces):
        self.spaces = spaces


class Text:
    pass


class Wide:
    """A hundred numbers, of which the 40th or the 90th is large: which of them?"""

    observation_space = Box([-1] * 100, [1] * 100)
    action_space = Discrete(2)

    def reset(self, seed=None, options=None):
        self.random = random.Random(seed) if seed is not None else self.random
        self.is_right = self.random.random() < 0.5
        obs = [0.0] * 100
        obs[90 if self.is_right else 40] = 1.0
        return obs, {}

    def step(self, action):
        return [0.0] * 100, float(action == self.is_right), True, False, {}

    def close(self):
        pass


class Walk:
    """Seven cells; the right end pays."""

    observation_space = Discrete(7)
    action_space = Discrete(2)

    def reset(self, seed=None, options=None):
        self.random = random.Random(seed)
        self.cell, self.taken = 2 + self.random.randrange(3), 0
        return self.cell, {}

    def step(self, action):
        self.cell += 1 if action else -1
        self.taken += 1
        over = self.cell in (0, 6)
        return self.cell, float(self.cell == 6), over, self.taken >= 50, {}

    def close(self):
        pass


class Follow:
    """A real number is shown, and is to be repeated."""

    observation_space = Box([-1.0, float("-inf")], [1.0, float("inf")])
    action_space = Box([-1.0], [1.0])

    def reset(self, seed=None, options=None):
        self.random = random.Random(seed)
        self.taken = 0
        return self.show(), {}

    def show(self):
        self.shown = self.random.uniform(-1, 1)
        return [self.shown, 3 * self.shown]

    def step(self, action):
        gained = -abs(float(action[0]) - self.shown)
        self.taken += 1
        return self.show(), gained, False, self.taken >= 10, {}

    def close(self):
        pass


class Breaks(Walk):
    """Raises after so many steps of all environments together."""

    left = 0

    def step(self, action):
        Breaks.left -= 1
        if Breaks.left < 0:
            raise RuntimeError("the robot fell off the table")
        return super().step(action)
