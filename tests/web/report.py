#!/usr/bin/env python3
"""A report in headless Chromium, from the disk: it draws its curves, fits a phone, and shows where something goes on.

    report.py HEDON      exits with 77 where the browser is missing"""
import os
import pathlib
import subprocess
import sys
import tempfile

import browser

HEDON = os.path.abspath(sys.argv[1])
CURVE = "[...document.querySelectorAll('.curves')].find((one) => one.textContent.includes('CPU seconds'))"


def check_curves(page):
    if not page.run("Boolean(window.Dygraph)"):
        return print("dygraphs is not embedded: curves are not tested")
    assert page.run("[...document.querySelectorAll('.curves .chart')].every((one) => one.querySelector('canvas').width > 0)")
    assert page.run(f"/[0-9]m/.test({CURVE}.querySelector('.chart').textContent)") is False  # 5m would be milliseconds
    return None


def check_width(page):
    """Nothing makes the page itself scroll sideways; a picture that does fades until its end is seen."""
    assert page.run("document.documentElement.scrollWidth <= innerWidth"), page.run("document.documentElement.scrollWidth")
    frame = "[...document.querySelectorAll('.frame')].find((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth)"
    assert page.run(f"{frame}.classList.contains('more')")
    page.run(f"window.wide = {frame}; wide.scrollLeft = wide.scrollWidth")
    page.wait("!wide.classList.contains('more')")


def main():
    if browser.find() is None:
        print("no chromium: the page of hedon report is not tested")
        return 77
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as chromium:
        report = pathlib.Path(folder) / "report.html"
        subprocess.run([HEDON, "train", "CartPole-v1", "--method", "neuron-agent", "--seeds", "2", "--quiet", "--out", "run", "--set", "steps=4000",
                        "eval_every=1000", "eval_episodes=2", "overtrain=0"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([HEDON, "report", "run", "-o", report], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        page = chromium.open(report.as_uri(), 390)
        page.wait("document.readyState === 'complete'")
        check_curves(page)
        check_width(page)
        assert page.run("[...document.querySelectorAll('.frame')].every((one) => one.clientWidth === 0 || one.tabIndex === 0)")
        assert page.faults == [], page.faults
    return 0


sys.exit(main())
