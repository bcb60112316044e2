"""Hedon's environments for Gymnasium: importing this module registers "hedon/CartPole-v1" and all others.

    import gymnasium, hedon.gymnasium
    env = gymnasium.make("hedon/CartPole-v1")
    envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=1024)
"""
from __future__ import annotations

import ctypes
import math
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ._api import HD_RNG_GYMNASIUM, HD_RNG_NATIVE, hd_env_desc
from ._config import tasks
from ._context import Context, Handle
from ._errors import RangeError
from ._library import lib

if TYPE_CHECKING:
    from ._config import TaskInfo


def _space_of(dims: Any, n: int, is_action: bool) -> Any:
    """Integers are Discrete or MultiDiscrete. Observations lie mostly, but not always, in the range
    that the library knows, so that their Box has no bounds."""
    counts = [dims[i].count for i in range(n)]
    if all(counts):
        return spaces.Discrete(counts[0]) if n == 1 else spaces.MultiDiscrete(counts)
    if is_action:
        return spaces.Box(numpy.array([dims[i].low for i in range(n)], numpy.float32),
                          numpy.array([dims[i].high for i in range(n)], numpy.float32))
    return spaces.Box(-math.inf, math.inf, (n,), numpy.float32)


class _Copies:
    """B environments of the library, and the arrays that it writes."""

    def __init__(self, name: str, n: int, rng: str) -> None:
        if n < 1:
            raise RangeError(f"num_envs = {n}; allowed: 1 or more")
        self.context = Context()
        found = c_void_p()
        with self.context as context:
            context.check(lib.hd_env_find(context.handle, name.encode(), byref(found)))
        self.description = hd_env_desc.from_address(found.value or 0)
        self.n, self.rng = n, {"native": HD_RNG_NATIVE, "gymnasium": HD_RNG_GYMNASIUM}[rng]
        d = self.description
        self.observation_space = _space_of(d.obs, d.n_obs, False)
        self.action_space = _space_of(d.act, d.n_act, True)
        self.is_discrete = isinstance(self.observation_space, spaces.Discrete)
        self.obs: Any = numpy.zeros((n, d.n_obs), numpy.float32)
        self.action: Any = numpy.zeros((n, d.n_act), numpy.float32)
        self.reward: Any = numpy.zeros(n, numpy.float64)
        self.terminated: Any = numpy.zeros(n, numpy.bool_)
        self.truncated: Any = numpy.zeros(n, numpy.bool_)
        arrays = (self.action, self.obs, self.reward, self.terminated, self.truncated)
        self._at = [array.ctypes.data for array in arrays]
        self._handle: Handle | None = None

    def reset(self, seed: int | None) -> None:
        """A new episode everywhere: with a seed on new random streams, else on the running ones."""
        if seed is not None or self._handle is None:
            handle = Handle(self.context, lib.hd_envs_destroy)
            handle.make(lib.hd_envs_create, ctypes.addressof(self.description), self.n, seed or 0, self.rng)
            self._handle = handle
        with self.context:
            lib.hd_envs_reset(self._handle._as_parameter_, self._at[1])

    def step(self) -> None:
        if self._handle is None:
            raise gymnasium.error.ResetNeeded("reset() comes before the first step()")
        with self.context:
            lib.hd_envs_step(self._handle._as_parameter_, *self._at)

    def reset_done(self) -> None:
        if self._handle is not None:
            with self.context:
                lib.hd_envs_reset_done(self._handle._as_parameter_, self._at[1])

    def shown(self) -> Any:
        """A copy of the observations, [n] of a Discrete space, else [n][n_obs]."""
        if self.is_discrete:
            return self.obs[:, 0].astype(numpy.int64)
        return self.obs.astype(self.observation_space.dtype)


class Env(gymnasium.Env):  # type: ignore[misc]
    """One of Hedon's environments.

    rng  "native", or "gymnasium": a seed then gives the episodes of Gymnasium's own environment"""

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, task: str, rng: str = "native", render_mode: None = None) -> None:
        self._copies = _Copies(task, 1, rng)
        self.observation_space = self._copies.observation_space
        self.action_space = self._copies.action_space
        self.render_mode = render_mode

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self._copies.reset(seed)
        return self._shown(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        copies = self._copies
        if not self.action_space.contains(action):
            raise RangeError(f"the action {action!r} is not of {self.action_space}")
        copies.action[0] = action
        copies.step()
        return (self._shown(), float(copies.reward[0]), bool(copies.terminated[0]),
                bool(copies.truncated[0]), {})

    def _shown(self) -> Any:
        return self._copies.shown()[0]


class Vector(VectorEnv):  # type: ignore[misc]
    """Many of Hedon's environments, stepped in one call. An episode that ends begins anew in the same
    step; infos["final_obs"] then has its last observation (AutoresetMode.SAME_STEP)."""

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.SAME_STEP}

    def __init__(self, task: str, num_envs: int = 1, rng: str = "native", render_mode: None = None,
                 max_episode_steps: int | None = None) -> None:
        self._copies = _Copies(task, num_envs, rng)
        limit = self._copies.description.max_steps
        if max_episode_steps not in (None, limit):
            raise RangeError(f"max_episode_steps = {max_episode_steps}; allowed: {limit}, the limit of {task}")
        self.num_envs, self.render_mode = num_envs, render_mode
        self.single_observation_space = self._copies.observation_space
        self.single_action_space = self._copies.action_space
        self._n_actions: int = self._copies.description.act[0].count
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self._copies.reset(seed)
        return self._copies.shown(), {}

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        copies = self._copies
        self._take(numpy.asarray(actions))
        copies.step()
        terminated, truncated = copies.terminated.copy(), copies.truncated.copy()
        ended = terminated | truncated
        infos: dict[str, Any] = {}
        if ended.any():
            infos = self._last(copies.shown(), ended)
            copies.reset_done()
        return copies.shown(), copies.reward.copy(), terminated, truncated, infos

    def _take(self, given: Any) -> None:
        """Actions are checked, since the environments in C rely on them."""
        if given.size == self._copies.action.size and given.dtype.kind in "iuf":
            low, high = given.min(), given.max()
            if self._n_actions and given.dtype.kind != "f" and low >= 0 and high < self._n_actions:
                self._copies.action[:, 0] = given.reshape(-1)
                return
            if not self._n_actions and math.isfinite(low) and math.isfinite(high):
                self._copies.action[:] = given.reshape(self._copies.action.shape)
                return
        raise RangeError(f"actions of shape {list(given.shape)} and kind {given.dtype} are not of "
                         f"{self.action_space}")

    def _last(self, shown: Any, ended: Any) -> dict[str, Any]:
        last: Any = numpy.full(self.num_envs, None, dtype=object)
        for b, obs in zip(numpy.flatnonzero(ended).tolist(), shown[ended]):
            last[b] = obs
        return {"final_obs": last, "_final_obs": ended}


def _make(task: str, **options: Any) -> Env:
    return Env(task, **options)


def _make_vector(task: str, **options: Any) -> Vector:
    return Vector(task, **options)


def _register(task: TaskInfo) -> None:
    gymnasium.register(
        id="hedon/" + task.name, entry_point=_make, vector_entry_point=_make_vector,
        kwargs={"task": task.name}, max_episode_steps=task.max_steps or None,
        reward_threshold=None if math.isnan(task.solved) else task.solved)


for _task in tasks():
    if "hedon/" + _task.name not in gymnasium.registry:
        _register(_task)
