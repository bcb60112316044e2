"""Environments of Gymnasium, and any object with their methods, as tasks of the library."""
from __future__ import annotations

import math
import random
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, Callable, Final, Union

from ._context import Context
from ._errors import UsageError
from ._host import Host
from ._library import lib
from ._spaces import Component, actions, observations

if TYPE_CHECKING:
    from collections.abc import Sequence

# A bound further out than this says nothing about where observations lie.
FAR: Final = 1e6
PROBED_STEPS: Final = 1000


class Task:
    """An environment of Python as a task for hedon.train, hedon.Session and hedon.Agent.

    make       a function without arguments that makes an environment, or the name of one that is
               registered with Gymnasium. Several are made, which may be used from several threads,
               each by one at a time
    name       how messages and files call it; default: its name in Gymnasium, or of its class
    solved     mean return that counts as solved; default: Gymnasium's reward threshold
    max_steps  an episode is truncated after so many; default: Gymnasium's limit
    low, high  range in which observations lie, for each number of an observation. Default: the
               bounds of the observation space and, where it has none, the range seen in 1000 random
               steps, widened by a half

    Every episode begins with env.reset(seed=...) of a seed that the library draws, so a run is a
    function of its configuration and seed if the environment is one of its seed and its actions.
    """

    def __init__(self, make: str | Callable[[], Any], *, name: str | None = None,
                 solved: float | None = None, max_steps: int | None = None,
                 low: Sequence[float] | None = None, high: Sequence[float] | None = None) -> None:
        self.make: Callable[[], Any] = _maker(make) if isinstance(make, str) else make
        env = self.make()
        for method in ("reset", "step", "close"):
            if not callable(getattr(env, method, None)):
                raise UsageError(f"{env!r} is no environment: it has no method {method}")
        try:
            self._read(env, name, solved, max_steps)
            self._set_ranges(env, low, high)
        finally:
            env.close()

    def _read(self, env: Any, name: str | None, solved: float | None, max_steps: int | None) -> None:
        spec = getattr(env, "spec", None)
        self.name = name or getattr(spec, "id", None) or type(env).__name__
        threshold = getattr(spec, "reward_threshold", None)
        self.solved = solved if solved is not None else math.nan if threshold is None else float(threshold)
        limit = max_steps if max_steps is not None else getattr(spec, "max_episode_steps", None)
        self.max_steps = int(limit or 0)
        self.observations = observations(env.observation_space, self.name)
        self.actions = actions(env.action_space, self.name)

    # ---- ranges of observations ----

    def _set_ranges(self, env: Any, low: Sequence[float] | None, high: Sequence[float] | None) -> None:
        components = self.observations.components
        unbounded = [i for i, c in enumerate(components)
                     if c.values == 0 and not (abs(c.low) < FAR and abs(c.high) < FAR and c.low < c.high)]
        for i, (given_low, given_high) in enumerate(zip(low or (), high or ())):
            components[i] = components[i]._replace(low=float(given_low), high=float(given_high))
        if unbounded and (low is None or high is None):
            self._probe(env, unbounded)

    def _probe(self, env: Any, which: list[int]) -> None:
        components, draw = self.observations.components, random.Random(0)
        lows, highs = [math.inf] * len(components), [-math.inf] * len(components)
        observation, seed, is_over = None, 0, True
        for _ in range(PROBED_STEPS):
            if is_over:
                observation, is_over = env.reset(seed=seed)[0], False
                seed += 1
            else:
                observation, _r, terminated, truncated, _i = env.step(self.random_action(draw))
                is_over = bool(terminated or truncated)
            for i, x in enumerate(self.observations.flatten(observation)):
                lows[i], highs[i] = min(lows[i], float(x)), max(highs[i], float(x))
        for i in which:
            margin = max(0.25 * (highs[i] - lows[i]), 1e-3)
            components[i] = components[i]._replace(low=lows[i] - margin, high=highs[i] + margin)

    def random_action(self, draw: random.Random) -> Any:
        return self.actions.make([draw.randrange(c.values) if c.values else draw.uniform(c.low, c.high)
                                  for c in self.actions.components])

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


def _said(components: list[Component]) -> str:
    values = components[0].values
    return f"{values} actions" if values else f"actions of {len(components)} real numbers"


def _maker(name: str) -> Callable[[], Any]:
    """A function that makes an environment registered with Gymnasium."""
    try:
        import gymnasium
    except ImportError:
        raise ImportError(f"the environment {name} needs gymnasium, which is not installed") from None
    gymnasium.spec(name)  # raises with its own sentence if there is none
    return lambda: gymnasium.make(name)


def _is_in_gymnasium(name: str) -> bool:
    try:
        import gymnasium
    except ImportError:
        return False
    try:
        gymnasium.spec(name)
    except gymnasium.error.Error:
        return False
    return True


def as_task(task: TaskLike) -> str | Task:
    """The name of a task that is built in, or a hedon.Task of an environment of Python."""
    if isinstance(task, str):
        context, found = Context(), c_void_p()
        with context:
            status = lib.hd_env_find(context.handle, task.encode(), byref(found))
        if status == 0:
            return task
        name = task[len("gymnasium:"):] if task.startswith("gymnasium:") else task
        if name == task and not _is_in_gymnasium(name):
            context.check(status)
        return Task(name)
    if isinstance(task, Task):
        return task
    if hasattr(task, "step"):
        raise UsageError(f"{task!r} is one environment, and a learner steps several side by side; give "
                         "a function that makes one, or its name in Gymnasium")
    if not callable(task):
        raise UsageError(f"{task!r} is no task: give a name, a function that makes an environment, or a "
                         "hedon.Task")
    return Task(task)


def enter(task: TaskLike) -> tuple[Context, str]:
    """A new context that knows the task, and the task's name there."""
    made, context = as_task(task), Context()
    return context, made if isinstance(made, str) else made.register(context)
