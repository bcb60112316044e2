"""to_torch: the same spikes as the library's, one by one."""
import unittest

import hedon
from hedon import Network, Normal, Population, Projection, Uniform

try:
    import numpy
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

SUBSTEPS, ROWS, INPUTS, NEURONS = 100, 3, 6, 20
MODELS = {
    "if": {"t_ref": 2},
    "lif": {"tau_m": 8, "t_ref": 3, "v_rest": 0.1, "reset": 0},
    "cuba": {"tau_syn": 3},
    "alif": {"tau_a": 30, "adapt": 0.4},
    "lif-escape": {"t_ref": 1},
    "bernoulli": {"beta": 2},
    "glm": {},
    "ising": {},
    "relu": {},
    "tanh": {},
    "leaky": {"tau": 3},
}


def made(neuron, params):
    """An input onto neurons of a model, which project onto themselves later and onto others at once."""
    return Network(
        [Population("in", INPUTS, "input"), Population("out", 5, "lif"),
         Population("middle", NEURONS, neuron, bias=0.05, **params)],
        [Projection("in", "middle", weight=Normal(0.1, 0.3), name="first"),
         Projection("middle", "middle", weight=Uniform(-0.1, 0.1), delay=2),
         Projection("middle", "out", connect="random", probability=0.5, weight=Uniform(-0.2, 0.4)),
         Projection("in", "out", synapses=[(0, 1, 0.5), (3, 0, -0.25)], delay=1)],
        seed=7, rows=ROWS)


def stepped(network, x, names):
    """What populations do, [substeps][rows][n] each."""
    done = {name: [] for name in names}
    for values in x:
        network.write("in.value", values)
        network.step()
        for name in names:
            done[name].append(network.read(name))
    return {name: numpy.stack(rows) for name, rows in done.items()}


@unittest.skipIf(torch is None, "PyTorch is not installed")
class Torch(unittest.TestCase):
    def inputs(self):
        return numpy.random.default_rng(0).random((SUBSTEPS, ROWS, INPUTS), numpy.float32)

    def test_every_model_does_the_same(self):
        for name in {neuron.name for neuron in hedon.neurons()} - set(MODELS):
            with self.assertRaisesRegex(hedon.ConflictError, f"neurons {name}, which have no module of PyTorch"):
                made(name, {}).to_torch()
        for neuron, params in MODELS.items():
            with self.subTest(neuron=neuron):
                self.compare(made(neuron, params), neuron, exact=False)
        self.compare(made("lif", MODELS["lif"]), "lif", exact=True)

    def compare(self, network, neuron, exact):
        network.write("middle.current", numpy.full((ROWS, NEURONS), 0.02))
        x, draws = self.inputs(), network.draws
        with torch.no_grad():
            ours = {k: v.numpy() for k, v in network.to_torch(exact)(torch.tensor(x), draws).items()}
        theirs = stepped(network, x, ["middle.spike", "middle.p", "out.spike"])
        if neuron in ("relu", "tanh", "leaky"):
            numpy.testing.assert_allclose(ours["middle"], theirs["middle.p"], rtol=1e-4, atol=1e-5)
        else:
            numpy.testing.assert_array_equal(ours["middle"], theirs["middle.spike"])
            self.assertTrue(0.01 < ours["middle"].mean() < 0.99, ours["middle"].mean())
            numpy.testing.assert_array_equal(ours["out"], theirs["out.spike"])

    def test_draws_are_those_of_the_network(self):
        network = Network([Population("a", 5, "bernoulli"), Population("b", 33, "bernoulli")], seed=2**40 + 1, rows=2)
        for substep in range(20):
            network.step()
            fired = network.draws("b", substep) < network["b.p"]
            numpy.testing.assert_array_equal(fired, network["b.spike"] > 0)

    def test_networks_of_learners(self):
        for method, settings in (("neuron-agent", {"hidden": 16}), ("ppo", {}), ("a2c", {"recurrent": True}),
                                 ("neuron-agent", {"rule": "e-prop", "neuron": "lif", "hidden": 8})):
            with self.subTest(method=method, settings=settings):
                self.learner(hedon.Session("CartPole-v1", method, seed=3, settings=settings).train(500))

    def learner(self, session):
        network = session.network()
        substeps, name = int(session.options["substeps"].value), network.views.names()[1].split(".")[0]
        network.record(name + ".spike", substeps=substeps)
        network.record("input.value", substeps=substeps)
        network.record(name + ".p", substeps=substeps)
        for _ in range(5):
            session.train(1)
            p, spikes = network.read(name + ".p.record"), network.read(name + ".spike.record")
            draws = None
            if session.options["neuron"].value == "bernoulli":  # a draw on the side where the spike was
                draws = lambda _, t: torch.tensor(numpy.where(spikes[t:t + 1] > 0, p[t:t + 1] - 1e-6, p[t:t + 1] + 1e-6))
            with torch.no_grad():
                ours = network.to_torch()(torch.tensor(network.read("input.value.record"))[:, None], draws)[name][:, 0]
            numpy.testing.assert_array_equal(ours.numpy(), spikes)

    def test_gradients_pass_spikes(self):
        module = made("lif", {}).to_torch()
        module(torch.tensor(self.inputs()))["out"].sum().backward()
        self.assertGreater(module.weight["first"].grad.abs().sum(), 0)
        by_list = module.weight["in->out"].grad
        self.assertEqual(int((by_list != 0).sum()), 2)  # where there are synapses

    def test_what_has_no_module_is_refused(self):
        session = hedon.Session("CartPole-v1", "ppo", settings={"learn_tau": True})
        with self.assertRaisesRegex(hedon.ConflictError, "learn_tau"):
            session.network().to_torch()
        with self.assertRaisesRegex(hedon.UnknownName, "no population 'c'"):
            Network([Population("a", 2, "bernoulli")]).draws("c", 0)


if __name__ == "__main__":
    unittest.main()
