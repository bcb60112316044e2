#!/usr/bin/env python3
"""Record what Gymnasium's MuJoCo robots do, for tests/env/test_mujoco.c.

Use:  python tools/record_mujoco.py [ENV ...]

with a Python that has gymnasium 1.4.0, mujoco 2.2.2, glfw and imageio. Writes
tests/data/mujoco/ENV.bin for every environment named (all by default):

  8 bytes "HDMJC001"; int32 version of MuJoCo, n_obs, n_act, nq, nv, n_seeds; then for every seed
  uint64 seed, int32 steps, float32 obs[n_obs] and state of reset(seed), and for every step
    float32 action[n_act], float32 obs[n_obs], float64 reward,
    uint8 flags: 1 terminated, 2 truncated
    state
    float32 obs[n_obs] and state of the reset() that follows at once   if terminated or truncated

A state is float64 time, qpos[nq], qvel[nv], qacc_warmstart[nv], x of the first body.

MuJoCo's own wheels of 2.2.2 are not on PyPI, its sources are: they build on Debian's library with
MUJOCO_PATH=/usr. Other versions will do, but what they compute differs in the last digits.
"""
import pathlib
import random
import struct
import sys
import warnings

import gymnasium
import mujoco
import numpy

SEEDS = [0, 1, 123456789, 2**32 + 5]
STEPS = 50
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/data/mujoco"
ENVS = ["InvertedPendulum-v4", "InvertedDoublePendulum-v4", "Hopper-v4", "HalfCheetah-v4",
        "Walker2d-v4", "Ant-v4"]


def state_of(env):
    data = env.unwrapped.data
    parts = [[data.time], data.qpos, data.qvel, data.qacc_warmstart, data.xpos[1][:1]]
    return numpy.concatenate(parts).astype(numpy.float64).tobytes()


def seen(obs, env):
    return obs.astype(numpy.float32).tobytes() + state_of(env)


def record_env(name):
    env = gymnasium.make(name)
    model = env.unwrapped.model
    high = env.action_space.high
    body, ended = bytearray(), 0
    for seed in SEEDS:
        chance = random.Random(f"{name} {seed}")
        obs = env.reset(seed=seed)[0]
        body += struct.pack("<Qi", seed, STEPS) + seen(obs, env)
        for _ in range(STEPS):
            # About one control in seven is beyond its range.
            action = numpy.array([chance.gauss(0, 0.7 * float(h)) for h in high], numpy.float32)
            obs, reward, terminated, truncated, _ = env.step(action)
            body += action.tobytes() + obs.astype(numpy.float32).tobytes()
            body += struct.pack("<dB", reward, terminated + 2 * truncated) + state_of(env)
            if terminated or truncated:
                ended += 1
                body += seen(env.reset()[0], env)
    head = b"HDMJC001" + struct.pack("<6i", mujoco.mj_version(), len(obs), len(high), model.nq,
                                     model.nv, len(SEEDS))
    (FOLDER / f"{name}.bin").write_bytes(head + body)
    print(f"{name}: {len(SEEDS)} seeds of {STEPS} steps, {ended} episodes ended, "
          f"{len(head + body)} bytes")


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"gymnasium {gymnasium.__version__}, mujoco {mujoco.__version__}")
    for name in sys.argv[1:] or ENVS:
        record_env(name)


if __name__ == "__main__":
    main()
