"""Nothing crashes: whatever the order of collection, at exit while training, after a fork, on re-entry."""
import gc
import os
import signal
import subprocess
import sys
import threading
import unittest
import warnings

import envs
import hedon

try:
    import numpy
except ImportError:
    numpy = None

LEAVES = """
import threading, time
import envs, hedon
for session in (hedon.Session("CartPole-v1"), hedon.Session(hedon.Task(envs.Walk, max_steps=50))):
    threading.Thread(target=session.train, args=(10**9,), daemon=True).start()
while session.env_steps == 0:
    time.sleep(0.001)
print("left")
"""

# A study's threads, which call back into Python, and a rule of Python.
LEAVES_STUDY = """
import atexit, threading, time
atexit.register(lambda: print('running', len(hedon._study._RUNNING)))  # after what hedon registers
import hedon
class Rule(hedon.Rule):
    needs = ("stochastic",)
    def factor(self, layer):
        layer.g[:] = layer.b - layer.p
seen = []
settings = {"rule": Rule(), "eval_every": 20, "eval_episodes": 1, "threshold": 1e9}
threading.Thread(target=hedon.train, daemon=True, args=("CartPole-v1", "neuron-agent"), kwargs=dict(
    seeds=4, threads=2, steps=10**9, settings=settings, on_evaluation=seen.append)).start()
while not seen:
    time.sleep(0.001)
print("left")
"""

# Workers that are forked after the parent has used threads of the library, and train themselves.
POOL = """
import multiprocessing
import hedon
def work(seed):
    return hedon.train("CartPole-v1", seed=seed, threads=2, steps=500, settings={"eval_episodes": 1}).hashes[0]
if __name__ == "__main__":
    whole = hedon.train("CartPole-v1", seed=0, seeds=4, threads=2, steps=500, settings={"eval_episodes": 1}).hashes
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, range(4)) == whole)
"""


def ran(code):
    """Exit code and output of a program."""
    done = subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], capture_output=True,
                          text=True, timeout=120, cwd=os.path.dirname(os.path.abspath(__file__)))
    return done.returncode, done.stdout + done.stderr


def collected(order):
    """A session, its context, handle and a view in one circle, entered from each side."""
    session = hedon.Session(hedon.Task(envs.Walk, max_steps=50)).train(10)
    parts = [session, session._handle, session._context, session.views["actor"]]
    circle = [parts[(i + order) % 4] for i in range(4)]
    circle.append(circle)
    for part in circle[:4]:
        if hasattr(part, "__dict__"):
            part.circle = circle


class Robust(unittest.TestCase):
    def test_circles_are_collected_in_any_order(self):
        for order in range(4):
            collected(order)
            gc.collect()

    def test_a_program_may_end_while_threads_train(self):
        self.assertEqual(ran(LEAVES), (0, "left\n"))

    def test_a_program_may_end_while_a_study_calls_back(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        self.assertEqual(ran(LEAVES_STUDY), (0, "left\nrunning 0\n"))

    def test_forked_workers_train(self):
        self.assertEqual(ran(POOL), (0, "True\n"))

    def test_a_fork_in_the_middle_of_a_step_is_told(self):
        class Forks(envs.Walk):
            at_work = threading.Event()
            forked = threading.Event()

            def step(self, action):
                self.at_work.set()
                self.forked.wait()
                return super().step(action)

        session = hedon.Session(hedon.Task(Forks, max_steps=50))
        thread = threading.Thread(target=session.train, args=(10,))
        thread.start()
        Forks.at_work.wait()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads
            child = os.fork()
        if child == 0:
            signal.alarm(10)  # rather than wait for a thread that is not here
            try:
                session.decide([1])
            except hedon.UsageError as error:
                os._exit(0 if "forked" in str(error) else 1)
            os._exit(2)
        Forks.forked.set()
        thread.join()
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        session.train(10)

    def test_threads_share_an_agent(self):
        agent = hedon.Agent("CartPole-v1", seed=3)
        found = []

        def act():
            for _ in range(200):
                found.append(agent.predict([0.0, 0.0, 0.1, 0.0])[0])

        threads = [threading.Thread(target=work) for work in (act, act, lambda: agent.learn(5000), act)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(found), set(found) <= {0, 1}), (600, True))
        self.assertEqual(agent.session.hash, hedon.Session("CartPole-v1", seed=3).train(5000).hash)

    def test_arrays_of_any_layout(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        network = hedon.Network([hedon.Population("a", 4, "input")], rows=3)
        rows = numpy.arange(12.0).reshape(3, 4) / 20
        plain = session.decide(rows, step=1)
        frozen = rows.astype(numpy.float32)
        frozen.flags.writeable = False
        wide = numpy.zeros((6, 8))
        wide[::2, ::2] = rows
        for other in (frozen, wide[::2, ::2], numpy.asfortranarray(rows), rows[::-1].copy()[::-1], rows.tolist(),
                      rows.astype(">f8")):
            self.assertEqual(list(session.decide(other, step=1)), list(plain))
            self.assertEqual(session.decide(other[0], step=1), plain[0])
            network.write("a.value", other)
            self.assertEqual(network.views["a.value"].tolist(), rows.astype(numpy.float32).tolist())
        for wrong in (numpy.array(["a"] * 4), object(), None):
            with self.assertRaises((TypeError, ValueError)):
                session.decide(wrong, step=1)

    def test_a_child_process_goes_on(self):
        session = hedon.Session(hedon.Task(envs.Walk, max_steps=50), seed=1).train(50)
        child = os.fork()
        if child == 0:
            os._exit(0 if session.train(100).hash else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        session.train(100)

    def test_callbacks_cannot_call_what_is_at_work(self):
        class Reentrant(envs.Walk):
            session = None

            def step(self, action):
                if self.session is not None:
                    self.session.decide([1])
                return super().step(action)

        session = hedon.Session(hedon.Task(Reentrant, max_steps=50))
        Reentrant.session = session
        with self.assertRaisesRegex(hedon.UsageError, "at work"):
            session.train(100)
        Reentrant.session = None


if __name__ == "__main__":
    unittest.main()
