"""Gymnasium's own vector environments."""
import gymnasium
import numpy as np
from gymnasium.envs.classic_control.cartpole import CartPoleVectorEnv


def synchronous(B):
    return gymnasium.vector.SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * B)


def steps(make):
    def build(B):
        envs = make(B)
        envs.reset(seed=1)
        actions = np.random.default_rng(1).integers(0, 2, (64, B))

        def once():
            for action in actions[:max(1, 4096 // B)]:
                envs.step(action)
            return max(1, 4096 // B) * B
        return once
    return build


CASES = {"sync": steps(synchronous),
         "vector": steps(lambda B: CartPoleVectorEnv(num_envs=B, max_episode_steps=500))}
