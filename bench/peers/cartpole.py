"""CartPole-v1 in NumPy, B poles at once, in single precision; the peers' agents act in it.

Equations: Barto, Sutton & Anderson 1983, with the constants and the Euler step of Gymnasium."""
import numpy as np

X_LIMIT, ANGLE_LIMIT, MAX_STEPS = 2.4, 12 * np.pi / 180, 500
SCALE = np.array([1 / 2.4, 0.5, 1 / 0.2095, 0.5], "f4")


class CartPoles:
    def __init__(self, B, rng):
        self.rng = rng
        self.state = self.fresh(B)
        self.steps = np.zeros(B, int)
        self.returns = []  # of the episodes that ended, oldest first

    def fresh(self, n):
        return self.rng.uniform(-0.05, 0.05, (4, n)).astype("f4")

    def observe(self):
        return self.state.T * SCALE

    def step(self, action):
        """Returns terminated and truncated; `restart` begins the episodes that ended."""
        x, speed, angle, turn = self.state
        cos, sin = np.cos(angle), np.sin(angle)
        push = (action * np.float32(20) - np.float32(10) + np.float32(0.05) * turn * turn * sin)
        push /= np.float32(1.1)
        bend = np.float32(9.8) * sin - cos * push
        bend /= np.float32(2 / 3) - np.float32(0.05 / 1.1) * cos * cos
        state = self.state.copy()
        state[0] += np.float32(0.02) * speed
        state[1] += np.float32(0.02) * (push - np.float32(0.05 / 1.1) * bend * cos)
        state[2] += np.float32(0.02) * turn
        state[3] += np.float32(0.02) * bend
        self.state = state
        self.steps += 1
        fallen = (np.abs(state[0]) > X_LIMIT) | (np.abs(state[2]) > ANGLE_LIMIT)
        return fallen, ~fallen & (self.steps >= MAX_STEPS)

    def restart(self, ended):
        which = np.flatnonzero(ended)
        self.returns += self.steps[which].tolist()
        self.state[:, which] = self.fresh(len(which))
        self.steps[which] = 0

    def report(self):
        """Mean return of the last 100 episodes."""
        return {"recent": float(np.mean(self.returns[-100:])) if self.returns else None}
