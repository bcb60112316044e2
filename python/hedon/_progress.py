"""How far learning has come: a bar of tqdm where it is installed, else a line; or a function."""
from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Union

from ._context import text
from ._library import lib

if TYPE_CHECKING:
    from collections.abc import Callable

REDRAW_S: Final = 0.2


class Progress(NamedTuple):
    """All learners together."""

    fraction: float
    "Share of the work that is done, from 0 to 1."
    n: int
    n_done: int
    n_solved: int
    env_steps: int
    train_return: float
    "Mean over the learners of their last 100 training episodes; nan before the first."
    threshold: float = math.nan
    "Mean return that counts as solved; nan: none does."
    evaluating: bool = False
    "All that go on are playing the episodes of an evaluation, so no step is taken."

    def __str__(self) -> str:
        reached = (f"{self.n_done}/{self.n} done" if math.isnan(self.threshold)
                   else f"{self.n_solved}/{self.n} solved")
        counted = f"  {reached}" if self.n > 1 else ""
        waits = "  evaluating" if self.evaluating else ""
        return (f"{100 * self.fraction:3.0f}%{counted}  return {self.train_return:.1f}  {self.env_steps:,} steps"
                f"{waits}")


ProgressLike = Union[bool, None, "Callable[[Progress], object]"]


class StudyReader:
    """Reads how far a study has come."""

    def __init__(self, config: Any) -> None:
        handle = config._as_parameter_
        self.threshold: float = lib.hd_config_threshold(handle)
        self.budget_steps = float(text(lib.hd_config_get(handle, b"steps")))
        self.budget_episodes = float(text(lib.hd_config_get(handle, b"episodes")))

    def read(self, study: int) -> Progress:
        results = [lib.hd_study_result(study, i) for i in range(lib.hd_study_count(study))]
        returns = [r.train_return for r in results if not math.isnan(r.train_return)]
        waits = [r.evaluating for r in results if not r.done]
        return Progress(sum(self._fraction(r) for r in results) / len(results), len(results),
                        sum(r.done for r in results), sum(r.solved for r in results),
                        sum(r.env_steps for r in results),
                        sum(returns) / len(returns) if returns else math.nan, self.threshold,
                        bool(waits) and all(waits))

    def _fraction(self, result: Any) -> float:
        if result.done:
            return 1.0
        shares = [done / budget for done, budget in
                  ((result.env_steps, self.budget_steps), (result.episodes, self.budget_episodes))
                  if budget > 0]
        return min(1.0, max(shares, default=0.0))


class Reporter:
    """Shows nothing, and never stops anything."""

    def report(self, read: Callable[[], Progress]) -> bool:
        """Show what `read` gives, perhaps; False: stop."""
        return True

    def close(self) -> None:
        """Learning has ended."""


class Caller(Reporter):
    """Calls a function, whose False stops."""

    def __init__(self, function: Callable[[Progress], object]) -> None:
        self.function = function

    def report(self, read: Callable[[], Progress]) -> bool:
        return self.function(read()) is not False


class Line(Reporter):
    """Draws a line on standard error, over and over."""

    def __init__(self) -> None:
        self.drawn = time.monotonic()
        self.width = 0

    def report(self, read: Callable[[], Progress]) -> bool:
        now = time.monotonic()
        if now - self.drawn >= REDRAW_S:
            self.drawn = now
            self.draw(read())
        return True

    def draw(self, progress: Progress) -> None:
        line = str(progress)
        sys.stderr.write("\r" + line.ljust(self.width))
        sys.stderr.flush()
        self.width = len(line)

    def close(self) -> None:
        if self.width:
            sys.stderr.write("\n")


class Bar(Line):
    """Draws with tqdm, in notebooks as well."""

    def __init__(self, tqdm: Any) -> None:
        super().__init__()
        self.bar = tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}<{remaining}{postfix}")

    def draw(self, progress: Progress) -> None:
        self.bar.n = round(100 * progress.fraction, 1)
        self.bar.set_postfix_str(str(progress))

    def close(self) -> None:
        self.bar.close()


def _is_watched() -> bool:
    """Is there a terminal or a notebook?"""
    if "ipykernel" in sys.modules:
        return True
    marimo: Any = sys.modules.get("marimo")
    if marimo is not None and marimo.running_in_notebook():
        return True
    return sys.stderr is not None and sys.stderr.isatty()


def reporter(progress: ProgressLike) -> Reporter:
    """progress: True or False, None (where somebody looks), or a function."""
    if callable(progress):
        return Caller(progress)
    if not (_is_watched() if progress is None else progress):
        return Reporter()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Line()
    return Bar(tqdm)
