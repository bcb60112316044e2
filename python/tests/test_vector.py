"""Vectors of Gymnasium's environments as tasks: every autoreset mode gives what single environments give."""
import os
import tempfile
import unittest
import warnings

import envs
import hedon

try:
    import gymnasium
    import numpy
    from gymnasium import spaces
    from gymnasium.vector import SyncVectorEnv
except ImportError:
    gymnasium = None

MODES = ("NextStep", "SameStep", "Disabled")


def spaced(kind, observation_space, action_space):
    """An environment of envs.py as one of Gymnasium's."""
    return type(kind.__name__, (kind, gymnasium.Env), {
        "observation_space": observation_space, "action_space": action_space})


def vector_of(kind, mode):
    return lambda n: SyncVectorEnv([kind] * n, autoreset_mode=mode)


class Hasty(envs.Walk):
    """Truncates by itself."""

    def step(self, action):
        *rest, over, _, info = super().step(action)
        return (*rest, over, self.taken >= 7, info)


class Pair(envs.Walk):
    """A tuple is shown; of two integers the second decides."""

    def reset(self, seed=None, options=None):
        cell, info = super().reset(seed)
        return (cell, numpy.array([cell / 6], numpy.float32)), info

    def step(self, action):
        cell, *rest = super().step(action[1])
        return ((cell, numpy.array([cell / 6], numpy.float32)), *rest)


@unittest.skipIf(gymnasium is None, "gymnasium is not installed")
class Vectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        box = spaces.Box(-1, 1, (1,), numpy.float32)
        cls.kinds = [
            spaced(envs.Walk, spaces.Discrete(7), spaces.Discrete(2)),
            spaced(Hasty, spaces.Discrete(7), spaces.Discrete(2)),
            spaced(Pair, spaces.Tuple([spaces.Discrete(7), box]), spaces.MultiDiscrete([3, 2])),
            spaced(envs.Follow, spaces.Box(-3, 3, (2,), numpy.float32), box)]

    def test_every_mode_gives_what_single_environments_give(self):
        settings = {"eval_every": 300, "eval_episodes": 5}
        for kind in self.kinds:
            method = "sac" if kind.__name__ == "Follow" else "neuron-agent"
            alone = hedon.train(hedon.Task(kind, max_steps=40), method, steps=600, settings=settings)
            for mode in MODES:
                task = hedon.Task(vector_of(kind, mode), vector=True, max_steps=40)
                self.assertTrue(task.is_lockstep)
                result = hedon.train(task, method, steps=600, settings=settings)
                self.assertEqual((result.hashes, result.returns), (alone.hashes, alone.returns),
                                 (kind.__name__, mode))

    def test_one_call_steps_all(self):
        calls = []

        class Counting(SyncVectorEnv):
            def step(self, actions):
                calls.append(self.num_envs)
                return super().step(actions)

        task = hedon.Task(lambda n: Counting([self.kinds[0]] * n), vector=True, max_steps=40)
        calls.clear()
        session = hedon.Session(task, settings={"envs": 8}).train(8 * 50)
        self.assertEqual(calls, [8] * (session.env_steps // 8))

    def test_episodes_go_on_after_loading(self):
        for mode in MODES:
            task = hedon.Task(vector_of(self.kinds[0], mode), vector=True, max_steps=40)
            session = hedon.Session(task, seed=3).train(501)
            with tempfile.TemporaryDirectory() as folder:
                session.save(os.path.join(folder, "learner"))
                loaded = hedon.Session.load(os.path.join(folder, "learner"), task)
            self.assertEqual(session.train(300).hash, loaded.train(300).hash)

    def test_a_vector_that_restarts_all_is_made_one_by_one(self):
        with self.assertWarnsRegex(hedon.Warned, "CartPole-v1 cannot restart one .* alone"):
            task = hedon.Task("CartPole-v1", vector=True)
        self.assertFalse(task.is_lockstep)
        self.assertEqual((task.max_steps, task.solved), (500, 475.0))
        session = hedon.Session(task, settings={"envs": 2}).train(100)
        self.assertGreater(session.evaluate(2).min(), 5)

    def test_hedons_own_vectors_are_stepped_together(self):
        import hedon.gymnasium

        for mode in MODES:
            task = hedon.Task(lambda n: gymnasium.make_vec("hedon/CartPole-v1", num_envs=n, autoreset_mode=mode),
                              vector=True)
            self.assertTrue(task.is_lockstep)
            self.assertGreater(hedon.Session(task).train(500).evaluate(3).min(), 5)

    def test_what_is_no_vector_is_refused(self):
        for sentence, make in (
                ("vector=True", lambda: hedon.Task(lambda: vector_of(self.kinds[0], MODES[0])(2))),
                ("vector of two", lambda: hedon.Task(lambda n: self.kinds[0](), vector=True)),
                ("one vector", lambda: hedon.train(vector_of(self.kinds[0], MODES[0])(2)))):
            with self.assertRaisesRegex(hedon.UsageError, sentence):
                make()

    def test_what_a_vector_raises_or_gives_comes_through(self):
        class Bad(SyncVectorEnv):
            how = None

            def step(self, actions):
                obs, reward, terminated, truncated, infos = super().step(actions)
                if Bad.how == "raises":
                    raise RuntimeError("the robots fell off the table")
                if Bad.how == "nan":
                    reward[:] = float("nan")
                if Bad.how == "shape":
                    obs = obs[:1]
                if Bad.how == "range":
                    obs = obs + 100
                return obs, reward, terminated, truncated, infos

        for how, raised, sentence in (
                ("raises", RuntimeError, "fell off"), ("nan", hedon.NumericError, "reward"),
                ("shape", hedon.RangeError, "shape"), ("range", hedon.ConflictError, "allowed: whole numbers 0 to 6")):
            Bad.how = None
            task = hedon.Task(lambda n: Bad([self.kinds[0]] * n), vector=True, max_steps=40)
            session = hedon.Session(task).train(50)
            Bad.how, before = how, session.hash
            with self.assertRaisesRegex(raised, sentence):
                session.train(500)
            self.assertEqual(session.hash, before)


if __name__ == "__main__":
    with warnings.catch_warnings():
        unittest.main()
