"""Hedon: spiking neural networks that learn by reinforcement.

    import hedon
    result = hedon.train("CartPole-v1", seeds=30)
    print(result.summary())

train, Agent and Session learn; Network steps a network of one's own; Task brings an environment of
Gymnasium or any object with its methods; methods, tasks, neurons, codings, rules and explain tell what
there is.
"""
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import _library  # finds the library, and checks that it is the one this package is for
from ._api import HD_VERSION_STRING as __version__

if TYPE_CHECKING:
    from ._agent import Agent
    from ._config import (Explanation, Listing, Method, Option, Rows, TaskInfo, codings, explain, methods,
                          neurons, rules, tasks)
    from ._errors import (ConflictError, Error, FileError, FormatError, MismatchError, MissingPlugin,
                          NumericError, OutOfMemory, RangeError, Stopped, UnknownName, UsageError,
                          Warned)
    from ._network import Network, SessionNetwork
    from ._plugin import load_plugin
    from ._population import Normal, Population, Projection, Uniform
    from ._progress import Progress
    from ._rule import Rule
    from ._session import Layer, Session, Stats
    from ._state import State
    from ._study import Evaluation, Result, Run, Statistics, train
    from ._task import Task
    from ._tensorboard import read_metrics, tensorboard
    from ._view import View, Views

__all__ = [
    "Agent", "ConflictError", "Error", "Evaluation", "Explanation", "FileError", "FormatError", "Layer", "Listing",
    "Method", "MismatchError", "MissingPlugin", "Network", "Normal", "NumericError", "Option",
    "OutOfMemory", "Population", "Progress", "Projection", "RangeError", "Result", "Rows", "Rule", "Run", "Session",
    "SessionNetwork", "State", "Statistics", "Stats", "Stopped", "Task", "TaskInfo", "Uniform", "UnknownName", "UsageError",
    "View", "Views", "Warned", "__version__", "codings", "explain", "load_plugin", "methods", "neurons", "read_metrics",
    "rules", "tasks", "tensorboard", "train",
]

# Where each name is; its module is imported when the name is first asked for.
_PARTS = {
    "_agent": "Agent",
    "_config": "Explanation Listing Method Option Rows TaskInfo codings explain methods neurons rules tasks",
    "_errors": "ConflictError Error FileError FormatError MismatchError MissingPlugin NumericError OutOfMemory "
               "RangeError Stopped UnknownName UsageError Warned",
    "_network": "Network SessionNetwork",
    "_plugin": "load_plugin",
    "_population": "Normal Population Projection Uniform",
    "_progress": "Progress",
    "_rule": "Rule",
    "_session": "Layer Session Stats",
    "_state": "State",
    "_study": "Evaluation Result Run Statistics train",
    "_task": "Task",
    "_tensorboard": "read_metrics tensorboard",
    "_view": "View Views",
}
_PART_OF = {name: part for part, names in _PARTS.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    part = _PART_OF.get(name)
    if part is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module("." + part, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted({*globals(), *__all__})
