"""Files for others: safetensors, NumPy's, TensorBoard's, tables of kept runs."""
import csv
import os
import struct
import subprocess
import tempfile
import unittest

import hedon
from hedon import _tensorboard

try:
    import numpy
except ImportError:
    numpy = None

SHORT = {"eval_every": 500, "eval_episodes": 2}
TOOL = os.environ.get("HEDON_TOOL")


def tool(*words):
    if TOOL is None:
        raise unittest.SkipTest("HEDON_TOOL names no tool")
    subprocess.run([TOOL, *words], check=True, stdout=subprocess.DEVNULL)


def train(**more):
    return hedon.train("CartPole-v1", seed=3, seeds=2, steps=1000, settings=SHORT, **more)


class Interchange(unittest.TestCase):
    def test_checkpoints_are_safetensors(self):
        try:
            from safetensors.numpy import load_file, save_file
        except ImportError:
            self.skipTest("safetensors is not installed")
        session = hedon.Session("CartPole-v1", seed=3).train(500)
        with tempfile.TemporaryDirectory() as folder:
            session.save(os.path.join(folder, "learner"))
            save_file(session.arrays(), os.path.join(folder, "arrays"))
            saved = load_file(os.path.join(folder, "learner"))
            written = load_file(os.path.join(folder, "arrays"))
        self.assertEqual(set(written), set(session.views.names()))
        for name in session.views:
            numpy.testing.assert_array_equal(saved[name], session[name])
            numpy.testing.assert_array_equal(written[name], session[name])

    def test_arrays_are_copies(self):
        if numpy is None:
            self.skipTest("NumPy is not installed")
        session = hedon.Session("CartPole-v1", seed=3)
        before = session.arrays()
        with tempfile.TemporaryDirectory() as folder:
            numpy.savez(os.path.join(folder, "arrays.npz"), **before)
            session.train(500)
            with numpy.load(os.path.join(folder, "arrays.npz")) as saved:
                numpy.testing.assert_array_equal(saved["actor"], before["actor"])
        self.assertTrue((before["actor"] != session["actor"]).any())

    def test_kept_runs_are_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            result = train(out=os.path.join(folder, "run"))
            rows = hedon.read_metrics(os.path.join(folder, "run"))
            with self.assertRaisesRegex(hedon.FileError, "no run folder"):
                hedon.read_metrics(folder)
        evaluations = sorted((r["seed"], r["env_steps"], r["eval_return"]) for r in rows if r["event"] == "evaluation")
        self.assertEqual(evaluations, [(e.seed, e.env_steps, e.eval_return) for e in result.evaluations])
        self.assertEqual({r["hash"] for r in rows if r["event"] == "result"}, set(result.hashes))

    def test_sums_are_those_of_the_standard(self):
        """CRC-32C of RFC 3720, B.4: 32 zeros; masked as TensorFlow's record writer does."""
        crc = 0x8A9136AA
        masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
        self.assertEqual(_tensorboard._sum_of(bytes(32)), struct.pack("<I", masked))

    def test_tensorboard_reads_events(self):
        try:
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        except ImportError:
            self.skipTest("tensorboard is not installed")
        with tempfile.TemporaryDirectory() as folder:
            result = train(out=os.path.join(folder, "run"))
            hedon.tensorboard(result, os.path.join(folder, "result"))
            hedon.tensorboard(os.path.join(folder, "run"), os.path.join(folder, "kept"))
            for made, tags in (("result", []), ("kept", ["rate/hidden"])):
                read = EventAccumulator(os.path.join(folder, made, "seed-4"))
                read.Reload()
                self.assertEqual(sorted(read.Tags()["scalars"]), ["eval/return", *tags, "train/return"])
                shown = [(s.step, s.value) for s in read.Scalars("eval/return")]
                ours = list(zip(*result.curves()[4]))
                self.assertEqual(shown, [(step, struct.unpack("f", struct.pack("f", r))[0]) for step, r in ours])

    def test_the_tool_writes_the_same_events(self):
        """--tensorboard of the tool and hedon.tensorboard make the same bytes, of a run and of a study."""
        short = ["steps=600", "eval_every=200", "eval_episodes=2", "overtrain=0"]
        with tempfile.TemporaryDirectory() as folder:
            run = os.path.join(folder, "run")
            tool("train", "CartPole-v1", "--seed", "3", "--seeds", "2", "--out", run, "--tensorboard", "--csv",
                 "--quiet", "--set", *short)
            study = os.path.join(folder, "study")
            tool("compare", "CartPole-v1", "--methods", "neuron-agent", "--seed", "3", "--seeds", "2", "--out", study,
                 "--tensorboard", "--csv", "--quiet", "--set", *short)
            for made in (run, os.path.join(study, "cells", "1")):
                for path in hedon.tensorboard(made, os.path.join(folder, "ours")):
                    with open(path, "rb") as f:
                        ours = f.read()
                    with open(os.path.join(made, "tensorboard", os.path.relpath(path, os.path.join(folder, "ours"))),
                              "rb") as f:
                        self.assertEqual(f.read(), ours)
                rows = [r for r in hedon.read_metrics(made) if r["event"] == "evaluation"]
                with open(os.path.join(made, "metrics.csv"), encoding="utf-8", newline="") as f:
                    table = list(csv.DictReader(f))
                self.assertEqual([(int(t["seed"]), int(t["env_steps"]), float(t["eval_return"]), float(t["rate hidden"]))
                                  for t in table],
                                 [(r["seed"], r["env_steps"], r["eval_return"], r["layers"][0]["rate"]) for r in rows])

    def test_tensorboard_reads_the_tools_events(self):
        try:
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        except ImportError:
            self.skipTest("tensorboard is not installed")
        with tempfile.TemporaryDirectory() as folder:
            tool("train", "CartPole-v1", "--seed", "3", "--out", os.path.join(folder, "run"), "--tensorboard",
                 "--quiet", "--set", "steps=600", "eval_every=200", "eval_episodes=2", "overtrain=0")
            read = EventAccumulator(os.path.join(folder, "run", "tensorboard", "seed-3"))
            read.Reload()
            rows = [r for r in hedon.read_metrics(os.path.join(folder, "run")) if r["event"] == "evaluation"]
            self.assertEqual(sorted(read.Tags()["scalars"]), ["eval/return", "rate/hidden", "train/return"])
            self.assertEqual([(s.step, s.value) for s in read.Scalars("rate/hidden")],
                             [(r["env_steps"], struct.unpack("f", struct.pack("f", r["layers"][0]["rate"]))[0])
                              for r in rows])


if __name__ == "__main__":
    unittest.main()
