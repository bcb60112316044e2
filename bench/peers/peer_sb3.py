"""Stable-Baselines3's PPO on CartPole-v1, with the settings its zoo tuned for the task.

Judged as Hedon judges: every 2500 steps 100 greedy episodes; solved at the first mean of at least
475 whose next two also pass, and training ends there, or after `limit` CPU seconds. Evaluation is
left out of every time."""
import time

import gymnasium
import numpy as np
import torch
from gymnasium.envs.classic_control.cartpole import CartPoleVectorEnv
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

EVERY, EPISODES, THRESHOLD, PASSES, BUDGET = 2500, 100, 475, 3, 100_000


def evaluate(model, seed):
    """Mean of the first episode of each of so many poles."""
    envs = CartPoleVectorEnv(num_envs=EPISODES, max_episode_steps=500)
    obs, _ = envs.reset(seed=seed)
    alive, total = np.ones(EPISODES, bool), 0
    while alive.any():
        action, _ = model.predict(obs, deterministic=True)
        obs, _, terminated, truncated, _ = envs.step(action)
        total += alive.sum()
        alive &= ~(terminated | truncated)
    return total / EPISODES


class Judge(BaseCallback):
    def __init__(self, limit):
        super().__init__()
        self.next, self.passed, self.solved_at, self.means = EVERY, 0, None, []
        self.cpu = self.wall = 0.0  # spent on evaluation
        self.until = time.process_time() + limit

    def _on_step(self):
        if self.num_timesteps < self.next:
            return True
        cpu, wall = time.process_time(), time.perf_counter()
        self.next += EVERY
        self.means.append(evaluate(self.model, len(self.means)))
        self.passed = self.passed + 1 if self.means[-1] >= THRESHOLD else 0
        self.solved_at = None if self.passed == 0 else self.solved_at or self.num_timesteps
        self.cpu += time.process_time() - cpu
        self.wall += time.perf_counter() - wall
        return self.passed < PASSES and time.process_time() - self.cpu < self.until


def solve(seed, threads, limit):
    def once():
        torch.set_num_threads(threads)
        model = PPO("MlpPolicy", make_vec_env("CartPole-v1", n_envs=8, seed=seed), seed=seed,
                    n_steps=32, batch_size=256, n_epochs=20, gamma=0.98, gae_lambda=0.8,
                    ent_coef=0.0, learning_rate=lambda left: 1e-3 * left,
                    clip_range=lambda left: 0.2 * left, device="cpu")
        judge = Judge(limit)
        cpu, wall = time.process_time(), time.perf_counter()
        model.learn(BUDGET, callback=judge)
        solved = judge.passed >= PASSES
        return {"cpu_s": time.process_time() - cpu - judge.cpu,
                "wall_s": time.perf_counter() - wall - judge.wall,
                "work": model.num_timesteps, "solved": solved,
                "solved_at": judge.solved_at if solved else None,
                "means": [round(m, 1) for m in judge.means]}
    return once


CASES = {"solve": solve}
