#!/usr/bin/env python3
"""Make the pictures of the gallery and of the README, each by a command of the tool:

    pictures.py --hedon HEDON [--playground PAGE]      PAGE: index.html of tools/playground.sh

neurons.svg   hedon trace: adaptive neurons that have learned to balance a pole
weights.svg   hedon trace: weights onto two neurons while they learn
curves.svg    hedon plot: learning curves of four neurons, learning and frozen
playground.webp, watch.webp, report.webp, and the same with -phone: the pages, light; left as they are where Chromium or
              PAGE is missing
"""
import argparse
import pathlib
import subprocess
import tempfile

from clean_commit import ROOT, clean_commit
from page_pictures import browser, make_runs, take

DOCS = ROOT / "docs"
ADAPTIVE = ["CartPole-v1", "--method", "neuron-agent", "--seed", "0", "--set", "rule=e-prop", "neuron=alif",
            "recurrent=true", "carry=true", "hidden=24"]
LEARNING = ["CartPole-v1", "--method", "neuron-agent-online", "--seed", "1000", "--set", "hidden=4"]


def pictures_of_neurons(hedon, scratch):
    run = scratch / "adaptive"
    subprocess.run([hedon, "train", *ADAPTIVE, "--quiet", "--out", run], check=True)
    subprocess.run([hedon, "trace", run, "--decisions", "0-59", "--out", DOCS / "neurons.svg"], check=True)
    subprocess.run([hedon, "trace", *LEARNING, "--what", "weight", "--neurons", "0-1", "--decisions", "0-599", "--out",
                    DOCS / "weights.svg"], check=True)


def pictures_of_runs(hedon, scratch):
    make_runs(hedon, scratch)
    subprocess.run([hedon, "plot", "runs", "--out", DOCS / "curves.svg"], check=True, cwd=scratch)


def pictures_of_pages(hedon, playground):
    if browser.find() is None or not playground.exists():
        print("pictures of pages stay: Chromium or the page of the playground is missing")
        return
    take(hedon, playground, DOCS, [(1280, False), (390, False)],
         lambda page, width, dark: f"{page}{'' if width > 390 else '-phone'}.webp", lambda width: 1000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hedon", default=str(ROOT / "build" / "hedon"), type=pathlib.Path)
    parser.add_argument("--playground", default=str(ROOT / "build" / "playground" / "index.html"), type=pathlib.Path)
    hedon, playground = (path.resolve() for path in vars(parser.parse_args()).values())
    clean_commit()
    with tempfile.TemporaryDirectory() as folder:
        pictures_of_neurons(hedon, pathlib.Path(folder))
        pictures_of_runs(hedon, pathlib.Path(folder))
    pictures_of_pages(hedon, playground)


main()
