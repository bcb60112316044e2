"""hedon.Rule: learning rules written in Python, in networks and in sessions."""
import contextlib
import io
import os
import pathlib
import re
import tempfile
import unittest

import hedon
from hedon import Network, Population, Projection

try:
    import numpy
except ImportError:
    numpy = None


class Counts(hedon.Rule):
    """Eligibility: coincidences of a source and a target."""

    def after(self, s):
        s.e += numpy.outer(s.x, s.b)


class Traces(hedon.Rule):
    name = "traces"
    params = {"tau": (4.0, 1.0, 100.0), "scale": 1.0}
    pre, post, synapse = ("seen",), ("fired",), ("both",)

    def before(self, s):
        s.pre["seen"] *= 1 - 1 / s.param["tau"]

    def on_pre(self, s, i):
        s.pre["seen"][i] += 1

    def on_post(self, s, j):
        s.post["fired"][j] += 1
        s.synapse["both"][:, j] += s.pre["seen"]

    def on_decision(self, s):
        s.e[:] = s.param["scale"] * s.synapse["both"]

    def on_signal(self, s, alpha, signal):
        s.w += alpha * signal * s.e


class Pgcn(hedon.Rule):
    """The built-in rule pgcn again."""

    name = "again"
    needs = ("stochastic", "affine")

    def factor(self, layer):
        layer.g[:] = (layer.b - layer.p) * layer.gain


def network(rule, **more):
    made = Network([Population("in", 3, "input"), Population("out", 2, "lif", tau_m=20, r_m=20)],
                   [Projection("in", "out", weight=5.0, rule=rule, rate=0.5, name="j", **more)])
    made.write("in.value", [1, 0, 1])
    return made


@unittest.skipIf(numpy is None, "NumPy is not installed")
class Rules(unittest.TestCase):
    def test_eligibility_and_weights(self):
        made = network(Counts())
        made.step(3)
        fired = 3
        self.assertEqual(made["j.e"][0].tolist(), [[fired, fired], [0, 0], [fired, fired]])
        made.signal(2.0)
        self.assertEqual(made["j.weight"].tolist(), [[5 + 3.0] * 2, [5] * 2, [5 + 3.0] * 2])

    def test_state_parameters_and_every_hook(self):
        made = network(Traces(), rule_params={"tau": 2})
        made.step(2)
        self.assertEqual(made["j.pre.seen"].tolist(), [[1.5, 0, 1.5]])
        self.assertEqual(made["j.post.fired"].tolist(), [[2, 2]])
        made.signal(1)
        self.assertEqual(made["j.weight"][0].tolist(), [5 + 0.5 * 2.5] * 2)
        with self.assertRaisesRegex(hedon.RangeError, "tau"):
            network(Traces(), rule_params={"tau": 0.5})

    def test_a_factor_learns_as_the_built_in_rule_does(self):
        short = {"hidden": 4}
        ours = hedon.Session("CartPole-v1", "neuron-agent", seed=1, settings={**short, "rule": Pgcn()})
        built_in = hedon.Session("CartPole-v1", "neuron-agent", seed=1, settings=short)
        self.assertEqual(ours.options["rule"].value, "again")
        self.assertEqual(ours.train(300).hash, built_in.train(300).hash)

    def test_the_tutorial_teaches_a_rule_and_its_opposite(self):
        page = pathlib.Path(__file__).parents[2] / "docs" / "tutorials" / "own-rule.md"
        program = re.search(r"```python mine.py\n(.*?)```", page.read_text(encoding="utf-8"), re.S)[1]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(program.replace("seeds=3, steps=50_000", "seeds=2, steps=10_000"), {"__name__": "mine"})
        right, wrong = (float(mean) for mean in re.findall(r", ([\d.]+) mean$", printed.getvalue(), re.M))
        self.assertGreater(right, 2 * wrong)

    def test_studies_of_several_threads(self):
        settings = {"hidden": 4, "eval_every": 300, "eval_episodes": 1}
        results = [hedon.train("CartPole-v1", "neuron-agent", seeds=2, threads=2, steps=300,
                               settings={**settings, "rule": rule}).hashes for rule in (Pgcn(), "pgcn")]
        self.assertEqual(*results)

    def test_checkpoints_are_opened_with_the_rule(self):
        session = hedon.Session("CartPole-v1", "neuron-agent", settings={"hidden": 4, "rule": Pgcn()}).train(100)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "learner")
            session.save(path)
            again = hedon.Session.load(path, rules=[Pgcn()])
            with self.assertRaisesRegex(hedon.Error, "again"):
                hedon.Session.load(path)
        self.assertEqual(session.train(100).hash, again.train(100).hash)

    def test_what_a_rule_raises_comes_through(self):
        class Breaks(hedon.Rule):
            def after(self, s):
                raise ZeroDivisionError("no synapse there")

        class Factor(Pgcn):
            name = "breaks"

            def factor(self, layer):
                raise ZeroDivisionError("no synapse there")

        made = network(Breaks())
        with self.assertRaisesRegex(ZeroDivisionError, "no synapse there"):
            made.step(5)
        before = made["j.weight"].tolist()
        with self.assertRaises(hedon.NumericError):
            made.signal(1.0)
        self.assertEqual(made["j.weight"].tolist(), before)
        session = hedon.Session("CartPole-v1", "neuron-agent", settings={"rule": Factor(), "hidden": 4})
        untouched = session.hash
        with self.assertRaisesRegex(ZeroDivisionError, "no synapse there"):
            session.train(100)
        self.assertEqual(session.hash, untouched)
        with self.assertRaisesRegex(ZeroDivisionError, "no synapse there"):
            hedon.train("CartPole-v1", "neuron-agent", steps=100, settings={"rule": Factor(), "hidden": 4})

    def test_refusals(self):
        class Guesses(hedon.Rule):
            def after(self, s):
                s.e += numpy.outer(s.presynaptic, s.b)

        with self.assertRaisesRegex(AttributeError, "sees no 'presynaptic'; there is .*x, .*b, .*e"):
            network(Guesses()).step(1)

        class Looks(hedon.Rule):
            def after(self, s):
                s.e += s.w

        with self.assertRaisesRegex(AttributeError, "w, in on_signal alone"):
            network(Looks()).step(1)

        class Nothing(hedon.Rule):
            pass

        class Wrong(Pgcn):
            needs = ("luck",)

        def counts(**named):
            return type("Other", (Counts,), named)()

        for raised, sentence, rule in (
                (hedon.UsageError, "", Nothing()), (hedon.UsageError, "luck", Wrong()),
                (hedon.UsageError, "give one of them, Counts()", Counts),
                (hedon.UsageError, r"needs = 'stochastic'; write \('stochastic',\)", counts(needs="stochastic")),
                (hedon.UsageError, r"pre = 'trace'; write \('trace',\)", counts(pre="trace")),
                (hedon.UsageError, "params tau = 'x'; allowed: a default", counts(params={"tau": "x"})),
                (hedon.UsageError, r"params tau = \(1, 2\)", counts(params={"tau": (1, 2)})),
                (hedon.UsageError, "default within its bounds", counts(params={"tau": (20.0, 30.0, 40.0)}))):
            with self.assertRaisesRegex(raised, sentence):
                network(rule)
        with self.assertRaisesRegex(hedon.UsageError, "give one of them"):
            hedon.Session("CartPole-v1", "neuron-agent", settings={"rule": Pgcn})
        with self.assertRaisesRegex(hedon.UsageError, "two rules"):
            Network([Population("a", 2, "input"), Population("b", 2), Population("c", 2)],
                    [Projection("a", "b", rule=Counts()), Projection("b", "c", rule=Counts())])


if __name__ == "__main__":
    unittest.main()
