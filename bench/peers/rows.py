"""What is raced: groups of rows, each row one piece of work and who does it."""
import os
import pathlib
import tempfile

from race import Entry, Peer, Program, Training, measure

CORES = os.cpu_count()
NETS = [("4-64-2, T=4", [64], 4), ("4-128-128-2, T=8", [128, 128], 8),
        ("4-256-256-2, T=8", [256, 256], 8)]
BATCHES = [1, 64, 256]
# Shapes whose gradients are raced, and how many times the better peer's rate is asked for.
GRADIENTS = [("4-64-2, T=4", [64], 4, 8, 500), ("4-64-2, T=4", [64], 4, 64, 100),
             ("4-64-2, T=4", [64], 4, 2048, 25), ("4-128-128-2, T=8", [128, 128], 8, 1, None),
             ("4-128-128-2, T=8", [128, 128], 8, 256, 12),
             ("4-256-256-2, T=8", [256, 256], 8, 64, 5)]
LIF_PEERS = [("snnTorch", "snntorch"), ("SpikingJelly", "spikingjelly"), ("Norse", "norse")]
A2C_PEERS = LIF_PEERS[:2]
EAGER = ("eager", {}, {})
COMPILED = ("torch.compile", {"compiled": True}, {})
BLAS = [("BLAS as installed", {}, {})] + [
    (f"OPENBLAS_CORETYPE={core}", {}, {"OPENBLAS_CORETYPE": core})
    for core in ("SKYLAKEX", "ZEN", "HASWELL")]

# Rules with state that a network learns by without a readout.
RULES = ("mstdpet", "mstdp", "dopamine-stdp", "r-max", "olpomdp", "td-ltp", "population-feedback")

# The rule of peer_numpy.py, said to Hedon.
NUMPY_RULE = {"substeps": 4, "hidden": 64, "critic": "random", "critic.cells": 64, "critic.gain": 2,
              "alpha": 0.01, "alpha_critic": 0.4, "gamma": 0.99, "lambda": 0.98,
              "anneal": "none", "average": 0}


class Rows:
    def __init__(self, hedon, build, racers, quick):
        self.hedon, self.build, self.racers, self.quick = hedon, build, racers, quick
        self.torch = (EAGER,) if quick else (EAGER, COMPILED)

    # ---- entrants ----

    def alone(self, contender):
        return Entry("Hedon", [("1 thread", contender, 1)])

    def all_cores(self, contender):
        return Entry("Hedon", [(f"{CORES} processes", contender, CORES)])

    def peer(self, label, module, case, settings, ways=(("as installed", {}, {}),)):
        """`ways`: (how, more settings, environment), the quickest of which is raced."""
        return Entry(label, [(how, Peer(label, self.racers, module, module, case, settings | more,
                                        1, env), 1) for how, more, env in ways])

    def peer_all(self, label, module, case, settings, compiles=False):
        def one(threads, **more):
            return Peer(label, self.racers, module, module, case, settings | more, threads)
        ways = [(f"{CORES} processes", one(1), CORES), (f"{CORES} threads", one(CORES), 1)]
        if compiles and not self.quick:
            ways.append((f"{CORES} processes, torch.compile", one(1, compiled=True), CORES))
        return Entry(label, ways)

    def forward(self, hidden, T, batch):
        return Program("Hedon", [self.build / "bench/peers/peers_forward",
                                 ",".join(map(str, hidden)), T, batch])

    def envs(self, B):
        return Program("Hedon", [self.build / "bench/peers/peers_envs", "CartPole-v1", B])

    def training(self, method="neuron-agent", **settings):
        return Training("Hedon", self.hedon, method, settings)

    # ---- rows ----

    def lif_shapes(self):
        for name, hidden, T in NETS:
            for batch in BATCHES[1:2] if self.quick else BATCHES:
                yield f"{name}, B={batch}", {"hidden": hidden, "T": T, "batch": batch}

    def forward_rows(self):
        for name, shape in self.lif_shapes():
            yield {"name": name, "clock": "cpu_s", "entries": [
                self.alone(self.forward(**shape)),
                *[self.peer(label, m, "forward", shape, self.torch) for label, m in LIF_PEERS]]}

    def problem(self, folder, name, hidden, T, batch):
        """What both sides differentiate."""
        path = pathlib.Path(folder) / f"{name.split(',')[0]}-{batch}"
        shape = {"hidden": hidden, "T": T, "batch": batch, "path": str(path)}
        made = measure(Peer("problem", self.racers, "torch", "spikingjelly", "problem", shape), 0)
        if "failed" in made:
            raise RuntimeError(f"no problem to differentiate: {made['failed']}")
        return shape

    def gradients_argv(self, hidden, T, batch, path):
        return [self.build / "bench/peers/peers_gradients", ",".join(map(str, hidden)), T, batch,
                path]

    def gradient_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, hidden, T, batch, aim in GRADIENTS:
                shape = self.problem(folder, name, hidden, T, batch)
                ours = Program("Hedon", self.gradients_argv(**shape))
                entries = [self.alone(ours)]
                for label, m in A2C_PEERS:
                    for title, more in ((label, {}), (f"{label}, torch.compile",
                                                      {"compiled": True})):
                        entries.append(Entry(title, [
                            (f"{n} thread{'s' * (n > 1)}",
                             Peer(title, self.racers, m, m, "gradients", shape | more, n), 1)
                            for n in (1, CORES)]))
                yield {"name": f"{name}, B={batch}", "clock": "wall_s", "aim": aim,
                       "entries": entries[:2] + entries[3:4] if self.quick else entries}

    def numpy_rows(self):
        yield {"name": "a Python loop over neurons, B=1, updates of 32 steps", "clock": "cpu_s",
               "aim": 3000, "entries": [
                   self.alone(self.training(envs=1, rollout=32, **NUMPY_RULE)),
                   self.peer("Python", "numpy", "loop", {"rollout": 32, "seed": 1})]}
        yield {"name": "vectorised, B=64, updates of 8 x 64 steps", "clock": "cpu_s", "aim": 40,
               "entries": [self.alone(self.training(envs=64, rollout=8, **NUMPY_RULE)),
                           self.peer("NumPy", "numpy", "vectorised",
                                     {"B": 64, "rollout": 8, "seed": 1}, BLAS)]}

    def a2c_rows(self):
        for B, rollout, aim in ((8, 8, 500), (256, 8, 60)):
            settings = {"hidden": 64, "T": 4, "envs": B, "rollout": rollout, "seed": 1}
            yield {"name": f"LIF 64, T=4, B={B}, updates of {rollout} x {B} steps",
                   "clock": "cpu_s", "aim": aim, "entries": [
                       self.alone(self.training("a2c", envs=B, rollout=rollout, average=0)),
                       *[self.peer(label, m, "a2c", settings, self.torch)
                         for label, m in A2C_PEERS]]}

    def bindsnet_rows(self):
        there = self.peer("BindsNET", "bindsnet", "decide", {"hidden": 64, "T": 4})
        for rule in RULES[:1] if self.quick else RULES:
            ours = Program("Hedon", [self.build / "bench/peers/peers_rules", rule, 64, 4])
            yield {"name": rule, "clock": "cpu_s", "aim": 200, "entries": [self.alone(ours), there]}
        yield {"name": "e-prop, with readout, task and critic", "clock": "cpu_s", "aim": 200, "entries": [
            self.alone(self.training("e-prop", hidden=64, substeps=4)), there]}

    def env_rows(self):
        for B in (64, 1024):
            yield {"name": f"CartPole-v1, B={B}", "clock": "cpu_s", "entries": [
                self.alone(self.envs(B)),
                *[self.peer(label, "gymnasium", case, {"B": B})
                  for label, case in (("SyncVectorEnv", "sync"), ("CartPoleVectorEnv", "vector"))]]}

    def all_rows(self):
        shape = {"hidden": [256, 256], "T": 8, "batch": 256}
        yield {"name": "forward, 4-256-256-2, T=8, B=256", "clock": "wall_s", "entries": [
            self.all_cores(self.forward(**shape)),
            *[self.peer_all(label, m, "forward", shape, True) for label, m in LIF_PEERS]]}
        yield {"name": "neuron agents, B=64", "clock": "wall_s", "entries": [
            self.all_cores(self.training(envs=64, rollout=8, **NUMPY_RULE)),
            self.peer_all("NumPy", "numpy", "vectorised", {"B": 64, "rollout": 8, "seed": 1})]}
        settings = {"hidden": 64, "T": 4, "envs": 256, "rollout": 32, "seed": 1}
        yield {"name": "actor-critic, LIF 64, B=256", "clock": "wall_s", "entries": [
            self.all_cores(self.training("a2c", envs=256, rollout=32, average=0)),
            *[self.peer_all(label, m, "a2c", settings, True) for label, m in A2C_PEERS]]}
        yield {"name": "environments, B=1024", "clock": "wall_s", "entries": [
            self.all_cores(self.envs(1024)),
            self.peer_all("CartPoleVectorEnv", "gymnasium", "vector", {"B": 1024})]}

    def groups(self):
        """(key, rows)"""
        return [("forward", self.forward_rows()), ("gradients", self.gradient_rows()),
                ("numpy", self.numpy_rows()), ("a2c", self.a2c_rows()),
                ("bindsnet", self.bindsnet_rows()), ("envs", self.env_rows()),
                ("all", self.all_rows())]
