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


class Plugins(unittest.TestCase):
    def test_an_environment_in_c(self):
        compiler = os.environ.get("CC")
        if compiler is None:
            self.skipTest("CC names no C compiler")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "catch.so")
            subprocess.run([compiler, "-shared", "-fPIC", "-I", os.path.join(ROOT, "include"),
                            os.path.join(ROOT, "examples", "catch.c"), "-o", path], check=True)
            ran = subprocess.run([sys.executable, "-c", TRAINS, path], capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, "True\n"), ran.stderr)

    def test_what_is_no_plugin_is_refused(self):
        with self.assertRaises(hedon.FileError):
            hedon.load_plugin("absent.so")
        with self.assertRaises(hedon.FormatError):
            hedon.load_plugin(__file__)
        hedon.Network([hedon.Population("a", 2)])  # nothing of them stays


if __name__ == "__main__":
    unittest.main()
