#!/usr/bin/env python3
"""The index of `hedon runs`: it says what the folders say, also when they change, when several
processes write at once, and to the sqlite3 of Python.

    runs_index.py HEDON"""
import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

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
    with contextlib.closing(sqlite3.connect(os.path.join(cwd, "all/runs.sqlite"))) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (3,)
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


def drop_results(path):
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines[:1] + [line for line in lines[1:] if '"result"' not in line][:-1])


def check_changes(cwd):
    drop_results(os.path.join(cwd, "all/a/metrics.jsonl"))
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


def age(cwd, seconds=100):
    """All folders changed so long ago."""
    for folder, _, _ in os.walk(os.path.join(cwd, "all")):
        past = time.time() - seconds
        os.utime(folder, (past, past))


def folders(cwd):
    with contextlib.closing(sqlite3.connect(f"file:{cwd}/all/runs.sqlite?mode=ro", uri=True)) as database:
        return sorted(row[0] for row in database.execute("SELECT folder FROM folders"))


def add_unseen(cwd, folder):
    """A run more, and the folder's time as before."""
    then = os.stat(folder).st_mtime_ns
    shutil.copytree(os.path.join(cwd, "all/a"), os.path.join(folder, "new"))
    os.utime(folder, ns=(then, then))


def check_known(cwd):
    """Folders that did not change are not looked into, and whatever happens in them is found all the same."""
    listed(cwd)
    age(cwd)
    before = listed(cwd)
    assert folders(cwd) == [".", "sub"], folders(cwd)
    sub, kept = os.path.join(cwd, "all/sub"), os.path.join(cwd, "kept")
    add_unseen(cwd, sub)
    assert listed(cwd) == before  # so its folder was not looked into
    shutil.rmtree(os.path.join(sub, "new"))
    age(cwd, -1000)
    assert listed(cwd) == before
    add_unseen(cwd, sub)
    assert len(listed(cwd)) == len(before) + 1  # a folder that may change without changing its time is not relied on
    age(cwd, 50)
    assert [row["run"] for row in listed(cwd)] == ["all/a", "all/d", "all/sub/b", "all/sub/new"]
    for change in (lambda: drop_results(os.path.join(sub, "new/metrics.jsonl")),
                   lambda: os.remove(os.path.join(sub, "new/metrics.jsonl")),
                   lambda: os.remove(os.path.join(sub, "new/config.toml")),
                   lambda: shutil.copytree(os.path.join(cwd, "all/a"), os.path.join(sub, "deep/er/one")),
                   lambda: os.rename(os.path.join(sub, "b"), kept), lambda: os.rename(kept, os.path.join(sub, "b"))):
        age(cwd)
        listed(cwd)
        change()
        check_same(cwd)
    shutil.rmtree(os.path.join(sub, "deep"))
    shutil.rmtree(os.path.join(sub, "new"))
    os.mkdir(os.path.join(cwd, "all/broken"))
    with open(os.path.join(cwd, "all/broken/config.toml"), "w", encoding="utf-8") as file:
        file.write("nothing\n")
    age(cwd)
    for _ in range(2):  # whoever asks is told
        assert "all/broken is skipped" in hedon("runs", "all", cwd=cwd).stderr
    shutil.rmtree(os.path.join(cwd, "all/broken"))


AS_NFS = """#include <string.h>
#include <sys/vfs.h>
int statfs(const char *path, struct statfs *out) {
  (void)path;
  memset(out, 0, sizeof *out);
  out->f_type = 0x6969;
  return 0;
}
"""


def check_network(cwd):
    """Where several machines may write, no log that is shared by memory is used, nor left if it was there."""
    if not sys.platform.startswith("linux") or shutil.which("cc") is None:
        return print("no C compiler here: network file systems are not tested")
    with open(os.path.join(cwd, "nfs.c"), "w", encoding="utf-8") as file:
        file.write(AS_NFS)
    subprocess.run(["cc", "-shared", "-fPIC", "nfs.c", "-o", "nfs.so"], cwd=cwd, check=True)
    environment = os.environ | {"LD_PRELOAD": os.path.join(cwd, "nfs.so"),
                                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
    before = listed(cwd)
    for name in ("runs.sqlite-shm", "runs.sqlite-wal"):
        os.remove(os.path.join(cwd, "all", name))
    for _ in range(2):
        done = subprocess.run([HEDON, "runs", "all", "--csv"], cwd=cwd, env=environment, capture_output=True, text=True)
        assert list(csv.DictReader(io.StringIO(done.stdout))) == before, done
        assert not os.path.exists(os.path.join(cwd, "all/runs.sqlite-shm"))
        with open(os.path.join(cwd, "all/runs.sqlite"), "rb") as file:
            assert file.read(20)[18:] == b"\1\1"  # the header's words for a rollback journal
    return None


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
        check_known(cwd)
        check_network(cwd)
        check_at_once(cwd)
        check_old(cwd)
        check_bad(cwd)
    print("the index says what the folders say")


main()
