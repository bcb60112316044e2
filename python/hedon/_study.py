"""hedon.train: several learners side by side, evaluated by one protocol."""
from __future__ import annotations

import atexit
import math
import os
from _thread import allocate_lock
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ._api import HD_STUDY_SEEDS, HD_STUDY_THREADS, hd_evaluated_fn, hd_result, hd_study_fn
from ._config import Config, called, whole
from ._context import Handle, path_bytes, text
from ._errors import UsageError
from ._interrupt import Heard, entry, raise_pending
from ._host import raise_failure
from ._library import lib
from ._numpy import short
from ._progress import StudyReader, reporter
from ._task import enter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ._context import Context
    from ._progress import ProgressLike, Reporter
    from ._session import Session
    from ._task import TaskLike


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


class Evaluation(NamedTuple):
    """One evaluation of one learner."""

    seed: int
    env_steps: int
    "Environment steps trained by then."
    episodes: int
    eval_return: float
    "Mean return of the episodes of this evaluation."
    train_return: float
    "Mean return of the last 100 training episodes."
    solved: bool
    "The threshold was passed at this and the two evaluations before, or earlier."
    cpu_s: float
    "CPU seconds of training."
    hash: str
    "Of the weights, 16 hexadecimal digits."


class Result:
    """What came of hedon.train. `.runs` has one row for each seed; `.returns`, `.steps` and `.hashes`
    are columns of it; `.solved` says whether every learner solved the task, from a mean return of
    `.threshold` on (nan: no return counts as solved); `.evaluations` are all evaluations, by seed and
    steps."""

    def __init__(self, study: Handle, task: str, method: str, out: str | None,
                 evaluations: list[Evaluation]) -> None:
        self._study: Handle | None = study
        self.evaluations = sorted(evaluations)
        self.task = task
        self.method = method
        self.out = out
        handle = study._as_parameter_
        with study.context:
            self.runs: list[Run] = [_run_of(lib.hd_study_result(handle, i))
                                    for i in range(lib.hd_study_count(handle))]
            summary = lib.hd_study_summary(handle)
            self.threshold: float = lib.hd_config_threshold(lib.hd_study_config(handle))
        self.statistics = Statistics(*(getattr(summary, name) for name in Statistics._fields))

    def __getstate__(self) -> dict[str, Any]:
        """All but the learner."""
        return {**self.__dict__, "_study": None}

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
        return "\n".join([
            f"{self.task} with {self.method}: {self._share()}",
            f"return {s.return_iqm:.1f} interquartile mean ({s.iqm_low:.1f} to {s.iqm_high:.1f}), "
            f"{s.return_mean:.1f} mean",
            f"learning took {1000 * s.cpu_median:.0f} ms of CPU per seed in the median",
        ])

    def _share(self) -> str:
        s = self.statistics
        if math.isnan(self.threshold):
            return f"{s.n_done} of {s.n} done; no return counts as solved"
        reached = "" if math.isnan(s.steps_median) else f", median {s.steps_median:,.0f} steps"
        return (f"{s.n_solved} of {s.n} solved ({100 * s.solved_low:.0f}% to {100 * s.solved_high:.0f}%)"
                f"{reached}")

    def session(self) -> Session:
        """The learner itself, of a result of one seed: to act with, look into, or train on."""
        import tempfile

        from ._session import Session

        if len(self.runs) != 1:
            raise UsageError(f"session() gives the learner of one seed, and this result has "
                             f"{len(self.runs)}; train with seeds=1, or make a hedon.Session")
        if self._study is None:
            raise UsageError("session() gives the learner of this process, and this result was pickled or copied; "
                             "train with out=, and load a checkpoint of that folder")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "learner")
            with self._study.context as context:
                context.check(lib.hd_study_save(self._study._as_parameter_, path_bytes(path)))
            return Session._load(self._study.context, path)

    def to_pandas(self, what: str = "runs") -> Any:
        """A pandas.DataFrame of the runs, or of the "evaluations"."""
        tables: dict[str, tuple[Sequence[Any], tuple[str, ...]]] = {
            "runs": (self.runs, Run._fields), "evaluations": (self.evaluations, Evaluation._fields)}
        if what not in tables:
            raise UsageError(f"there is no table {what!r}; allowed: {', '.join(tables)}")
        try:
            import pandas
        except ImportError:
            raise ImportError(f"to_pandas() needs pandas, which is not installed; .{what} has the same rows") from None
        rows, columns = tables[what]
        return pandas.DataFrame(rows, columns=columns)

    def curves(self) -> dict[int, tuple[list[int], list[float]]]:
        """Evaluations of each seed: steps, and mean returns."""
        found: dict[int, tuple[list[int], list[float]]] = {run.seed: ([], []) for run in self.runs}
        for evaluation in self.evaluations:
            steps, returns = found[evaluation.seed]
            steps.append(evaluation.env_steps)
            returns.append(evaluation.eval_return)
        return found

    def plot(self, axes: Any = None, *, color: Any = None, label: str | None = None) -> Any:
        """Draw with matplotlib the evaluations of each seed over environment steps, and the mean of
        all as a thick line, as far as all go; returns the axes. Drawn onto the axes of another result,
        the two are compared."""
        try:
            from matplotlib import pyplot
        except ImportError:
            raise ImportError("plot() needs matplotlib, which is not installed; see .runs and .curves()") from None
        axes = axes if axes is not None else pyplot.gca()
        curves = list(self.curves().values())
        n = min(len(returns) for _, returns in curves)
        mean = axes.plot([mean_of([c[0][i] for c in curves]) for i in range(n)],
                         [mean_of([c[1][i] for c in curves]) for i in range(n)],
                         color=color, label=label or self.method, linewidth=2)[0]
        for steps, returns in curves if len(curves) > 1 else ():
            axes.plot(steps, returns, color=mean.get_color(), alpha=max(0.15, 0.6 / len(curves)),
                      linewidth=1)
        axes.set_xlabel("environment steps")
        axes.set_ylabel("mean return of an evaluation")
        axes.set_title(self.task)
        axes.legend()
        return axes

    def __repr__(self) -> str:
        return f"<hedon.Result: {self.summary()}>"


def mean_of(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _evaluation_of(r: Any) -> Evaluation:
    return Evaluation(r.seed, r.env_steps, r.episodes, r.final_return, r.train_return, r.solved, r.cpu_s,
                      f"{r.hash:016x}")


def _run_of(r: Any) -> Run:
    return Run(r.seed, r.solved, r.relapsed, r.steps_to_threshold if r.solved else None,
               r.episodes_to_threshold if r.solved else None, r.env_steps, r.final_return,
               r.best_return, r.train_return, r.cpu_s, r.eval_cpu_s, r.wall_s, f"{r.hash:016x}")


def _processors() -> int:
    """Those that this process may use, of which a launcher may give it some."""
    allowed = getattr(os, "sched_getaffinity", None)
    n = len(allowed(0)) if allowed is not None else os.cpu_count() or 1
    return min(n, HD_STUDY_THREADS)


def train(task: TaskLike, method: str | None = None, *, seed: int = 0, seeds: int = 1,
          threads: int | None = None, steps: int | None = None,
          settings: Mapping[str, object] | None = None,
          out: str | os.PathLike[str] | None = None, progress: ProgressLike = None,
          on_evaluation: Callable[[Evaluation], object] | None = None) -> Result:
    """Train `seeds` independent learners, of the seeds `seed`, `seed` + 1, ..., and evaluate them.

    task      the name of a task that is built in (hedon.tasks()) or registered with Gymnasium, a
              function that makes an environment, or a hedon.Task
    method    one of hedon.methods(), or the path of a file NAME.toml; None: what has solved a
              built-in task, else "sac" for real-valued actions, "neuron-agent-online" where
              observations are quantities, and "neuron-agent" for numbered states
    threads   default: as many as there are processors; the result does not depend on it
    steps     budget of environment steps of each learner
    settings  {"name": value}; hedon.explain() says which there are
    out       a run folder to be made: settings, evaluations, checkpoints
    progress  True or False: show it or not (default: on a terminal and in notebooks); or a function
              that is called with a hedon.Progress, and stops the study by returning False
    on_evaluation  called with a hedon.Evaluation after each, one at a time, in a thread of the study;
              stops the study by returning False

    Ctrl-C stops the learners, keeps what a run folder keeps, and raises KeyboardInterrupt.
    Errors: hedon.Error with the library's sentence; what an environment in Python raises.
    """
    if settings is not None and not hasattr(settings, "items"):
        raise UsageError(f"settings are a mapping from names to values, and {settings!r} is none")
    settings = dict(settings or {})
    if steps is not None:
        settings["steps"] = steps
    context, name = enter(task)
    config = Config(context, name, method, settings)
    folder = os.fspath(out) if out is not None else None
    definition = lib.hd_study_def_default()
    definition.config = config._as_parameter_
    definition.seed = whole(seed, "seed", 0, 2**64 - 1)
    if hasattr(seeds, "__len__"):
        raise UsageError(f"seeds = {short(seeds)}; allowed: how many learners there are, whose seeds follow the first's, "
                         "seed=")
    definition.n_seeds = whole(seeds, "seeds", 1, HD_STUDY_SEEDS)
    definition.n_threads = whole(threads if threads is not None else _processors(), "threads", 1,
                                 HD_STUDY_THREADS)
    definition.dir = path_bytes(folder) if folder is not None else None
    called(on_evaluation, "on_evaluation")
    return _Study(context, definition, on_evaluation, reporter(progress), StudyReader(config)).run(
        name, text(lib.hd_config_method(config._as_parameter_)), folder)


# Studies that run, and how long the end of the program waits for each.
_RUNNING: set[_Study] = set()
END_S: Final = 10.0


@atexit.register
def _stop_all() -> None:
    """Daemon threads may be training when the program ends; threads of the library must not call an
    interpreter that is gone."""
    for study in list(_RUNNING):
        study.is_stopped = True
        study.ended.acquire(timeout=END_S)


class _Study:
    """A study while it runs. Exceptions of callbacks stop it, and are raised afterwards."""

    def __init__(self, context: Context, definition: Any, on_evaluation: Any, shown: Reporter,
                 reader: StudyReader) -> None:
        self.failures: list[BaseException] = []
        self.evaluations: list[Evaluation] = []
        self.on_evaluation, self.shown, self.reader = on_evaluation, shown, reader
        self.is_stopped = False
        self.lock, self.ended = allocate_lock(), allocate_lock()
        self.evaluated = hd_evaluated_fn(self._evaluated)
        definition.evaluated = self.evaluated
        self.handle = Handle(context, lib.hd_study_destroy)
        self.handle.make(lib.hd_study_create, byref(definition))

    def _evaluated(self, _user: int | None, result: int) -> None:
        try:
            evaluation = _evaluation_of(hd_result.from_address(result))
            with self.lock:
                self.evaluations.append(evaluation)
                if self.on_evaluation is not None and not self.is_stopped:
                    self.is_stopped = self.on_evaluation(evaluation) is False
        except BaseException as error:
            self._fail(error)

    @entry
    def _tick(self, _user: int | None, handle: int) -> bool:
        try:
            raise_pending()
            self.handle.context.warn()
            return self.shown.report(lambda: self.reader.read(handle)) and not self.is_stopped
        except BaseException as error:  # KeyboardInterrupt, too
            self._fail(error)
            return False

    def _fail(self, error: BaseException) -> None:
        self.failures.append(error)
        self.is_stopped = True

    def run(self, task: str, method: str, folder: str | None) -> Result:
        context, callback = self.handle.context, hd_study_fn(self._tick)
        self.ended.acquire()
        _RUNNING.add(self)
        try:
            with context, Heard():
                status = lib.hd_study_run(self.handle._as_parameter_, callback, c_void_p())
        finally:
            _RUNNING.discard(self)
            self.ended.release()
            self.shown.close()
        raise_failure(context)
        if self.failures:
            raise self.failures[0]
        context.check(status)
        return Result(self.handle, task, method, folder, self.evaluations)
