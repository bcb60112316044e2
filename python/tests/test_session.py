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
        with self.assertRaises(hedon.UsageError):
            agent.predict([0, 0, 0, 0], deterministic=False)
        with tempfile.TemporaryDirectory() as folder:
            agent.save(os.path.join(folder, "agent"))
            again = hedon.Agent.load(os.path.join(folder, "agent"))
        self.assertEqual(again.session.hash, agent.session.hash)


if __name__ == "__main__":
    unittest.main()
