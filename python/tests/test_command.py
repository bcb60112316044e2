"""Environments of Gymnasium from the command line: hedon train gymnasium:NAME."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import hedon
from foreground import setUpModule as setUpModule

try:
    import gymnasium
    import numpy
except ImportError:
    gymnasium = None

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.environ.get("HEDON_TOOL")
WALK = "gymnasium:registered:Walk-v0"


def environment(**changed):
    path = os.pathsep.join([os.path.dirname(os.path.dirname(os.path.abspath(hedon.__file__))), HERE])
    return {**os.environ, "PYTHONPATH": path, "HEDON_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1",
            **changed}


def tool(*words, **changed):
    return subprocess.run([TOOL, *words], capture_output=True, text=True, env=environment(**changed), timeout=120)


@unittest.skipIf(TOOL is None, "HEDON_TOOL does not name the tool")
class WithoutPython(unittest.TestCase):
    def test_a_missing_python_is_one_sentence(self):
        ran = tool("train", "gymnasium:CartPole-v1", HEDON_PYTHON="no-such-python")
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertEqual(ran.stderr, "hedon: gymnasium:CartPole-v1 needs no-such-python with the Python packages "
                                     "hedon and gymnasium: No such file or directory; the environment variable "
                                     "HEDON_PYTHON names another Python\n")

    def test_a_python_without_the_package_says_what_it_lacks(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "gymnasium.py"), "w", encoding="utf-8") as f:
                f.write("raise ImportError('gymnasium is not here')")  # though hedon may be installed
            ran = tool("train", "gymnasium:CartPole-v1", PYTHONPATH=folder)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("hedon", ran.stderr)
        self.assertIn("it said why above", ran.stderr)


@unittest.skipIf(TOOL is None or gymnasium is None, "HEDON_TOOL or gymnasium is missing")
class Command(unittest.TestCase):
    def test_training_evaluating_and_resuming(self):
        settings = {"eval_every": 300, "eval_episodes": 3}
        sys.path.insert(0, HERE)
        there = hedon.train(WALK, steps=600, seeds=2, settings=settings)
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "run")
            ran = tool("train", WALK, "--steps", "600", "--seeds", "2", "--out", out, "--json", "--quiet",
                       "--set", "eval_every=300", "eval_episodes=3")
            self.assertEqual(ran.returncode, 0, ran.stderr)
            said = json.loads(ran.stdout.splitlines()[-1])
            self.assertEqual([s["hash"] for s in said["seeds"]], there.hashes)
            with open(os.path.join(out, "config.toml"), encoding="utf-8") as file:
                self.assertIn(WALK, file.read())
            for words in (("eval", out), ("resume", out), ("train", WALK, "--explain")):
                ran = tool(*words)
                self.assertEqual(ran.returncode, 0, ran.stderr)
            page, picture = os.path.join(folder, "page.html"), os.path.join(folder, "picture.svg")
            for words in (("runs", folder), ("report", folder, "--out", page), ("plot", folder, "--out", picture)):
                ran = tool(*words)
                self.assertEqual((ran.returncode, ran.stderr), (0, ""), words)
            for path in (page, picture):
                with open(path, encoding="utf-8") as file:
                    self.assertIn(WALK, file.read())
            os.unlink(page)
            ran = tool("report", folder, "--out", page, HEDON_PYTHON="no-such-python")  # the record is enough
            self.assertIn("no-such-python", ran.stderr)
            with open(page, encoding="utf-8") as file:
                self.assertIn("Its network is not shown: " + WALK, file.read())

    def test_what_python_trained_by_name_goes_on_here(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "run")
            made = hedon.train(WALK, steps=600, out=out, settings={"eval_every": 300, "eval_episodes": 3, "overtrain": 0})
            self.assertEqual(made.task, WALK)
            ran = tool("resume", out, "--seeds", "2", "--json", "--quiet")
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertEqual(json.loads(ran.stdout.splitlines()[-1])["seeds"][0]["hash"], made.hashes[0])

    def test_a_study_goes_on_by_its_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "mine.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f'tasks = ["{WALK}"]\nmethods = ["neuron-agent"]\nseeds = 1\n'
                           '[set]\nsteps = 200\neval_every = 200\neval_episodes = 1\n')
            for words in ((path, "--out", os.path.join(folder, "made")), (os.path.join(folder, "made"),)):
                ran = tool("study", *words, "--quiet")
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertIn(WALK, ran.stdout)

    def test_real_actions(self):
        ran = tool("train", "gymnasium:registered:Reach-v0", "--method", "neuron-agent", "--steps", "500", "--quiet",
                   "--set", "eval_every=500", "eval_episodes=2")
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_what_python_raises_is_said(self):
        ran = tool("train", "gymnasium:registered:Fails-v0", "--steps", "500", "--quiet")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("RuntimeError: the robot fell off the table", ran.stderr)
        ran = tool("train", "gymnasium:Nonsense-v7", "--quiet")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("Nonsense", ran.stderr)

    def test_a_python_that_ends_is_said_and_no_signal_ends_the_tool(self):
        ran = tool("train", "gymnasium:registered:Ends-v0", "--steps", "500", "--quiet")
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("its Python process has ended", ran.stderr)

    def test_ctrl_c_keeps_what_was_learned(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "run")
            ran = subprocess.Popen([TOOL, "train", WALK, "--steps", "100000000", "--out", out, "--quiet", "--set",
                                    "eval_every=300", "eval_episodes=3", "overtrain=100"],
                                   env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   start_new_session=True)
            metrics = os.path.join(out, "metrics.jsonl")
            while not os.path.exists(metrics) or os.path.getsize(metrics) < 500:
                self.assertIsNone(ran.poll(), ran.stderr)
                time.sleep(0.01)
            os.killpg(ran.pid, signal.SIGINT)
            _, said = ran.communicate(timeout=60)
            self.assertEqual(ran.returncode, 130, said)
            self.assertNotIn("Traceback", said)


if __name__ == "__main__":
    unittest.main()
