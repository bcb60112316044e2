"""hedon.load_plugin: a plug-in in C, compiled here."""
import os
import subprocess
import sys
import tempfile
import unittest

import hedon

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# In a process of its own, since plug-ins stay loaded.
TRAINS = """
import sys, hedon
hedon.load_plugin(sys.argv[1])
assert "Catch-v0" in [task.name for task in hedon.tasks()]
assert len(hedon.train("Catch-v0", "neuron-agent", steps=200).hashes) == 1
hedon.Network([hedon.Population("a", 2)])
try:
    hedon.load_plugin(sys.argv[1])
except hedon.UsageError as error:
    print("already" in str(error))
"""


NEURON = """
import sys, hedon
hedon.load_plugin(sys.argv[1])
assert hedon.neurons()["quadratic"].doc == "quadratic integrate-and-fire"
network = hedon.Network([hedon.Population("in", 1, "input"), hedon.Population("out", 2, "quadratic", tau=5)],
                        [hedon.Projection("in", "out", weight=1.0)])
network.write("in.value", [2.0])
fired = 0
for _ in range(200):
    network.step()
    fired += network.read("out.spike")[0][0]
assert 10 < fired < 50, fired
settings = {"neuron": "quadratic", "quadratic.tau": 5, "rule": "e-prop"}
session = hedon.Session("CartPole-v1", "neuron-agent-online", settings=settings)
before = session.hash
assert session.train(500).hash != before
assert session.options["quadratic.tau"].value == "5"
try:
    hedon.Session("CartPole-v1", "ppo", settings={"neuron": "quadratic"})
except hedon.ConflictError as error:
    print("no backward step" in str(error))
"""


class Plugins(unittest.TestCase):
    def run_with(self, name, program):
        compiler = os.environ.get("CC")
        if compiler is None:
            self.skipTest("CC names no C compiler")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, name + ".so")
            subprocess.run([compiler, "-shared", "-fPIC", "-I", os.path.join(ROOT, "include"),
                            os.path.join(ROOT, "examples", name + ".c"), "-o", path], check=True)
            ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, "True\n"), ran.stderr)

    def test_an_environment_in_c(self):
        self.run_with("catch", TRAINS)

    def test_a_neuron_in_c(self):
        self.run_with("quadratic", NEURON)

    def test_what_is_no_plugin_is_refused(self):
        with self.assertRaises(hedon.FileError):
            hedon.load_plugin("absent.so")
        with self.assertRaises(hedon.FormatError):
            hedon.load_plugin(__file__)
        hedon.Network([hedon.Population("a", 2)])  # nothing of them stays


if __name__ == "__main__":
    unittest.main()
