"""Environments of Gymnasium, and any object with their methods, as tasks of the library."""
from __future__ import annotations

import importlib
import json
import math
import warnings
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, Callable, Final, Union

from ._batch import Alone, Lockstep, Singles, begin, check_step, random_numbers, restarts_alone
from ._config import whole
from ._context import Context, encoded
from ._errors import RangeError, UsageError, Warned
from ._host import Host
from ._library import lib
from ._numpy import numpy
from ._spaces import Component, actions, numbers_of, observations

if TYPE_CHECKING:
    import os
    import random
    from collections.abc import Sequence

    from ._api import hd_foreign_batch

# A bound further out than this says nothing about where observations lie.
FAR: Final = 1e6
PROBED_STEPS: Final = 1000
HEADER: Final = 2**28  # bytes that the header of a saved learner is shorter than


class Task:
    """An environment of Python as a task for hedon.train, hedon.Session and hedon.Agent.

    make       a function without arguments that makes an environment, or the name of one that is
               registered with Gymnasium. Several are made, which may be used from several threads,
               each by one at a time
    vector     make is a function of a number n that makes a gymnasium.vector.VectorEnv of so many
               environments (of a name: gymnasium.make_vec), which are then stepped in one call
    name       how messages and files call it; default: its name in Gymnasium, or of its class
    solved     mean return that counts as solved; default: Gymnasium's reward threshold
    max_steps  an episode is truncated after so many; default: Gymnasium's limit
    low, high  range in which observations lie, for each number of an observation, or one for all. Default: the
               bounds of the observation space and, where it has none, the range seen in 1000 random
               steps, widened by a half

    Every episode begins with env.reset(seed=...) of a seed that the library draws, so a run is a
    function of its configuration and seed if the environment is one of its seed and its actions.
    """

    def __init__(self, make: str | Callable[..., Any], *, vector: bool = False, name: str | None = None,
                 solved: float | None = None, max_steps: int | None = None,
                 low: Sequence[float] | None = None, high: Sequence[float] | None = None) -> None:
        if not isinstance(make, str) and not callable(make):
            raise UsageError(f"{make!r} makes no environment; give a function that makes one, or its name in Gymnasium")
        if isinstance(make, str):
            make = make.removeprefix("gymnasium:")  # as hedon.train calls it
        self.make: Callable[..., Any] = _maker(make, vector) if isinstance(make, str) else make
        self.is_vector, self.is_lockstep = vector, False
        if isinstance(make, str) and all(given is None for given in (name, solved, max_steps, low, high)):
            name = "gymnasium:" + make  # as the tool calls it, which can open it by this name
        if vector:
            self._read_vector(name)
        env = self._alone() if vector else self.make()
        if hasattr(env, "num_envs") and not vector:
            raise UsageError(f"{env!r} is a vector of environments; give hedon.Task(make, vector=True), "
                             "where make(n) makes a vector of n")
        for method in ("reset", "step", "close"):
            if not callable(getattr(env, method, None)):
                raise UsageError(f"{env!r} is no environment: it has no method {method}")
        try:
            self._read(env, name, solved, max_steps)
            self._set_ranges(env, low, high)
        finally:
            env.close()

    # ---- vectors ----

    def _read_vector(self, name: str | None) -> None:
        if numpy() is None:
            raise ImportError("vectors of environments need numpy, which is not installed")
        vector = self.make(2)
        try:
            if getattr(vector, "num_envs", None) != 2:
                raise UsageError(f"{vector!r} is no vector of two environments, which make(2) was to make")
            self._vector_name = name or _name_of(vector)
            self._set_spaces(vector.single_observation_space, vector.single_action_space, self._vector_name)
            self.is_lockstep = restarts_alone(vector, self.observations, self.actions)
        finally:
            vector.close()
        if not self.is_lockstep:
            warnings.warn(f"{self._vector_name} cannot restart one of its environments alone (options="
                          "{'reset_mask': ...}), so each is made as a vector of one; "
                          "gymnasium.make_vec(..., vectorization_mode='sync') makes one that can", Warned,
                          stacklevel=4)

    def _alone(self) -> Alone:
        return Alone(self.make(1), self.actions)

    def batch(self, raw: hd_foreign_batch) -> Singles | Lockstep:
        """Environments for the library, which steps them together."""
        if self.is_lockstep:
            return Lockstep(raw, self.make, self.observations, self.actions)
        if self.is_vector:
            return Singles(raw, self._alone, self.observations, self.actions.as_numbers())
        return Singles(raw, self.make, self.observations, self.actions)

    def _set_spaces(self, observation_space: Any, action_space: Any, name: str) -> None:
        self.observations = observations(observation_space, name)
        self.actions = actions(action_space, name)

    # ---- what it is ----

    def _read(self, env: Any, name: str | None, solved: float | None, max_steps: int | None) -> None:
        spec = getattr(env, "spec", None)
        self.name = name or (self._vector_name if self.is_vector else _name_of(env))
        threshold = getattr(spec, "reward_threshold", None)
        self.solved = solved if solved is not None else math.nan if threshold is None else float(threshold)
        limit = max_steps if max_steps is not None else getattr(spec, "max_episode_steps", None)
        self.max_steps = whole(limit or 0, "max_steps", 0, 2**31 - 1)
        self._set_spaces(env.observation_space, env.action_space, self.name)

    # ---- ranges of observations ----

    def _set_ranges(self, env: Any, low: Sequence[float] | None, high: Sequence[float] | None) -> None:
        components = self.observations.components
        unbounded = [i for i, c in enumerate(components)
                     if c.values == 0 and not (abs(c.low) < FAR and abs(c.high) < FAR and c.low < c.high)]
        if (low is None) != (high is None):
            raise UsageError("low and high are given together: a number for each number of an observation")
        if low is None or high is None:
            if unbounded:
                self._probe(env, unbounded)
            return
        bounds = list(zip(_bounds("low", low, len(components)), _bounds("high", high, len(components))))
        for i, (given_low, given_high) in enumerate(bounds):
            components[i] = components[i]._replace(low=given_low, high=given_high)

    def _probe(self, env: Any, which: list[int]) -> None:
        from random import Random

        components, draw = self.observations.components, Random(0)
        lows, highs = [math.inf] * len(components), [-math.inf] * len(components)
        observation, seed, is_over = None, 0, True
        for _ in range(PROBED_STEPS):
            if is_over:
                observation, is_over = begin(env, seed), False
                seed += 1
            else:
                made = env.step(self.random_action(draw))
                check_step(env, made)
                observation, _r, terminated, truncated, _i = made
                is_over = bool(terminated or truncated)
            for i, x in enumerate(self.observations.flatten(observation)):
                lows[i], highs[i] = min(lows[i], float(x)), max(highs[i], float(x))
        for i in which:
            margin = max(0.25 * (highs[i] - lows[i]), 1e-3)
            components[i] = components[i]._replace(low=lows[i] - margin, high=highs[i] + margin)

    def random_action(self, draw: random.Random) -> Any:
        numbers = random_numbers(self.actions, draw)
        return self.actions.as_numbers().make(numbers) if self.is_vector else self.actions.make(numbers)

    def register(self, context: Context) -> str:
        """Make the task known to a context; the name under which it is."""
        hosted = Host(self, context)
        context.kept.append(hosted)
        with context:
            context.check(lib.hd_env_register(context.handle, byref(hosted.description)))
        return hosted.name

    def __repr__(self) -> str:
        return (f"<hedon.Task {self.name}: {len(self.observations.components)} numbers observed, "
                f"{_said(self.actions.components)}>")


TaskLike = Union[str, Task, Callable[[], Any]]


def _bounds(name: str, given: Any, n: int) -> list[float]:
    """A number for each number of an observation; one alone is that of all."""
    numbers = numbers_of(given)
    if len(numbers) == 1 and not isinstance(given, (list, tuple)):
        numbers *= n
    if len(numbers) != n:
        raise RangeError(f"{name} has {len(numbers)} numbers; allowed: {n}, one for each number of an observation, "
                         "or one for all")
    return numbers


def _said(components: list[Component]) -> str:
    values = components[0].values
    return f"{values} actions" if values else f"actions of {len(components)} real numbers"


def _name_of(env: Any) -> str:
    """Its name in Gymnasium, or that of its class, whatever wrappers are round it."""
    return str(getattr(getattr(env, "spec", None), "id", None) or type(getattr(env, "unwrapped", env)).__name__)


def _maker(name: str, vector: bool) -> Callable[..., Any]:
    """A function that makes an environment registered with Gymnasium, or a vector of them."""
    try:
        import gymnasium
    except ImportError:
        raise ImportError(f"the environment {name} needs gymnasium, which is not installed") from None
    module, _, registered = name.rpartition(":")
    if module:
        importlib.import_module(module)  # as gymnasium.make does
    gymnasium.spec(registered)  # raises with its own sentence if there is none
    if vector:
        return lambda n: gymnasium.make_vec(name, num_envs=n)
    return lambda: gymnasium.make(name)


def _why_not_in_gymnasium(name: str) -> str | None:
    """What Gymnasium says of a name that it does not know, "" where it is not installed; None: it has one."""
    try:
        import gymnasium
    except ImportError:
        return ""
    try:
        gymnasium.spec(name)
    except gymnasium.error.Error as error:
        return f" (what a module registers: gymnasium:{name})" if ":" in name else f" (Gymnasium: {error})"
    return None


def as_task(task: TaskLike) -> str | Task:
    """The name of a task that is built in, or a hedon.Task of an environment of Python."""
    if isinstance(task, str):
        context, found = Context(), c_void_p()
        with context:
            status = lib.hd_env_find(context.handle, encoded(task), byref(found))
        if status == 0:
            return task
        if task.startswith("gymnasium:"):
            return Task(task[len("gymnasium:"):])
        why_not = _why_not_in_gymnasium(task)
        if why_not is not None:
            refused = context.error(status)
            raise type(refused)(f"{refused}{why_not}")
        return Task(task)
    if isinstance(task, Task):
        return task
    if isinstance(task, type):  # which makes one when it is called
        return Task(task)
    if hasattr(task, "num_envs"):
        raise UsageError(f"{task!r} is one vector of environments, and a learner needs some to learn in "
                         "and others to be evaluated in; give hedon.Task(make, vector=True), where make(n) "
                         "makes a vector of n")
    if hasattr(task, "step"):
        raise UsageError(f"{task!r} is one environment, and a learner steps several side by side; give "
                         "a function that makes one, or its name in Gymnasium")
    if not callable(task):
        raise UsageError(f"{task!r} is no task: give a name, a function that makes an environment, or a "
                         "hedon.Task")
    return Task(task)


def saved_task(path: str | os.PathLike[str]) -> Task | None:
    """The task of a saved learner if its name says where in Gymnasium it is, gymnasium:NAME; else None."""
    try:
        with open(path, "rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little") % HEADER))
        name = header["__metadata__"]["task"]
    except (OSError, ValueError, KeyError, TypeError):  # of which the library says what is wrong
        return None
    return Task(name[len("gymnasium:"):], name=name) if str(name).startswith("gymnasium:") else None


def enter(task: TaskLike) -> tuple[Context, str]:
    """A new context that knows the task, and the task's name there."""
    made, context = as_task(task), Context()
    return context, made if isinstance(made, str) else made.register(context)
