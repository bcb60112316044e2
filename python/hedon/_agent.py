"""hedon.Agent: a learner in the manner of Stable-Baselines3."""
from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any, Final

from ._config import called, whole
from ._errors import Error, UsageError, Warned
from ._numpy import short
from ._progress import Progress, reporter
from ._session import STEPS, Session
from ._task import Task, as_task, saved_task

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from ._network import SessionNetwork
    from ._progress import ProgressLike
    from ._rule import Rule
    from ._state import State
    from ._task import TaskLike

# Environment steps between two calls of a callback, or from one value of a schedule to the next.
CALLBACK_EVERY: Final = 1000


class Policy:
    """What acts: `.network` is shown spike by spike, from when it is first asked for; `policy["actor"]`
    is an array of weights or of what else hedon.Session.views has."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @functools.cached_property
    def network(self) -> SessionNetwork:
        return self._session.network()

    def __getitem__(self, name: str) -> Any:
        return self._session[name]

    def __repr__(self) -> str:
        return f"<hedon policy of {self._session!r}>"


class Agent:
    """A learner that takes the observations and gives the actions of its environment.

        agent = hedon.Agent("CartPole-v1", "ppo").learn(20_000)
        action, _ = agent.predict(observation)

    Arguments and errors: as hedon.train. `.session` is the learner beneath."""

    def __init__(self, task: TaskLike, method: str | None = None, *, seed: int = 0,
                 settings: Mapping[str, object] | None = None) -> None:
        self._hold(as_task(task))
        self.session = Session(self.task, method, seed=seed, settings=settings)

    def _hold(self, task: str | Task) -> None:
        self.task = task
        self._without, self._has_warned = 0, False

    def learn(self, total_timesteps: float, callback: Callable[[Agent], object] | None = None, *,
              callback_every: int = CALLBACK_EVERY, progress: ProgressLike = None,
              schedules: Mapping[str, Callable[[float], object]] | None = None) -> Agent:
        """Train for at least so many more environment steps (whole rollouts).

        callback        called with this agent about every `callback_every` environment steps: to look,
                        to evaluate, to save. Learning ends where it returns False
        progress        as of hedon.train
        schedules       {"alpha": lambda done: 0.01 * (1 - done)}: values of settings that may change while a
                        learner learns (hedon.Session.set), asked for at the beginning and after every
                        `callback_every` environment steps with the share of this call's steps that is
                        done. The last values stay, and are saved

        How learning is cut into pieces changes nothing of it, but for when schedules are asked. Ctrl-C ends
        it between two rollouts, and it can go on."""
        session, shown = self.session, reporter(progress)
        follow = _follower(session, schedules)
        begin = session.env_steps
        is_whole = isinstance(total_timesteps, float) and total_timesteps.is_integer()  # as 1e5 is
        total_timesteps = whole(int(total_timesteps) if is_whole else total_timesteps,  # type: ignore[arg-type]
                                "total_timesteps", 0, STEPS)
        target = begin + total_timesteps
        called(callback, "callback")
        piece = whole(callback_every, "callback_every", 1, STEPS)

        def look() -> Progress:
            done = session.env_steps
            return Progress(min(1.0, (done - begin) / max(1, total_timesteps)), 1, done >= target, 0, done,
                            session.train_return)

        try:
            while session.env_steps < target:
                follow((session.env_steps - begin) / total_timesteps)
                session.train(min(piece, target - session.env_steps))
                if callback is not None and callback(self) is False or not shown.report(look):
                    break
        finally:
            shown.close()
        return self

    @functools.cached_property
    def policy(self) -> Policy:
        """What acts, to look into."""
        return Policy(self.session)

    def predict(self, observation: Any, state: State | None = None, episode_start: Any = None,
                deterministic: bool = True) -> tuple[Any, State | None]:
        """The action for one observation, or actions for several, one of each environment; and the state to hand
        to the next call, as in Stable-Baselines3: None unless the network carries state (carry = true, layers
        that are agents, units that remember).

            state, begins = None, True
            while True:
                action, state = agent.predict(observation, state, begins)
                observation, reward, terminated, truncated, info = env.step(action)
                begins = terminated or truncated

        state          what the call before returned; None: an episode begins
        episode_start  True, or a flag for each observation: the episode begins, whatever its state
        deterministic  True: the greedy action; spikes are drawn, so equal observations may get different
                       actions. False: the agent explores as in training (hedon.Session.sample)

        An agent keeps nothing between calls. One that carries state and is asked again and again without any
        warns once, since its decisions then all begin an episode."""
        observation, n = self._numbers(observation)
        if self.session.state_size == 0:
            act = self.session.decide if deterministic else self.session.sample
            return self._environment_action(act(observation), n), state
        self._warn_of_no_state(state is None and episode_start is None)
        action, state = self.session.act(observation, state, episode_start, explore=not deterministic)
        return self._environment_action(action, n), state

    def _numbers(self, observation: Any) -> tuple[Any, int]:
        """What an environment shows as the library's numbers; and of how many environments, 0: one alone."""
        if not isinstance(self.task, Task):
            return observation, 0
        spaces = self.task.observations
        try:
            n = spaces.count(observation)
            return (spaces.many(observation, n), n) if n > 0 else (spaces.flatten(observation), 0)
        except Error:
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"predict got {short(observation)}; allowed: an observation of {self.task.name}, or an array "
                             "of one from each of several environments") from error

    def _environment_action(self, action: Any, n: int) -> Any:
        if not isinstance(self.task, Task):
            return action
        if n > 0:
            return self.task.actions.many(action.reshape(n, -1))
        return self.task.actions.make([action] if self.session.n_actions else action)

    def _warn_of_no_state(self, has_none: bool) -> None:
        self._without = self._without + 1 if has_none else 0
        if self._without == 2 and not self._has_warned:
            self._has_warned = True
            warnings.warn(f"{self.session.method} carries state from one decision to the next, and predict was called "
                          "twice without it, so both began an episode; write action, state = agent.predict(observation, "
                          "state, episode_start)", Warned, stacklevel=3)

    def evaluate(self, episodes: int = 10) -> Any:
        """Returns of so many greedy episodes."""
        return self.session.evaluate(episodes)

    def network(self) -> SessionNetwork:
        """The agent's network, spike by spike, as hedon.Session.network shows it."""
        return self.session.network()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save everything."""
        self.session.save(path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], task: TaskLike | None = None, *,
             rules: Sequence[Rule] = ()) -> Agent:
        """What save() wrote, as hedon.Session.load opens it."""
        self = cls.__new__(cls)
        made = as_task(task) if task is not None else saved_task(path)
        self.session = Session.load(path, made, rules=rules)
        self._hold(made if made is not None else self.session.task)
        return self

    def __repr__(self) -> str:
        return f"<hedon.Agent of {self.session!r}>"


def _follower(session: Session, schedules: Mapping[str, Callable[[float], object]] | None) -> Callable[[float], None]:
    """A function that sets what schedules say at a share of the steps that is done."""
    rows = dict(schedules or {})
    for key, value in rows.items():
        if not callable(value):
            raise UsageError(f"the schedule of {key} is {value!r}; allowed: a function of the share that is done")

    def follow(done: float) -> None:
        for key, value in rows.items():
            session.set(key, value(done))

    return follow

