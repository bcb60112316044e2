"""Settings of a run, and what can be chosen: methods, tasks, neuron models, codings, rules."""
from __future__ import annotations

import math
from ctypes import byref, c_size_t
from typing import TYPE_CHECKING, Any, List, NamedTuple, TypeVar

from ._context import Context, Handle, encoded, text
from ._errors import RangeError, UnknownName, UsageError
from ._library import lib
from ._numpy import short
from ._rule import registered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._task import TaskLike


Row = TypeVar("Row", bound="Method | Listing | TaskInfo")


class Rows(List[Row]):
    """A list of what can be chosen, which is shown as a table; rows are found by name: tasks()["Taxi-v4"]
    or by number."""

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        for row in self:
            if key == row.name:
                return row
        raise UnknownName(f"nothing is called '{key}' here; there are {', '.join(row.name for row in self)}")

    def __repr__(self) -> str:
        width = max((len(row.name) for row in self), default=0)
        return "\n".join(f"{row.name:{width}}  {row.doc}" for row in self)


class Method(NamedTuple):
    """A named choice of settings."""

    name: str
    doc: str
    source: str
    settings: str


class Listing(NamedTuple):
    """A part that can be chosen by name."""

    name: str
    doc: str
    source: str


class TaskInfo(NamedTuple):
    """A task that is built in."""

    name: str
    alias: str
    doc: str
    source: str
    n_obs: int
    n_act: int
    n_actions: int
    "Number of actions, or 0 where actions are real numbers."
    max_steps: int
    solved: float
    "Mean return that counts as solved; nan: none agreed."


class Option(NamedTuple):
    """An option as it stands in a run."""

    key: str
    type: str
    value: str
    default: str
    allowed: str
    unit: str
    help: str
    group: str
    origin: str
    "Who set it: default, method, task or user."
    readers: str
    is_read: bool
    "Does anything in this run read it?"

    def __str__(self) -> str:
        unit = f" [{self.unit}]" if self.unit else ""
        return f"{self.key} = {self.value}{unit}  {self.help} (from: {self.origin}; default {self.default}; {self.allowed})"


def methods() -> Rows[Method]:
    """The methods of learning that are built in."""
    found = (lib.hd_method_at(i).contents for i in range(lib.hd_method_count()))
    return Rows(Method(text(m.name), text(m.doc), text(m.source), text(m.settings)) for m in found)


def tasks() -> Rows[TaskInfo]:
    """The tasks that are built in; any Gymnasium environment is a task as well (hedon.Task)."""
    context = Context()
    found = (lib.hd_env_at(context.handle, i).contents
             for i in range(lib.hd_env_count(context.handle)))
    return Rows(TaskInfo(text(t.name), text(t.alias), text(t.doc), text(t.source), t.n_obs, t.n_act,
                         t.act[0].count, t.max_steps, t.solved) for t in found)


def neurons() -> Rows[Listing]:
    """The neuron models."""
    context = Context()
    return Rows(_listing(lib.hd_neuron_at(context.handle, i))
                for i in range(lib.hd_neuron_count(context.handle)))


def codings() -> Rows[Listing]:
    """The codings, which turn an observation into the input of a network."""
    context = Context()
    return Rows(_listing(lib.hd_coding_at(context.handle, i))
                for i in range(lib.hd_coding_count(context.handle)))


def rules() -> Rows[Listing]:
    """The learning rules."""
    context = Context()
    return Rows(_listing(lib.hd_rule_at(context.handle, i).contents)
                for i in range(lib.hd_rule_count(context.handle)))


def _listing(row: Any) -> Listing:
    return Listing(text(row.name), text(row.doc), text(row.source))


def setting_text(value: object) -> str:
    """A value as the library reads it: True as "true", a sequence with commas between."""
    plain = getattr(value, "tolist", None)  # NumPy's
    value = plain() if plain is not None else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(setting_text(v) for v in value)
    return str(value)


def _index(value: int, name: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise UsageError(f"{name} = {value!r} is no whole number")
    try:
        return value.__index__()
    except TypeError:  # an array of several
        raise UsageError(f"{name} = {short(value)} is no whole number") from None


def whole(value: int, name: str, low: int, high: int) -> int:
    """A whole number for the library, which would take another modulo 2^64, or a sentence about it."""
    number = _index(value, name)
    if not low <= number <= high:
        raise RangeError(f"{name} = {number}; allowed: {low} to {high}")
    return number


def integer(value: int, name: str) -> int:
    """A whole number for an int of the library. What lies beyond becomes the end of the range, which the library
    refuses by limits of its own, where ctypes would hand on another number."""
    return max(-2**31, min(2**31 - 1, _index(value, name)))


def real(value: float, name: str, others: str = "") -> float:
    """A number for the library, or a sentence about what is none."""
    try:
        if not isinstance(value, (str, bytes)):
            return float(value)
    except TypeError:  # nothing that is a number, or several of them
        pass
    except OverflowError:
        return math.inf
    raise UsageError(f"{name} = {short(value)} is no number{'; allowed: a number, ' + others if others else ''}")


def called(function: object, name: str) -> None:
    """A sentence about what is neither a function nor None."""
    if function is not None and not callable(function):
        raise UsageError(f"{name} = {short(function)}; allowed: a function")


class Config(Handle):
    """The settings of a method on a task."""

    def __init__(self, context: Context, task: str, method: str | None,
                 settings: Mapping[str, object] | None) -> None:
        super().__init__(context, lib.hd_config_destroy)
        if method is not None and not isinstance(method, str):
            raise UsageError(f"{method!r} is no method: give its name, or None")
        if settings is not None and not hasattr(settings, "items"):
            raise UsageError(f"settings are a mapping from names to values, and {settings!r} is none")
        settings = {key: registered(value, context) for key, value in (settings or {}).items()}
        self.make(lib.hd_config_create, encoded(task),
                  None if method is None else encoded(method))
        with context:
            for key, value in settings.items():
                if not isinstance(key, str):
                    raise UsageError(f"settings are a mapping from names to values, and {key!r} is no name")
                context.check(lib.hd_config_set(self._as_parameter_, encoded(key),
                                                encoded(setting_text(value))))
            context.check(lib.hd_config_check(self._as_parameter_))


def options_of(config: int) -> dict[str, Option]:
    found: dict[str, Option] = {}
    for i in range(lib.hd_config_count(config)):
        o = lib.hd_config_at(config, i)
        found[text(o.key)] = Option(text(o.key), text(o.type), text(o.value), text(o.fallback),
                                    text(o.allowed), text(o.unit), text(o.help), text(o.group),
                                    text(o.origin), text(o.readers), o.is_read)
    return found


class Explanation:
    """What a run would do: `.options` are all options that it reads, `.changed` those that the
    method, the task or the user set; `.memory` is what one learner takes, in bytes."""

    def __init__(self, task: str, method: str, options: dict[str, Option], memory: int) -> None:
        self.task = task
        self.method = method
        self.options: dict[str, Option] = {k: o for k, o in options.items() if o.is_read}
        self.changed: dict[str, Option] = {k: o for k, o in self.options.items() if o.origin != "default"}
        self.memory = memory

    def __getitem__(self, key: str) -> Option:
        return self.options[key]

    def __repr__(self) -> str:
        lines = [f"{self.task} with {self.method}, {self.memory / 2**20:.1f} MiB for each learner"]
        width = max((len(f"{o.key} = {o.value}") for o in self.changed.values()), default=0)
        for o in self.changed.values():
            head = f"{o.key} = {o.value}"
            lines.append(f"  {head:{width}}  {o.help} (from: {o.origin}; default {o.default})")
        lines.append(f"  and {len(self.options) - len(self.changed)} options at their defaults, "
                     "in .options")
        return "\n".join(lines)


def explain(task: TaskLike, method: str | None = None, *,
            settings: Mapping[str, object] | None = None) -> Explanation:
    """Where every setting of a run comes from, and what it means; nothing is trained. What a neuron model, a
    coding, a rule or a method is, its list says: print(hedon.rules()).

    Errors: as hedon.train.
    """
    from ._task import enter

    for listed in (methods, neurons, codings, rules):
        if isinstance(task, str) and any(row.name == task for row in listed()):
            raise UnknownName(f"'{task}' is no task; print(hedon.{listed.__name__}()) says what it is, and "
                              "explain(task, method) where the settings of a run come from")

    context, name = enter(task)
    config = Config(context, name, method, settings)
    memory = c_size_t()
    with context:
        context.check(lib.hd_config_memory(config._as_parameter_, byref(memory)))
        options = options_of(config._as_parameter_)
    return Explanation(name, text(lib.hd_config_method(config._as_parameter_)), options, memory.value)
