"""Runs environments of Python for the library, which calls their functions from C."""
from __future__ import annotations

import ctypes
import math
from ctypes import byref, c_float, c_uint64, c_void_p
from typing import TYPE_CHECKING, Any, Final

from . import _api
from ._errors import ConflictError
from ._library import lib
from ._numpy import numpy

if TYPE_CHECKING:
    from ._context import Context
    from ._spaces import Component
    from ._task import Task

# A state begins with these words: which environment of Python, the seed of the episode, and how many
# steps it has taken. Then come the observation and, where an episode has a limit, its actions.
BODY, SEED, STEPS, WORDS = 0, 1, 2, 3
# Actions are kept for episodes of at most so many numbers.
MOST_KEPT: Final = 65536


def raise_failure(context: Context) -> None:
    """Raise what an environment of this context raised, once."""
    if context.failures:
        failure = context.failures[0]
        context.failures.clear()
        raise failure


class Body:
    """One environment of Python, and where it is: the seed of its episode, and steps since."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.at: tuple[int, int] = (-1, -1)


class State:
    """The plain data of one environment in the library's memory."""

    def __init__(self, address: int, n_obs: int, n_kept: int) -> None:
        module = numpy()
        self.words = (c_uint64 * WORDS).from_address(address)
        self.obs: Any = (c_float * n_obs).from_address(address + 8 * WORDS)
        if module is not None:
            self.obs = module.frombuffer(self.obs, module.float32)
        self.kept = (c_float * n_kept).from_address(address + 8 * WORDS + 4 * n_obs)


class Host:
    """Runs a task's environments for the library. An exception in one is kept for the caller; from
    then on rewards are not finite, upon which the library stops and leaves the weights alone."""

    def __init__(self, task: Task, context: Context) -> None:
        self.task = task
        self.failures = context.failures
        self.bodies: dict[int, Body] = {}
        self.states: dict[int, State] = {}
        self.n_opened = 0
        self.flatten, self.make_action = task.observations.flatten, task.actions.make
        self.n_obs, self.n_act = len(task.observations.components), len(task.actions.components)
        self.n_kept = self.n_act * task.max_steps if self.n_act * task.max_steps <= MOST_KEPT else 0
        self.name = self._free_name(context)
        self.description = self._describe()

    def _free_name(self, context: Context) -> str:
        with context:
            found = c_void_p()
            status = lib.hd_env_find(context.handle, self.task.name.encode(), byref(found))
        return self.task.name if status else "gymnasium:" + self.task.name

    def _describe(self) -> _api.hd_env_desc:
        d = _api.hd_env_desc()
        self._texts = [self.name.encode()]
        d.size, d.name = ctypes.sizeof(d), self._texts[0]
        d.doc, d.source = b"an environment of Python", b"the program that registered it"
        d.obs, d.n_obs = self._dims(self.task.observations.components), self.n_obs
        d.act, d.n_act = self._dims(self.task.actions.components), self.n_act
        d.max_steps, d.solved = self.task.max_steps, self.task.solved
        d.low_score = d.high_score = math.nan
        d.state_size = 8 * WORDS + 4 * (self.n_obs + self.n_kept)
        d.reset = _api.hd_env_desc_reset(self._reset)
        d.step = _api.hd_env_desc_step(self._step)
        d.observe = _api.hd_env_desc_observe(self._observe)
        d.open = _api.hd_env_desc_open(self._open)
        d.close = _api.hd_env_desc_close(self._close)
        return d

    def _dims(self, components: list[Component]) -> Any:
        dims = (_api.hd_dim * len(components))()
        for dim, c in zip(dims, components):
            dim.name, dim.unit, dim.count = c.name.encode(), b"", c.values
            dim.low, dim.high = c.low, c.high
        self._texts.append(dims)  # type: ignore[arg-type]
        return ctypes.cast(dims, ctypes.POINTER(_api.hd_dim))

    def _fail(self, error: BaseException) -> None:
        self.failures.append(error)

    # ---- what the library calls ----

    def _open(self, _self: int, body: int, why: int) -> int:
        try:
            self.n_opened += 1
            self.bodies[self.n_opened] = Body(self.task.make())
            c_void_p.from_address(body).value = self.n_opened
            return _api.HD_OK
        except BaseException as error:
            self._fail(error)
            sentence = str(error).encode()[: _api.HD_WHY_SIZE - 1] + b"\0"
            ctypes.memmove(why, sentence, len(sentence))
            return _api.HD_CONFLICT

    def _close(self, _self: int, body: int) -> None:
        try:
            self.bodies.pop(body).env.close()
        except BaseException as error:
            self._fail(error)

    def _state(self, address: int) -> State:
        state = self.states.get(address)
        if state is None:
            state = self.states[address] = State(address, self.n_obs, self.n_kept)
        return state

    def _reset(self, _self: int, address: int, draws: int) -> None:
        state = self._state(address)
        words = state.words
        words[SEED], words[STEPS] = lib.hd_random_below(draws, 2**31 - 1), 0
        if self.failures:
            return
        try:
            body = self.bodies[words[BODY]]
            state.obs[:] = self._begin(body, words[SEED])
        except BaseException as error:
            self._fail(error)
            state.obs[:] = [0.0] * self.n_obs

    def _begin(self, body: Body, seed: int) -> Any:  # numbers, of a list or an array
        body.at = (-1, -1)
        observation = body.env.reset(seed=seed)[0]
        body.at = (seed, 0)
        return self.flatten(observation)

    def _step(self, _self: int, address: int, action: int, _draws: int, reward: int) -> bool:
        result = ctypes.c_double.from_address(reward)
        if self.failures:
            result.value = math.nan
            return True
        try:
            state = self.states.get(address) or self._state(address)
            return self._advance(state, (c_float * self.n_act).from_address(action), result)
        except BaseException as error:
            self._fail(error)
            result.value = math.nan
            return True

    def _advance(self, state: State, action: Any, reward: Any) -> bool:
        words = state.words
        body, seed, steps = self.bodies[words[BODY]], words[SEED], words[STEPS]
        if body.at != (seed, steps):
            self._take_up(body, state)
        body.at = (-1, -1)
        observation, gained, terminated, truncated, _ = body.env.step(self.make_action(action))
        state.obs[:] = self.flatten(observation)
        reward.value = gained
        if self.n_kept:
            state.kept[steps * self.n_act:(steps + 1) * self.n_act] = action[:]
        words[STEPS] = steps + 1
        body.at = (seed, steps + 1)
        if truncated and not terminated and steps + 1 != self.task.max_steps:
            self._refuse_truncation(steps + 1)
        return bool(terminated)

    def _refuse_truncation(self, steps: int) -> None:
        """The library truncates episodes itself, at a limit that it knows beforehand."""
        limit = f"its limit of {self.task.max_steps}" if self.task.max_steps else "any limit that it named"
        raise ConflictError(f"{self.name} truncated an episode after {steps} steps, before {limit}; episodes "
                            "are truncated at one number of steps only: say it with "
                            "hedon.Task(..., max_steps=N), or let the environment terminate instead")

    def _take_up(self, body: Body, state: State) -> None:
        """Bring an environment to where a loaded or copied state is: the same seed, the same actions."""
        seed, steps = state.words[SEED], state.words[STEPS]
        if steps and not self.n_kept:
            raise ConflictError(f"an episode of {self.name} cannot be taken up after {steps} steps, since "
                                "it has no limit, or too long a one, for its actions to be kept; give "
                                "hedon.Task a max_steps")
        observation = self._begin(body, seed)
        for i in range(steps):
            action = state.kept[i * self.n_act:(i + 1) * self.n_act]
            observation = self.flatten(body.env.step(self.make_action(action))[0])
        if list((c_float * self.n_obs)(*observation)) != [float(x) for x in state.obs]:
            raise ConflictError(f"an episode of {self.name} cannot be taken up after {steps} steps: the same "
                                "seed and actions led to another observation")

    def _observe(self, _self: int, address: int, obs: int) -> None:
        ctypes.memmove(obs, address + 8 * WORDS, 4 * self.n_obs)
