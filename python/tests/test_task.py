"""Environments of Python as tasks: spaces, seeds, checkpoints, limits, exceptions."""
import os
import signal
import tempfile
import unittest
import warnings

import envs
import hedon
from foreground import setUpModule as setUpModule

try:
    import gymnasium
except ImportError:
    gymnasium = None
try:
    import numpy
except ImportError:
    numpy = None

WALK = hedon.Task(envs.Walk, max_steps=50, solved=1.0)
SHORT = {"eval_every": 500, "eval_episodes": 3}
RANGE = {"low": [-1, -1], "high": [1, 1]}


class Tasks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.saved = os.path.join(folder.name, "learner")

    def test_a_policy_is_learned(self):
        result = hedon.train(WALK, steps=4000, settings={"eval_every": 1000, "eval_episodes": 10})
        self.assertEqual((result.task, result.returns), ("Walk", [1.0]))

    def test_a_hundred_numbers_are_learned_from(self):
        task = hedon.Task(envs.Wide, max_steps=1)
        result = hedon.train(task, steps=2000, settings={"eval_every": 1000, "eval_episodes": 20})
        self.assertGreaterEqual(result.returns[0], 0.9)

    def test_a_run_is_a_function_of_its_seed(self):
        runs = [hedon.train(WALK, seeds=2, threads=threads, steps=1000, settings=SHORT).hashes
                for threads in (1, 2)]
        self.assertEqual(runs[0], runs[1])
        self.assertNotEqual(runs[0][0], runs[0][1])

    def test_real_numbers_in_and_out(self):
        task = hedon.Task(envs.Follow, max_steps=10)
        low, high = task.observations.components[1][2:]
        self.assertTrue(-5 < low < -2.5 and 2.5 < high < 5)  # seen, and widened
        self.assertEqual(tuple(task.observations.components[0][2:]), (-1.0, 1.0))
        given = hedon.Task(envs.Follow, low=[-2, -3], high=[2, 3])
        self.assertEqual(tuple(given.observations.components[1][2:]), (-3.0, 3.0))
        session = hedon.Session(task, "neuron-agent", seed=1).train(300)
        self.assertEqual(len(session.decide([0.5, 1.5])), 1)
        self.assertTrue(all(-30 < r <= 0 for r in session.evaluate(3)))

    def test_an_episode_goes_on_after_loading(self):
        session = hedon.Session(WALK, seed=3).train(501)
        session.save(self.saved)
        loaded = hedon.Session.load(self.saved, WALK)
        with self.assertRaisesRegex(hedon.Error, "Walk"):
            hedon.Session.load(self.saved)
        self.assertEqual(session.train(300).hash, loaded.train(300).hash)

    def test_another_length_of_episodes_is_named(self):
        hedon.Session(WALK, seed=3).train(501).save(self.saved)
        for steps in (WALK.max_steps + 10, None):
            with self.assertRaisesRegex(hedon.Error, "another environment called Walk: max_steps"):
                hedon.Session.load(self.saved, hedon.Task(envs.Walk, max_steps=steps))

    def test_another_range_is_said(self):
        hedon.Session(hedon.Task(envs.Follow, max_steps=10, low=[-2, -3], high=[2, 3]), "ppo").save(self.saved)
        with self.assertWarnsRegex(hedon.Warned, r"obs\[1\] of Follow ranged from -3 to 3; now it ranges from -3 to 30,"):
            hedon.Session.load(self.saved, hedon.Task(envs.Follow, max_steps=10, low=[-2, -3], high=[2, 30]))

        class Stronger(envs.Follow):
            action_space = envs.Box([-4.0], [4.0])

        with self.assertRaisesRegex(hedon.MismatchError, r"action\[0\] of Follow ranged from .* now it ranges from -4 to 4"):
            hedon.Session.load(self.saved, hedon.Task(Stronger, name="Follow", max_steps=10, low=[-2, -3], high=[2, 3]))

    def test_a_learner_of_another_name_names_both(self):
        hedon.Session(WALK, seed=3).save(self.saved)
        with self.assertRaisesRegex(hedon.UnknownName, "no environment is called 'Walk'.*given is called 'Stroll'"):
            hedon.Session.load(self.saved, hedon.Task(envs.Walk, max_steps=50, name="Stroll"))

    def test_a_wrapper_changes_no_name(self):
        class Wrapper(envs.Walk):
            unwrapped = envs.Walk()

        self.assertEqual(hedon.Task(Wrapper).name, "Walk")

    def test_an_episode_that_cannot_go_on_is_refused(self):
        class Forgetful(envs.Walk):
            def reset(self, seed=None, options=None):
                return super().reset(seed=None)

        task = hedon.Task(Forgetful, max_steps=50)
        session = hedon.Session(task, seed=3).train(501)
        session.save(self.saved)
        loaded = hedon.Session.load(self.saved, task)
        with self.assertRaisesRegex(hedon.ConflictError, "cannot be taken up"):
            for _ in range(20):  # until a draw differs
                loaded.train(100)
                loaded.save(self.saved)
                loaded = hedon.Session.load(self.saved, task)

    def test_an_episode_without_a_limit_goes_on(self):
        task = hedon.Task(envs.Walk)
        self.assertEqual(task.max_steps, 0)
        session = hedon.Session(task, seed=3).train(503)
        session.save(self.saved)
        loaded = hedon.Session.load(self.saved, task)
        with self.assertRaisesRegex(hedon.UnknownName, "no environment is called 'Walk'.* Python program .* is not "
                                                       "loaded.* has to be given: load"):
            hedon.Agent.load(self.saved)
        self.assertEqual(session.train(300).hash, loaded.train(300).hash)

    def test_an_evaluation_of_an_endless_task_is_said(self):
        class Round(envs.Walk):
            def step(self, action):
                self.cell = (self.cell + 1) % 7
                return self.cell, 1.0, False, False, {}

        with self.assertWarnsRegex(hedon.Warned, "Round sets no limit to its episodes, .* after 10000 steps; give it a max_steps"):
            self.assertEqual(hedon.train(Round, steps=100, settings={"eval_episodes": 1}).returns, [10000])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            hedon.train(WALK, steps=300, settings=SHORT)

    def test_what_is_no_observation_is_refused_in_a_sentence(self):
        for make, good in ((envs.Walk, 3), (envs.Follow, [0.5, 1.5])):
            agent = hedon.Agent(hedon.Task(make, max_steps=20, low=None), seed=1)
            agent.predict(good)
            for wrong in ("x", None, {}, [], [1, 2, 3], [[1], [2, 3]], object()):
                with self.subTest(env=make.__name__, wrong=wrong), self.assertRaises(hedon.Error):
                    agent.predict(wrong)
        agent = hedon.Agent(hedon.Task(envs.Walk, max_steps=20), seed=1)
        for wrong in (99, -1):
            with self.assertRaisesRegex(hedon.RangeError, f"= {wrong}, allowed: whole numbers 0 to"):
                agent.predict(wrong)

    def test_what_an_environment_raises_comes_through(self):
        envs.Breaks.left = 700
        session = hedon.Session(hedon.Task(envs.Breaks, max_steps=50))
        with self.assertRaisesRegex(RuntimeError, "fell off the table"):
            session.train(2000)
        envs.Breaks.left = 700
        with self.assertRaisesRegex(RuntimeError, "fell off the table"):
            hedon.train(hedon.Task(envs.Breaks, max_steps=50), seeds=2, threads=2, steps=2000)

    def test_an_environment_that_cannot_be_made_says_why(self):
        made = []

        def make():
            if made:
                raise RuntimeError("only one robot")
            made.append(1)
            return envs.Walk()

        with self.assertRaisesRegex(RuntimeError, "only one robot"):
            hedon.Session(hedon.Task(make, max_steps=50))

    def test_ctrl_c_in_an_environment(self):
        class Interrupted(envs.Walk):
            def step(self, action):
                signal.raise_signal(signal.SIGINT)
                return super().step(action)

        with self.assertRaises(KeyboardInterrupt):
            hedon.Session(hedon.Task(Interrupted, max_steps=50)).train(100)

    def test_numbers_that_are_not_finite_are_named(self):
        class Nan(envs.Walk):
            def step(self, action):
                cell, _, *rest = super().step(action)
                return (cell, float("nan"), *rest)

        with self.assertRaisesRegex(hedon.NumericError, "reward"):
            hedon.train(hedon.Task(Nan, max_steps=50), steps=1000)

    def test_an_environment_may_truncate_by_itself(self):
        class Hasty(envs.Walk):
            def step(self, action):
                cell, *_ = super().step(action)
                self.cell = 3
                return cell, 1.0, False, self.taken >= 5, {}

        for limit in (60, 5, 0):
            session = hedon.Session(hedon.Task(Hasty, max_steps=limit)).train(2000)
            stats = session.stats()
            self.assertLess(abs(stats.episodes - stats.env_steps / 5), 8 + 1)
            self.assertEqual(set(session.returns()), {5.0})
            self.assertEqual(list(session.evaluate(3)), [5.0] * 3)

    def test_integers_beyond_their_count_are_refused(self):
        for wrong in (7, -1, 10**9):
            class Beyond(envs.Walk):
                def step(self, action):
                    _, *rest = super().step(action)
                    return (wrong, *rest)

            with self.assertRaisesRegex(hedon.ConflictError, "allowed: whole numbers 0 to 6"):
                hedon.Session(hedon.Task(Beyond, max_steps=50)).train(100)

    def test_real_actions_are_clipped(self):
        seen = []

        class Narrow(envs.Follow):
            action_space = envs.Box([0.2], [0.3])

            def step(self, action):
                seen.append(float(action[0]))
                return super().step(action)

        hedon.Session(hedon.Task(Narrow, max_steps=10, low=[-1, -3], high=[1, 3]), "neuron-agent").train(200)
        self.assertTrue(0.2 - 1e-6 <= min(seen) and max(seen) <= 0.3 + 1e-6)

    def test_several_integers_become_one(self):
        class Many(envs.Walk):
            action_space = envs.MultiDiscrete([3, 2])
            seen = set()

            def step(self, action):
                self.seen.add(tuple(int(a) for a in action))
                return super().step(action[1])

        session = hedon.Session(hedon.Task(Many, max_steps=50)).train(300)
        self.assertEqual(session.n_actions, 6)
        self.assertEqual(Many.seen, {(a, b) for a in range(3) for b in range(2)})

    def test_spaces_that_do_not_fit_are_refused(self):
        for raised, sentence, name, space in (
                (hedon.ConflictError, "kind Text", "observation_space", envs.Text()),
                (hedon.ConflictError, "kind Dict", "action_space", envs.Dict()),
                (hedon.ConflictError, "combinations", "action_space", envs.MultiDiscrete([99, 99])),
                (hedon.RangeError, "finite bounds", "action_space", envs.Box([0.0], [float("inf")])),
        ):
            with self.assertRaisesRegex(raised, sentence):
                hedon.Task(type("Odd", (envs.Walk,), {name: space}))
        with self.assertRaisesRegex(hedon.UsageError, "no method reset"):
            hedon.Task(lambda: 3)
        with self.assertRaisesRegex(hedon.UsageError, "give a function"):
            hedon.train(envs.Walk())

    def test_a_class_is_a_task(self):
        """It makes an environment when it is called."""
        session = hedon.Session(envs.Walk, settings={"hidden": 4}).train(50)
        self.assertEqual(session.task, "Walk")
        with self.assertRaisesRegex(hedon.UsageError, "makes no environment"):
            hedon.Task(envs.Walk())

    def test_parts_of_a_dict_are_observed_in_its_order(self):
        class Parts(envs.Follow):
            observation_space = envs.Dict(near=envs.Follow.observation_space, kind=envs.Discrete(3))

            def show(self):
                return {"kind": 2, "near": super().show()}

        task = hedon.Task(Parts, max_steps=10, low=-1, high=1)
        names = [c.name for c in task.observations.components]
        self.assertEqual([name.split(".")[1].split("[")[0] for name in names], ["near", "near", "kind"])
        self.assertEqual(list(task.observations.flatten({"kind": 2, "near": [0.25, 0.5]})), [0.25, 0.5, 2])
        hedon.Session(task, settings={"hidden": 4}).train(50)
        with self.assertRaisesRegex(hedon.RangeError, "of Parts lacks 'kind'; allowed: all of 'near', 'kind'"):
            hedon.Agent(task).predict({"near": [0, 0]})
        if numpy is not None:  # those of several environments, as a vector of Gymnasium shows them
            shown = {"near": numpy.zeros((4, 2)), "kind": numpy.arange(4) % 3}
            self.assertEqual(task.observations.count(shown), 4)
            self.assertEqual(task.observations.many(shown, 4)[:, 2].tolist(), [0, 1, 2, 0])

    def test_what_a_step_or_a_reset_returns_is_looked_at(self):
        def made(name, value):
            return type("Odd", (envs.Walk,), {name: lambda self, *_, **__: value})

        shown = envs.Walk().reset(seed=1)[0]
        for name, value, sentence in (
                ("step", (shown, 1.0, False, {}), r"step of Odd returned a tuple of 4; allowed: \(observation, reward"),
                ("step", None, "step of Odd returned None"),
                ("step", (shown, None, False, False, {}), "returned the reward None; allowed: a number"),
                ("step", (shown, "1", False, False, {}), "returned the reward '1'"),
                ("reset", shown, r"reset of Odd returned .*; allowed: \(observation, info\)"),
                ("reset", None, "reset of Odd returned None")):
            with self.assertRaisesRegex(hedon.UsageError, sentence):
                hedon.Session(hedon.Task(made(name, value), max_steps=10)).train(50)

    def test_bounds_are_those_of_an_observation(self):
        for low, high, sentence in (([-1], [1], "low has 1 numbers; allowed: 2"), (-1, None, "given together"),
                                    (-1, [1, 1, 1], "high has 3 numbers")):
            with self.assertRaisesRegex(hedon.UsageError if high is None else hedon.RangeError, sentence):
                hedon.Task(envs.Follow, max_steps=10, low=low, high=high)
        components = hedon.Task(envs.Follow, max_steps=10, low=-2, high=[3, 4]).observations.components
        self.assertEqual([(c.low, c.high) for c in components], [(-2, 3), (-2, 4)])

    def test_whole_numbers_of_a_box_are_the_nearest(self):
        if numpy is None:
            self.skipTest("needs NumPy")

        class Whole:
            low, high, shape, dtype = numpy.array([0, 0]), numpy.array([5, 5]), (2,), numpy.dtype(numpy.int32)

        actions = hedon.Task(type("Odd", (envs.Walk,), {"action_space": type("Box", (Whole,), {})()})).actions
        self.assertEqual(actions.make([1.6, 4.4]).tolist(), [2, 4])

    def test_a_wrong_observation_is_named(self):
        class Grows(envs.Follow):
            def show(self):
                self.shown = 0.5
                return [0.5] * (2 + (self.taken > 3))

        class Shrinks(envs.Follow):
            def show(self):
                self.shown = 1
                return [1] * (2 - (self.taken > 3))

        class Counts(Shrinks):
            observation_space = type("MultiDiscrete", (), {"nvec": [3, 3]})()

        for kind, said in ((Counts, "of Counts has 1 number; its observation_space says 2"),
                           (Grows, "of Grows has 3 numbers; its observation_space says 2"),
                           (Shrinks, "of Shrinks has 1 number; its observation_space says 2")):
            with self.assertRaisesRegex(hedon.RangeError, said):
                hedon.Session(hedon.Task(kind, max_steps=10, **{} if kind is Counts else RANGE)).train(100)

    def test_a_folder_in_use_says_who_can_go_on(self):
        for task, said in ((WALK, r"another folder \(`hedon resume` goes on with a run whose task is called gymn"),
                           ("Bandit-v0", "holds a run already; resume it with `hedon resume`")):
            with tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "run")
                hedon.train(task, steps=300, out=out, settings=SHORT)
                with self.assertRaisesRegex(hedon.Error, said):
                    hedon.train(task, steps=300, out=out, settings=SHORT)

    def test_options_are_part_of_the_name(self):
        result = hedon.train("FrozenLake-v1:is_slippery=false", steps=500, settings=SHORT)
        self.assertEqual(result.task, "FrozenLake-v1:is_slippery=false")
        with self.assertRaisesRegex(hedon.UnknownName, "no option 'width'"):
            hedon.train("TMaze-v0:width=3")

    def test_a_saved_learner_finds_its_task_in_gymnasium(self):
        if gymnasium is None:
            self.skipTest("gymnasium is not installed")
        agent = hedon.Agent("gymnasium:registered:Walk-v0", settings={"hidden": 4}).learn(200)
        agent.save(self.saved)
        self.assertEqual(hedon.Session.load(self.saved).hash, agent.session.hash)
        again = hedon.Agent.load(self.saved)
        self.assertEqual(again.task.name, "gymnasium:registered:Walk-v0")
        self.assertEqual(again.learn(200).session.hash, agent.learn(200).session.hash)

    def test_gymnasium(self):
        if gymnasium is None:
            self.skipTest("gymnasium is not installed")
        result = hedon.train("gymnasium:CartPole-v1", steps=2000, settings=SHORT)
        self.assertEqual(result.task, "gymnasium:CartPole-v1")
        self.assertEqual(hedon.Task("gymnasium:CartPole-v1").name, "gymnasium:CartPole-v1")
        agent = hedon.Agent(lambda: gymnasium.make("MountainCarContinuous-v0")).learn(100)
        env = gymnasium.make("MountainCarContinuous-v0")
        observation, _ = env.reset(seed=0)
        action, _ = agent.predict(observation)
        self.assertTrue(env.action_space.contains(action))
        self.assertEqual(hedon.Task("FrozenLake-v1").observations.components[0].values, 16)
        for name, said in (("Acrobat-v1", r"did you mean 'Acrobot-v1'\?"), ("Pendulum-v77", r"\(Gymnasium: .*Pendulum"),
                           ("module:Walk-v0", r"\(what a module registers: gymnasium:module:Walk-v0\)")):
            with self.assertRaisesRegex(hedon.UnknownName, f"no environment is called '{name}'.*{said}"):
                hedon.train(name)


if __name__ == "__main__":
    unittest.main()
