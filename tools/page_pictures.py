#!/usr/bin/env python3
"""Pictures of the pages of Hedon in headless Chromium, as readers see them on a desk and on a phone:

    page_pictures.py HEDON PLAYGROUND FOLDER     PLAYGROUND: index.html of tools/playground.sh

playground, watch and report, 1280 and 390 pixels wide, light and dark: FOLDER/playground-390-dark.png and so on, the
whole of each page. pictures.py keeps the upper parts of the light ones in the gallery."""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "web"))
import browser  # noqa: E402

RUN = ["--seed", "1000", "--seeds", "10", "--set", "overtrain=0", "steps=60000", "eval_every=2500", "eval_episodes=20"]
LOOKS = [(width, dark) for width in (1280, 390) for dark in (False, True)]
BALANCED = "Number(document.getElementById('world-state').textContent.match(/step ([0-9]+)/)?.[1]) > 60"


def make_runs(hedon, folder):
    """Four neurons that learn, and the same four frozen: what the gallery shows."""
    for name, control in (("learning", []), ("frozen", ["learn_hidden=false"])):
        subprocess.run([hedon, "train", "CartPole-v1", *RUN, *control, "--quiet", "--out", f"runs/{name}"], check=True, cwd=folder)


def keep(page, path, height):
    """height: pixels from the top; None: the whole page."""
    page.picture(str(path), height)
    assert page.faults == [], (path, page.faults)


def picture_playground(chromium, page_file, look, path, height=None):
    page = chromium.open(pathlib.Path(page_file).resolve().as_uri() + "#task=CartPole-v1&method=neuron-agent&seed=1000&speed=20000", *look)
    page.wait("document.body.dataset.state === 'ready'")
    page.run("document.getElementById('start').click()")
    page.wait(f"document.body.dataset.state === 'done' && {BALANCED}")
    page.run("scrollTo(0, 0)")
    keep(page, path, height)
    page.close()


def serve(hedon, folder):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen([hedon, "watch", "runs", "--port", str(port)], stdout=subprocess.PIPE, text=True, cwd=folder)
    process.stdout.readline()
    return process, f"http://127.0.0.1:{port}/"


def picture_watch(chromium, url, look, path, height=None):
    page = chromium.open(url, *look)
    page.wait("document.querySelectorAll('#list [data-key^=play]').length === 2")
    page.run("[...document.querySelectorAll('#list tr')].find((row) => !row.textContent.includes('frozen'))"
             ".querySelector('[data-key^=play][aria-pressed=false]').click()")
    page.wait("!document.getElementById('plays').textContent.includes('frozen')")
    page.wait(BALANCED)
    keep(page, path, height)
    page.close()


def picture_report(chromium, report, look, path, height=None):
    page = chromium.open(report.resolve().as_uri(), *look)
    page.wait("document.readyState === 'complete'")
    keep(page, path, height)
    page.close()


def take(hedon, playground, folder, looks, name, heights):
    """name(page, width, dark): a file in folder; heights(width): how much of a page, None: all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, browser.Browser() as chromium:
        make_runs(hedon, scratch)
        report = pathlib.Path(scratch) / "report.html"
        subprocess.run([hedon, "report", "runs", "-o", report], check=True, cwd=scratch, stdout=subprocess.DEVNULL)
        process, url = serve(hedon, scratch)
        for look in looks:
            height = heights(look[0])
            picture_playground(chromium, playground, look, folder / name("playground", *look), height)
            picture_watch(chromium, url, look, folder / name("watch", *look), height)
            picture_report(chromium, report, look, folder / name("report", *look), height)
        process.terminate()
        process.wait()


def main():
    hedon, playground, folder = sys.argv[1:4]
    take(os.path.abspath(hedon), playground, pathlib.Path(folder), LOOKS,
         lambda page, width, dark: f"{page}-{width}-{'dark' if dark else 'light'}.png", lambda width: None)


if __name__ == "__main__":
    main()
