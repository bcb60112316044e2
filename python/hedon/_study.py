"""hedon.train: several learners side by side, evaluated by one protocol."""
from __future__ import annotations

import math
import os
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from . import _progress
from ._api import HD_STUDY_SEEDS, hd_study_fn
from ._config import Config
from ._context import Handle, text
from ._errors import UsageError
from ._host import raise_failure
from ._library import lib
from ._task import enter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._session import Session
    from ._task import TaskLike

ProgressLike = Union[bool, None, "Callable[[_progress.Progress], object]"]


class Run(NamedTuple):
    """One learner of a study."""

    seed: int
    solved: bool
    "The threshold was passed at three evaluations running."
    relapsed: bool
    "Once solved, a later evaluation fell below the threshold."
    steps: int | None
    "Environment steps until the threshold was reached; None if it was not."
    episodes: int | None
    env_steps: int
    "Environment steps trained."
    final_return: float
    "Mean return of the last evaluation."
    best_return: float
    train_return: float
    "Mean return of the last 100 training episodes."
    cpu_s: float
    "CPU seconds of training."
    eval_cpu_s: float
    wall_s: float
    hash: str
    "Of the final weights, 16 hexadecimal digits."


class Statistics(NamedTuple):
    """All learners together. Intervals are 95 %: Wilson's for the share solved, bootstrap for the
    interquartile mean (iqm) of the final returns."""

    n: int
    n_done: int
    n_solved: int
    solved_fraction: float
    solved_low: float
    solved_high: float
    return_mean: float
    return_iqm: float
    iqm_low: float
    iqm_high: float
    steps_median: float
    episodes_mean: float
    cpu_median: float
    env_steps: int
    env_steps_per_s: float


class Result:
    """What came of hedon.train. `.runs` has one row for each seed; `.returns`, `.steps` and `.hashes`
    are columns of it; `.solved` says whether every learner solved the task."""

    def __init__(self, study: Handle, task: str, method: str, out: str | None) -> None:
        self._study = study
        self.task = task
        self.method = method
        self.out = out
        handle = study._as_parameter_
        with study.context:
            self.runs: list[Run] = [_run_of(lib.hd_study_result(handle, i))
                                    for i in range(lib.hd_study_count(handle))]
            summary = lib.hd_study_summary(handle)
        self.statistics = Statistics(*(getattr(summary, name) for name in Statistics._fields))

    @property
    def solved(self) -> bool:
        return all(run.solved for run in self.runs)

    @property
    def returns(self) -> list[float]:
        """Mean return of each learner's last evaluation."""
        return [run.final_return for run in self.runs]

    @property
    def steps(self) -> list[int | None]:
        """Environment steps until each learner reached the threshold; None where it did not."""
        return [run.steps for run in self.runs]

    @property
    def hashes(self) -> list[str]:
        """Hash of each learner's weights; the same configuration and seed give the same hash."""
        return [run.hash for run in self.runs]

    def summary(self) -> str:
        """A few lines for reading."""
        s = self.statistics
        reached = "" if math.isnan(s.steps_median) else f", median {s.steps_median:,.0f} steps"
        return "\n".join([
            f"{self.task} with {self.method}: {s.n_solved} of {s.n} solved "
            f"({100 * s.solved_low:.0f}% to {100 * s.solved_high:.0f}%){reached}",
            f"return {s.return_iqm:.1f} interquartile mean ({s.iqm_low:.1f} to {s.iqm_high:.1f}), "
            f"{s.return_mean:.1f} mean",
            f"learning took {1000 * s.cpu_median:.0f} ms of CPU per seed in the median",
        ])

    def session(self) -> Session:
        """The learner itself, of a result of one seed: to act with, look into, or train on."""
        import tempfile

        from ._session import Session

        if len(self.runs) != 1:
            raise UsageError(f"session() gives the learner of one seed, and this result has "
                             f"{len(self.runs)}; train with seeds=1, or make a hedon.Session")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "learner")
            with self._study.context as context:
                context.check(lib.hd_study_save(self._study._as_parameter_, os.fsencode(path)))
            return Session._load(self._study.context, path)

    def to_pandas(self) -> Any:
        """The runs as a pandas.DataFrame."""
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas() needs pandas, which is not installed; .runs has the same rows") from None
        return pandas.DataFrame(self.runs, columns=Run._fields)

    def curves(self) -> dict[int, tuple[list[int], list[float]]]:
        """Evaluations of each seed, of a run that was kept (out=...): steps, and mean returns."""
        import json

        if self.out is None:
            raise UsageError("evaluations are kept in a run folder; train with out='some/folder'")
        found: dict[int, tuple[list[int], list[float]]] = {run.seed: ([], []) for run in self.runs}
        with open(os.path.join(self.out, "metrics.jsonl"), encoding="utf-8") as f:
            for line in f:
                row = json.loads(line)
                if row["event"] == "evaluation":
                    steps, returns = found[row["seed"]]
                    steps.append(row["env_steps"])
                    returns.append(row["eval_return"])
        return found

    def plot(self, axes: Any = None) -> Any:
        """Draw evaluations over steps of a run that was kept (out=...), else the final return of each
        seed, with matplotlib; returns the axes."""
        try:
            from matplotlib import pyplot
        except ImportError:
            raise ImportError("plot() needs matplotlib, which is not installed; see .runs and .curves()") from None
        axes = axes if axes is not None else pyplot.gca()
        if self.out is not None:
            for steps, returns in self.curves().values():
                axes.plot(steps, returns, color="C0", alpha=max(0.15, 1 / len(self.runs)))
            axes.set_xlabel("environment steps")
        else:
            axes.plot([run.seed for run in self.runs], self.returns, "o")
            axes.set_xlabel("seed")
        axes.set_ylabel("mean return of an evaluation")
        axes.set_title(f"{self.task} with {self.method}")
        return axes

    def __repr__(self) -> str:
        return f"<hedon.Result: {self.summary()}>"


def _run_of(r: Any) -> Run:
    return Run(r.seed, r.solved, r.relapsed, r.steps_to_threshold if r.solved else None,
               r.episodes_to_threshold if r.solved else None, r.env_steps, r.final_return,
               r.best_return, r.train_return, r.cpu_s, r.eval_cpu_s, r.wall_s, f"{r.hash:016x}")


def train(task: TaskLike, method: str | None = None, *, seed: int = 0, seeds: int = 1,
          threads: int | None = None, steps: int | None = None,
          settings: Mapping[str, object] | None = None,
          out: str | os.PathLike[str] | None = None, progress: ProgressLike = None) -> Result:
    """Train `seeds` independent learners, of the seeds `seed`, `seed` + 1, ..., and evaluate them.

    task      the name of a task that is built in (hedon.tasks()) or registered with Gymnasium, a
              function that makes an environment, or a hedon.Task
    method    one of hedon.methods(), or the path of a file NAME.toml; None: what has solved a
              built-in task, else "sac" for real-valued actions and "neuron-agent" for choices
    threads   default: as many as there are processors; the result does not depend on it
    steps     budget of environment steps of each learner
    settings  {"name": value}; hedon.explain() says which there are
    out       a run folder to be made: settings, evaluations, checkpoints
    progress  True or False: show it or not (default: on a terminal); or a function that is called
              with a hedon.Progress, and stops the study by returning False

    Ctrl-C stops the learners, keeps what a run folder keeps, and raises KeyboardInterrupt.
    Errors: hedon.Error with the library's sentence; what an environment in Python raises.
    """
    settings = dict(settings or {})
    if steps is not None:
        settings["steps"] = steps
    context, name = enter(task)
    config = Config(context, name, method, settings)
    folder = os.fspath(out) if out is not None else None
    definition = lib.hd_study_def_default()
    definition.config = config._as_parameter_
    definition.seed = _whole(seed, "seed", 0, 2**64 - 1)
    definition.n_seeds = _whole(seeds, "seeds", 1, HD_STUDY_SEEDS)
    definition.n_threads = _whole(threads if threads is not None else os.cpu_count() or 1,
                                  "threads", 1, 2**31 - 1)
    definition.dir = os.fsencode(folder) if folder is not None else None
    study = Handle(context, lib.hd_study_destroy)
    study.make(lib.hd_study_create, byref(definition))
    _run(study, config, progress)
    return Result(study, name, text(lib.hd_config_method(config._as_parameter_)), folder)


def _whole(value: int, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise UsageError(f"{name} = {value!r} is no whole number")
    number = value.__index__()
    if not low <= number <= high:
        from ._errors import RangeError

        raise RangeError(f"{name} = {number}; allowed: {low} to {high}")
    return number


def _run(study: Handle, config: Config, progress: ProgressLike) -> None:
    """Run a study to its end; exceptions of callbacks stop it and are raised afterwards."""
    failure: list[BaseException] = []
    reporter = _progress.reporter(progress, config)

    def tick(_user: int | None, handle: int) -> bool:
        try:
            return reporter.report(handle)
        except BaseException as error:  # KeyboardInterrupt, too
            failure.append(error)
            return False

    callback = hd_study_fn(tick)
    context = study.context
    try:
        with context:
            status = lib.hd_study_run(study._as_parameter_, callback, c_void_p())
    finally:
        reporter.close()
    raise_failure(context)
    if failure:
        raise failure[0]
    context.check(status)
