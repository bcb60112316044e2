"""hedon.State: what networks carry from one decision to the next."""
from __future__ import annotations

import ctypes
from ctypes import c_float, c_uint64
from typing import TYPE_CHECKING, Any, NamedTuple

from ._errors import RangeError, UsageError
from ._numpy import floats_of

if TYPE_CHECKING:
    from ._session import Session


class State(NamedTuple):
    """The state of episodes after a decision in each, for their next ones. It can be kept, copied and
    pickled; what it holds is the learner's own affair."""

    steps: tuple[int, ...]
    "Decisions taken, of each episode."
    data: bytes
    "Numbers of all episodes, single precision."

    def __repr__(self) -> str:
        return f"<hedon.State after {', '.join(map(str, self.steps))} decisions>"


def flags(values: Any, n: int) -> list[bool]:
    """Which of n episodes begin: None, one flag, or one for each."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    listed = list(values) if isinstance(values, (list, tuple)) else [values] * n
    if len(listed) != n:
        raise RangeError(f"episode_start has {len(listed)} flags; allowed: {n}, one for each observation")
    return [bool(value) for value in listed]


def act(session: Session, obs: Any, state: State | None, episode_start: Any, explore: bool,
        seed: int) -> tuple[Any, State]:
    """Of hedon.Session.act; a row of numbers for each episode."""
    size = session.state_size
    values = floats_of(obs)
    n = len(values) // session.n_obs
    if n < 1 or len(values) != n * session.n_obs:
        raise RangeError(f"an observation of {len(values)} numbers; allowed: {session.n_obs}, or a multiple of it")
    starts = flags(episode_start, n)
    carried = (c_float * max(1, n * size))()
    steps = (c_uint64 * n)()
    if state is not None:
        _check(state, n, n * size)
        ctypes.memmove(carried, state.data, len(state.data))
        steps[:] = [0 if begins else step for begins, step in zip(starts, state.steps)]
    actions = (c_float * (n * session.n_act))()
    session.call("hd_session_act", n, values, explore, seed, steps, carried, actions)
    return actions, State(tuple(step + 1 for step in steps), bytes(carried)[:4 * n * size])


def _check(state: State, n: int, numbers: int) -> None:
    if not isinstance(state, State):
        raise UsageError(f"{state!r} is no state; allowed: None, or what the decision before returned")
    if len(state.steps) != n or len(state.data) != 4 * numbers:
        raise RangeError(f"a state of {len(state.steps)} episodes and {len(state.data) // 4} numbers; this learner "
                         f"carries {numbers // n} for each of {n} observations")
