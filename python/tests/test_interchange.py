"""Files for others: safetensors, NumPy's, TensorBoard's, tables of kept runs."""
import os
import struct
import tempfile
import unittest

import hedon
from hedon import _tensorboard

try:
    import numpy
except ImportError:
    numpy = None

SHORT = {"eval_every": 500, "eval_episodes": 2}


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


if __name__ == "__main__":
    unittest.main()
