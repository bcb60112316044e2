"""hedon.train: the same runs as the tool's, results, refusals, interruption."""
import contextlib
import io
import json
import math
import os
import signal
import subprocess
import tempfile
import unittest

import hedon
from foreground import setUpModule as setUpModule
from hedon import _progress

TOOL = os.environ.get("HEDON_TOOL")
SHORT = {"steps": 5000, "eval_episodes": 5}


class Train(unittest.TestCase):
    def test_hashes_are_those_of_the_tool(self):
        if TOOL is None:
            self.skipTest("HEDON_TOOL names no tool")
        for method in ("neuron-agent", "a2c"):
            ran = subprocess.run([TOOL, "train", "CartPole-v1", "--method", method, "--seed", "3",
                                  "--seeds", "2", "--steps", "5000", "--set", "eval_episodes=5", "--json",
                                  "--quiet"], capture_output=True, text=True, check=True)
            learners = json.loads(ran.stdout.splitlines()[-1])["seeds"]
            result = hedon.train("CartPole-v1", method, seed=3, seeds=2, threads=2, settings=SHORT)
            self.assertEqual(result.hashes, [learner["hash"] for learner in learners])
            self.assertEqual(result.returns, [learner["final_return"] for learner in learners])

    def test_result_has_a_row_for_each_seed(self):
        result = hedon.train("CartPole-v1", seed=1000, seeds=2, steps=20000, progress=False)
        self.assertEqual([run.seed for run in result.runs], [1000, 1001])
        self.assertEqual(result.statistics.n, 2)
        self.assertEqual(result.solved, all(run.solved for run in result.runs))
        self.assertTrue(any(run.solved for run in result.runs))
        for run, steps in zip(result.runs, result.steps):
            self.assertEqual(steps is not None, run.solved)
        self.assertIn("2 solved", repr(result))
        with self.assertRaisesRegex(hedon.UsageError, "one seed"):
            result.session()

    def test_session_of_a_result_is_its_learner(self):
        result = hedon.train("CartPole-v1", seed=3, settings=SHORT)
        session = result.session()
        self.assertEqual(session.hash, result.hashes[0])
        self.assertIn(session.decide([0, 0, 0, 0]), (0, 1))

    def test_curves_are_what_a_run_folder_keeps(self):
        with tempfile.TemporaryDirectory() as folder:
            result = hedon.train("CartPole-v1", seed=3, settings=SHORT, out=os.path.join(folder, "run"))
            with open(os.path.join(folder, "run", "metrics.jsonl"), encoding="utf-8") as f:
                rows = [json.loads(line) for line in f]
            steps, returns = result.curves()[3]
        kept = [(row["env_steps"], row["eval_return"]) for row in rows if row["event"] == "evaluation"]
        self.assertEqual(list(zip(steps, returns)), kept)
        self.assertEqual(len(steps), 2)
        self.assertEqual(returns[-1], result.returns[0])

    def test_a_result_is_a_table(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        result = hedon.train("CartPole-v1", seed=3, seeds=2, settings=SHORT)
        self.assertEqual(list(result.to_pandas()["hash"]), result.hashes)
        evaluations = result.to_pandas("evaluations")
        self.assertEqual(list(evaluations["seed"]), [3, 3, 4, 4])
        self.assertEqual(list(evaluations["hash"])[1::2], result.hashes)
        with self.assertRaisesRegex(hedon.UsageError, "runs, evaluations"):
            result.to_pandas("run")

    def test_a_result_is_a_figure(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not installed")
        matplotlib.use("Agg")
        from matplotlib import pyplot

        result = hedon.train("CartPole-v1", seed=3, seeds=2, settings=SHORT)
        axes = result.plot(pyplot.figure().gca())
        mean, *seeds = axes.lines
        self.assertEqual([list(line.get_ydata()) for line in seeds], [c[1] for c in result.curves().values()])
        self.assertEqual(mean.get_ydata()[-1], sum(result.returns) / 2)

    def test_evaluations_are_told_and_may_stop(self):
        told = []
        result = hedon.train("CartPole-v1", seed=3, seeds=2, threads=2, settings=SHORT,
                             on_evaluation=told.append)
        self.assertEqual(sorted(told), result.evaluations)
        self.assertEqual([e.eval_return for e in told if e.env_steps >= 5000 and e.seed == 3],
                         result.returns[:1])
        long = {"steps": 10**8, "settings": {"threshold": 1e6, "eval_episodes": 1}}
        result = hedon.train("CartPole-v1", on_evaluation=lambda evaluation: False, **long)
        self.assertEqual(result.statistics.n_done, 0)
        with self.assertRaises(ZeroDivisionError):
            hedon.train("CartPole-v1", on_evaluation=lambda evaluation: 1 / 0, **long)

    def test_progress_is_shown_on_one_line(self):
        line = _progress.Line()
        with contextlib.redirect_stderr(io.StringIO()) as shown:
            line.draw(hedon.Progress(0.25, 4, 1, 1, 12345, 99.5, 475.0))
            line.draw(hedon.Progress(0.5, 4, 2, 2, 9, 99.5, 475.0))
            line.close()
        self.assertTrue(str(hedon.Progress(1.0, 1, 0, 0, 9, 99.5, evaluating=True)).endswith("9 steps  evaluating"))
        first, second = shown.getvalue().split("\r")[1:]
        self.assertEqual(first, " 25%  1/4 solved  return 99.5  12,345 steps")
        self.assertEqual(second, " 50%  2/4 solved  return 99.5  9 steps".ljust(len(first)) + "\n")

    def test_refusals_are_exceptions_with_the_librarys_sentence(self):
        for raised, sentence, arguments in (
                (hedon.UnknownName, "did you mean 'cartpole'", ("CartPol",)),
                (hedon.UnknownName, "did you mean", ("CartPole-v1", "neuron-agen")),
                (hedon.UsageError, "no task", (3,)),
        ):
            with self.assertRaisesRegex(raised, sentence):
                hedon.train(*arguments)
        for raised, sentence, named in (
                (hedon.UnknownName, "did you mean 'gamma'", {"settings": {"gama": 1}}),
                (hedon.RangeError, "gamma", {"settings": {"gamma": 2}}),
                (hedon.ConflictError, "", {"settings": {"ppo.clip": 0.1}}),
                (hedon.RangeError, "seeds = 0; allowed: 1", {"seeds": 0}),
                (hedon.RangeError, "seed = -1; allowed: 0", {"seed": -1}),
                (hedon.UsageError, "threads = 1.5 is no whole number", {"threads": 1.5}),
        ):
            with self.assertRaisesRegex(raised, sentence):
                hedon.train("CartPole-v1", **named)
            with self.assertRaises(hedon.Error):
                hedon.train("CartPole-v1", **named)

    def test_a_list_of_seeds_is_answered(self):
        with self.assertRaisesRegex(hedon.UsageError, r"seeds = a list of 3; allowed: how many learners .* seed="):
            hedon.train("Bandit-v0", seeds=[1, 2, 3])

    def test_progress_is_told_and_may_stop(self):
        told = []

        def stop(progress):
            told.append(progress)
            return False

        result = hedon.train("CartPole-v1", steps=10**8, settings={"threshold": 1e6}, progress=stop)
        self.assertEqual(len(told), 1)
        self.assertTrue(0 <= told[0].fraction < 1)
        self.assertEqual(result.statistics.n_done, 0)

    def test_exceptions_of_progress_and_interrupts_come_through(self):
        def fail(progress):
            raise ZeroDivisionError

        def interrupt(progress):
            signal.raise_signal(signal.SIGINT)

        long = {"steps": 10**8, "settings": {"threshold": 1e6}}
        with self.assertRaises(ZeroDivisionError):
            hedon.train("CartPole-v1", progress=fail, **long)
        with self.assertRaises(KeyboardInterrupt):
            hedon.train("CartPole-v1", progress=interrupt, **long)

    def test_listings_and_explain(self):
        self.assertIn("neuron-agent", [m.name for m in hedon.methods()])
        self.assertIn("lif", [n.name for n in hedon.neurons()])
        self.assertTrue(hedon.codings() and hedon.rules())
        cartpole = hedon.tasks()["CartPole-v1"]
        self.assertEqual(hedon.methods()[0], list(hedon.methods())[0])
        self.assertRegex(repr(hedon.neurons()), r"(?m)^lif  +\w")
        with self.assertRaisesRegex(hedon.UnknownName, "'lift' here; there are .*lif"):
            hedon.neurons()["lift"]
        self.assertEqual((cartpole.n_obs, cartpole.n_actions, cartpole.max_steps), (4, 2, 500))
        said = hedon.explain("CartPole-v1", settings={"gamma": 0.5})
        self.assertEqual((said["gamma"].value, said["gamma"].origin), ("0.5", "user"))
        self.assertIn("gamma = 0.5", repr(said))
        self.assertGreater(said.memory, 0)

    def test_old_names_are_warned_of(self):
        with self.assertWarnsRegex(hedon.Warned, "search.population"):
            hedon.explain("CartPole-v1", "nes", settings={"population": 16})

    def test_what_is_no_task_is_said_where_to_look_up(self):
        for name, listed in (("mstdpet", "rules"), ("lif", "neurons"), ("nes", "methods"), ("tiles", "codings")):
            with self.assertRaisesRegex(hedon.UnknownName, rf"'{name}' is no task; print\(hedon.{listed}\(\)\)"):
                hedon.explain(name)

    def test_nobody_fails_to_solve_what_no_return_solves(self):
        shown = []
        result = hedon.train("Pendulum-v1", seeds=2, steps=400,
                             progress=lambda now: shown.append(str(now)))
        self.assertTrue(math.isnan(result.threshold))
        self.assertIn("2 of 2 done; no return counts as solved", result.summary())
        for line in (*shown, result.summary()):
            self.assertNotIn(" 0 of 2 solved", line)
            self.assertNotIn("/2 solved", line)
        own = hedon.train("Pendulum-v1", seeds=2, steps=400, settings={"threshold": -200})
        self.assertEqual(own.threshold, -200)
        self.assertIn("0 of 2 solved (0% to 66%)", own.summary())

    def test_missing_returns_are_nan(self):
        self.assertTrue(math.isnan(next(t for t in hedon.tasks() if t.name == "Pendulum-v1").solved))


if __name__ == "__main__":
    unittest.main()
