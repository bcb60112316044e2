"""What docs/python.md shows is run as it stands there."""
import contextlib
import io
import os
import re
import tempfile
import textwrap
import unittest

import envs
import hedon

try:
    import gymnasium
    import numpy
except ImportError:
    gymnasium = numpy = None

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "python.md")
ELSEWHERE = ("pip install", "quadratic.so")  # with another program, a compiler
NOT_HERE = re.compile(r".*LunarLander.*\n")  # without Box2D
SHORTER = (("20_000", "2_000"), ("50_000", "500"), ("seeds=30", "seeds=2"), ("while True", "for _ in range(30)"))


def shown():
    """The indented blocks of the page, with how each begins."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, re.M):
        if not any(word in block for word in ELSEWHERE):
            yield NOT_HERE.sub("", textwrap.dedent(block))


@unittest.skipIf(gymnasium is None or not os.path.exists(PAGE), "gymnasium, numpy or the page is missing")
class Page(unittest.TestCase):
    def test_every_block_runs(self):
        blocks = list(shown())
        self.assertGreater(len(blocks), 5)
        for block in blocks:
            for long, short in SHORTER:
                block = block.replace(long, short)
            names = {"hedon": hedon, "numpy": numpy, "gymnasium": gymnasium, "MyEnv": lambda size=4: envs.Follow(), "env": gymnasium.make("CartPole-v1"),
                     "observation": [0.0, 0.1, 0.0, 0.0], "look": lambda agent: None,
                     "agent": hedon.Agent("CartPole-v1", "e-prop", seed=1)}
            before = os.getcwd()
            with self.subTest(block.splitlines()[0]), tempfile.TemporaryDirectory() as folder, \
                    contextlib.redirect_stdout(io.StringIO()):
                os.chdir(folder)
                try:
                    exec(block, names)
                finally:
                    os.chdir(before)


if __name__ == "__main__":
    unittest.main()
