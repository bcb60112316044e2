"""Registers environments with Gymnasium: "registered:Walk-v0"."""
import os

import envs
import gymnasium
import numpy
from gymnasium import spaces


class Walk(envs.Walk, gymnasium.Env):
    observation_space = spaces.Discrete(7)
    action_space = spaces.Discrete(2)


class Fails(Walk):
    def step(self, action):
        raise RuntimeError("the robot fell off the table")


class Ends(Walk):
    def step(self, action):
        os._exit(3)


class Reach(envs.Follow, gymnasium.Env):
    observation_space = spaces.Box(-3, 3, (2,), numpy.float32)
    action_space = spaces.Box(-1, 1, (1,), numpy.float32)


for kind in (Walk, Fails, Ends, Reach):
    gymnasium.register(f"{kind.__name__}-v0", kind, max_episode_steps=50)
