"""Spaces of Gymnasium as components of the library's observations and actions."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ._errors import ConflictError, RangeError
from ._numpy import numpy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_ACTIONS = 4096


class Component(NamedTuple):
    """One number of an observation or an action: an integer below `values`, or (0) a real one."""

    name: str
    values: int
    low: float
    high: float


class Observations(NamedTuple):
    components: list[Component]
    flatten: Callable[[Any], Any]
    "Numbers of an observation, a list or an array."


class Actions(NamedTuple):
    components: list[Component]
    make: Callable[[Sequence[float]], Any]


def kind(space: Any) -> str:
    """The name of a space's class among those of Gymnasium, looking through subclasses."""
    for cls in type(space).__mro__:
        if cls.__name__ in ("Box", "Discrete", "MultiDiscrete", "MultiBinary", "Tuple", "Dict"):
            return str(cls.__name__)
    return type(space).__name__


def numbers_of(value: Any) -> list[float]:
    """Numbers of a nested list or an array, in their order."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [x for v in value for x in numbers_of(v)]
    return [float(value)]


def _counts(space: Any) -> list[int]:
    if kind(space) == "MultiBinary":
        return [2] * len(numbers_of(space.sample()))
    return [int(n) for n in numbers_of(space.nvec)]


def _starts(space: Any, n: int) -> list[int]:
    start = getattr(space, "start", None)
    return [0] * n if start is None else [int(s) for s in numbers_of(start)]


def observations(space: Any, task: str, name: str = "obs") -> Observations:
    """Components of an observation space, and the function that puts an observation in their order."""
    k = kind(space)
    if k == "Discrete":
        start = int(getattr(space, "start", 0))
        return Observations([Component(name, int(space.n), 0, 0)], lambda o: (float(int(o) - start),))
    if k == "Box":
        return _box_observations(space, name)
    if k in ("MultiDiscrete", "MultiBinary"):
        counts = _counts(space)
        starts = _starts(space, len(counts))
        return Observations([Component(f"{name}[{i}]", n, 0, 0) for i, n in enumerate(counts)],
                            lambda o: [x - s for x, s in zip(numbers_of(o), starts)])
    if k == "Tuple":
        parts = [observations(s, task, f"{name}.{i}") for i, s in enumerate(space.spaces)]
        return Observations([c for p in parts for c in p.components],
                            lambda o: [x for p, v in zip(parts, o) for x in p.flatten(v)])
    raise ConflictError(f"{task} observes a space of kind {k}; allowed: Box, Discrete, MultiDiscrete, "
                        "MultiBinary, and Tuple of these (gymnasium.wrappers.FlattenObservation makes a "
                        "Box of most others)")


def _box_observations(space: Any, name: str) -> Observations:
    lows, highs = numbers_of(space.low), numbers_of(space.high)
    n = len(lows)
    components = [Component(f"{name}[{i}]" if n > 1 else name, 0, low, high)
                  for i, (low, high) in enumerate(zip(lows, highs))]
    module = numpy()

    def flatten(observation: Any) -> Any:
        if module is not None:
            flat: Any = module.asarray(observation, module.float32).reshape(-1)
        else:
            flat = numbers_of(observation)
        if len(flat) != n:
            raise RangeError(f"an observation of {len(flat)} numbers; its space has {n}")
        return flat

    return Observations(components, flatten)


def actions(space: Any, task: str) -> Actions:
    """Components of an action space, and the function that makes an action of them. Several integers
    become one, which counts their combinations."""
    k = kind(space)
    if k == "Discrete":
        start = int(getattr(space, "start", 0))
        return Actions([Component("action", int(space.n), 0, 0)], lambda a: int(a[0]) + start)
    if k in ("MultiDiscrete", "MultiBinary"):
        return _combined_actions(space, task)
    if k == "Box":
        return _box_actions(space, task)
    raise ConflictError(f"{task} takes actions of kind {k}; allowed: Discrete, MultiDiscrete, MultiBinary, "
                        "Box")


def _combined_actions(space: Any, task: str) -> Actions:
    counts = _counts(space)
    starts = _starts(space, len(counts))
    total = math.prod(counts)
    if total > MOST_ACTIONS:
        raise ConflictError(f"{task} has {total} combinations of its {len(counts)} integer actions; "
                            f"allowed: {MOST_ACTIONS}")
    module, dtype = numpy(), getattr(space, "dtype", None)
    shape = tuple(getattr(space, "shape", None) or (len(counts),))

    def make(action: Sequence[float]) -> Any:
        code, made = int(action[0]), []
        for count, start in zip(counts, starts):
            code, digit = divmod(code, count)
            made.append(digit + start)
        return made if module is None else module.array(made, dtype).reshape(shape)

    return Actions([Component("action", total, 0, 0)], make)


def _box_actions(space: Any, task: str) -> Actions:
    lows, highs = numbers_of(space.low), numbers_of(space.high)
    for i, (low, high) in enumerate(zip(lows, highs)):
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise RangeError(f"action {i} of {task} ranges from {low:g} to {high:g}; allowed: two "
                             "different finite bounds (gymnasium.wrappers.RescaleAction, or ClipAction, "
                             "gives them)")
    components = [Component(f"action[{i}]", 0, low, high) for i, (low, high) in enumerate(zip(lows, highs))]
    module, dtype, shape = numpy(), getattr(space, "dtype", None), tuple(space.shape)

    def make(action: Sequence[float]) -> Any:
        if module is None:
            return list(action)
        return module.array(action, dtype).reshape(shape)

    return Actions(components, make)
