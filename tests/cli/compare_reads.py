#!/usr/bin/env python3
"""The files of `hedon compare --out`: JSON and SVG parse, agree with each other and with what
`hedon train` says, and a signal leaves the cells that are done.

    compare_reads.py HEDON"""
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

SVG = "{http://www.w3.org/2000/svg}"
SHORT = ["steps=400", "eval_every=100", "eval_episodes=3"]
METHODS = ["random-walk", "nes", "neuron-agent:hidden=8:gamma=0.987654321:lambda=0.987654321",
           "neuron-agent:rule=reparam-st:readout=count"]


def run(hedon, *words):
    return subprocess.run([hedon, *words, "--quiet", "--json"], capture_output=True, text=True,
                          check=True).stdout


def read_json(folder):
    with open(os.path.join(folder, "compare.json"), encoding="utf-8") as file:
        return json.load(file)


def read(folder):
    return read_json(folder), xml.parse(os.path.join(folder, "compare.svg")).getroot()


def numbers(element, *keys):
    return [float(element.get(key)) for key in keys]


def check_row(row, cell, scale):
    """Every mark stands where its figure is, to the thousandth of a pixel that is written."""
    def close(x, value):
        return abs(x - scale(value)) < 1e-3
    dots = {int(dot.get("data-seed")): dot for dot in row.iter(f"{SVG}circle")}
    assert len(dots) == len(cell["seeds"]), cell["method"]
    for seed in cell["seeds"]:
        dot = dots[seed["seed"]]
        assert close(float(dot.get("cx")), seed["final_return"]), (cell["method"], seed)
        assert dot.get("class") == ("yes" if seed["solved"] else "no"), seed
    marks = {line.get("class"): numbers(line, "x1", "x2") for line in row.iter(f"{SVG}line")}
    assert close(marks["interval"][0], cell["iqm_low"]) and close(marks["interval"][1], cell["iqm_high"])
    assert close(marks["mean"][0], cell["return_iqm"])
    shown = [text.text for text in row.iter(f"{SVG}text")]
    assert shown[0] == cell["method"] and shown[2] == f"{cell['n_solved']}/{len(cell['seeds'])}", shown
    assert math.isclose(float(shown[1]), cell["return_iqm"], abs_tol=0.06), shown


def check_picture(found, picture):
    panels = [g for g in picture.iter(f"{SVG}g") if g.get("data-task")]
    n = len(found["methods"])
    assert [panel.get("data-task") for panel in panels] == found["tasks"]
    width = float(picture.get("width"))
    for t, panel in enumerate(panels):
        low, high, left, right = numbers(panel, "data-low", "data-high", "data-left", "data-right")
        cells = found["cells"][t * n:(t + 1) * n]
        rows = [g for g in panel.iter(f"{SVG}g") if g.get("data-method")]
        assert [row.get("data-method") for row in rows] == [cell["method"] for cell in cells]
        assert 0 < left < right < width and {cell["env"] for cell in cells} == {panel.get("data-task")}
        for row, cell in zip(rows, cells):
            name = next(row.iter(f"{SVG}text"))  # ends at x; characters are less than 8 wide
            assert name.get("class") == "name" and float(name.get("x")) >= 8 * len(name.text), name.text
            if cell["state"] == "done":
                check_row(row, cell, lambda v: left + (v - low) / (high - low) * (right - left))
            else:
                assert not list(row.iter(f"{SVG}circle")), cell


def score(cell):
    is_solvable = cell["threshold"] is not None
    steps = cell["steps_median"] if is_solvable else None
    return (cell["n_solved"] if is_solvable else 0, -(steps or 0), cell["return_iqm"])


def check_order(found):
    """Best first, by the share solved, then by steps, then by return; equals share a place; what has
    no figures comes last."""
    n = len(found["methods"])
    for t in range(len(found["tasks"])):
        cells = found["cells"][t * n:(t + 1) * n]
        done = [cell for cell in cells if cell["state"] == "done"]
        assert cells[:len(done)] == done
        scores = [score(cell) for cell in done]
        assert scores == sorted(scores, reverse=True)
        assert [cell["place"] for cell in done] == [1 + scores.index(one) for one in scores]


def without_times(cell):
    times = {"cpu_s", "eval_cpu_s", "wall_s"}
    return [{key: value for key, value in seed.items() if key not in times} for seed in cell["seeds"]]


def check_train(hedon, found):
    """A cell is the study that `hedon train` runs."""
    for cell in found["cells"]:
        if cell["state"] == "done":
            method, *own = cell["method"].split(":")
            alone = json.loads(run(hedon, "train", cell["env"], "--method", method, "--seed", "3",
                                   "--seeds", "4", "--set", *own, *SHORT))
            assert without_times(cell) == without_times(alone), cell["method"]
            for key in ("return_iqm", "iqm_low", "iqm_high", "solved_low", "solved_high"):
                assert cell[key] == alone[key], (cell["method"], key)


def start(hedon, folder, *words):
    """A comparison under way, once its first cell is done: compare.json is renamed into place, so
    it is whole whenever it is there."""
    going = subprocess.Popen([hedon, "compare", *words, "--out", folder, "--quiet"],
                             stdout=subprocess.PIPE, text=True)
    while going.poll() is None:
        if os.path.exists(os.path.join(folder, "compare.json")):
            if read_json(folder)["cells"][0]["state"] == "done":
                break
        time.sleep(0.02)
    return going


def wait_for(path, *processes):
    while not os.path.exists(path):
        assert all(process.poll() is None for process in processes), path
        time.sleep(0.02)


def check_stop(hedon, folder):
    """The first cell is done at once, the others would take days; another process helps with them."""
    words = ["bandit", "--methods", "nes:threshold=-9:eval_every=50:overtrain=1,alopex,random-walk,metropolis", "--seeds", "1",
             "--steps", "1000000000000", "--threads", "1", "--set", "eval_episodes=1", "overtrain=0"]
    going = start(hedon, folder, *words)
    wait_for(os.path.join(folder, "cells/2.seeds/0/config.toml"), going)
    second = subprocess.Popen([hedon, "compare", *words, "--out", folder, "--quiet"],
                              stdout=subprocess.PIPE, text=True)
    wait_for(os.path.join(folder, "cells/3.seeds/0/config.toml"), going, second)
    for process, third in ((going, "under way"), (second, "stopped")):
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
        assert process.returncode == 130, process.returncode
        found, picture = read(folder)
        states = [cell["state"] for cell in found["cells"]]
        assert states == ["done", "stopped", third, "not run"], states
        assert all(re.search(f"^ +- +{cell['method']}\\s+{cell['state']}$", out, re.M)
                   for cell in found["cells"][1:]), out
        check_picture(found, picture)


def check_names(hedon, scratch):
    """Names that mean something to XML, to a table, or to no one."""
    odd = os.path.join(os.fsencode(scratch), b"a&b<c|\xff.toml")
    with open(odd, "w", encoding="utf-8") as file:
        file.write('doc = "d"\nextends = "nes"\n')
    folder = os.path.join(os.fsencode(scratch), b"odd \xff names")
    out = subprocess.run([hedon, "compare", "bandit", "--methods", odd, "--out", folder, "--seeds", "1",
                          "--set", *SHORT, "--quiet", "--json"], capture_output=True, check=True).stdout
    label = os.fsdecode(odd).replace("\udcff", "\ufffd")
    found = json.loads(out.decode("utf-8"))
    assert found["methods"] == [label], found["methods"]
    check_picture(found, xml.parse(os.path.join(folder, b"compare.svg")).getroot())
    with open(os.path.join(folder, b"compare.md"), "rb") as file:
        page = file.read().decode("utf-8", "surrogateescape")
    assert "\\|\udcff.toml` | " in page and f"--methods '{os.fsdecode(odd)}'" in page, page


def check_go_on(hedon, scratch):
    """A comparison that was stopped ends with the figures of one that was not; another one does not
    touch its folder."""
    words = ["bandit,cartpole", "--methods", "nes,neuron-agent", "--seeds", "2", "--steps", "200000",
             "--set", "eval_every=50000", "eval_episodes=3", "overtrain=0"]
    whole, stopped = os.path.join(scratch, "whole"), os.path.join(scratch, "gone on")
    run(hedon, "compare", *words, "--out", whole)
    going = start(hedon, stopped, *words)
    going.send_signal(signal.SIGINT)
    going.communicate()
    run(hedon, "compare", *words, "--out", stopped)
    for one, other in zip(read_json(whole)["cells"], read_json(stopped)["cells"]):
        assert one["method"] == other["method"] and without_times(one) == without_times(other), one
    before = read_json(stopped)
    other = subprocess.run([hedon, "compare", *words[:-1], "overtrain=1", "--out", stopped],
                           capture_output=True, text=True)
    assert other.returncode == 1 and "overtrain = 0" in other.stderr, other
    assert read_json(stopped) == before


def check_names(hedon, scratch):
    """A method's file may be called as one likes; the picture is well-formed XML all the same."""
    method, picture = os.path.join(scratch, "a<b&c.toml"), os.path.join(scratch, "names.svg")
    with open(method, "w", encoding="utf-8") as file:
        file.write('doc = "A method of a test."\nextends = "nes"\n')
    run(hedon, "compare", "blobs", "--methods", method, "--seeds", "1", "--steps", "100",
        "--picture", picture)
    rows = [g for g in xml.parse(picture).getroot().iter(f"{SVG}g") if g.get("data-method")]
    assert [row.get("data-method") for row in rows] == [method], rows


def main():
    hedon = sys.argv[1]
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "kept")
        out = run(hedon, "compare", "bandit,cartpole", "--methods", ",".join(METHODS), "--seed", "3",
                  "--seeds", "4", "--out", folder, "--set", *SHORT)
        found, picture = read(folder)
        assert json.loads(out) == found and out.count("\n") == 1
        assert found["set"] == SHORT and found["seed"] == 3 and found["n_seeds"] == 4
        assert [cell["state"] for cell in found["cells"]] == 2 * (3 * ["done"] + ["conflict"])
        check_picture(found, picture)
        check_order(found)
        check_train(hedon, found)
        check_names(hedon, scratch)
        check_stop(hedon, os.path.join(scratch, "stopped"))
        check_go_on(hedon, scratch)
        check_names(hedon, scratch)
    print("compare's files hold what they say")


main()
