#!/usr/bin/env python3
"""The page of `hedon watch` in headless Chromium: it follows a run that goes on, plays its newest checkpoint, is
moved by hand, and survives the end of the run and of the server.

    watch.py HEDON [PICTURES]      exits with 77 where the server or the browser is missing"""
import os
import signal
import socket
import subprocess
import sys
import tempfile

import browser

HEDON = os.path.abspath(sys.argv[1])
STATE = "document.body.dataset.state"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serve(port, *words):
    process = subprocess.Popen([HEDON, "watch", *words, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def end(process):
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=60)[1]


def train(folder, *words):
    return subprocess.Popen([HEDON, "train", "CartPole-v1", "--quiet", "--out", folder, *words], stdout=subprocess.DEVNULL)


def check_live(page, folder):
    """A run that began after the page was opened: curves, and the checkpoint that plays, move on."""
    run = train(folder, "--method", "ppo", "--steps", "1000000", "--set", "eval_every=500", "eval_episodes=5", "overtrain=0", "hidden=16")
    page.wait("document.querySelectorAll('#list tr').length === 1")
    page.wait("document.body.dataset.steps > 0")
    trained = "document.querySelector('#list tr').cells[4].textContent"
    page.wait(f"{trained} !== '{page.run(trained)}'")
    before = page.run("Number(document.body.dataset.steps)")
    page.wait("document.getElementById('world').ariaLabel?.startsWith('The pole leans')")
    for canvas in ("curve", "raster", "weights", "neuron"):
        page.wait(f"document.getElementById('{canvas}').ariaLabel?.length > 10")
    check_hold(page, folder, trained)
    run.terminate()  # which saves it
    run.wait()
    page.wait(f"document.body.dataset.steps > {before}")
    page.wait(f"{STATE} === 'connected'")


def check_hold(page, folder, trained):
    """A run waits, saved, while the page asks it to, and goes on."""
    button = "document.querySelector('#list [data-key^=hold]')"
    page.run(f"{button}.focus()")
    page.key("Enter")
    page.wait("document.querySelector('#list tr').textContent.includes('(waits)')")
    assert os.path.exists(os.path.join(folder, "held"))
    page.wait(f"document.activeElement === {button} && {button}.textContent === 'go on'")
    before = page.run(trained)
    page.key("Enter")
    page.wait(f"{trained} !== '{before}'")


def told(page):
    return page.run("Number(document.body.dataset.told)")


def settle(page):
    """Until what was asked before has been done, and told."""
    before = -1
    while before != told(page):
        before = told(page)
        for _ in range(3):
            page.run("fetch('/shared/ink.js').then(() => new Promise(requestAnimationFrame))")


def check_pause(page):
    """Paused, it steps one decision at a time; learning on, it tells of values and of credit."""
    page.run("document.getElementById('world').focus()")
    page.key(" ")
    page.wait("document.getElementById('world-pause').getAttribute('aria-pressed') === 'true'")
    settle(page)
    before = told(page)
    for k in range(3):
        page.run("document.getElementById('world-step').click()")
        page.wait(f"document.body.dataset.told >= {before + k + 1}")
    settle(page)
    assert told(page) == before + 3, (before, told(page))
    page.run("document.getElementById('mode').value = '1'; document.getElementById('mode').dispatchEvent(new Event('change'))")
    page.wait("document.body.dataset.learns === 'true'")
    settle(page)
    before = told(page)
    page.run("document.getElementById('world-step').click()")
    page.wait(f"document.body.dataset.told > {before}")
    page.wait("document.getElementById('error').ariaLabel?.startsWith('The value of what is seen is')")
    page.wait("document.querySelectorAll('#inputs tr').length === 4")
    page.run("document.getElementById('mode').value = '0'; document.getElementById('mode').dispatchEvent(new Event('change'))")
    page.wait("document.body.dataset.learns === 'false'")
    page.run("document.getElementById('world-pause').click()")


def choose_speed(page, share):
    page.run(f"document.getElementById('world-speed').value = '{share}';"
             "document.getElementById('world-speed').dispatchEvent(new Event('change'))")


def check_hand(page):
    choose_speed(page, "0.1")
    box = page.run("(() => { document.getElementById('world').scrollIntoView(); const r = "
                   "document.getElementById('world').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
    at = (box[0] + 0.8 * box[2], box[1] + 0.1 * box[3])
    for k in range(10):  # an episode's end, or a newer checkpoint, takes the pole out of the hand
        page.wait("document.getElementById('world-state').textContent.startsWith('Episode')")
        page.mouse("mousePressed", *at)
        page.mouse("mouseMoved", at[0] + 2 + k, at[1])
        page.run("new Promise(done => setTimeout(done, 2500))")  # words change every two seconds
        is_held = page.run("document.getElementById('world').ariaLabel.includes('leans 11.4 degrees to the right')")
        page.mouse("mouseReleased", *at)
        if is_held:
            break
    assert is_held
    choose_speed(page, "1")


def check_restart(page, port, process, runs):
    """The browser connects again by itself, with the token of the new server."""
    assert end(process) == ""
    page.wait(f"{STATE} === 'away'")
    process = serve(port, runs)
    page.wait(f"{STATE} === 'connected'", 120)
    check_hand(page)
    return process


def check_keys(page):
    page.run("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(26):
        page.key("Tab")
        reached.append(page.run("document.activeElement.id || document.activeElement.tagName"))
    for name in ("BUTTON", "mode", "world-pause", "world-step", "world", "world-speed", "raster", "weights-what", "neuron-which"):
        assert name in reached, (name, reached)


def check_play(chromium, folder):
    port = free_port()
    process = serve(port, "--play", folder)
    page = chromium.open(f"http://127.0.0.1:{port}/")
    page.wait("document.getElementById('plays').textContent.includes('checkpoint-0.hd')")
    page.wait("document.getElementById('world').ariaLabel?.startsWith('The pole leans')")
    assert page.run("document.getElementById('runs').hidden")
    check_pause(page)
    assert page.faults == [], page.faults
    assert end(process) == ""


def take_pictures(chromium, port, folder):
    os.makedirs(folder, exist_ok=True)
    for width in (1280, 390):
        for dark in (False, True):
            page = chromium.open(f"http://127.0.0.1:{port}/", width, dark)
            page.wait("document.getElementById('world').ariaLabel?.startsWith('The pole leans')")
            page.run("new Promise(done => setTimeout(done, 4000))")
            page.picture(os.path.join(folder, f"watch-{width}-{'dark' if dark else 'light'}.png"))


def main():
    tried = subprocess.run([HEDON, "watch", "--port", str(free_port()), "--host", "192.0.2.1"], capture_output=True, text=True)
    if "built without libmicrohttpd" in tried.stderr or browser.find() is None:
        print("no chromium, or hedon was built without libmicrohttpd: the page of hedon watch is not tested")
        return 77
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as chromium:
        runs, port = os.path.join(folder, "runs"), free_port()
        os.makedirs(runs)
        process = serve(port, runs)
        page = chromium.open(f"http://127.0.0.1:{port}/")
        page.wait(f"{STATE} === 'connected'")
        check_live(page, os.path.join(runs, "live"))
        check_hand(page)
        check_keys(page)
        assert page.faults == [], page.faults
        process = check_restart(page, port, process, runs)
        faults = [fault for fault in page.faults if "ERR_CONNECTION_REFUSED" not in fault and "ERR_INCOMPLETE" not in fault]
        assert faults == [], faults
        check_play(chromium, os.path.join(runs, "live"))
        for pictures in sys.argv[2:]:
            train(os.path.join(runs, "agents"), "--seeds", "3").wait()
            take_pictures(chromium, port, pictures)
        assert end(process) == ""
    return 0


sys.exit(main())
