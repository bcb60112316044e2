#!/usr/bin/env python3
"""The page of `hedon watch` in headless Chromium: it follows a run that goes on, plays its newest checkpoint, is
moved by hand, agrees with other pages on what plays, and survives the end of the run and of the server.

    watch.py HEDON      exits with 77 where the server or the browser is missing"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import browser

HEDON = os.path.abspath(sys.argv[1])
STATE, PAUSE = "document.body.dataset.state", "document.getElementById('world-pause')"


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


def train(folder, *words, task="CartPole-v1"):
    return subprocess.Popen([HEDON, "train", task, "--quiet", "--out", folder, *words], stdout=subprocess.DEVNULL)


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
    before, rounds = -1, 0
    page.wait("document.body.dataset.asks !== 'true'")
    while before != told(page):
        before, rounds = told(page), rounds + 1
        assert rounds < 200, "it does not stand still"
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
    check_eligibility(page)
    page.run("document.getElementById('mode').value = '0'; document.getElementById('mode').dispatchEvent(new Event('change'))")
    page.wait("document.body.dataset.learns === 'false'")
    page.run("document.getElementById('world-pause').click()")


def choose(page, name, value):
    page.run(f"document.getElementById('{name}').value = '{value}';"
             f"document.getElementById('{name}').dispatchEvent(new Event('change'))")


def check_eligibility(page):
    """A method by gradients has none; that is said, and not drawn as zeros."""
    choose(page, "weights-what", "eligibility")
    page.wait("document.getElementById('weights-note').textContent.startsWith('This method has no eligibilities')")
    choose(page, "weights-what", "weight")


def check_trace_of_rule(chromium, folder):
    """A rule with traces of its own tells them and its eligibilities while it learns, and says so at play."""
    train(folder, "--method", "neuron-agent-online", "--steps", "2000", "--set", "rule=e-prop", "neuron=alif", "eval_episodes=1").wait()
    port = free_port()
    process = serve(port, "--play", folder)
    page = chromium.open(f"http://127.0.0.1:{port}/")
    page.wait("document.querySelectorAll('#inputs tr').length === 4")
    known = "[...document.querySelectorAll('#inputs tr')].some((row) => !['0', '–'].includes(row.cells[3].textContent))"
    page.wait("document.getElementById('inputs-note').textContent.includes('Rule e-prop gathers eligibilities only while it learns')")
    heads = "[...document.getElementById('inputs').parentNode.tHead.rows[0].cells].map((cell) => cell.textContent).join()"
    assert not page.run(known)
    assert page.run(heads) == "input,sent,weight,eligibility,credit", page.run(heads)
    choose(page, "mode", "1")
    page.wait(known)
    assert page.run(heads) == "input,sent,weight,eligibility,credit,c,xbar,eps,sum", page.run(heads)
    page.wait("[...document.querySelectorAll('#inputs tr')].some((row) => !['0', '–'].includes(row.cells[7].textContent))")
    assert "The rule keeps of this neuron refrac " in page.run("document.getElementById('inputs-note').textContent")
    assert page.faults == [], page.faults
    assert end(process) == ""


def is_paused(page):
    return page.run(f"{PAUSE}.getAttribute('aria-pressed') === 'true'")


def pause(page, pauses=True):
    if is_paused(page) != pauses:
        page.run(f"{PAUSE}.click()")
    assert is_paused(page) == pauses


def begin_episode(page):
    """Paused, in the middle of an episode."""
    pause(page)
    settle(page)
    while not page.run("document.getElementById('world-state').textContent").startswith("Episode"):
        page.run("document.getElementById('world-step').click()")
        settle(page)


def check_hand(page):
    """The pole follows the pointer; a newer checkpoint takes it out of the hand, and it is taken again."""
    box = page.run("(() => { document.getElementById('world').scrollIntoView(); const r = "
                   "document.getElementById('world').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
    at = (box[0] + 0.8 * box[2], box[1] + 0.1 * box[3])
    leans, is_held = "document.getElementById('world').ariaLabel.includes('leans 11.4 degrees to the right')", False
    for k in range(10):
        steps = page.run("document.body.dataset.steps")
        begin_episode(page)
        page.mouse("mousePressed", *at)
        page.mouse("mouseMoved", at[0] + 2 + k, at[1])
        page.wait(f"{leans} || document.body.dataset.steps !== '{steps}'")
        is_held = page.run(leans)
        page.mouse("mouseReleased", *at)
        if is_held:
            break
    assert is_held
    pause(page, False)


def check_others(chromium, page, url):
    """Pages share what plays: what one holds stands still on the others, and a page that comes later does not let it go."""
    pause(page)
    settle(page)
    other = chromium.open(url)
    other.wait(f"{PAUSE}.getAttribute('aria-pressed') === 'true'")
    page.front()
    settle(page)
    assert is_paused(page)
    other.run(f"{PAUSE}.click()")
    page.wait(f"{PAUSE}.getAttribute('aria-pressed') === 'false'")
    before = told(page)
    page.wait(f"document.body.dataset.told > {before + 3}")
    assert other.faults == [], other.faults
    other.close()


def check_end(page, runs):
    """A run that is over is not paused any more; one whose folder is gone is not shown."""
    folder = os.path.join(runs, "short")
    assert train(folder, "--steps", "500", "--set", "eval_episodes=1").wait() == 0
    row = "[...document.querySelectorAll('#list tr')].find((row) => row.textContent.includes('short'))"
    page.wait(f"{row}?.textContent.includes('1 of 1')")
    assert page.run(f"{row}.querySelector('[data-key^=hold]') === null")
    assert page.run(f"{row}.cells[2].textContent") == "0"
    shutil.rmtree(folder)
    page.wait(f"{row} === undefined")
    assert train(folder, "--steps", "500", "--set", "eval_episodes=1", task="Pendulum-v1").wait() == 0
    page.wait(f"{row}?.cells[2].textContent === '–'")  # no return counts as solved
    shutil.rmtree(folder)
    page.wait(f"{row} === undefined")


def check_restart(page, port, process, runs):
    """The browser connects again by itself, with the token of the new server, and what was paused stays so."""
    pause(page)
    assert end(process) == ""
    page.wait(f"{STATE} === 'away'")
    process = serve(port, runs)
    page.wait(f"{STATE} === 'connected'", 120)
    settle(page)
    assert is_paused(page)
    before = told(page)
    page.run("document.getElementById('world-step').click()")
    page.wait(f"document.body.dataset.told > {before}")
    settle(page)
    assert told(page) == before + 1, (before, told(page))
    check_hand(page)
    return process


def check_keys(page):
    page.run("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(30):
        page.key("Tab")
        reached.append(page.run("document.activeElement.id || document.activeElement.tagName"))
    for name in ("BUTTON", "mode", "world-pause", "world-step", "world", "world-speed", "zoom-in", "raster", "weights-what", "neuron-which"):
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
        check_end(page, runs)
        check_hand(page)
        check_others(chromium, page, f"http://127.0.0.1:{port}/")
        check_keys(page)
        assert page.faults == [], page.faults
        process = check_restart(page, port, process, runs)
        faults = [fault for fault in page.faults if "ERR_CONNECTION_REFUSED" not in fault and "ERR_INCOMPLETE" not in fault]
        assert faults == [], faults
        check_play(chromium, os.path.join(runs, "live"))
        check_trace_of_rule(chromium, os.path.join(folder, "traces"))
        assert end(process) == ""
    return 0


sys.exit(main())
