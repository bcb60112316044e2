"""hedon.Agent: a learner in the manner of Stable-Baselines3."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import UsageError
from ._session import Session
from ._task import Task, as_task

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from ._network import SessionNetwork
    from ._task import TaskLike


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
        self._flatten = task.observations.flatten if isinstance(task, Task) else None
        self._make = task.actions.make if isinstance(task, Task) else None

    def learn(self, total_steps: int) -> Agent:
        """Train for at least so many more environment steps."""
        self.session.train(total_steps)
        return self

    def predict(self, observation: Any, state: None = None, episode_start: None = None,
                deterministic: bool = True) -> tuple[Any, None]:
        """The action for one observation, and None, since an agent keeps no state between calls.
        Actions are greedy; spikes are drawn, so equal observations may get different actions."""
        if not deterministic:
            raise UsageError("an agent acts greedily; allowed: deterministic=True")
        if self._flatten is None or self._make is None:
            return self.session.decide(observation), None
        action = self.session.decide(self._flatten(observation))
        return self._make([action] if self.session.n_actions else action), None

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
    def load(cls, path: str | os.PathLike[str], task: TaskLike | None = None) -> Agent:
        """What save() wrote. `task` is needed only if the environment is one of Python's."""
        self = cls.__new__(cls)
        made = as_task(task) if task is not None else None
        self.session = Session.load(path, made)
        self._hold(made if made is not None else self.session.task)
        return self

    def __repr__(self) -> str:
        return f"<hedon.Agent of {self.session!r}>"
