#!/usr/bin/env python3
"""What `hedon trace` records: files in every form hold the same, neurons obey their equations, and
pictures are well-formed and show as many spikes as there are.

    trace_reads.py HEDON"""
import ast
import csv
import math
import os
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile

SVG = "{http://www.w3.org/2000/svg}"
TAU, R, THRESHOLD = 2.0, 4.0, 0.4
LIF = ["cartpole", "--method", "ppo", "--set", "hidden=6", f"lif.tau_m={TAU}", f"lif.r_m={R}",
       f"lif.v_th={THRESHOLD}", "lif.reset=1"]
ALIF = ["cartpole", "--method", "neuron-agent", "--set", "hidden=5", "rule=e-prop", "neuron=alif",
        "carry=true", "recurrent=true", "alif.v_th=0.7", "alif.adapt=0.3"]


def hedon(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=True).stdout


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def read_npy(data):
    assert data[:8] == b"\x93NUMPY\x02\x00", data[:8]
    length = struct.unpack("<I", data[8:12])[0]
    assert (12 + length) % 64 == 0 and data[11 + length:12 + length] == b"\n"
    head = ast.literal_eval(data[12:12 + length].decode())
    assert head["fortran_order"] is False
    return head, data[12 + length:]


def same(a, b):
    """A float is written with nine digits, which are enough to read the same float back."""
    return struct.pack("<f", a) == struct.pack("<f", b)


def check_npy(path, rows):
    with open(path, "rb") as file:
        head, data = read_npy(file.read())
    names = [(name, count) for name, _, (count,) in head["descr"][2:]]
    size = 8 + 4 * sum(count for _, count in names)
    assert head["shape"] == (len(rows),) and len(data) == size * len(rows)
    for k, row in enumerate(rows):
        values = struct.unpack(f"<2i{(size - 8) // 4}f", data[k * size:(k + 1) * size])
        assert values[:2] == (row["decision"], row["substep"])
        assert all(same(a, b) for a, b in zip(values[2:], list(row.values())[2:]))


def check_npz(path, rows):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        arrays = {name: read_npy(file.read(name)) for name in file.namelist()}
    assert struct.unpack(f"<{len(rows)}i", arrays["decision.npy"][1]) == tuple(
        row["decision"] for row in rows)
    head, data = arrays["hidden 1.v.npy"]
    neurons = struct.unpack("<3i", arrays["hidden 1.v.neuron.npy"][1])
    assert head["shape"] == (len(rows), 3) and neurons == (0, 2, 3)
    values = iter(struct.unpack(f"<{3 * len(rows)}f", data))
    for row in rows:
        assert all(same(next(values), row[f"hidden 1.v[{i}]"]) for i in neurons)
    assert arrays["input->hidden 1.weight.npy"][0]["shape"] == (len(rows), 4 * 3)


def check_lif(rows):
    """v and spikes follow from the drive: Rotter & Diesmann 1999, with a soft reset."""
    beta = math.exp(-1 / TAU)
    n_spikes = 0
    for i in (0, 2, 3):
        v = 0.0
        for row in rows:
            v = 0.0 if row["substep"] == 0 else v
            u = beta * v + R * (1 - beta) * row[f"hidden 1.drive[{i}]"]
            spike = row[f"hidden 1.spike[{i}]"]
            assert abs(row[f"hidden 1.threshold[{i}]"] - THRESHOLD) < 1e-6
            assert spike == (u >= THRESHOLD) or abs(u - THRESHOLD) < 1e-5, (i, row)
            v = row[f"hidden 1.v[{i}]"]
            assert abs(u - spike * THRESHOLD - v) < 1e-5, (i, row)
            n_spikes += spike
    assert n_spikes > 0


def check_weights(path):
    """Drive is weights times inputs and a bias, which stays as long as the weights do."""
    hedon("trace", *LIF, "--what", "drive,weight,value", "--decisions", "0-79", "--out", path("w.csv"))
    bias = {}
    for row in read_csv(path("w.csv")):
        weights = tuple(value for key, value in row.items() if "weight" in key)
        for i in range(6):
            sent = sum(row[f"input->hidden 1.weight[{k}][{i}]"] * row[f"input.value[{k}]"]
                       for k in range(4))
            bias.setdefault((weights, i), []).append(row[f"hidden 1.drive[{i}]"] - sent)
    assert len(bias) >= 2 * 6, "the weights were updated within the trace"
    for found in bias.values():
        assert max(found) - min(found) < 1e-5, found


def check_alif(rows):
    """A spike comes exactly where the potential before the reset reaches the threshold that earlier
    spikes have raised."""
    raised = 0
    for i in range(5):
        for row in rows:
            spike, threshold = row[f"hidden.spike[{i}]"], row[f"hidden.threshold[{i}]"]
            u = row[f"hidden.v[{i}]"] + spike * 0.7
            assert spike == (u >= threshold) or abs(u - threshold) < 1e-4, (i, row)
            raised += threshold > 0.7 + 1e-3
    assert raised > 0


def check_e(path, task, n, *settings):
    """An eligibility is the sum of input times (spike - p) over the substeps since the weights moved, here
    over a decision's or a rollout's; a trace of it decays by gamma lambda, and is gone after an episode."""
    hedon("trace", task, "--method", "neuron-agent", "--set", "hidden=3", "envs=1", "gamma=.9",
          *settings, "--what", "e,weight,value,spike,p", "--decisions", "0-31", "--out", path)
    decay = .9 * .5 if "lambda_actor=.5" in settings else 0
    each = 8 if "rollout=8" in settings else 1
    rows, largest, n_kept, n_lost = read_csv(path), 0, 0, 0
    substeps = sum(row["decision"] == 0 for row in rows)
    for i in range(n):
        for j in range(3):
            before = 0
            for first in range(0, 32, each):
                of = rows[first * substeps:(first + each) * substeps]
                e = {row[f"input->hidden.e[{i}][{j}]"] for row in of}
                made = sum(row[f"input.value[{i}]"] * (row[f"hidden.spike[{j}]"] - row[f"hidden.p[{j}]"])
                           for row in of)
                assert len(e) == 1, (i, j, e)
                now = e.pop()
                is_kept = abs(now - decay * before - made) < 1e-4
                n_kept += is_kept and abs(decay * before) > 1e-3
                n_lost += not is_kept
                assert is_kept or abs(now - made) < 1e-4, (task, settings, i, j, now, before, made)
                before, largest = now, max(largest, abs(now))
    assert largest > .1 and n_lost <= n_kept and (n_kept > 20) == (decay > 0), (largest, n_kept, n_lost)


def check_kept(path):
    """Traces of MSTDPET (Florian 2007): each decays by exp(-dt/tau) and takes up the spikes of its neuron, on
    from decision to decision of an episode; the next one begins with nothing."""
    hedon("trace", "cartpole", "--method", "neuron-agent-online", "--set", "hidden=3", "envs=1", "substeps=4",
          "neuron=lif-escape", "coding=poisson", "optimiser=sgd", "rule=mstdpet", "carry=true",
          "mstdpet.tau_plus=15", "mstdpet.tau_minus=30", "--what", "pre.trace,post.trace,value,spike",
          "--decisions", "0-79", "--neurons", "input:0,2,hidden:0-2", "--out", path)
    rows, n_begun = read_csv(path), 0
    assert [key for key in rows[0] if ".pre." in key] == [f"input->hidden.pre.trace[{i}]" for i in (0, 2)]
    for kept, sent, neurons, tau, by in (("pre", "input.value", (0, 2), 15, 1),
                                         ("post", "hidden.spike", (0, 1, 2), 30, -1)):
        largest = 0
        for i in neurons:
            trace = 0
            for row in rows:
                now, spike = row[f"input->hidden.{kept}.trace[{i}]"], row[f"{sent}[{i}]"]
                goes_on = abs(now - trace * math.exp(-1 / tau) - by * spike) < 1e-5 * (1 + abs(now))
                assert goes_on or (row["substep"] == 0 and now == by * spike), (kept, i, row)
                n_begun += not goes_on
                trace, largest = now, max(largest, abs(now))
        assert largest > 1, (kept, "several spikes were taken up")
    assert n_begun >= 2, "the trace goes over the ends of episodes"


def check_kept_of_synapses(path):
    """Columns of synapses are those of the neuron that is chosen, in every form."""
    eprop = ["trace", *ALIF, "--what", "synapse.eps", "--neurons", "hidden:3", "--decisions", "0-9", "--out"]
    hedon(*eprop, path("s.csv"))
    hedon(*eprop, path("s.npz"))
    rows = read_csv(path("s.csv"))
    names = {f"input->hidden.synapse.eps[{i}][3]" for i in range(4)}
    names |= {f"hidden->hidden.synapse.eps[{i}][3]" for i in range(5)}
    assert set(rows[0]) == names | {"decision", "substep"}, rows[0].keys()
    assert all(len({row[name] for row in rows}) > len(rows) / 4 for name in names), "eps changes with substeps"
    with zipfile.ZipFile(path("s.npz")) as file:
        _, neurons = read_npy(file.read("hidden->hidden.synapse.eps.neuron.npy"))
        head, data = read_npy(file.read("hidden->hidden.synapse.eps.npy"))
    assert struct.unpack("<10i", neurons) == (0, 3, 1, 3, 2, 3, 3, 3, 4, 3) and head["shape"] == (len(rows), 5)
    values = struct.unpack(f"<{5 * len(rows)}f", data)
    for k, row in enumerate(rows):
        assert all(same(values[5 * k + i], row[f"hidden->hidden.synapse.eps[{i}][3]"]) for i in range(5))


def check_picture(path, rows, neurons):
    root = xml.parse(path).getroot()
    words = root.find(f"{SVG}desc").text
    spikes = int(sum(row[f"hidden 1.spike[{i}]"] for row in rows for i in neurons))
    assert f" {spikes} spikes in {len(rows)} substeps" in words, words
    drawn = [p for p in root.iter(f"{SVG}path") if p.get("class") == "spike"]
    assert [p.get("d").count("M") for p in drawn] == [spikes]
    marks = [p for p in root.iter(f"{SVG}path") if p.get("class") == "mark"]
    assert sum(p.get("d").count("M") for p in marks) == spikes
    assert len([p for p in root.iter(f"{SVG}path") if p.get("class") == "threshold"]) == len(neurons)


def check_shown(path):
    """Of many neurons the potentials of the six that fired most are drawn."""
    many = ["cartpole", "--method", "ppo", "--set", "hidden=20", "lif.r_m=4"]
    hedon("trace", *many, "--out", path("m.csv"))
    hedon("trace", *many, "--out", path("m.svg"))
    rows = read_csv(path("m.csv"))
    counts = sorted(((-sum(row[f"hidden 1.spike[{i}]"] for row in rows), i) for i in range(20)))
    texts = [t.text for t in xml.parse(path("m.svg")).getroot().iter(f"{SVG}text")]
    drawn = [int(t.split()[1]) for t in texts if t and t.startswith("neuron ")]
    assert drawn == sorted(i for _, i in counts[:6]), (drawn, counts)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        path = lambda name: os.path.join(scratch, name)
        chosen = ["--seed", "3", "--neurons", "0,2-3", "--decisions", "30-49",
                  "--what", "spike,v,threshold,drive,weight"]
        for end in ("csv", "npy", "npz", "svg"):
            hedon("trace", *LIF, *chosen, "--out", path("t." + end))
        rows = read_csv(path("t.csv"))
        assert len(rows) == 20 * 4 and rows[0]["decision"] == 30 and rows[-1]["decision"] == 49
        check_npy(path("t.npy"), rows)
        check_npz(path("t.npz"), rows)
        check_lif(rows)
        check_picture(path("t.svg"), rows, (0, 2, 3))
        hedon("plot", "trace", path("t.csv"), "--out", path("again.svg"))
        check_picture(path("again.svg"), rows, (0, 2, 3))
        chosen[5] = "0-49"
        hedon("trace", *LIF, *chosen, "--out", path("long.csv"))
        assert read_csv(path("long.csv"))[30 * 4:] == rows
        hedon("trace", *ALIF, "--decisions", "0-59", "--out", path("a.csv"))
        check_alif(read_csv(path("a.csv")))
        check_shown(path)
        check_weights(path)
        online = ["optimiser=sgd", "rollout=0"]
        check_e(path("e.csv"), "cartpole", 4, *online)
        check_e(path("e.csv"), "cartpole", 4, *online, "lambda_actor=.5")
        check_e(path("e.csv"), "FrozenLake-v1", 16, *online, "lambda_actor=.5")
        check_e(path("e.csv"), "cartpole", 4, "rollout=8")
        check_kept(path("k.csv"))
        check_kept_of_synapses(path)
    print("traces hold what neurons did")


main()
