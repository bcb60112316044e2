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

    def problem(hidden, T, batch, path):
        """Write what gradients.c reads: weights, then decisions, no potential of which comes near
        the threshold, so that rounding decides no spike."""
        draw = np.random.default_rng(1)
        sizes, weights = [N_OBS, *hidden], []
        for n_in, n in zip(sizes, [*hidden, N_ACTIONS]):
            scale = 0.5 if n_in == N_OBS else 0.5 * math.sqrt(64 / n_in)
            weights.append(((scale * draw.standard_normal((n, n_in))).astype("f4"),
                            (scale * draw.standard_normal(n)).astype("f4")))
        asked, obs = batch * max(4, 4096 // batch), []
        while sum(map(len, obs)) < asked:
            some = draw.standard_normal((2048, N_OBS)).astype("f4")
            obs.append(some[reference(weights, some, T)[1] > 4e-6])
        obs = np.concatenate(obs)[:asked]
        action = draw.integers(0, N_ACTIONS, (asked, 1))
        weight = draw.standard_normal((asked, 1))
        with open(path, "wb") as out:
            for w, b in weights[:-1]:
                out.write(w.T.tobytes() + b.tobytes())
            out.write(weights[-1][0].tobytes() + weights[-1][1].tobytes())
            out.write(np.hstack([obs, action, weight]).astype("f4").tobytes())
        return lambda: {"n": asked}

    def read_problem(hidden, T, path):
        """The network, and decisions (observations, actions, weights)."""
        flat, at = np.fromfile(path, "f4"), 0
        weights = []
        for n_in, n in zip([N_OBS, *hidden], [*hidden, N_ACTIONS]):
            w = flat[at:at + n_in * n]
            last = len(weights) == len(hidden)
            w = w.reshape(n, n_in) if last else w.reshape(n_in, n).T
            weights.append((w.copy(), flat[at + n_in * n:at + (n_in + 1) * n].copy()))
            at += (n_in + 1) * n
        net = Net(hidden, T, make, gain)
        net.load(weights)
        rest = torch.from_numpy(flat[at:].reshape(-1, N_OBS + 2).copy())
        return net, rest[:, :N_OBS].contiguous(), rest[:, N_OBS:N_OBS + 1].long(), rest[:, -1:]

    def gradients(hidden, T, batch, path, compiled=False):
        """Forwards and backwards; the optimiser is nobody's part of it."""
        net, obs, action, weight = read_problem(hidden, T, path)
        quick = torch.compile(net, dynamic=False) if compiled else net
        sets = [[part[k:k + batch].clone() for part in (obs, action, weight)]
                for k in range(0, len(obs), batch)]
        turn = iter(range(10**12))

        def once():
            x, chosen, worth = sets[next(turn) % len(sets)]
            net.zero_grad(set_to_none=True)
            log_pi = torch.log_softmax(quick(x), 1)
            (-(log_pi.gather(1, chosen) * worth).mean()).backward()
            return batch
        return once

    def same(hidden, T, batch, path, found):
        """Gradients of gradients.c against this peer's, element by element, relative to the
        largest of their array; and how many neurons fired."""
        net, obs, action, weight = read_problem(hidden, T, path)
        fired = []
        for one in net.neurons:
            one.register_forward_hook(lambda _, __, out: fired.append(out.detach().mean().item()))
        log_pi = torch.log_softmax(net(obs[:batch]), 1)
        (-(log_pi.gather(1, action[:batch]) * weight[:batch]).mean()).backward()
        ours, at, worst = np.fromfile(found, "f4"), 0, 0.0
        for one in [*net.maps, net.readout]:
            scale = 1.0 if one is net.readout else net.gain
            w = one.weight.grad.numpy() * scale
            for theirs in (w if one is net.readout else w.T, one.bias.grad.numpy() * scale):
                mine = ours[at:at + theirs.size].reshape(theirs.shape)
                worst = max(worst, np.abs(mine - theirs).max() / np.abs(theirs).max())
                at += theirs.size
        rates = ours[at:].tolist()
        return lambda: {"worst": float(worst), "rates": rates, "fired": fired}

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

    return {"forward": forward, "check": check, "problem": problem, "gradients": gradients,
            "same": same}
