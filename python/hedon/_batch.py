"""Environments of Python that are stepped in one call from C, through arrays of the library."""
from __future__ import annotations

from array import array
from ctypes import c_bool, c_double, c_float, c_int32, c_uint64
from typing import TYPE_CHECKING, Any

from ._errors import UsageError
from ._numpy import numpy, short

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from ._api import hd_foreign_batch
    from ._spaces import Actions, Observations


def begin(env: Any, seed: int) -> Any:
    """The first observation of an episode."""
    made = env.reset(seed=seed)
    if not isinstance(made, tuple) or len(made) != 2:
        raise UsageError(f"reset of {type(env).__name__} returned {short(made)}; allowed: (observation, info)")
    return made[0]


def check_step(env: Any, made: Any) -> None:
    """Raise where this is not what a step of Gymnasium returns."""
    if not isinstance(made, (tuple, list)) or len(made) != 5:
        raise UsageError(f"step of {type(env).__name__} returned {short(made)}; allowed: (observation, reward, "
                         "terminated, truncated, info), as in Gymnasium since 0.26")
    try:
        array("d", [made[1]])
    except TypeError:
        raise UsageError(f"step of {type(env).__name__} returned the reward {short(made[1])}; allowed: a number") from None


class Singles:
    """Environments that are stepped one by one."""

    def __init__(self, raw: hd_foreign_batch, make: Callable[[], Any], observations: Observations,
                 actions: Actions) -> None:
        self.raw, self.n = raw, raw.B
        self.envs: list[Any] = []
        self.row = (c_int32 * self.n).from_address(raw.row)
        self.seed = (c_uint64 * self.n).from_address(raw.seed)
        self.reward: Any = (c_double * self.n).from_address(raw.reward)
        self.rewards = memoryview(self.reward).cast("B").cast("d")
        self.terminated: Any = (c_bool * self.n).from_address(raw.terminated)
        self.truncated: Any = (c_bool * self.n).from_address(raw.truncated)
        n_obs, n_act = self.n * len(observations.components), self.n * len(actions.components)
        self.obs = (c_float * n_obs).from_address(raw.obs)
        self.write, self.write_row = observations.writer(self.obs, self.n), observations.row_writer(self.obs)
        self.read = actions.reader((c_float * n_act).from_address(raw.action), self.n)
        try:
            for _ in range(self.n):
                self.envs.append(make())
        except BaseException:
            self.close()
            raise
        self.steps = [env.step for env in self.envs]
        self.has_ended = False  # an element of terminated or truncated is set

    def reset(self) -> None:
        for i in self.row[:self.raw.n]:
            self.write_row(i, begin(self.envs[i], self.seed[i]))

    def step(self) -> None:
        if self.raw.n != self.n:
            self._step_some()
            return
        made = [step(action) for step, action in zip(self.steps, self.read())]
        try:
            observations, reward, terminated, truncated, _ = zip(*made)
            self.rewards[:] = array("d", reward)
        except (TypeError, ValueError):
            for env, row in zip(self.envs, made):
                check_step(env, row)
            raise
        self.write(observations)
        has_ended = any(terminated) or any(truncated)
        if has_ended or self.has_ended:
            self.terminated[:], self.truncated[:] = terminated, truncated
            self.has_ended = has_ended

    def _step_some(self) -> None:
        actions, self.has_ended = self.read(), True
        for i in self.row[:self.raw.n]:
            made = self.steps[i](actions[i])
            check_step(self.envs[i], made)
            observation, self.reward[i], self.terminated[i], self.truncated[i], _ = made
            self.write_row(i, observation)

    def close(self) -> None:
        """Close all, even if one raises."""
        failure: BaseException | None = None
        while self.envs:
            try:
                self.envs.pop().close()
            except BaseException as error:
                failure = error
        if failure is not None:
            raise failure


def shown_last(vector: Any, observations: Any, infos: Any, i: int) -> Any:
    """What environment i of a vector showed at the end of an episode that has just ended: a vector that
    restarts environments in the same step keeps it aside."""
    final = infos.get("final_obs")
    mask = infos.get("_final_obs")
    if final is None or (mask is not None and not mask[i]):
        return row_of(observations, i)
    return final[i]


def row_of(observations: Any, i: int) -> Any:
    """The observation of one environment in those of a vector."""
    if isinstance(observations, tuple):
        return tuple(row_of(part, i) for part in observations)
    if isinstance(observations, dict):
        return {key: row_of(part, i) for key, part in observations.items()}
    return observations[i]


class Lockstep:
    """A vector of environments, all of which move with every step. Where one is to begin an episode, it
    is restarted alone (options={"reset_mask": ...}), whatever the vector's autoreset mode."""

    def __init__(self, raw: hd_foreign_batch, make: Callable[[int], Any], observations: Observations,
                 actions: Actions) -> None:
        module = numpy()
        self.module, self.raw, self.n = module, raw, raw.B
        self.flatten, self.fill, self.make_actions = (observations.flatten, observations.many,
                                                      actions.many)

        def array(kind: Any, address: int, n: int) -> Any:
            return module.ctypeslib.as_array((kind * n).from_address(address)).reshape(self.n, -1)

        self.row = array(c_int32, raw.row, self.n)[:, 0]
        self.seed = array(c_uint64, raw.seed, self.n)[:, 0]
        self.reward = array(c_double, raw.reward, self.n)[:, 0]
        self.terminated = array(c_bool, raw.terminated, self.n)[:, 0]
        self.truncated = array(c_bool, raw.truncated, self.n)[:, 0]
        self.obs = array(c_float, raw.obs, self.n * len(observations.components))
        self.action = array(c_float, raw.action, self.n * len(actions.components))
        self.over = module.zeros(self.n, module.bool_)
        self.has_begun = False
        self.vector = make(self.n)

    def reset(self) -> None:
        rows = self.row[:self.raw.n]
        self.obs[rows] = self._shown(self._begin(rows))[rows]
        self.over[rows] = False

    def _begin(self, rows: Any) -> Any:
        if len(rows) == self.n or not self.has_begun:
            self.has_begun = True
            return self.vector.reset(seed=self.seed.tolist())[0]
        mask = self.module.zeros(self.n, self.module.bool_)
        mask[rows] = True
        seeds = [int(s) if m else None for s, m in zip(self.seed, mask)]
        return self.vector.reset(seed=seeds, options={"reset_mask": mask})[0]

    def _shown(self, observations: Any) -> Any:
        return self.fill(observations, self.n)

    def step(self) -> None:
        if self.over.any():
            self._restart_idle()
        observations, reward, terminated, truncated, infos = self.vector.step(self.make_actions(self.action))
        shown = self._shown(observations)
        self.over[:] = ended = self.module.logical_or(terminated, truncated)
        if "final_obs" in infos and ended.any():
            for i in self.module.flatnonzero(ended).tolist():
                shown[i] = self.flatten(shown_last(self.vector, observations, infos, i))
        self.obs[:] = shown
        self.reward[:], self.terminated[:], self.truncated[:] = reward, terminated, truncated

    def _restart_idle(self) -> None:
        """Environments that nobody restarted have nothing to do; a vector may refuse to step them."""
        self.vector.reset(seed=[None] * self.n, options={"reset_mask": self.over.copy()})
        self.over[:] = False

    def close(self) -> None:
        self.vector.close()


def random_numbers(actions: Actions, draw: random.Random) -> list[float]:
    """An action, as numbers of the library, of which nothing else is known."""
    return [draw.randrange(c.values) if c.values else draw.uniform(c.low, c.high) for c in actions.components]


def restarts_alone(vector: Any, observations: Observations, actions: Actions) -> bool:
    """Does a vector of two restart the first environment when told to, by its seed, and leave the second
    alone? Where the observations cannot tell, the answer is no."""
    from random import Random

    module, draw = numpy(), Random(0)

    def shown(result: tuple[Any, ...]) -> Any:
        return observations.many(result[0], 2)

    try:
        begun = shown(vector.reset(seed=[1, 2]))
        moved = shown(vector.step(actions.many(module.array([random_numbers(actions, draw)] * 2, module.float32))))
        mask = module.array([True, False])
        restarted = shown(vector.reset(seed=[1, None], options={"reset_mask": mask}))
    except Exception:
        return False
    is_there = (restarted[0] == begun[0]).all() and (restarted[1] == moved[1]).all()
    return bool(is_there and (moved[0] != begun[0]).any())


class Alone:
    """A vector of one environment as an environment."""

    def __init__(self, vector: Any, actions: Actions) -> None:
        if getattr(vector, "num_envs", None) != 1:
            raise UsageError(f"{vector!r} has num_envs = {getattr(vector, 'num_envs', None)!r}, and one "
                             "environment was asked for")
        self.vector, self._many = vector, actions.many  # of numbers as rows (Actions.as_numbers)
        self.observation_space, self.action_space = vector.single_observation_space, vector.single_action_space
        self.spec = getattr(vector, "spec", None)

    def reset(self, seed: int | None = None) -> tuple[Any, Any]:
        observations, infos = self.vector.reset(seed=seed)
        return row_of(observations, 0), infos

    def step(self, action: Any) -> tuple[Any, Any, Any, Any, Any]:
        observations, reward, terminated, truncated, infos = self.vector.step(self._many(action))
        ended = terminated[0] or truncated[0]
        shown = shown_last(self.vector, observations, infos, 0) if ended else row_of(observations, 0)
        return shown, reward[0], terminated[0], truncated[0], infos

    def close(self) -> None:
        self.vector.close()
