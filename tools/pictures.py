#!/usr/bin/env python3
"""Make docs/neurons.svg: a network of adaptive neurons that has learned to balance a pole, as
`hedon trace` draws it.

    pictures.py --hedon HEDON
"""
import argparse
import pathlib
import subprocess
import tempfile

from clean_commit import ROOT, clean_commit

TASK = ["CartPole-v1", "--method", "neuron-agent", "--seed", "0", "--set", "rule=e-prop", "neuron=alif",
        "recurrent=true", "carry=true", "hidden=24"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hedon", default=str(ROOT / "build" / "hedon"), type=pathlib.Path)
    hedon = parser.parse_args().hedon.resolve()
    clean_commit()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "run"
        subprocess.run([hedon, "train", *TASK, "--quiet", "--out", folder], check=True)
        subprocess.run([hedon, "trace", folder, "--decisions", "0-59", "--out",
                        ROOT / "docs" / "neurons.svg"], check=True)


main()
