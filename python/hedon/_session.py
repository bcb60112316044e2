"""hedon.Session: one learner, to train, act with and look into."""
from __future__ import annotations

import ctypes
import functools
import math
import os
import time
from ctypes import byref, c_double, c_float, c_void_p, sizeof
from typing import TYPE_CHECKING, Any, NamedTuple

from ._api import hd_stats
from ._config import Config, Option, options_of, setting_text, whole
from ._context import Context, Handle, encoded, path_bytes, text
from ._errors import RangeError, UnknownName
from ._host import raise_failure
from ._interrupt import Heard
from ._library import lib
from ._network import SessionNetwork
from ._numpy import floats_of, numpy, single
from ._state import State, act
from ._task import enter, saved_task
from ._view import View, Views

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ._rule import Rule
    from ._task import TaskLike


class Layer(NamedTuple):
    """Activity of a spiking layer since hedon.Session.stats() was called last."""

    name: str
    n: int
    rate: float
    "Spikes per neuron and substep."
    silent: float
    "Share of neurons that never fired."
    full: float
    "Share of neurons that fired at every substep."


class Stats(NamedTuple):
    """What a session tells about itself."""

    seed: int
    env_steps: int
    episodes: int
    updates: int
    train_return: float
    "Mean return of the last 100 training episodes; nan before the first."
    cpu_s: float
    layers: tuple[Layer, ...]


SEEDS = 2**64 - 1  # the largest
STEPS = 10**12  # at a time

# A slice of training, after which Ctrl-C is heard, takes about so long.
SLICE_S = 0.05
EVALUATED_FIRST = 16  # episodes, and more where they are short


class Session:
    """One learner: environments, network, and all it remembers. The same configuration and seed give
    the same learner, however its training is cut into pieces.

    Arguments and errors: as hedon.train."""

    def __init__(self, task: TaskLike, method: str | None = None, *, seed: int = 0,
                 settings: Mapping[str, object] | None = None) -> None:
        context, name = enter(task)
        config = Config(context, name, method, settings)
        handle = Handle(context, lib.hd_session_destroy)
        try:
            with Heard():
                handle.make(lib.hd_session_create, config._as_parameter_, whole(seed, "seed", 0, SEEDS))
        finally:
            raise_failure(context)
        self._hold(handle)

    @classmethod
    def load(cls, path: str | os.PathLike[str], task: TaskLike | None = None, *,
             rules: Sequence[Rule] = ()) -> Session:
        """What save() wrote. `task` is needed if the environment is a class or a function of Python, but not
        one that gymnasium:NAME names; `rules` if it learns by rules of Python."""
        task = saved_task(path) if task is None else task
        context, name = (Context(), None) if task is None else enter(task)
        for rule in rules:
            rule.register(context)
        try:
            return cls._load(context, os.fspath(path))
        except UnknownName as error:
            given = "" if name is None else f" The task given is called '{name}'; hedon.Task(make, name=...) gives it another name."
            raise UnknownName(f"{error}. An environment or a rule of Python has to be given: "
                              f"load(path, task, rules=[...]).{given}") from None

    @classmethod
    def _load(cls, context: Context, path: str) -> Session:
        self = cls.__new__(cls)
        handle = Handle(context, lib.hd_session_destroy)
        made = c_void_p()
        with context:
            status = lib.hd_session_load(context.handle, path_bytes(path), byref(made))
            context.check(status)
        handle._as_parameter_ = made.value or 0
        self._hold(handle)
        return self

    def _hold(self, handle: Handle) -> None:
        self._handle = handle
        self._at = handle._as_parameter_
        self._context = handle.context
        self._networks: list[Any] = []
        self._step = 0
        self._steps: ctypes.c_int64 | None = None  # a counter of the session's own
        config = lib.hd_session_config(self._at)
        self.task = text(lib.hd_config_task(config))
        self.method = text(lib.hd_config_method(config))
        self._n_envs = int(text(lib.hd_config_get(config, b"envs")))
        found = c_void_p()
        with self._context as context:
            context.check(lib.hd_env_find(context.handle, encoded(self.task), byref(found)))
        from ._api import hd_env_desc

        description = hd_env_desc.from_address(found.value or 0)
        self.n_obs: int = description.n_obs
        self.n_act: int = description.n_act
        self.n_actions: int = description.act[0].count
        self._obs = (c_float * self.n_obs)()
        self._action = (c_float * self.n_act)()
        self._obs_at, self._act_at = ctypes.addressof(self._obs), ctypes.addressof(self._action)
        self._obs_array: Any = None
        self._decide: Callable[..., int] = lib.hd_session_decide

    # ---- learning ----

    def train(self, steps: int) -> Session:
        """Learn for at least `steps` more environment steps (whole rollouts). Ctrl-C stops between
        two rollouts, and the session can go on.

        Errors: NumericError (names the culprit; the weights stay as they were), what an environment
        in Python raises."""
        steps = whole(steps, "steps", 0, STEPS)
        taken = self.env_steps
        target, piece = taken + steps, 256
        while taken < target:
            started = time.monotonic()
            with self._context as context, Heard():
                status = lib.hd_session_train(self._at, min(piece, target - taken))
                raise_failure(context)
                context.check(status)
            if time.monotonic() - started < SLICE_S:
                piece *= 2
            taken = self.env_steps
        return self

    @property
    def env_steps(self) -> int:
        """Environment steps trained, all environments counted."""
        # Not from hd_session_stats, which begins the activity of layers anew.
        if self._steps is None:
            self._steps = ctypes.c_int64.from_address(self._view("counters")._address)
        return self._steps.value * self._n_envs

    def set(self, key: str, value: object) -> None:
        """Change a setting from now on, while the learner learns: a step size, epsilon, a weight of the loss.
        What is set is saved with the learner.

        Errors: ConflictError (what it is made of cannot change; the message lists what can), UnknownName,
        RangeError; nothing has changed then."""
        with self._context as context:
            context.check(lib.hd_session_set(self._at, encoded(key), encoded(setting_text(value))))

    # ---- acting ----

    def evaluate(self, episodes: int = 10, round: int = 0) -> Any:
        """Returns of so many greedy episodes, an array where NumPy is installed; the learner is not
        touched. The same session and `round` give the same returns."""
        episodes, round = whole(episodes, "episodes", 1, 10**6), whole(round, "round", 0, SEEDS)
        returns = (c_double * episodes)()
        at, part = 0, EVALUATED_FIRST
        while at < episodes:  # in parts that take a moment each, between which Ctrl-C is heard
            n, began = min(part, episodes - at), time.monotonic()
            with self._context as context, Heard():
                status = lib.hd_session_evaluate_from(self._at, at, n, round, byref(returns, at * sizeof(c_double)))
                raise_failure(context)
                context.check(status)
            at += n
            part *= 2 if time.monotonic() - began < SLICE_S else 1
        module = numpy()
        return list(returns) if module is None else module.array(returns)

    def decide(self, obs: Any, step: int | None = None) -> Any:
        """The greedy action for one observation [n_obs], or actions for several [n][n_obs]: an
        integer (or n of them) where actions are integers, else n_act real numbers.

        step  the number of the decision: the same session and step draw the same spikes. Default:
              one more than the last. A network that carries state goes on from the call before, but for
              step 0, where an episode begins; `act` leaves the state to the caller"""
        return self._act(obs, self._decide, self._next() if step is None else whole(step, "step", 0, SEEDS))

    def sample(self, obs: Any, *, seed: int = 0, step: int | None = None) -> Any:
        """Actions as the learner takes them while it trains, exploring: drawn by the probabilities of the
        policy, with epsilon, with noise; by the weights that are learned, not by their running average. A
        search, which explores by its weights alone, decides greedily. Training is not touched.

        seed  of the draws: the same session, seed and step draw the same
        obs, step, and what is returned: as of decide"""
        return self._act(obs, lib.hd_session_sample, whole(seed, "seed", 0, SEEDS),
                         self._next() if step is None else whole(step, "step", 0, SEEDS))

    @functools.cached_property
    def state_size(self) -> int:
        """Numbers that a decision hands to the next one of its episode: 0 where a decision depends on what it
        sees alone."""
        with self._context:
            return int(lib.hd_session_state_size(self._at))

    def act(self, obs: Any, state: State | None = None, episode_start: Any = None, *, explore: bool = False,
            seed: int = 0) -> tuple[Any, State]:
        """Decide in one episode or in several at once, each with a state of its own: the action or actions, as
        of decide, and the state to hand to the next call.

        state          of the decision before; None: every episode begins
        episode_start  True, or a list or array of flags: these begin, whatever their state
        explore, seed  act as while training, by draws of this seed (sample)"""
        actions, after = act(self, obs, state, episode_start, explore, whole(seed, "seed", 0, SEEDS))
        return self._actions_of(obs, actions), after

    def _actions_of(self, obs: Any, values: Any) -> Any:
        """C floats [n][n_act] as decide gives them."""
        module = numpy()
        rows = [list(values[i:i + self.n_act]) for i in range(0, len(values), self.n_act)]
        is_one = self._is_one(obs)
        if module is None:
            made = [int(row[0]) for row in rows] if self.n_actions else rows
            return made[0] if is_one else made
        if self.n_actions:
            return int(rows[0][0]) if is_one else module.array([int(row[0]) for row in rows])
        return module.array(rows[0] if is_one else rows, module.float32)

    def _is_one(self, obs: Any) -> bool:
        """Is this one observation, and not a list of them?"""
        if not hasattr(obs, "__len__"):
            return True
        return not hasattr(obs[0], "__len__") and (self.n_obs > 1 or len(obs) == 1)

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function of the library on this session.

        Errors: as the function says."""
        with self._context as context:
            context.check(getattr(lib, name)(self._at, *arguments))

    def _next(self) -> int:
        self._step += 1
        return self._step - 1

    def _act(self, obs: Any, call: Callable[..., int], *draw: int) -> Any:
        """What a function of the library answers to observations; it takes `draw` before the actions."""
        module = numpy()
        if module is None:
            return self._act_lists(obs, call, *draw)
        obs = single(obs)
        if self.n_obs == 1 and obs.ndim < 2:  # of tasks with numbered states: a number each
            obs = obs.reshape(-1, 1) if obs.size > 1 else obs.reshape(-1)
        if obs.shape != (self.n_obs,):
            return self._act_many(module, obs, call, *draw)
        if self._obs_array is None:
            self._obs_array = module.frombuffer(self._obs, module.float32)
        with self._context as context:
            self._obs_array[:] = obs
            status = call(self._at, 1, self._obs_at, *draw, self._act_at)
            if status:
                context.check(status)
            if self.n_actions:
                return int(self._action[0])
            return module.array(self._action, module.float32)

    def _act_many(self, module: Any, obs: Any, call: Callable[..., int], *draw: int) -> Any:
        if obs.ndim != 2 or obs.shape[1] != self.n_obs or obs.shape[0] < 1:
            raise RangeError(f"observations of shape {list(obs.shape)}; allowed: [{self.n_obs}], "
                             f"or [n, {self.n_obs}] for n at once")
        rows = module.ascontiguousarray(obs)
        actions = module.empty((len(rows), self.n_act), module.float32)
        with self._context as context:
            context.check(call(self._at, len(rows), rows.ctypes.data, *draw, actions.ctypes.data))
        return actions[:, 0].astype(int) if self.n_actions else actions

    def _act_lists(self, obs: Any, call: Callable[..., int], *draw: int) -> Any:
        values = floats_of(obs)
        n = len(values) // self.n_obs
        if n < 1 or len(values) != n * self.n_obs:
            raise RangeError(f"an observation of {len(values)} numbers; allowed: {self.n_obs}, or a "
                             "multiple of it")
        actions = (c_float * (n * self.n_act))()
        with self._context as context:
            context.check(call(self._at, n, values, *draw, actions))
        rows = [list(actions[i * self.n_act:(i + 1) * self.n_act]) for i in range(n)]
        made = [int(row[0]) for row in rows] if self.n_actions else rows
        return made[0] if self._is_one(obs) else made

    # ---- looking ----

    def stats(self) -> Stats:
        """Counters, and the activity of layers since the last call."""
        s = hd_stats()
        with self._context:
            lib.hd_session_stats(self._at, byref(s))
        layers = tuple(Layer(text(a.name), a.n, a.rate, a.silent, a.full) for a in s.layer[:s.n_layers])
        return Stats(s.seed, s.env_steps, s.episodes, s.updates, s.recent, s.cpu_s, layers)

    def returns(self) -> list[float]:
        """Returns of the last training episodes, at most 1024, the oldest first."""
        returns = (c_double * 1024)()
        with self._context:
            return list(returns[:lib.hd_session_returns(self._at, returns, 1024)])

    @property
    def train_return(self) -> float:
        """Mean return of the last 100 training episodes; nan before the first."""
        last = self.returns()[-100:]
        return sum(last) / len(last) if last else math.nan

    @property
    def hash(self) -> str:
        """Hash of all weights, 16 hexadecimal digits."""
        with self._context:
            return f"{lib.hd_session_hash(self._at):016x}"

    @property
    def options(self) -> dict[str, Option]:
        """Every option as it stands."""
        with self._context:
            return options_of(lib.hd_session_config(self._at))

    @property
    def views(self) -> Views:
        """The arrays of the session by name, without a copy: session.views["actor.0"]."""
        return Views(self, self._view_names, self._view)

    def _view_at(self, i: int) -> View:
        return View(self, lib.hd_session_view_at(self._at, i))

    def _view_names(self) -> list[str]:
        return [text(lib.hd_session_view_at(self._at, i).name)
                for i in range(lib.hd_session_view_count(self._at))]

    def _view(self, name: str) -> View:
        names = self._view_names()
        if name not in names:
            from ._errors import UnknownName

            raise UnknownName(f"the session has no view '{name}'; it has {', '.join(names)}")
        return self._view_at(names.index(name))

    def __getitem__(self, name: str) -> Any:
        """An array by name, of NumPy and without a copy where it is installed."""
        view = self._view(name)
        return view if numpy() is None else view.array()

    def arrays(self) -> dict[str, Any]:
        """Copies of all arrays by name, for numpy.savez or safetensors.numpy.save_file. Needs NumPy. The
        file of save() is one of safetensors, too, with the same names and with what load() needs."""
        return {name: self._view(name).array().copy() for name in self._view_names()}

    def network(self, env: int = 0) -> SessionNetwork:
        """A network that shows, spike by spike, what the session's own does in environment `env`
        while it is trained, or with env = -1 what it does when one observation is decided on. What a
        local rule keeps is there too, as the last decision left it: network["input->hidden.pre.trace"].
        Errors: ConflictError (the method has none that can be shown)."""
        made = c_void_p()
        with self._context as context:
            context.check(lib.hd_session_network(self._at, env, byref(made)))
        return SessionNetwork(self, self._context, made.value or 0)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save everything: the learner goes on from there as if nothing had happened."""
        with self._context as context:
            context.check(lib.hd_session_save(self._at, path_bytes(path)))

    def __repr__(self) -> str:
        last = f", return {self.train_return:.1f}" if self.returns() else ""
        return f"<hedon.Session {self.task} with {self.method}: {self.env_steps:,} steps{last}>"
