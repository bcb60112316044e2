#!/usr/bin/env python3
"""The page of the playground in headless Chromium: it loads from the disk and from a server, trains to
the hash that the tool comes to, draws, is moved by hand and by keys, and refuses in a sentence.

    playground.py HEDON PAGE

Exits with 77 where there is no page or no browser."""
import functools
import gzip
import http.server
import json
import os
import sys
import threading

import browser
from playground_runs import address, begin, native

HEDON, PAGE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])

# Task, method, seed, settings: the page and the tool end with one hash.
RUNS = [
    ("CartPole-v1", "neuron-agent", 1000, {}),
    ("CartPole-v1", "neuron-agent-online", 3, {"steps": "6000", "eval_episodes": "10"}),
    ("CartPole-v1", "neuron-agent-society", 3, {"steps": "6000", "eval_episodes": "10"}),
    ("CartPole-v1", "ppo", 3, {"steps": "3000", "eval_episodes": "10", "hidden": "16"}),
    ("CartPole-v1", "dqn", 3, {"steps": "2000", "eval_episodes": "10", "hidden": "16"}),
    ("CartPole-v1", "nes", 3, {"steps": "4000", "eval_episodes": "10"}),
    ("CartPole-v1", "hedonistic", 3, {"steps": "3000", "eval_episodes": "10"}),
    ("MountainCar-v0", "place-actor-critic", 3, {"steps": "4000", "eval_episodes": "10"}),
    ("Acrobot-v1", "neuron-agent", 3, {"steps": "2000", "eval_episodes": "5"}),
    ("Pendulum-v1", "sac", 3, {"steps": "500", "eval_episodes": "5", "replay.learning_starts": "100"}),
    ("Gridworld-v0", "neuron-agent-vote", 3, {"steps": "1000", "eval_episodes": "5"}),
    ("Taxi-v4", "neuron-agent", 3, {"steps": "2000", "eval_episodes": "5"}),
    ("Digits-v0", "neuron-agent", 3, {"steps": "500", "eval_episodes": "2"}),
]


def shown(page, name):
    return page.run(f"document.body.dataset.{name}")


def ink(page, canvas):
    """Pixels of a canvas that are drawn on."""
    return page.run(f"(() => {{ const c = document.getElementById('{canvas}'), d = c.getContext('2d')"
                    ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
                    "for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; })()")


def check_hashes(page):
    for run in RUNS:
        result = native(HEDON, *run)
        begin(page, run)
        assert shown(page, "hash") == result["hash"], (run, shown(page, "hash"), result["hash"])
        outcome = page.run("document.getElementById('outcome').textContent")
        assert outcome.startswith("Solved after " if result["solved"] else ("Not solved", "Done")), (run, outcome)
        if run == RUNS[0]:
            page.wait("document.getElementById('episodes').textContent !== '–'")
            print(f"solved {float(shown(page, 'solvedMs')):.0f} ms after the start; "
                  f"{int(shown(page, 'stepsPerSecond')):,} steps/s of training, native "
                  f"{result['env_steps'] / result['cpu_s']:,.0f}")
    print(f"{len(RUNS)} runs have the hash that hedon train comes to")


def check_drawn(page):
    begin(page, RUNS[0])
    page.wait("document.getElementById('world').ariaLabel?.startsWith('The pole leans')")
    for canvas in ("world", "curve", "raster", "weights", "neuron", "error"):
        page.wait(f"document.getElementById('{canvas}').ariaLabel?.length > 10")
        assert ink(page, canvas) > 300, canvas
    page.run("document.getElementById('weights-what').value = 'eligibility';"
             "document.getElementById('weights-what').dispatchEvent(new Event('change'))")
    assert "spike" in page.run("document.getElementById('weights-note').textContent")
    assert ink(page, "weights") > 300


def words_of(page):
    return page.run("document.getElementById('world').ariaLabel")


def check_hand(page):
    """The pole follows the pointer, and keys push it; what is learned stays."""
    before = shown(page, "hash")
    box = page.run("(() => { document.getElementById('world').scrollIntoView(); const r = "
                   "document.getElementById('world').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
    top = (box[0] + 0.8 * box[2], box[1] + 0.1 * box[3])
    page.wait("document.getElementById('world-state').textContent.startsWith('Episode')")
    page.mouse("mousePressed", *top)
    page.mouse("mouseMoved", top[0] + 2, top[1])
    page.wait("document.getElementById('world').ariaLabel.includes('leans 11.4 degrees to the right')")
    page.mouse("mouseReleased", *top)
    page.wait("!document.getElementById('world').ariaLabel.includes('11.4')")
    page.run("document.getElementById('world').focus()")
    page.key("ArrowLeft")
    assert shown(page, "hash") == before


def check_steps(page):
    """One step of learning at a time, and the rest of it: the same hash as without a look."""
    page.run(f"location.hash = {json.dumps(address(*RUNS[1]))}")
    page.wait("document.body.dataset.state === 'ready'")
    page.wait("!document.getElementById('once').disabled")
    for k in range(5):
        page.run("document.getElementById('once').click()")
        page.wait(f"Number(document.getElementById('steps').textContent) >= {k + 1}")
    page.wait("document.getElementById('error').ariaLabel?.startsWith('The value of what is seen is')")
    page.wait("[...document.querySelectorAll('#inputs tr')].some(row => !['0', '–'].includes(row.cells[4].textContent))")
    page.run("document.getElementById('pause').click()")
    page.wait("document.body.dataset.state === 'done'", 120)
    assert shown(page, "hash") == native(HEDON, *RUNS[1])["hash"], shown(page, "hash")


def check_next(page):
    """After a run the page offers its control, which learns with the curve of the first one beside its own."""
    task, method, _, settings = RUNS[1]
    begin(page, (task, method, 5, settings))
    page.wait("document.querySelectorAll('#next-list button').length === 3")
    page.run("document.querySelector('#next-list button').click()")
    page.wait("document.getElementById('before-name').textContent === 'the run before, neuron-agent-online'")
    assert page.run("document.getElementById('freeze').checked")
    page.wait("document.body.dataset.state === 'done'", 120)
    assert shown(page, "hash") == native(HEDON, task, method, 5, {**settings, "learn_hidden": "false"})["hash"]
    page.run("document.querySelectorAll('#next-list button')[1].click()")
    page.wait("document.getElementById('command').textContent === 'hedon train CartPole-v1 --method syn-plus --seed 5'")
    page.wait("document.body.dataset.state === 'learning'")
    page.run("document.getElementById('pause').click()")


def check_trail(page):
    """The water maze shows the way that was swum."""
    begin(page, ("WaterMaze-v0", "place-actor-critic", 3, {"steps": "500", "eval_episodes": "1"}))
    swum = "Number(document.getElementById('world').ariaLabel?.match(/has swum ([0-9.]+[0-9])/)?.[1])"
    page.wait(f"{swum} > 0")


def check_zoom(page):
    """Less time, larger: by keys and by buttons, until there is no more."""
    page.run("document.getElementById('raster').focus()")
    for _ in range(8):
        page.key("+")
    assert page.run("document.getElementById('zoom-in').disabled && !document.getElementById('zoom-out').disabled")
    assert ink(page, "raster") > 300
    for _ in range(8):
        page.run("document.getElementById('zoom-out').click()")
    assert page.run("document.getElementById('zoom-out').disabled")


def check_keys(page):
    """All that can be chosen is reached by the tab key, in the order of the page."""
    page.run("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(40):
        page.key("Tab")
        reached.append(page.run("document.activeElement.id || document.activeElement.tagName"))
    for name in ("task", "method", "seed", "speed", "start", "SUMMARY", "world-pause", "world-step", "world", "zoom-in", "raster", "weights-what", "neuron-which"):
        assert name in reached, (name, reached)


def check_refusals(page):
    page.run("location.hash = '#task=CartPole-v1&method=neuron-agent&seed=0&hiden=8'")
    page.wait("document.body.dataset.state === 'refused'")
    sentence = page.run("document.getElementById('refusal').textContent")
    assert "hiden" in sentence and "hidden" in sentence, sentence
    page.run("location.hash = '#task=CartPole-v1&method=neuron-agent&seed=0&alpha=-1'")
    page.wait("document.getElementById('refusal').textContent.includes('alpha')")


def check_address(page):
    """Another task, a setting by the form: the address says so, and opens to the same."""
    page.run("location.hash = '#task=Acrobot-v1&method=ppo&seed=7&speed=200'")
    page.wait("document.body.dataset.state === 'ready' && document.getElementById('task').value === 'Acrobot-v1'")
    page.run("document.getElementById('setting-key').value = 'hidden';"
             "document.getElementById('setting-value').value = '12';"
             "document.getElementById('setting-add').click()")
    page.wait("location.hash.includes('hidden=12')")
    command = page.run("document.getElementById('command').textContent")
    assert command == "hedon train Acrobot-v1 --method ppo --seed 7 --set hidden=12", command


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/{os.path.basename(PAGE)}"


def check_served(chromium):
    page = chromium.open(serve(os.path.dirname(PAGE)) + address(*RUNS[1]))
    page.wait("document.body.dataset.state === 'ready'")
    page.run("document.getElementById('start').click()")
    page.wait("document.body.dataset.state === 'done'")
    assert shown(page, "hash") == native(HEDON, *RUNS[1])["hash"]
    assert page.faults == [], page.faults


def check_size():
    """What travels, compressed as servers do."""
    with open(PAGE, "rb") as file:
        size = len(gzip.compress(file.read(), 9))
    assert size < 500_000, f"{size:,} bytes compressed, fewer than 500,000 are promised"


def main():
    if not os.path.exists(PAGE):
        print(f"no {PAGE}: emscripten is not installed, and the playground is not tested")
        return 77
    check_size()
    if browser.find() is None:
        print("no chromium: the playground is not tested")
        return 77
    with browser.Browser() as chromium:
        page = chromium.open("file://" + PAGE)
        page.wait("document.body.dataset.state === 'ready'")
        check_hashes(page)
        check_drawn(page)
        check_hand(page)
        check_steps(page)
        check_next(page)
        check_trail(page)
        check_zoom(page)
        check_keys(page)
        check_refusals(page)
        check_address(page)
        assert page.faults == [], page.faults
        check_served(chromium)
    return 0


sys.exit(main())
