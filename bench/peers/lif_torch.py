"""The network of forward.c in PyTorch, for any peer's LIF neuron.

A peer gives `make()`, which returns a module that turns the currents of one layer, [T, B, n], into
its spikes. Layers are run one after another, all substeps at once, which lets a linear map take the
T*B rows in one product: the quickest order in PyTorch. Currents that do not change are computed
once and expanded."""
import json
import math
import pathlib
import struct

import numpy as np
import torch
import torch._dynamo
from torch import nn

torch._dynamo.config.recompile_limit = 1000  # one for every shape raced, not eight for all

N_OBS, N_ACTIONS = 4, 2
KEEP = math.exp(-1 / 5)  # lif.tau_m = 5 ms, substeps of 1 ms
R_M, V_TH = 5.0, 1.0     # drive is scaled by R_M (1 - KEEP)


class Net(nn.Module):
    """Weights act on spikes of 0 and 1; `gain` is what the neuron does not multiply by itself."""

    def __init__(self, hidden, T, make, gain):
        super().__init__()
        sizes = [N_OBS, *hidden]
        self.T = T
        self.maps = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.neurons = nn.ModuleList(make() for _ in hidden)
        self.readout = nn.Linear(hidden[-1], N_ACTIONS)
        self.gain = gain
        with torch.no_grad():
            for one in [*self.maps, self.readout]:
                nn.init.normal_(one.weight, std=0.5)
                nn.init.normal_(one.bias, std=0.5)
            for one in self.maps:
                one.weight *= gain
                one.bias *= gain

    def forward(self, obs):
        spikes = self.neurons[0](self.maps[0](obs).expand(self.T, -1, -1))
        for linear, neuron in zip(self.maps[1:], self.neurons[1:]):
            spikes = neuron(linear(spikes))
        return self.readout(spikes.mean(0))

    def load(self, weights):
        with torch.no_grad():
            for one, (w, b) in zip([*self.maps, self.readout], weights):
                scale = 1.0 if one is self.readout else self.gain
                one.weight.copy_(torch.from_numpy(scale * w))
                one.bias.copy_(torch.from_numpy(scale * b))


def pad(n):
    return (n + 15) // 16 * 16


def read_checkpoint(path, hidden):
    """[(weight [n, n_in], bias [n])] of Hedon's layers and readout, from its safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    begin, end = json.loads(data[8:8 + size])["actor"]["data_offsets"]
    flat = np.frombuffer(data[8 + size + begin:8 + size + end], "f4")
    weights, at, n_in = [], 0, N_OBS
    for n in hidden:  # rows by source, the bias last
        rows = flat[at:at + (n_in + 1) * pad(n)].reshape(n_in + 1, pad(n))
        weights.append((rows[:n_in, :n].T.copy(), rows[n_in, :n].copy()))
        at, n_in = at + rows.size, n
    rows = flat[at:at + N_ACTIONS * pad(n_in + 1)].reshape(N_ACTIONS, -1)  # a row per logit
    weights.append((rows[:, :n_in].copy(), rows[:, n_in].copy()))
    if at + rows.size != flat.size:
        raise ValueError(f"the checkpoint holds {flat.size} weights, expected {at + rows.size}")
    return weights


def reference(weights, obs, T):
    """Logits in double precision, and per observation how near a potential came to v_th."""
    near = np.full(len(obs), np.inf)
    inputs = [obs.astype("f8")] * T
    for w, b in weights[:-1]:
        v, spikes = np.zeros((len(obs), len(b))), []
        for x in inputs:
            v = KEEP * v + R_M * (1 - KEEP) * (x @ w.T.astype("f8") + b)
            near = np.minimum(near, np.abs(v - V_TH).min(1))
            spikes.append((v >= V_TH).astype("f8"))
            v = np.where(v >= V_TH, 0.0, v)
        inputs = spikes
    w, b = weights[-1]
    return np.mean(inputs, 0) @ w.T.astype("f8") + b, near


def cases(make, gain):
    """CASES of a peer."""

    def build(hidden, T, batch):
        torch.manual_seed(1)
        return Net(hidden, T, make, gain), torch.randn(64, batch, N_OBS)

    def compile_(net, obs):
        """A rounding error may move a spike at the threshold, no more."""
        quick = torch.compile(net, dynamic=False)
        with torch.inference_mode():
            agree = [(quick(one).argmax(1) == net(one).argmax(1)).float().mean()
                     for one in obs[:2048 // obs.shape[1]]]
        if sum(agree) / len(agree) < 0.99:
            raise ValueError(f"compiled, {sum(agree) / len(agree):.0%} of the actions are the same")
        return quick

    def forward(compiled=False, **shape):
        net, obs = build(**shape)
        net = compile_(net, obs) if compiled else net
        turn = iter(range(10**12))

        @torch.inference_mode()
        def once():
            net(obs[next(turn) % len(obs)]).argmax(1)
            return obs.shape[1]
        return once

    def both(**settings):
        net, obs = build(**settings)
        batch = obs.shape[1]
        action = torch.randint(0, N_ACTIONS, (batch, 1))
        advantage = torch.randn(batch, 1)
        turn = iter(range(10**12))

        def once():
            net.zero_grad(set_to_none=True)
            log_pi = torch.log_softmax(net(obs[next(turn) % len(obs)]), 1)
            (-(log_pi.gather(1, action) * advantage).mean()).backward()
            return batch
        return once

    def check(hidden, T, obs, actions, checkpoint):
        """Hedon's actions on a file of observations against this peer's, same weights."""
        weights = read_checkpoint(checkpoint, hidden)
        net = Net(hidden, T, make, gain)
        net.load(weights)
        x = np.fromfile(obs, "f4").reshape(-1, N_OBS)
        ours = np.fromfile(actions, "f4").astype(int)
        exact, near = reference(weights, x, T)
        with torch.inference_mode():
            theirs = net(torch.from_numpy(x)).argmax(1).numpy()
        gap = np.abs(exact[:, 0] - exact[:, 1])
        differ = ours != theirs
        excused = (gap < 1e-4) | (near < 1e-5)
        return lambda: {"n": len(x), "agree": int((~differ).sum()),
                        "unexplained": int((differ & ~excused).sum()),
                        "chosen": float(ours.mean())}

    return {"forward": forward, "both": both, "check": check}
