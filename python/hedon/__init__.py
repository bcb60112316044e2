"""Hedon: spiking neural networks that learn by reinforcement.

    import hedon
    result = hedon.train("CartPole-v1", seeds=30)
    print(result.summary())

train, Agent and Session learn; Network steps a network of one's own; Task brings an environment of
Gymnasium or any object with its methods; methods, tasks, neurons, codings, rules and explain tell what
there is.
"""
from ._agent import Agent
from ._api import HD_VERSION_STRING as __version__
from ._config import (Explanation, Listing, Method, Option, Rows, TaskInfo, codings, explain, methods, neurons,
                      rules, tasks)
from ._errors import (ConflictError, Error, FileError, FormatError, MismatchError, MissingPlugin,
                      NumericError, OutOfMemory, RangeError, Stopped, UnknownName, UsageError,
                      Warned)
from ._network import Network, Normal, Population, Projection, SessionNetwork, Uniform
from ._plugin import load_plugin
from ._progress import Progress
from ._rule import Rule
from ._session import Layer, Session, Stats
from ._study import Evaluation, Result, Run, Statistics, train
from ._task import Task
from ._tensorboard import read_metrics, tensorboard
from ._view import View, Views

__all__ = [
    "Agent", "ConflictError", "Error", "Evaluation", "Explanation", "FileError", "FormatError", "Layer", "Listing",
    "Method", "MismatchError", "MissingPlugin", "Network", "Normal", "NumericError", "Option",
    "OutOfMemory", "Population", "Progress", "Projection", "RangeError", "Result", "Rows", "Rule", "Run", "Session",
    "SessionNetwork", "Statistics", "Stats", "Stopped", "Task", "TaskInfo", "Uniform", "UnknownName", "UsageError",
    "View", "Views", "Warned", "__version__", "codings", "explain", "load_plugin", "methods", "neurons", "read_metrics",
    "rules", "tasks", "tensorboard", "train",
]
