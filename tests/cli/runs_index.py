#!/usr/bin/env python3
"""The index of `hedon runs`: it says what the folders say, also when they change, when several
processes write at once, and to the sqlite3 of Python.

    runs_index.py HEDON"""
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HEDON = os.path.abspath(sys.argv[1])


def hedon(*words, cwd):
    return subprocess.run([HEDON, *words], cwd=cwd, capture_output=True, text=True, check=False)


def listed(cwd, *words):
    done = hedon("runs", "all", *words, "--csv", cwd=cwd)
    assert done.returncode == 0, done
    return list(csv.DictReader(io.StringIO(done.stdout)))


def train(cwd, name, hidden, seed=0):
    done = hedon("train", "cartpole", "--method", "neuron-agent", "--steps", "600", "--seed", str(seed),
                 "--seeds", "2", "--set", f"hidden={hidden}", "eval_every=200", "eval_episodes=1",
                 "overtrain=0", "--quiet", "--out", f"all/{name}", cwd=cwd)
    assert done.returncode == 0, done


def check_same(cwd):
    """With and without the index, whatever is asked for."""
    for words in ([], ["--where", "hidden=6 or gamma<0.5"], ["--sort", "-return"], ["--sort", "hidden"],
                  ["--where", "solved=0 and hidden!=5", "--sort", "return"]):
        indexed = listed(cwd, *words)
        os.rename(os.path.join(cwd, "all/runs.sqlite"), os.path.join(cwd, "away"))
        direct = listed(cwd, *words)
        os.rename(os.path.join(cwd, "away"), os.path.join(cwd, "all/runs.sqlite"))
        assert indexed == direct, (words, indexed, direct)


def check_sqlite(cwd):
    with sqlite3.connect(os.path.join(cwd, "all/runs.sqlite")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        rows = database.execute('SELECT runs.run, "return", seeds FROM runs JOIN settings ON '
                                "settings.run = runs.id WHERE key = 'hidden' AND value = '6'").fetchall()
        left = database.execute("SELECT count(*) FROM settings WHERE run NOT IN (SELECT id FROM runs)")
        assert left.fetchone() == (0,)
    direct = {row["run"]: row for row in listed(cwd)}
    assert [(run, seeds) for run, _, seeds in rows] == [("sub/b", 2)], rows
    assert float(direct["all/sub/b"]["return"]) == rows[0][1]


def check_costs(cwd):
    """Spikes and synaptic operations of a decision, from the rates of the last evaluations: one hidden
    layer, and two actions that each of its spikes reaches."""
    row, = listed(cwd, "--where", "hidden=6")
    with open(os.path.join(cwd, "all/sub/b/config.toml"), encoding="utf-8") as file:
        substeps, = (int(line.split()[2]) for line in file if line.startswith("substeps = "))
    last = {}
    with open(os.path.join(cwd, "all/sub/b/metrics.jsonl"), encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line["event"] == "evaluation":
                last[line["seed"]] = line["layers"][0]
    spikes = [layer["rate"] * layer["n"] * substeps for layer in last.values()]
    assert [layer["n"] for layer in last.values()] == [6, 6] and sum(spikes) > 0
    assert abs(float(row["spikes"]) - sum(spikes) / 2) < 1e-9, (row, spikes)
    assert abs(float(row["syn_ops"]) - sum(spikes)) < 1e-9, (row, spikes)


def check_changes(cwd):
    path = os.path.join(cwd, "all/a/metrics.jsonl")
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line for line in lines if '"result"' not in line)
    assert [row["done"] for row in listed(cwd, "--where", "hidden=5")] == ["0"]
    shutil.rmtree(os.path.join(cwd, "all/c"))
    train(cwd, "d", 8)
    assert sorted(row["run"] for row in listed(cwd)) == ["all/a", "all/d", "all/sub/b"]
    os.mkdir(os.path.join(cwd, "all/broken"))
    with open(os.path.join(cwd, "all/broken/config.toml"), "w", encoding="utf-8") as file:
        file.write("nothing\n")
    done = hedon("runs", "all", "--csv", cwd=cwd)
    assert done.returncode == 0 and "all/broken is skipped" in done.stderr, done
    shutil.rmtree(os.path.join(cwd, "all/broken"))


def check_at_once(cwd):
    """Four processes make one index: none fails, no run is lost or there twice."""
    for name in os.listdir(os.path.join(cwd, "all")):
        if name.startswith("runs.sqlite"):
            os.remove(os.path.join(cwd, "all", name))
    for i in range(40):
        shutil.copytree(os.path.join(cwd, "all/a"), os.path.join(cwd, f"all/many/{i}"))
    going = [subprocess.Popen([HEDON, "runs", "reindex", "all"], cwd=cwd, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in going:
        out, err = process.communicate()
        assert process.returncode == 0 and out.startswith("43 runs in "), (out, err)
    rows = [row["run"] for row in listed(cwd)]
    assert len(rows) == 43 == len(set(rows))


def check_old(cwd):
    """An index of an older version is made anew."""
    database = sqlite3.connect(os.path.join(cwd, "all/runs.sqlite"))
    with database:
        database.execute("DROP TABLE runs")
        database.execute("CREATE TABLE runs(id INTEGER PRIMARY KEY, stamp TEXT)")
        database.execute("PRAGMA user_version = 1")
    database.close()
    assert len(listed(cwd)) == 43


def check_bad(cwd):
    with open(os.path.join(cwd, "all/runs.sqlite"), "w", encoding="utf-8") as file:
        file.write("no database at all, and longer than a header of SQLite has to be, by far\n" * 3)
    done = hedon("runs", "all", cwd=cwd)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "all/runs.sqlite" in done.stderr, done
    for words, sentence in ((["reindex", "all/a"], "is a run itself"), (["reindex", "no"], "no is no folder"),
                            (["reindex", "all", "all"], "takes one folder")):
        done = hedon("runs", *words, cwd=cwd)
        assert done.returncode != 0 and sentence in done.stderr, done


def main():
    with tempfile.TemporaryDirectory() as cwd:
        for name, hidden in (("a", 5), ("sub/b", 6), ("c", 7)):
            train(cwd, name, hidden)
        done = hedon("runs", "reindex", "all", cwd=cwd)
        if "built without SQLite" in done.stderr:
            assert done.returncode == 1
            print("built without SQLite: the index is not tested")
            return
        assert done.stdout == "3 runs in all/runs.sqlite, 3 of them read anew\n", done
        assert hedon("runs", "reindex", "all", cwd=cwd).stdout.endswith(" 0 of them read anew\n")
        check_same(cwd)
        check_sqlite(cwd)
        check_costs(cwd)
        check_changes(cwd)
        check_same(cwd)
        check_at_once(cwd)
        check_old(cwd)
        check_bad(cwd)
    print("the index says what the folders say")


main()
