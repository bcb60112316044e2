"""hedon.Session and hedon.Agent: pieces of training, checkpoints, decisions, views."""
import gc
import os
import subprocess
import sys
import tempfile
import threading
import unittest

import hedon

try:
    import numpy
except ImportError:
    numpy = None

WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
import hedon
session = hedon.Session("CartPole-v1", seed=3).train(500)
assert session.decide([0, 0, 0, 0], step=1) in (0, 1)
assert len(session.decide([[0, 0, 0, 0], [1, 1, 1, 1]])) == 2
assert len(session.evaluate(3)) == 3
weights = session["actor"]
assert list(weights.memory().tolist()[0]) == weights.tolist()[0]
try:
    weights.memory()[0, 0] = 1
except TypeError:
    print("read-only")
"""


class Sessions(unittest.TestCase):
    def test_pieces_give_the_same_learner(self):
        for method in ("neuron-agent", "a2c", "nes"):
            whole = hedon.Session("CartPole-v1", method, seed=3).train(4000)
            pieces = hedon.Session("CartPole-v1", method, seed=3)
            while pieces.env_steps < 4000:
                pieces.train(min(700, 4000 - pieces.env_steps))
            self.assertEqual(whole.hash, pieces.hash)
            self.assertEqual(whole.stats().env_steps, whole.env_steps)
            self.assertGreaterEqual(whole.env_steps, 4000)

    def test_activity_is_since_the_last_call(self):
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        repr(session)
        self.assertGreater(session.stats().layers[0].rate, 0)
        self.assertEqual(session.stats().layers[0].rate, 0)

    def test_checkpoints_go_on(self):
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "learner")
            session.save(path)
            loaded = hedon.Session.load(path)
            with open(path, "wb") as f:
                f.write(b"nothing")
            with self.assertRaises(hedon.FormatError):
                hedon.Session.load(path)
            with self.assertRaises(OSError):
                hedon.Session.load(os.path.join(folder, "absent"))
        self.assertEqual(session.train(500).hash, loaded.train(500).hash)

    def test_evaluation_leaves_the_learner_alone(self):
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        before = session.hash
        self.assertEqual(list(session.evaluate(3, round=1)), list(session.evaluate(3, round=1)))
        self.assertEqual(session.hash, before)
        self.assertEqual(len(session.returns()), session.stats().episodes)

    def test_decisions(self):
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        rows = [[0, 0, 0, 0], [0.1, 0, 0.1, 0]]
        many = session.decide(rows, step=5)
        self.assertEqual(many[0], session.decide(rows[0], step=5))
        for wrong in ([0, 0, 0], [[[0, 0, 0, 0]]] if numpy is not None else [0] * 5):
            with self.assertRaisesRegex(hedon.RangeError, "allowed"):
                session.decide(wrong)
        with self.assertRaises(hedon.NumericError):
            session.decide([0, 0, 0, float("nan")])
        real = hedon.Session("Pendulum-v1", "td3")
        self.assertEqual(len(real.decide([1, 0, 0])), 1)

    def test_a_numbered_state_is_an_observation(self):
        agent = hedon.Agent("FrozenLake-v1", seed=3).learn(200)
        one = agent.predict(5)[0]
        self.assertEqual((one, agent.session.decide([5], step=0)), (agent.session.decide(5, step=0),) * 2)
        self.assertEqual(len(agent.session.decide([5, 6, 7])), 3)
        self.assertEqual(len(agent.session.act([5, 6, 7])[0]), 3)
        self.assertIsInstance(agent.session.act(5)[0], int)
        if numpy is not None:
            self.assertIn(agent.predict(numpy.int64(5))[0], range(4))
            self.assertEqual(agent.predict(numpy.array([5, 6]))[0].shape, (2,))
        with self.assertRaisesRegex(hedon.RangeError, "= 16, allowed: whole numbers 0 to 15"):
            agent.predict(16)
        for wrong in ("x", {}, *([[[0, 1], [2]]] if numpy is not None else ())):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError if numpy is None else hedon.Error):
                agent.predict(wrong)

    def test_views_are_the_sessions_memory(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        session = hedon.Session("CartPole-v1", seed=3)
        weights = session["actor"]
        before = weights.copy()
        session.train(500)
        self.assertFalse(numpy.array_equal(weights, before))
        self.assertFalse(weights.flags.writeable)
        with self.assertRaises(ValueError):
            weights[0, 0] = 1
        with self.assertRaisesRegex(hedon.UnknownName, "no view 'actr'"):
            session["actr"]
        kept = weights.copy()
        del session  # the array keeps its owner
        gc.collect()
        self.assertTrue(numpy.array_equal(weights, kept))

    def test_network_shows_what_the_session_does(self):
        session = hedon.Session("CartPole-v1", seed=3, settings={"hidden": 16})
        network = session.network()
        session.train(100)
        self.assertGreater(network.substeps, 0)
        spikes = network.views["hidden.spike"]
        self.assertEqual(spikes.shape, (1, 16))
        self.assertFalse(spikes.writable)
        self.assertTrue(0 < sum(spikes.tolist()[0]) < 16)
        del session
        gc.collect()
        self.assertGreater(network.substeps, 0)

    def test_network_shows_what_a_rule_keeps(self):
        session = hedon.Session("CartPole-v1", "neuron-agent-online", seed=3, settings={
            "rule": "mstdpet", "neuron": "lif-escape", "coding": "poisson", "optimiser": "sgd", "carry": True,
            "hidden": 6})
        network = session.network()
        record = network.record("input->hidden.pre.trace", substeps=5)
        session.train(20)
        trace = network.views["input->hidden.pre.trace"]
        self.assertEqual((trace.shape, trace.writable), ((1, 4), False))
        self.assertGreater(sum(trace.tolist()[0]), 0)
        self.assertEqual(network.views[record].tolist()[-1], trace.tolist()[0])
        self.assertEqual(network.views["input->hidden.post.excess"].unit, "Hz")

    def test_threads_take_turns(self):
        session = hedon.Session("CartPole-v1", seed=3)
        threads = [threading.Thread(target=session.train, args=(2000,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(100):
            session.decide([0, 0, 0, 0])
        for thread in threads:
            thread.join()
        self.assertGreaterEqual(session.env_steps, 2000)

    def test_without_numpy(self):
        ran = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, "read-only\n"), ran.stderr)

    def test_agents_call_back_and_may_stop(self):
        seen = []
        agent = hedon.Agent("CartPole-v1", "a2c", seed=3)
        agent.learn(3000, lambda agent: seen.append(agent.session.env_steps), callback_every=1000)
        self.assertEqual(len(seen), 3)
        self.assertEqual(agent.session.hash, hedon.Session("CartPole-v1", "a2c", seed=3).train(3000).hash)
        agent.learn(10**9, lambda agent: agent.session.env_steps < 5000)
        self.assertTrue(5000 <= agent.session.env_steps < 7000)
        told = []
        agent.learn(1000, progress=lambda progress: told.append(progress.fraction))
        self.assertEqual(told[-1], 1.0)
        with self.assertRaises(ZeroDivisionError):
            agent.learn(1000, lambda agent: 1 / 0)
        with self.assertRaises(hedon.RangeError):
            agent.learn(-1)
        with self.assertRaisesRegex(hedon.UsageError, "callback = 3; allowed: a function"):
            agent.learn(1000, 3)
        with self.assertRaisesRegex(hedon.UsageError, "on_evaluation = 3; allowed: a function"):
            hedon.train("CartPole-v1", steps=100, on_evaluation=3)

    def test_agents_show_their_policy(self):
        agent = hedon.Agent("CartPole-v1", seed=3)
        network = agent.policy.network
        agent.learn(100)
        self.assertGreater(network.substeps, 0)
        self.assertIs(agent.policy.network, network)
        self.assertEqual(agent.policy["actor"].shape, agent.session["actor"].shape)

    def test_agent(self):
        agent = hedon.Agent("CartPole-v1", seed=3).learn(500)
        action, state = agent.predict([0, 0, 0, 0], deterministic=True)
        self.assertIn(action, (0, 1))
        self.assertIsNone(state)
        with tempfile.TemporaryDirectory() as folder:
            agent.save(os.path.join(folder, "agent"))
            again = hedon.Agent.load(os.path.join(folder, "agent"))
        self.assertEqual(again.session.hash, agent.session.hash)


class Exploring(unittest.TestCase):
    """decide and predict as training does."""

    obs = [0.02, -0.1, 0.03, 0.2]

    def share_of(self, agent, action, n=2000):
        return sum(agent.predict(self.obs, deterministic=False)[0] == action for _ in range(n)) / n

    def test_epsilon_of_dqn(self):
        agent = hedon.Agent("CartPole-v1", "dqn-relu",
                            settings={"hidden": 8, "epsilon": 0.4, "epsilon.end": "nan"})
        greedy, _ = agent.predict(self.obs)
        self.assertAlmostEqual(self.share_of(agent, greedy), 0.8, delta=0.04)

    def test_probabilities_of_a_rule_and_of_ppo(self):
        """Where the greedy action is certain, the policy still takes the other one, and surer once it has
        learned."""
        for method, settings in (("neuron-agent-online", {"hidden": 0}), ("ppo-relu", {"hidden": 8})):
            agent = hedon.Agent("CartPole-v1", method, settings=settings)
            first = self.share_of(agent, 1)
            agent.learn(3000)
            self.assertAlmostEqual(first, 0.5, delta=0.06, msg=method)
            greedy, _ = agent.predict(self.obs)
            share = self.share_of(agent, greedy)
            self.assertTrue(0.5 < share < 1, (method, share))

    def test_training_is_not_touched(self):
        for method in ("neuron-agent", "ppo", "dqn"):
            alone = hedon.Agent("CartPole-v1", method, seed=3).learn(400).learn(400)
            asked = hedon.Agent("CartPole-v1", method, seed=3).learn(400)
            self.share_of(asked, 0, n=20)
            self.assertEqual(asked.learn(400).session.hash, alone.session.hash)

    def test_draws_are_the_seeds(self):
        session = hedon.Session("CartPole-v1", seed=3)
        rows = [self.obs] * 50

        def drawn(**given):
            return list(session.sample(rows, **given))

        self.assertEqual(drawn(seed=1, step=4), drawn(seed=1, step=4))
        self.assertNotEqual(drawn(seed=1, step=4), drawn(seed=2, step=4))
        self.assertNotEqual(drawn(), drawn())

    def test_real_actions(self):
        agent = hedon.Agent("Pendulum-v1", "td3", settings={"hidden": 8, "critic.hidden": 8})
        made = [float(agent.predict([0.5, 0.5, 0.1], deterministic=False)[0][0]) for _ in range(50)]
        self.assertGreater(len(set(made)), 40)
        self.assertLessEqual(max(map(abs, made)), 2)


class Schedules(unittest.TestCase):
    """Settings that change while a learner learns."""

    def learned(self, **given):
        settings = {"hidden": 8, **given.pop("settings", {})}
        return hedon.Agent("CartPole-v1", given.pop("method", "neuron-agent"), seed=3,
                           settings=settings).learn(3000, **given).session

    def test_a_constant_schedule_is_none(self):
        for method, key, value in (("neuron-agent", "alpha", None), ("ppo", "entropy", 0.01), ("dqn", "epsilon", 0.2)):
            settings = {} if value is None else {key: value}
            if key == "epsilon":
                settings["epsilon.end"] = "nan"
            plain = self.learned(method=method, settings=settings)
            kept = float(plain.options[key].value)
            self.assertEqual(self.learned(method=method, settings=settings, schedules={key: lambda _: kept}).hash,
                             plain.hash)

    def test_a_schedule_is_asked_in_turn_and_counts(self):
        asked = []

        def falling(done):
            asked.append(done)
            return 0.01 * (1 - done)

        session = self.learned(schedules={"alpha": falling})
        self.assertEqual(asked[0], 0)
        self.assertEqual(len(asked), 3)
        self.assertEqual(asked, sorted(asked))
        self.assertLess(asked[-1], 1)
        self.assertEqual(float(session.options["alpha"].value), 0.01 * (1 - asked[-1]))
        self.assertNotEqual(session.hash, self.learned().hash)
        self.assertEqual(session.hash, self.learned(schedules={"alpha": lambda done: 0.01 * (1 - done)}).hash)

    def test_what_was_set_is_saved(self):
        session = self.learned()
        session.set("alpha", 0.002)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "learner")
            session.save(path)
            loaded = hedon.Session.load(path)
        self.assertEqual(loaded.options["alpha"].value, "0.002")
        self.assertEqual(loaded.train(500).hash, session.train(500).hash)

    def test_what_cannot_change_is_refused(self):
        with self.assertRaisesRegex(hedon.ConflictError, "hidden cannot change while a learner learns.*alpha"):
            self.learned(schedules={"hidden": lambda _: 4})
        with self.assertRaises(hedon.RangeError):
            self.learned(schedules={"alpha": lambda _: -1})
        with self.assertRaises(hedon.UnknownName):
            self.learned(schedules={"alpa": lambda _: 1})
        with self.assertRaisesRegex(hedon.UsageError, "allowed: a function"):
            self.learned(schedules={"alpha": 0.1})
        with self.assertRaisesRegex(ZeroDivisionError, ""):
            self.learned(schedules={"alpha": lambda _: 1 / 0})

if __name__ == "__main__":
    unittest.main()
