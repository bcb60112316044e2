"""hedon.Network: building, stepping, views, recordings, rules, refusals."""
import gc
import unittest
import warnings

import hedon
from hedon import Network, Normal, Population, Projection, Uniform

try:
    import numpy
except ImportError:
    numpy = None


def pair(weight=1.0, **projection):
    return Network([Population("in", 3, "input"), Population("out", 3, "lif", tau_m=20, r_m=20)],
                   [Projection("in", "out", weight=weight, connect="one-to-one", **projection)])


class Networks(unittest.TestCase):
    def test_a_spike_passes_where_its_weight_lets_it(self):
        network = pair(weight=5.0)
        network.write("in.value", [0, 1, 0])
        network.step()
        self.assertEqual(network.views["out.spike"].tolist(), [[0, 1, 0]])
        self.assertEqual(network.substeps, 1)

    def test_delays_are_substeps(self):
        network = pair(weight=5.0, delay=2)
        network.write("in.value", [1, 1, 1])
        network.record("out.spike")
        network.step(4)
        self.assertEqual([sum(row) for row in network.views["out.spike.record"].tolist()][:3], [0, 0, 3])

    def test_lists_of_synapses(self):
        network = Network([Population("a", 3, "input"), Population("b", 2)],
                          [Projection("a", "b", synapses=[(0, 1, 0.5), (2, 0, 0.25)], name="j")])
        self.assertEqual(network.views["j.weight"].tolist(), [0.5, 0.25])
        self.assertEqual(network.views["j.pre"].tolist(), [0, 2])
        self.assertEqual(network.views["j.post"].tolist(), [1, 0])

    def test_initial_weights(self):
        def weights(weight, seed=0):
            made = Network([Population("a", 8, "input"), Population("b", 8)],
                           [Projection("a", "b", weight=weight, name="j")], seed=seed)
            return [w for row in made.views["j.weight"].tolist() for w in row]

        self.assertEqual(set(weights(0.5)), {0.5})
        self.assertTrue(all(1 <= w <= 2 for w in weights(Uniform(1, 2))))
        self.assertTrue(any(w < 1 for w in weights(Normal(1, 2))))
        self.assertNotEqual(weights(Uniform(1, 2)), weights(Uniform(1, 2), seed=1))

    def test_rows_share_weights_and_start_anew_alone(self):
        network = Network([Population("a", 2, "lif", tau_m=20, r_m=20)], rows=2)
        network.write("a.current", [[0.3, 0.3], [0.2, 0.2]])
        network.step(2)
        state = network.save_row(0)
        potentials = network.views["a.v"].tolist()
        self.assertNotEqual(potentials[0], potentials[1])
        network.reset(row=0)
        self.assertEqual(network.views["a.v"].tolist()[1], potentials[1])
        network.restore_row(state, row=1)
        self.assertEqual(network.views["a.v"].tolist()[1], potentials[0])
        with self.assertRaises(hedon.UsageError):
            network.restore_row([1.0])

    def test_arrays_share_memory_and_keep_the_network(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        network = pair(weight=5.0)
        values = network["in.value"]
        self.assertTrue(values.flags.writeable)
        values[:] = 1
        spikes = network["out.spike"]
        network.step()
        self.assertEqual(spikes.tolist(), [[1, 1, 1]])
        self.assertFalse(spikes.flags.writeable)
        network.record("out.v")
        network.step(2)
        recorded = network["out.v.record"]
        network.step(5)
        self.assertEqual(recorded.shape, (2, 3))
        del network
        gc.collect()
        self.assertEqual(values.tolist(), [[1, 1, 1]])

    def test_numbers_of_any_kind_are_written(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        network = pair()
        for values in (numpy.arange(3), numpy.arange(6, dtype=float)[::2] / 2, [[0, 1, 2]]):
            network.write("in.value", values)
            self.assertEqual(network.views["in.value"].tolist(), [[0, 1, 2]])

    def test_a_matrix_is_the_initial_weights(self):
        ends = [hedon.Population("in", 2, "input"), hedon.Population("out", 3)]
        for matrix in ([[1, 2, 3], [4, 5, 6]],) + (() if numpy is None else (numpy.arange(1.0, 7.0).reshape(2, 3),)):
            network = hedon.Network(ends, [hedon.Projection("in", "out", weight=matrix)])
            self.assertEqual([list(row) for row in network.read("in->out.weight")], [[1, 2, 3], [4, 5, 6]])
        for wrong in ([[1, 2], [3, 4], [5, 6]], [1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5]]):
            with self.assertRaisesRegex(hedon.UsageError, "in->out.*a matrix of 2 rows.*of 3 numbers"):
                hedon.Network(ends, [hedon.Projection("in", "out", weight=wrong)])
        with self.assertRaisesRegex(hedon.UsageError, "matrix of weights and connect = 'random'"):
            hedon.Network(ends, [hedon.Projection("in", "out", weight=[[1] * 3] * 2, connect="random", probability=0.5)])

    def test_a_signal_that_moves_nothing_is_said(self):
        ends = [hedon.Population("in", 2, "input"), hedon.Population("out", 3)]
        for settings in ({}, {"rule": "mstdpet"}):
            with self.assertWarnsRegex(hedon.Warned, "moves no weight"):
                hedon.Network(ends, [hedon.Projection("in", "out", **settings)]).signal(1)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            hedon.Network(ends, [hedon.Projection("in", "out", rule="mstdpet", rate=0.1)]).signal(1)

    def test_all_arrays_at_once(self):
        network = hedon.Network([hedon.Population("out", 3)])
        network.record("out.v")
        network.step(4)
        arrays = network.arrays()
        self.assertEqual(sorted(arrays), sorted(network.views))
        self.assertEqual(len(arrays["out.v.record"]), 4)

    def test_a_rule_moves_weights_at_the_signal(self):
        network = Network([Population("in", 2, "input"), Population("out", 2, "lif", tau_m=20, r_m=20)],
                          [Projection("in", "out", weight=1.0, rule="mstdpet", rate=0.1, name="j")])
        network.write("in.value", [1, 0])
        network.step(5)
        before = network.views["j.weight"].tolist()
        network.signal(1)
        self.assertNotEqual(network.views["j.weight"].tolist(), before)
        with self.assertRaises(hedon.NumericError):
            network.signal(float("inf"))

    def test_refusals(self):
        a, b = Population("a", 2), Population("b", 2)
        for raised, sentence, make in (
                (hedon.UnknownName, "lif", lambda: Network([Population("a", 2, "liff")])),
                (hedon.RangeError, "a", lambda: Network([Population("a", 0)])),
                (hedon.UsageError, r"population 'a': tau_m = a list of 2 is no number; allowed: a number, which all its",
                 lambda: Network([Population("a", 2, tau_m=[3, 4])])),
                (hedon.UsageError, "projection 'a->b': tau_z = 'x' is no number",
                 lambda: Network([a, b], [Projection("a", "b", rule="mstdpet", rule_params={"tau_z": "x"})])),
                (hedon.UnknownName, "c", lambda: Network([a, b], [Projection("a", "c")])),
                (hedon.ConflictError, "delay", lambda: Network([a], [Projection("a", "a")])),
                (hedon.UsageError, "allowed: all", lambda: Projection("a", "b", connect="some")),
                (hedon.UsageError, "give probability=", lambda: Projection("a", "b", connect="random")),
                (hedon.UsageError, "and this is connect = 'all'", lambda: Projection("a", "b", probability=0.5)),
                (hedon.UsageError, "a signal of 2 numbers; allowed: 1, since the network has one row",
                 lambda: Network([a, b], [Projection("a", "b", rule="mstdpet", rate=0.1)]).signal([1, 2])),
                (hedon.UsageError, "alike", lambda: Network([a, b], [
                    Projection("a", "b", synapses=[(0, 1), (1, 0, 1.0)])])),
                (hedon.UnknownName, "no view 'a.w'", lambda: Network([a]).views["a.w"]),
                (hedon.ConflictError, "a.current", lambda: Network([a]).write("a.current", [1])),
                (hedon.UsageError, "a.spike", lambda: Network([a]).write("a.spike", [1, 1])),
        ):
            with self.assertRaisesRegex(raised, sentence):
                make()

    def test_what_is_no_number_and_what_ctypes_would_wrap(self):
        a, b, made = Population("a", 2), Population("b", 2), pair()
        for raised, sentence, make in (
                (hedon.UsageError, "'a': n = '2' is no whole", lambda: Network([Population("a", "2")])),
                (hedon.UsageError, "'a': n = 2.5", lambda: Network([Population("a", 2.5)])),
                (hedon.RangeError, "'a' has n = 2147483647", lambda: Network([Population("a", 2**32 + 2)])),
                (hedon.RangeError, "'a' has n = -2147483648", lambda: Network([Population("a", 2 - 2**32)])),
                (hedon.UsageError, "'a': bias = 'x'", lambda: Network([Population("a", 2, bias="x")])),
                (hedon.UsageError, "'a' is no hedon.Population", lambda: Network(["a"])),
                (hedon.UsageError, "'j' is no hedon.Projection", lambda: Network([a], ["j"])),
                (hedon.UsageError, "3 is no name", lambda: Network([Population(3, 2)])),
                (hedon.UsageError, "rows = 1.5", lambda: Network([a], rows=1.5)),
                (hedon.RangeError, "rows = 2147483647", lambda: Network([a], rows=2**32 + 1)),
                (hedon.RangeError, "seed = -1", lambda: Network([a], seed=-1)),
                (hedon.UsageError, "dt_ms = 'x'", lambda: Network([a], dt_ms="x")),
                (hedon.UsageError, "substeps = 'x'", lambda: made.step("x")),
                (hedon.UsageError, "substeps = 1000.0", lambda: made.step(1e3)),
                (hedon.RangeError, "substeps = 18446744073709551621", lambda: made.step(2**64 + 5)),
                (hedon.UsageError, "3 is no name", lambda: made.record(3)),
                (hedon.RangeError, "substeps = 0", lambda: made.record("out.v", substeps=0)),
                (hedon.UsageError, "a neuron = 0.5", lambda: made.record("out.v", neurons=[0.5])),
                (hedon.RangeError, "row", lambda: made.reset(row=2**32)),
                (hedon.UsageError, "row = 'x'", lambda: made.save_row("x")),
                *((hedon.UsageError, f"'a->b': {sentence}", lambda named=named: Network([a, b], [Projection("a", "b", **named)]))
                  for named, sentence in (
                      ({"weight": "x"}, "weight = 'x' is no number; allowed: a number, hedon.Uniform, hedon.Normal or a matrix"),
                      ({"weight": [[1.0, 2.0]]}, "weight = a list of 1; allowed: a matrix of 2 rows"),
                      ({"weight": Uniform(0, "x")}, "a number of weight = 'x' is no number"),
                      ({"delay": 1.5}, "delay = 1.5 is no whole number"),
                      ({"rate": "x"}, "rate = 'x' is no number"),
                      ({"connect": "random", "probability": "x"}, "probability = 'x' is no number"),
                      ({"stp_use": "x"}, "stp_use = 'x' is no number"))),
                (hedon.RangeError, "delay = 2147483647", lambda: Network([a, b], [Projection("a", "b", delay=2**32)])),
                (hedon.UsageError, "synapse 1 .* = 1.5", lambda: Network([a, b], [
                    Projection("a", "b", synapses=[(0, 1), (1, 1.5)])])),
                (hedon.UsageError, "a mapping .* 3 is none", lambda: Network([a, b], [
                    Projection("a", "b", rule="mstdpet", rule_params=3)])),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(raised, sentence):
                make()
        self.assertEqual(made.substeps, 0)

    def test_numbers_that_are_not_finite_are_not_stepped(self):
        network = Network([Population("a", 2)])
        with self.assertRaisesRegex(hedon.NumericError, "a.current"):
            network.write("a.current", [0, float("nan")])
        with self.assertRaises(hedon.RangeError):
            network.step(-1)


if __name__ == "__main__":
    unittest.main()
