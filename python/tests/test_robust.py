"""Nothing crashes: whatever the order of collection, at exit while training, after a fork, on re-entry."""
import gc
import os
import subprocess
import sys
import unittest

import envs
import hedon

LEAVES = """
import threading, time
import envs, hedon
for session in (hedon.Session("CartPole-v1"), hedon.Session(hedon.Task(envs.Walk, max_steps=50))):
    threading.Thread(target=session.train, args=(10**9,), daemon=True).start()
while session.env_steps == 0:
    time.sleep(0.001)
print("left")
"""


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
        ran = subprocess.run([sys.executable, "-c", LEAVES], capture_output=True, text=True, timeout=60,
                             cwd=os.path.dirname(os.path.abspath(__file__)))
        self.assertEqual((ran.returncode, ran.stdout), (0, "left\n"), ran.stderr)

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
