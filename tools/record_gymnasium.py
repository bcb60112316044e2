#!/usr/bin/env python3
"""Record what Gymnasium and numpy do, for tests/env/test_gymnasium.c and test_env_random.c.

Use:  python tools/record_gymnasium.py [ENV ...]

with a Python that has gymnasium 1.4.0 and numpy 2. Writes tests/data/gymnasium/ENV.bin for every
environment named (all by default), and numpy.bin, normal.bin and libm.bin beside them.

An environment file is little-endian:

  8 bytes "HDGYM001"; int32 n_obs, n_act, n_state, n_seeds; then for every seed
  uint64 seed, int32 steps, float32 obs[n_obs] of reset(seed), and for every step
    float32 action[n_act], float32 obs[n_obs], float64 reward,
    uint8 flags: 1 terminated, 2 truncated, 4 a state follows
    float64 state[n_state]      if flag 4
    float32 obs[n_obs]          if terminated or truncated: of the reset() that follows at once

Actions mix chance with a simple hand-written policy, so that goals, falls and time limits all
occur; real-valued ones leave their bounds.

The numpy file: int32 n_seeds; for every seed uint64 seed, int32 draws, and for every draw
uint32 n, float64 value: integers(n) where n > 0, else random().

The normal file: int32 n_seeds; for every seed uint64 seed, int32 n, and n times int32 index,
float64 value: standard_normal() number index of the seed, every fiftieth and all those beyond 3.4.

The libm file tells whether a machine rounds sin, cos and pow as the recording one did:
int32 n, and n times float64 x, sin(x), cos(x), x ** 2.
"""
import pathlib
import random
import struct
import sys
import warnings

import gymnasium
import numpy

SEEDS = [0, 1, 7, 123456789, 2**32 + 5]
STEPS = 2010
STEPS_OF_CHOICES = 400
STATE_EVERY = 8
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/data/gymnasium"


def cartpole(obs, chance, env):
    x, v, angle, spin = obs
    return int(angle + 0.3 * spin + 0.02 * x + 0.05 * v > 0)


def mountaincar(obs, chance, env):
    return 2 if obs[1] >= 0 else 0


def mountaincar_continuous(obs, chance, env):
    return [(1 if obs[1] >= 0 else -1) * chance.uniform(0.5, 1.5)]


def acrobot(obs, chance, env):
    return 2 if obs[4] < 0 else 0


def pendulum(obs, chance, env):
    return [chance.uniform(-3, 3)]


def planned(obs, chance, env):
    """Greedy on values iterated from the environment's own table."""
    env = env.unwrapped
    if not hasattr(env, "plan"):
        states, actions = len(env.P), len(env.P[0])
        rows = [(s, a, *t) for s in env.P for a in env.P[s] for t in env.P[s][a]]
        s, a, p, to, reward, ended = (numpy.array(column) for column in zip(*rows))
        value = numpy.zeros(states)
        for _ in range(1000):
            gain = numpy.zeros((states, actions))
            numpy.add.at(gain, (s, a), p * (reward + 0.999 * value[to] * (1 - ended)))
            value = gain.max(axis=1)
        env.plan = gain.argmax(axis=1)
    return int(env.plan[int(obs[0])])


def blackjack(obs, chance, env):
    return int(obs[0] < 17)


# name: (policy, share of random actions, the state as a list of numbers or None)
ENVS = {
    "CartPole-v0": (cartpole, 0.1, lambda e: e.state),
    "CartPole-v1": (cartpole, 0.05, lambda e: e.state),
    "MountainCar-v0": (mountaincar, 0.2, lambda e: e.state),
    "MountainCarContinuous-v0": (mountaincar_continuous, 0.2, None),
    "Acrobot-v1": (acrobot, 0.1, lambda e: e.state),
    "Pendulum-v1": (pendulum, 0.2, lambda e: e.state),
    "FrozenLake-v1": (planned, 0.05, None),
    "FrozenLake8x8-v1": (planned, 0.05, None),
    "CliffWalking-v1": (planned, 0.1, None),
    "Taxi-v4": (planned, 0.2, None),
    "Blackjack-v1": (blackjack, 0.3, None),
    "Blackjack-natural": (blackjack, 0.1, None),
    "CliffWalking-slippery": (planned, 0.1, None),
    "FrozenLake-firm": (planned, 0.2, None),
    "FrozenLake-own": (planned, 0.05, None),
}

# Files of environments with options: whose, and which.
CHOICES = {
    "Blackjack-natural": ("Blackjack-v1", {"natural": True, "sab": False}),
    "CliffWalking-slippery": ("CliffWalking-v1", {"is_slippery": True}),
    "FrozenLake-firm": ("FrozenLake-v1", {"is_slippery": False}),
    "FrozenLake-own": ("FrozenLake-v1", {"desc": ["SFFFH", "FFHFF", "FFFFG"]}),
}


def flat(obs):
    """Any observation as a list of float32."""
    return numpy.asarray(obs, dtype=numpy.float32).reshape(-1)


def random_action(space, chance):
    if isinstance(space, gymnasium.spaces.Discrete):
        return chance.randrange(int(space.n))
    return [chance.gauss(0, 1.5 * float(space.high[0]))]


def play(name, seed, steps):
    """Yield (None, obs) for every reset, (action, obs, reward, terminated, truncated, state) for
    every step; state is None where the environment has none of its own."""
    policy, share, state = ENVS[name]
    base, options = CHOICES.get(name, (name, {}))
    env = gymnasium.make(base, **options)
    chance = random.Random(f"{name} {seed}")
    always_guided = base == "CliffWalking-v1"  # chance alone hardly ever arrives
    guided = always_guided
    obs = flat(env.reset(seed=seed)[0])
    yield None, obs
    for _ in range(steps):
        if guided and chance.random() >= share:
            action = policy(obs, chance, env)
        else:
            action = random_action(env.action_space, chance)
        action = numpy.asarray(action, dtype=numpy.float32)
        given = int(action) if action.ndim == 0 else action
        obs, reward, terminated, truncated, _ = env.step(given)
        obs = flat(obs)
        inner = None if state is None else numpy.asarray(state(env.unwrapped), numpy.float64)
        yield action, obs, float(reward), terminated, truncated, inner
        if terminated or truncated:
            obs = flat(env.reset()[0])
            yield None, obs
            guided = always_guided or not guided


def record_env(name):
    body = bytearray()
    shape = None
    counts = [0, 0]
    steps = STEPS_OF_CHOICES if name in CHOICES else STEPS
    for seed in SEEDS:
        body += struct.pack("<Qi", seed, steps)
        step = 0
        for action, obs, *rest in play(name, seed, steps):
            if action is None:
                body += obs.tobytes()
                continue
            reward, terminated, truncated, state = rest
            with_state = state is not None and step % STATE_EVERY == 0
            flags = terminated + 2 * truncated + 4 * with_state
            body += action.tobytes() + obs.tobytes() + struct.pack("<dB", reward, flags)
            body += state.tobytes() if with_state else b""
            shape = (len(obs), action.size, 0 if state is None else len(state))
            counts[0] += terminated
            counts[1] += truncated
            step += 1
    head = b"HDGYM001" + struct.pack("<4i", *shape, len(SEEDS))
    (FOLDER / f"{name}.bin").write_bytes(head + body)
    print(f"{name}: {len(SEEDS)} seeds of {steps} steps, {counts[0]} terminated, "
          f"{counts[1]} truncated, {len(head + body)} bytes")


def record_numpy():
    seeds = [0, 1, 2, 42, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**64 - 1]
    limits = [2, 3, 4, 6, 13, 52, 1000, 2**31 - 1, 2**31 + 1, 2**32 - 1]
    out = bytearray(struct.pack("<i", len(seeds)))
    for seed in seeds:
        generator = numpy.random.Generator(numpy.random.PCG64(seed))
        chance = random.Random(seed)
        out += struct.pack("<Qi", seed, 400)
        for _ in range(400):
            n = 0 if chance.random() < 0.4 else chance.choice(limits)
            value = generator.random() if n == 0 else generator.integers(n)
            out += struct.pack("<Id", n, float(value))
    (FOLDER / "numpy.bin").write_bytes(out)
    print(f"numpy: {len(seeds)} seeds of 400 draws, {len(out)} bytes")


def record_normal():
    seeds = [0, 1, 42, 2**32, 2**64 - 1]
    out = bytearray(struct.pack("<i", len(seeds)))
    for seed in seeds:
        values = numpy.random.Generator(numpy.random.PCG64(seed)).standard_normal(20000)
        kept = [(i, x) for i, x in enumerate(values) if i % 50 == 0 or abs(x) > 3.4]
        out += struct.pack("<Qi", seed, len(kept))
        out += b"".join(struct.pack("<id", i, x) for i, x in kept)
    (FOLDER / "normal.bin").write_bytes(out)
    print(f"normal: {len(seeds)} seeds of 20000 draws, {len(out)} bytes")


def record_libm():
    out = bytearray(struct.pack("<i", 300))
    for x in numpy.random.Generator(numpy.random.PCG64(0)).uniform(-10, 10, 300):
        out += struct.pack("<4d", x, numpy.sin(x), numpy.cos(x), x**2)
    (FOLDER / "libm.bin").write_bytes(out)


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"gymnasium {gymnasium.__version__}, numpy {numpy.__version__}")
    for name in sys.argv[1:] or ENVS:
        record_env(name)
    record_numpy()
    record_normal()
    record_libm()


if __name__ == "__main__":
    main()
