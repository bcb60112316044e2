#!/usr/bin/env python3
"""`mpirun -n 2 hedon study`: the ranks share the runs of a study, one of them speaks, and what a killed one
leaves is taken up; also of two machines, which are network namespaces that the launcher joins over TCP where
this user may make them. Skips aloud without mpirun.

    study_ranks.py HEDON"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HEDON = os.path.abspath(sys.argv[1])
TIMES = {"cpu_s", "eval_cpu_s", "wall_s"}
STUDY = """
tasks = ["CartPole-v1", "Bandit-v0"]
methods = ["neuron-agent", "nes"]
seeds = 12
[set]
steps = 20000
overtrain = 0
eval_every = 5000
eval_episodes = 2
"""
ALLOWED = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
           "OMPI_MCA_rmaps_base_oversubscribe": "1"}


def start(cwd, out, before=(), how=()):
    return subprocess.Popen([*before, "mpirun", "-n", "2", *how, HEDON, "study", "study.toml", "--threads", "1", "--out",
                             out, "--json"], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            env={**os.environ, **ALLOWED})


def runs(found):
    return {(cell["env"], cell["method"]): [{key: value for key, value in seed.items() if key not in TIMES}
                                            for seed in cell["seeds"]] for cell in found["cells"]}


def rank_of(pid, out):
    """The rank of a process of hedon with this folder; None of any other."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
        with open(f"/proc/{pid}/environ", "rb") as file:
            known = dict(item.partition(b"=")[::2] for item in file.read().split(b"\0"))
    except OSError:
        return None
    is_ours = words[0] == os.fsencode(HEDON) and os.fsencode(out) in words
    return int(known[b"OMPI_COMM_WORLD_RANK"]) if is_ours and b"OMPI_COMM_WORLD_RANK" in known else None


def ranks_of(out):
    """Processes by their ranks."""
    found = {rank_of(pid, out): int(pid) for pid in filter(str.isdigit, os.listdir("/proc"))}
    found.pop(None, None)
    return found


def count(path):
    try:
        with open(path, encoding="utf-8") as file:
            return sum(1 for _ in file)
    except FileNotFoundError:
        return 0


def check_killed(cwd, whole, out, **how):
    """Rank 1 is killed in the middle; the same command goes on and comes to the same."""
    going = start(cwd, out, **how)
    path = os.path.join(cwd, out, "results.jsonl")
    while (count(path) < 4 or 1 not in ranks_of(out)) and going.poll() is None:
        time.sleep(0.01)
    ranks = ranks_of(out)
    if 1 in ranks:
        os.kill(ranks[1], signal.SIGKILL)
    going.communicate()
    assert going.returncode == 0 or 1 in ranks, "mpirun failed by itself"
    left = count(path)
    again = start(cwd, out, **how)
    told, _ = again.communicate()
    assert again.returncode == 0 and runs(json.loads(told)) == whole, again.returncode
    assert count(path) == 48, count(path)
    print(f"{out}: rank 1 {'killed' if 1 in ranks else 'was over'} after {left} of 48 runs, and the rest followed")


class Machines:
    """Two network namespaces joined by a cable. The launcher runs in the first, and enters the second by a
    command in the place of ssh; host names differ as those of machines do."""

    def __init__(self, cwd):
        self.names = [f"hedon{os.getpid()}{side}" for side in "ab"]
        self.agent = os.path.join(cwd, "enter")
        self.hosts = os.path.join(cwd, "hosts")
        self.cwd = cwd

    def try_to(self, *words):
        return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0

    def make(self):
        """None, or why not."""
        if shutil.which("ip") is None or shutil.which("unshare") is None:
            return "ip (Debian: iproute2) is missing"
        if not all(self.try_to("netns", "add", name) for name in self.names):
            return "network namespaces may not be made here"
        a, b = self.names
        cable = ("link", "add", "h0", "netns", a, "type", "veth", "peer", "name", "h0", "netns", b)
        if not self.try_to(*cable):
            return "a virtual cable may not be made here"
        for i, name in enumerate(self.names):
            if not (self.try_to("-n", name, "addr", "add", f"10.77.0.{i + 1}/24", "dev", "h0") and
                    self.try_to("-n", name, "link", "set", "h0", "up") and
                    self.try_to("-n", name, "link", "set", "lo", "up")):
                return "a virtual cable may not be set up here"
        with open(self.hosts, "w", encoding="utf-8") as file:
            file.write("10.77.0.1 slots=1\n10.77.0.2 slots=1\n")
        with open(self.agent, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nshift\nexec ip netns exec {b} unshare --uts sh -c \"hostname {b}; "
                       f"TMPDIR={self.cwd}/tmp; export TMPDIR; mkdir -p {self.cwd}/tmp; cd {self.cwd}; $*\"\n")
        os.chmod(self.agent, 0o755)
        return None if self.can_launch() else "the launcher cannot start programs in two network namespaces here"

    def can_launch(self):
        """Does a program that is none of ours start on both?"""
        how = self.how()
        trial = subprocess.Popen([*how["before"], "mpirun", "-n", "2", *how["how"], shutil.which("true")], cwd=self.cwd,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **ALLOWED})
        try:
            return trial.wait(120) == 0
        except subprocess.TimeoutExpired:
            trial.kill()
            trial.wait()
            return False

    def how(self):
        name = self.names[0]
        return {"before": ["ip", "netns", "exec", name, "unshare", "--uts", "sh", "-c", f'hostname {name}; exec "$@"', "sh"],
                "how": ["--hostfile", self.hosts, "--map-by", "node", "--mca", "plm_rsh_agent", self.agent, "--mca", "btl",
                        "tcp,self", "--mca", "oob_tcp_if_include", "10.77.0.0/24"]}

    def remove(self):
        for name in self.names:
            self.try_to("netns", "del", name)


def check_machines(cwd, whole):
    machines = Machines(cwd)
    try:
        why = machines.make()
        if why is None:
            check_killed(cwd, whole, "machines", **machines.how())
        else:
            print(f"{why}: two machines are not tested")
    finally:
        machines.remove()


def main():
    if shutil.which("mpirun") is None or not os.path.isdir("/proc"):
        print("mpirun (Debian: openmpi-bin) is missing: studies under a launcher are not tested")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as cwd:
        with open(os.path.join(cwd, "study.toml"), "w", encoding="utf-8") as file:
            file.write(STUDY)
        alone = subprocess.run([HEDON, "study", "study.toml", "--quiet", "--json"], cwd=cwd, capture_output=True,
                               text=True, check=True)
        whole = runs(json.loads(alone.stdout))
        both = start(cwd, "shared")
        out, _ = both.communicate()
        assert both.returncode == 0 and out.count("\n") == 1, (both.returncode, out)  # one of them speaks
        assert runs(json.loads(out)) == whole
        check_killed(cwd, whole, "killed")
        check_machines(cwd, whole)
    print("two ranks do what one does")


main()
