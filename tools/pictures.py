#!/usr/bin/env python3
"""Make the pictures of the gallery and of the README, each by a command of the tool:

    pictures.py --hedon HEDON

neurons.svg   hedon trace: adaptive neurons that have learned to balance a pole
weights.svg   hedon trace: weights onto two neurons while they learn
curves.svg    hedon plot: learning curves of four neurons, learning and frozen
report.png    hedon report: both on one page, as Chromium shows it; left as it is where there is no Chromium
"""
import argparse
import pathlib
import shutil
import subprocess
import tempfile

from clean_commit import ROOT, clean_commit

DOCS = ROOT / "docs"
ADAPTIVE = ["CartPole-v1", "--method", "neuron-agent", "--seed", "0", "--set", "rule=e-prop", "neuron=alif",
            "recurrent=true", "carry=true", "hidden=24"]
LEARNING = ["CartPole-v1", "--method", "neuron-agent-online", "--seed", "1000", "--set", "hidden=4"]
PROTOCOL = ["CartPole-v1", "--method", "neuron-agent", "--seed", "1000", "--seeds", "10", "--set", "overtrain=0",
            "steps=60000", "eval_every=2500", "eval_episodes=20"]


def pictures_of_neurons(hedon, scratch):
    run = scratch / "adaptive"
    subprocess.run([hedon, "train", *ADAPTIVE, "--quiet", "--out", run], check=True)
    subprocess.run([hedon, "trace", run, "--decisions", "0-59", "--out", DOCS / "neurons.svg"], check=True)
    subprocess.run([hedon, "trace", *LEARNING, "--what", "weight", "--neurons", "0-1", "--decisions", "0-599", "--out",
                    DOCS / "weights.svg"], check=True)


def pictures_of_runs(hedon, scratch):
    for name, control in (("learning", []), ("frozen", ["learn_hidden=false"])):
        subprocess.run([hedon, "train", *PROTOCOL, *control, "--quiet", "--out", f"runs/{name}"], check=True, cwd=scratch)
    subprocess.run([hedon, "plot", "runs", "--out", DOCS / "curves.svg"], check=True, cwd=scratch)
    subprocess.run([hedon, "report", "runs", "-o", "report.html"], check=True, cwd=scratch)
    chromium = shutil.which("chromium")
    if chromium is None:
        print("docs/report.png stays: Chromium is not installed")
        return
    subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,1100",
                    "--virtual-time-budget=3000", f"--screenshot={DOCS / 'report.png'}",
                    (scratch / "report.html").resolve().as_uri()], check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hedon", default=str(ROOT / "build" / "hedon"), type=pathlib.Path)
    hedon = parser.parse_args().hedon.resolve()
    clean_commit()
    with tempfile.TemporaryDirectory() as folder:
        pictures_of_neurons(hedon, pathlib.Path(folder))
        pictures_of_runs(hedon, pathlib.Path(folder))


main()
