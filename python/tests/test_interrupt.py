"""Ctrl-C while the library is at work: it is never lost."""
import _thread
import signal
import threading
import types
import unittest
import unittest.mock

import envs
import hedon
from foreground import setUpModule as setUpModule
from hedon import _host, _interrupt, _session

try:
    import numpy
except ImportError:
    numpy = None


class CtrlC(unittest.TestCase):
    def test_while_a_study_runs(self):
        """The main thread is in C, and hears of it on the first line of the next callback."""
        asked = []

        def look(_evaluation):
            if not asked and threading.current_thread() is not threading.main_thread():
                asked.append(True)
                _thread.interrupt_main()

        with self.assertRaises(KeyboardInterrupt):
            hedon.train("CartPole-v1", seeds=2, threads=2, steps=200_000, on_evaluation=look, progress=False,
                        settings={"eval_every": 500, "eval_episodes": 2, "overtrain": 0})
        self.assertEqual(asked, [True])
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_on_the_first_line_of_an_environment(self):
        """Nothing can be raised there: it waits for the next call, and is raised by the caller."""
        frame = types.SimpleNamespace(f_code=_host.Host._step.__code__)

        class Interrupted(envs.Walk):
            def step(self, action):
                if not asked:
                    asked.append(True)
                    signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)
                return super().step(action)

        asked = []
        session = hedon.Session(hedon.Task(envs.Walk, max_steps=50))
        with self.assertRaises(KeyboardInterrupt):
            hedon.Session(hedon.Task(Interrupted, max_steps=50)).train(500)
        self.assertEqual(_interrupt.PENDING, [])
        self.assertGreater(session.train(100).env_steps, 0)

    def test_after_the_last_call(self):
        frame = types.SimpleNamespace(f_code=_host.Host._step.__code__)
        with self.assertRaises(KeyboardInterrupt):
            with _interrupt.Heard():
                signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    @unittest.skipIf(numpy is None, "numpy is missing")
    def test_between_parts_of_a_long_step(self):
        def network():
            made = hedon.Network([hedon.Population("in", 2, "input"), hedon.Population("out", 3, "lif")],
                                 [hedon.Projection("in", "out", weight=hedon.Uniform(0, 9))], seed=5)
            made["in.value"][:] = 1
            return made

        one, other, parts = network(), network(), []
        step = other._advance

        def interrupted(at, substeps):
            parts.append(substeps)
            if len(parts) == 4:
                signal.raise_signal(signal.SIGINT)
            return step(at, substeps)

        other._advance = interrupted
        with self.assertRaises(KeyboardInterrupt):
            other.step(10**12)
        self.assertLess(sum(parts), 100)
        other.step(1000)
        one.step(other.substeps)
        self.assertEqual(memoryview(one["out.v"]).tolist(), memoryview(other["out.v"]).tolist())

    @unittest.skipIf(numpy is None, "numpy is missing")
    def test_in_a_rule_of_python(self):
        class Asks(hedon.Rule):
            def after(self, synapses):
                if not asked:
                    asked.append(True)
                    signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)

        asked, frame = [], types.SimpleNamespace(f_code=next(iter(_interrupt.ENTRIES)))
        network = hedon.Network([hedon.Population("in", 2, "input"), hedon.Population("out", 3, "lif")],
                                [hedon.Projection("in", "out", weight=hedon.Uniform(0, 9), rule=Asks())])
        with self.assertRaises(KeyboardInterrupt):
            network.step(3)
        self.assertEqual(_interrupt.PENDING, [])

    def test_between_parts_of_an_evaluation(self):
        session = hedon.Session("CartPole-v1", seed=3)
        whole, parts, play = session.evaluate(40), [], _session.lib.hd_session_evaluate_from

        def interrupted(at, first, n, *rest):
            parts.append(n)
            if len(parts) == 2:
                signal.raise_signal(signal.SIGINT)
            return play(at, first, n, *rest)

        with unittest.mock.patch.object(_session.lib, "hd_session_evaluate_from", interrupted):
            with self.assertRaises(KeyboardInterrupt):
                session.evaluate(10**6)
        self.assertLess(sum(parts), 1000)
        self.assertEqual(list(session.evaluate(700))[:40], list(whole))

    def test_a_programs_own_handler_is_called(self):
        heard = []
        before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
        try:
            hedon.train("CartPole-v1", steps=500, progress=lambda _: signal.raise_signal(signal.SIGINT))
            self.assertTrue(heard)
        finally:
            signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    unittest.main()
