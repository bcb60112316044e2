"""Spaces of Gymnasium as components of the library's observations and actions."""
from __future__ import annotations

import math
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ._errors import ConflictError, RangeError
from ._numpy import numpy, single

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
    task: str
    "Whose they are, for messages."
    components: list[Component]
    flatten: Callable[[Any], Any]
    "Numbers of an observation, a list or an array."
    many: Callable[[Any, int], Any]
    "Numbers of n observations of a vector of environments, a new array [n][components] of floats."
    shape: tuple[int, ...] | None = None
    "Of an observation that is an array of the numbers themselves."
    each: tuple[int, ...] | None = None
    "Shape of an observation that is an array, () of a number."
    parts: tuple[Observations, ...] = ()
    "Of an observation that is a tuple or a dict."
    split: Callable[[Any], Sequence[Any]] = tuple
    "Into those parts."

    def count(self, observation: Any) -> int:
        """Of how many environments these are the observations; 0: of one alone."""
        if self.parts:
            counts = {part.count(o) for part, o in zip(self.parts, self.split(observation), strict=True)}
            return counts.pop() if len(counts) == 1 else 0
        shape = getattr(observation, "shape", None)
        if shape is None or self.each is None or len(shape) != len(self.each) + 1 or shape[1:] != self.each:
            return 0
        return int(shape[0])

    def writer(self, rows: Any, n: int) -> Callable[[Sequence[Any]], None]:
        """A function that writes n observations into `rows`, an array of n x components C floats."""
        one = self.row_writer(rows)

        def write(observations: Sequence[Any]) -> None:
            for i, observation in enumerate(observations):
                one(i, observation)

        module = numpy()
        if module is not None and self.shape == (len(self.components),):
            return _array_writer(module, rows, n, len(self.components), write)
        return write

    def row_writer(self, rows: Any) -> Callable[[int, Any], None]:
        """A function that writes an observation into one of `rows`."""
        n, flatten = len(self.components), self.flatten

        def write(i: int, observation: Any) -> None:
            numbers = flatten(observation)
            if len(numbers) != n:
                raise _of_wrong_length(self.task, len(numbers), n)
            rows[i * n:(i + 1) * n] = numbers

        return write


def _of_wrong_length(task: str, n: int, expected: int) -> RangeError:
    return RangeError(f"an observation of {task} has {n} number{'' if n == 1 else 's'}; its observation_space says {expected}")


def _array_writer(module: Any, rows: Any, n: int, length: int,
                  otherwise: Callable[[Sequence[Any]], None]) -> Callable[[Sequence[Any]], None]:
    """Vectors of C floats are copied as bytes, all in one; what is anything else, row by row."""
    out = memoryview(rows).cast("B")
    dtype, lengths, dtypes = attrgetter("dtype"), [length] * n, [module.dtype(module.float32)] * n

    def write(observations: Sequence[Any]) -> None:
        try:
            if list(map(dtype, observations)) == dtypes and list(map(len, observations)) == lengths:
                out[:] = b"".join(observations)
                return
        except (AttributeError, BufferError, TypeError, ValueError):
            pass
        otherwise(observations)

    return write


class Actions(NamedTuple):
    components: list[Component]
    make: Callable[[Sequence[float]], Any]
    "The action of an environment, of numbers of the library."
    many: Callable[[Any], Any]
    "Actions of a vector of environments, of an array [n][components]."
    is_count: bool = False
    "An action is the number itself, an integer from 0."

    def reader(self, rows: Any, n: int) -> Callable[[], list[Any]]:
        """A function that makes the actions of what is in `rows`, an array of n x components C floats."""
        module, n_act, make = numpy(), len(self.components), self.make
        if self.is_count:
            numbers = memoryview(rows).cast("B").cast("f")
            return lambda: list(map(int, numbers.tolist()))
        if module is not None and not self.components[0].values:
            array, many = module.frombuffer(rows, module.float32).reshape(n, n_act), self.many
            return lambda: [module.asarray(action) for action in many(array)]
        return lambda: [make(rows[i * n_act:(i + 1) * n_act]) for i in range(n)]

    def as_numbers(self) -> Actions:
        """The same components, whose actions are the numbers: rows [1][components]."""
        module = numpy()
        return self._replace(make=lambda a: module.array(a, module.float32).reshape(1, -1),
                             many=lambda a: a.copy().reshape(len(a), 1, -1), is_count=False)


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


def _shifted(task: str, numbers: Sequence[float], starts: Sequence[int]) -> list[float]:
    if len(numbers) != len(starts):
        raise _of_wrong_length(task, len(numbers), len(starts))
    return [x - start for x, start in zip(numbers, starts)]


def observations(space: Any, task: str, name: str = "obs") -> Observations:
    """Components of an observation space, and the functions that put observations in their order."""
    k = kind(space)
    if k == "Discrete":
        start = int(getattr(space, "start", 0))
        return Observations(task, [Component(name, int(space.n), 0, 0)], lambda o: (float(int(o) - start),),
                            partial(_columns, n_columns=1, start=start), each=())
    if k == "Box":
        return _box_observations(space, task, name)
    if k in ("MultiDiscrete", "MultiBinary"):
        counts = _counts(space)
        starts = _starts(space, len(counts))
        return Observations(task, [Component(f"{name}[{i}]", n, 0, 0) for i, n in enumerate(counts)],
                            lambda o: _shifted(task, numbers_of(o), starts),
                            partial(_columns, n_columns=len(counts), start=starts),
                            each=tuple(getattr(space, "shape", None) or (len(counts),)))
    if k == "Tuple":
        return _joined(task, [observations(s, task, f"{name}.{i}") for i, s in enumerate(space.spaces)], tuple)
    if k == "Dict":
        keys = list(space.spaces)

        def split(observation: Any) -> list[Any]:
            try:
                return [observation[key] for key in keys]
            except KeyError as error:
                raise RangeError(f"an observation of {task} lacks {error}; allowed: all of {', '.join(map(repr, keys))}") from None

        return _joined(task, [observations(space.spaces[key], task, f"{name}.{key}") for key in keys], split)
    raise ConflictError(f"{task} observes a space of kind {k}; allowed: Box, Discrete, MultiDiscrete, "
                        "MultiBinary, and Tuple or Dict of these (gymnasium.wrappers.FlattenObservation makes a "
                        "Box of most others)")


def _columns(observations: Any, n: int, n_columns: int, start: Any = 0) -> Any:
    """Observations of a vector as a new array [n][n_columns]."""
    module = numpy()
    array = module.array(single(observations))
    if array.size != n * n_columns or array.shape[:1] != (n,):
        raise RangeError(f"observations of shape {list(array.shape)} of {n} environments; their space has "
                         f"{n_columns} numbers for each")
    return array.reshape(n, n_columns) - module.asarray(start, module.float32)


def _joined(task: str, parts: list[Observations], split: Callable[[Any], Sequence[Any]]) -> Observations:
    """Observations of several parts, into which `split` divides one."""
    def many(observations: Any, n: int) -> Any:
        return numpy().concatenate([p.many(o, n) for p, o in zip(parts, split(observations), strict=True)], axis=1)

    return Observations(task, [c for p in parts for c in p.components],
                        lambda o: [x for p, v in zip(parts, split(o), strict=True) for x in p.flatten(v)], many,
                        parts=tuple(parts), split=split)


def _box_observations(space: Any, task: str, name: str) -> Observations:
    lows, highs = numbers_of(space.low), numbers_of(space.high)
    n = len(lows)
    components = [Component(f"{name}[{i}]" if n > 1 else name, 0, low, high)
                  for i, (low, high) in enumerate(zip(lows, highs))]
    module = numpy()

    def flatten(observation: Any) -> Any:
        if module is not None:
            flat: Any = single(observation).reshape(-1)
        else:
            flat = numbers_of(observation)
        if len(flat) != n:
            raise _of_wrong_length(task, len(flat), n)
        return flat

    return Observations(task, components, flatten, partial(_columns, n_columns=n), tuple(space.shape),
                        tuple(space.shape))


def actions(space: Any, task: str) -> Actions:
    """Components of an action space, and the function that makes an action of them. Several integers
    become one, which counts their combinations."""
    k = kind(space)
    if k == "Discrete":
        start = int(getattr(space, "start", 0))
        return Actions([Component("action", int(space.n), 0, 0)], lambda a: int(a[0]) + start,
                       lambda a: a[:, 0].astype(getattr(space, "dtype", int)) + start, start == 0)
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

    def many(actions: Any) -> Any:
        codes, made = actions[:, 0].astype(int), []
        for count, start in zip(counts, starts):
            made.append(codes % count + start)
            codes = codes // count
        return numpy().array(made, dtype).T.reshape(len(actions), *shape)

    return Actions([Component("action", total, 0, 0)], make, many)


def _box_actions(space: Any, task: str) -> Actions:
    lows, highs = numbers_of(space.low), numbers_of(space.high)
    for i, (low, high) in enumerate(zip(lows, highs)):
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise RangeError(f"action {i} of {task} ranges from {low:g} to {high:g}; allowed: two "
                             "different finite bounds (gymnasium.wrappers.RescaleAction, or ClipAction, "
                             "gives them)")
    components = [Component(f"action[{i}]", 0, low, high) for i, (low, high) in enumerate(zip(lows, highs))]
    module, dtype, shape = numpy(), getattr(space, "dtype", None), tuple(space.shape)
    if dtype is None and module is not None:
        dtype = module.float32
    is_whole = getattr(dtype, "kind", "f") in "iu"

    def many(numbers: Any) -> Any:
        """Of an array [n][components]; a whole number is the nearest one."""
        return (numbers.round() if is_whole else numbers).astype(dtype).reshape(len(numbers), *shape)

    def make(action: Sequence[float]) -> Any:
        if module is None:
            return list(action)
        return many(module.array(action, module.float32).reshape(1, -1)).reshape(shape)

    return Actions(components, make, many)
