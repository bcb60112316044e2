"""Hedon's environments for Gymnasium: importing this module registers "hedon/CartPole-v1" and all others.

    import gymnasium, hedon.gymnasium
    env = gymnasium.make("hedon/CartPole-v1")
    envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=1024)
"""
from __future__ import annotations

import ctypes
import math
from _thread import allocate_lock
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ._api import HD_RNG_GYMNASIUM, HD_RNG_NATIVE, hd_env_desc
from ._config import tasks
from ._context import Context, Handle, encoded
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
    """B environments of the library, and the arrays that it reads and writes."""

    def __init__(self, name: str, n: int, rng: str) -> None:
        if n < 1:
            raise RangeError(f"num_envs = {n}; allowed: 1 or more")
        kinds = {"native": HD_RNG_NATIVE, "gymnasium": HD_RNG_GYMNASIUM}
        if rng not in kinds:
            raise RangeError(f"rng = {rng!r}; allowed: 'native', 'gymnasium'")
        self.context = Context()
        found = c_void_p()
        with self.context as context:
            context.check(lib.hd_env_find(context.handle, encoded(name), byref(found)))
        self.description = hd_env_desc.from_address(found.value or 0)
        self.n, self.rng, d = n, kinds[rng], self.description
        self.observation_space = _space_of(d.obs, d.n_obs, False)
        self.action_space = _space_of(d.act, d.n_act, True)
        self.is_discrete = isinstance(self.observation_space, spaces.Discrete)
        self.obs: Any = numpy.zeros((n, d.n_obs), numpy.float32)
        self.action: Any = numpy.zeros((n,) if d.act[0].count else (n, d.n_act), numpy.float32)
        self.reward: Any = numpy.zeros(n, numpy.float64)
        self.terminated: Any = numpy.zeros(n, numpy.bool_)
        self.truncated: Any = numpy.zeros(n, numpy.bool_)
        arrays = (self.action, self.obs, self.reward, self.terminated, self.truncated)
        self._at = [array.ctypes.data for array in arrays]
        self._handle: Handle | None = None
        self._lock = allocate_lock()  # of threads that share the environments
        self._calls: tuple[Any, ...] = ()

    def _make(self, seed: int) -> Handle:
        self._handle = Handle(self.context, lib.hd_envs_destroy)
        self._handle.make(lib.hd_envs_create, ctypes.addressof(self.description), self.n, seed, self.rng)
        self._calls = (self._handle._as_parameter_, *self._at)
        return self._handle

    def reset(self, seed: int | None) -> None:
        """A new episode everywhere: with a seed on new random streams, else on the running ones."""
        with self._lock:
            handle = self._handle
            if seed is not None or handle is None:
                handle = self._make(seed or 0)
            lib.hd_envs_reset(handle._as_parameter_, self._at[1])

    def reset_some(self, which: Any, seeds: Any) -> None:
        """A new episode in some environments, on seeds of their own or on their running streams."""
        with self._lock:
            handle = self._handle or self._make(0)
            lib.hd_envs_reset_some(handle._as_parameter_, which.ctypes.data,
                                   None if seeds is None else seeds.ctypes.data, self._at[1])

    def reset_done(self) -> None:
        with self._lock:
            lib.hd_envs_reset_done(self._calls[0], self._at[1])

    def take(self, actions: Any) -> None:
        """Copy actions; the library looks at their values."""
        action = self.action
        if actions.__class__ is not numpy.ndarray or actions.shape != action.shape:
            given = numpy.asarray(actions)
            if given.size != action.size or given.dtype.kind not in "iufb":
                raise RangeError(f"actions of shape {list(given.shape)} and kind {given.dtype}; allowed: "
                                 f"numbers of shape {list(action.shape)}")
            actions = given.reshape(action.shape)
        elif actions.dtype.kind not in "iufb":
            raise RangeError(f"actions of kind {actions.dtype}; allowed: numbers")
        action[...] = actions

    def advance(self) -> None:
        """A step, in which environments begin anew whose episode ended before it (NEXT_STEP)."""
        calls = self._calls or self._not_reset()
        with self._lock:
            status = lib.hd_envs_advance(*calls)
        if status:
            raise self.context.error(status)

    def step(self) -> None:
        """A step of all environments."""
        calls = self._calls or self._not_reset()
        with self._lock:
            status = lib.hd_envs_check_actions(*calls[:2])
            if not status:
                lib.hd_envs_step(*calls)
        if status:
            raise self.context.error(status)

    def _not_reset(self) -> tuple[Any, ...]:
        raise gymnasium.error.ResetNeeded("reset() comes before the first step()")

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
        copies.take(action)
        copies.step()
        return (self._shown(), float(copies.reward[0]), bool(copies.terminated[0]),
                bool(copies.truncated[0]), {})

    def _shown(self) -> Any:
        return self._copies.shown()[0]


class Vector(VectorEnv):  # type: ignore[misc]
    """Many of Hedon's environments, stepped in one call.

    autoreset_mode  of Gymnasium: NEXT_STEP (an environment whose episode ended begins anew in the next
                    step, which ignores its action), SAME_STEP (it begins anew at once, and
                    infos["final_obs"] has its last observation), or DISABLED (it waits for
                    reset(options={"reset_mask": ...}), which every mode has)
    rng             as hedon.gymnasium.Env has it"""

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(self, task: str, num_envs: int = 1, rng: str = "native", render_mode: None = None,
                 max_episode_steps: int | None = None,
                 autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP) -> None:
        self._copies = _Copies(task, num_envs, rng)
        limit = self._copies.description.max_steps
        if max_episode_steps not in (None, limit):
            raise RangeError(f"max_episode_steps = {max_episode_steps}; allowed: {limit}, the limit of {task}")
        self.num_envs, self.render_mode = num_envs, render_mode
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self._is_next_step = self.autoreset_mode == AutoresetMode.NEXT_STEP
        self.single_observation_space = self._copies.observation_space
        self.single_action_space = self._copies.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        mask = (options or {}).get("reset_mask")
        if mask is None and (seed is None or isinstance(seed, int)):
            super().reset(seed=seed)
            self._copies.reset(seed)
        else:
            self._reset_some(mask, seed)
        return self._copies.shown(), {}

    def _reset_some(self, mask: Any, seed: Any) -> None:
        n = self.num_envs
        which = numpy.ones(n, numpy.bool_) if mask is None else numpy.ascontiguousarray(mask)
        if which.shape != (n,) or which.dtype != numpy.bool_:
            raise RangeError(f"reset_mask of shape {list(which.shape)} and kind {which.dtype}; allowed: "
                             f"bool of shape [{n}]")
        seeds = [seed + i for i in range(n)] if isinstance(seed, int) else [None] * n if seed is None else list(seed)
        if len(seeds) != n:
            raise RangeError(f"{len(seeds)} seeds; allowed: one for each of {n} environments")
        given = numpy.array([s is not None for s in seeds])
        self._copies.reset_some(which & ~given, None)
        self._copies.reset_some(which & given, numpy.array([s or 0 for s in seeds], numpy.uint64))

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        copies = self._copies
        copies.take(actions)
        if self._is_next_step:
            copies.advance()
            return (copies.shown(), copies.reward.copy(), copies.terminated.copy(),
                    copies.truncated.copy(), {})
        copies.step()
        terminated, truncated = copies.terminated.copy(), copies.truncated.copy()
        infos: dict[str, Any] = {}
        if self.autoreset_mode == AutoresetMode.SAME_STEP and (ended := terminated | truncated).any():
            infos = self._last(copies.shown(), ended)
            copies.reset_done()
        return copies.shown(), copies.reward.copy(), terminated, truncated, infos

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
