"""Record outputs and gradients of small spiking networks in PyTorch, for tests/grad.

    python tools/record_torch_grads.py > tests/data/torch_grads.txt

Cells are those of snnTorch and SpikingJelly (their own code and autograd); where neither library
has one of ours, a few lines of autograd below. Every network is 3-17-5-2 over six substeps, four
rows, weights drawn once from a stated seed and multiplied by `scale`. Every cell is run beside a
plain form of our recursion (class Own), which has two uses: spikes must be the same and gradients
agree, and the potentials it shows keep clear of thresholds and of the surrogates' kinks, so that
no rounding decides about a spike: the first scale of a list that gives such a network is taken.

The file is lines of words: "defaults" and settings as name=value; "base NAME numbers..." for what
networks share; then for each network "case" with the settings that differ, and "NAME numbers..."
for its output and for its gradients by NAME. Weights are [from][to]. The loss is the sum of output
times g_out.
"""

import itertools
import math
import sys
from importlib.metadata import version

import numpy as np
import snntorch
import torch
from spikingjelly.activation_based import neuron as sj
from spikingjelly.activation_based import surrogate as sjs
from snntorch import surrogate as sns

SEED = 7
N = [3, 17, 5]
OUT, ROWS = 2, 4
SCALES = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.3, 3.6, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0, 10.0]
CLEAR = 2e-4  # distance kept from thresholds and kinks
SURROGATES = ["sigmoid", "atan", "fast_sigmoid", "triangle", "rectangle"]
SLOPE = {"sigmoid": 4.0, "atan": 2.0, "fast_sigmoid": 2.0, "triangle": 0.8, "rectangle": 0.6}


# ---- surrogates ----


def snn_surrogate(name):
    k = SLOPE[name]
    return {"sigmoid": sns.sigmoid, "atan": sns.atan, "fast_sigmoid": sns.fast_sigmoid}[name](k)


def jelly_surrogate(name):
    """SoftSign's derivative, alpha / 2 (1 + alpha |x|)^-2, is ours at alpha = 2."""
    k = SLOPE[name]
    assert name != "fast_sigmoid" or k == 2.0
    kinds = {
        "sigmoid": sjs.Sigmoid,
        "atan": sjs.ATan,
        "fast_sigmoid": sjs.SoftSign,
        "triangle": sjs.PiecewiseQuadratic,
        "rectangle": sjs.Rect,
    }
    return kinds[name](alpha=k)


# ---- cells: objects with step(drive) -> spikes; p holds alpha, beta, theta, rho, all [n] ----


class Own:
    """Our recursion, src/neuron/cell.h, in autograd; surrogates are SpikingJelly's."""

    def __init__(self, case, p, V=None):
        self.case, self.p, self.V = case, p, V
        self.fire = jelly_surrogate(case["surrogate"])
        self.v = self.c = self.a = self.s = 0.0
        self.seen = []

    def step(self, z):
        case, p = self.case, self.p
        if self.V is not None and not isinstance(self.s, float):
            z = z + self.s @ self.V
        gamma = case["gain"] * (1.0 - p["beta"]) if case["tied"] else case["gain"]
        self.c = p["alpha"] * self.c + z if case["current"] else z
        u = p["beta"] * self.v + gamma * self.c
        threshold = p["theta"] + case["kappa"] * self.a if case["adaptation"] else p["theta"]
        s = self.fire(u - threshold)
        self.seen.append((u - threshold).detach())
        r = s.detach() if case["detached"] else s
        if case["soft"]:
            self.v = u - r * (p["theta"] - case["v_reset"])
        else:
            self.v = (1.0 - r) * u + r * case["v_reset"]
        if case["adaptation"]:
            self.a = p["rho"] * self.a + s
        self.s = s
        return s


class Snn:
    """Leaky, Synaptic and, with V, RLeaky and RSynaptic."""

    def __init__(self, case, p, V=None):
        args = {
            "threshold": p["theta"],
            "spike_grad": snn_surrogate(case["surrogate"]),
            "reset_mechanism": "subtract" if case["soft"] else "zero",
            "reset_delay": case["delayed"],
        }
        n = p["theta"].shape[0]
        if case["current"]:
            kind = snntorch.Synaptic if V is None else snntorch.RSynaptic
            args["alpha"] = p["alpha"]
        else:
            kind = snntorch.Leaky if V is None else snntorch.RLeaky
        if V is None:
            self.cell = kind(beta=p["beta"], **args)
        else:
            self.cell = kind(beta=p["beta"], all_to_all=True, linear_features=n, **args)
            self.cell.recurrent = torch.nn.Linear(n, n, bias=False)
            del self.cell.recurrent.weight
            self.cell.recurrent.weight = V.T
        self.state = None

    def step(self, z):
        out = self.cell(z) if self.state is None else self.cell(z, *self.state)
        # Recurrent cells take their last spikes as the first part of their state.
        self.state = out if hasattr(self.cell, "recurrent") else out[1:]
        return out[0]


class Jelly:
    def __init__(self, case, p, V=None):
        beta, theta = p["beta"][0].item(), p["theta"][0].item()
        args = {
            "v_threshold": round(theta, 6),
            "v_reset": None if case["soft"] else case["v_reset"],
            "surrogate_function": jelly_surrogate(case["surrogate"]),
        }
        tau = round(1.0 / (1.0 - beta), 6) if beta < 1.0 else None
        if case["cell"] == "cuba":
            self.cell = sj.CUBALIFNode(c_decay=p["alpha"][0].item(), v_decay=beta, **args)
            self.cell.detach_reset = case["detached"]
            return
        args["detach_reset"] = case["detached"]
        if case["cell"] == "if":
            self.cell = sj.IFNode(**args)
        elif case["cell"] == "plif":
            self.cell = sj.ParametricLIFNode(init_tau=tau, decay_input=case["tied"], **args)
            del self.cell.w
            self.cell.w = -p["logit"]["beta"]  # 1 / tau = sigma(w) = 1 - beta
        else:
            self.cell = sj.LIFNode(tau=tau, decay_input=case["tied"], **args)

    def step(self, z):
        return self.cell(z)


class Control:
    """Neurons that do not spike and have no memory."""

    def __init__(self, case, p, V=None):
        self.f = {"relu": torch.relu, "tanh": torch.tanh}[case["cell"]]
        self.seen = []

    def step(self, z):
        return self.f(z)


LIBRARIES = {"own": Own, "snntorch": Snn, "spikingjelly": Jelly, "torch": Control}


# ---- networks ----


def base_arrays():
    rng = np.random.default_rng(SEED)
    T = DEFAULTS["T"]
    base = {"x": rng.uniform(-1, 1, (ROWS, 2 * T, N[0])), "g_out": rng.normal(0, 1, (ROWS, 2, OUT))}
    for l in range(2):
        base[f"W{l}"] = rng.normal(0, 1, (N[l], N[l + 1])) / math.sqrt(N[l])
        base[f"bias{l}"] = rng.uniform(0, 0.3, N[l + 1])
        base[f"V{l}"] = rng.normal(0, 0.3, (N[l + 1], N[l + 1])) / math.sqrt(N[l + 1])
        base[f"gain{l}"] = rng.uniform(0.7, 1.3, N[l + 1])
        base[f"shift{l}"] = rng.uniform(0, 0.5, N[l + 1])
        base[f"mean{l}"] = rng.uniform(-0.2, 0.2, N[l + 1])
        base[f"variance{l}"] = rng.uniform(0.5, 1.5, N[l + 1])
        for name in ["alpha", "beta", "theta", "rho"]:
            base[f"{name}{l}"] = rng.uniform(-0.1, 0.1, N[l + 1])  # added if they are learned
    base["W"] = rng.normal(0, 1, (N[2], OUT)) / math.sqrt(N[2])
    base["bias"] = rng.normal(0, 0.1, OUT)
    return {k: v.astype(np.float32) for k, v in base.items()}


def logit(p):
    return math.log(p / (1.0 - p))


def run(case, base, scale, library):
    """Output, gradients by name, and the cells."""
    leaf = {}

    def take(name, factor=1.0, offset=0.0):
        value = torch.tensor(base[name]) * np.float32(factor) + np.float32(offset)
        leaf[name] = value.clone().requires_grad_(True)
        return leaf[name]

    decisions, T = case["decisions"], case["T"]
    x = torch.tensor(base["x"][:, : (T if case["timed"] else 1) * decisions])
    leaf["x"] = x = x.clone().requires_grad_(True)
    layers, cells = [], []
    for l in range(2):
        n = N[l + 1]
        W = take(f"W{l}", scale)
        if case["normalised"]:
            norm = torch.nn.BatchNorm1d(n)
            norm.running_mean = torch.tensor(base[f"mean{l}"])
            norm.running_var = torch.tensor(base[f"variance{l}"])
            norm.weight = torch.nn.Parameter(torch.tensor(base[f"gain{l}"]))
            norm.bias = torch.nn.Parameter(torch.tensor(base[f"shift{l}"]))
            leaf[f"gain{l}"], leaf[f"shift{l}"] = norm.weight, norm.bias
            norm.eval()
            drive = lambda x, W=W, norm=norm: norm(x @ W)
        else:
            bias = take(f"bias{l}", scale)
            drive = lambda x, W=W, bias=bias: x @ W + bias
        V = take(f"V{l}", scale) if case["recurrent"] else None
        p = {"logit": {}}
        for name in ["alpha", "beta", "rho"]:
            if case["learned"] and case[name] not in (0.0, 1.0):
                own = take(f"{name}{l}", 1.0, logit(case[name]))
                p[name], p["logit"][name] = torch.sigmoid(own), own
            else:
                p[name] = torch.full((n,), case[name])
        p["theta"] = (
            take(f"theta{l}", 1.0, case["theta"])
            if case["learned"] and case["cell"] != "plif"
            else torch.full((n,), case["theta"])
        )
        layers.append(drive)
        cells.append(LIBRARIES[library](case, p, V))
    W, bias = take("W", scale), take("bias")
    outs, rates = [], [[], []]
    for d in range(decisions):
        drives = []
        for t in range(T):
            y = x[:, d * T + t if case["timed"] else d]
            for l in range(2):
                y = cells[l].step(layers[l](y))
                rates[l].append(y.detach())
            drives.append(y @ W + bias)
        drives = torch.stack(drives)
        if case["readout"] == "mean":
            out = drives.mean(0)
        else:
            decode = {"last": "last_mem", "average": "mean-mem", "max": "max-mem"}[case["readout"]]
            out = sj.NonSpikingLIFNode(tau=case["membrane_tau"], decode=decode)(drives)
        outs.append(out)
    out = torch.stack(outs, 1)
    loss = (out * torch.tensor(base["g_out"][:, :decisions])).sum()
    names = list(leaf)
    grads = torch.autograd.grad(loss, [leaf[name] for name in names], allow_unused=True)
    assert all(g is not None for g in grads), (case, names, [g is None for g in grads])
    spikes = [torch.stack(r) for r in rates]
    return out.detach(), dict(zip(names, grads)), cells, spikes


def is_clear(case, cells):
    """No potential is near a threshold, or where a surrogate has a kink."""
    k = SLOPE[case["surrogate"]]
    kinks = {"triangle": [0.0, 1.0 / k], "rectangle": [0.0, 0.5 / k]}
    for cell in cells:
        far = torch.stack(cell.seen).abs()
        for kink in kinks.get(case["surrogate"], [0.0]):
            if ((far - kink).abs() < CLEAR).any():
                return False
    return True


def is_alive(spikes, grads):
    """Layers fire, not all the time, and the loss depends on what they do."""
    rates = [float(s.mean()) for s in spikes]
    return all(0.08 < r < 0.75 for r in rates) and all(
        (g != 0).float().mean() > 0.4 for name, g in grads.items() if name[0] in "WVb"
    )


def settle(case, base):
    for scale in SCALES:
        if case["library"] == "torch":
            return 1.0, run(case, base, 1.0, "torch")
        out, grads, cells, spikes = run(case, base, scale, "own")
        if case["library"] == "snntorch" and case["soft"] and not case["delayed"]:
            # snnTorch would lower once more what a reset at once leaves above threshold.
            if any((torch.stack(c.seen) > 0.95 * case["theta"]).any() for c in cells):
                continue
        if not is_clear(case, cells) or not is_alive(spikes, grads):
            continue
        got = run(case, base, scale, case["library"])
        assert all(torch.equal(a, b) for a, b in zip(spikes, got[3])), case
        for name in grads:
            a, b = got[1][name], grads[name]
            assert (a - b).abs().max() <= 1e-5 * b.abs().max(), (case, name, a, b)
        return scale, got
    raise SystemExit(f"no scale for {case}")


# ---- the table ----

DEFAULTS = {
    "library": "own", "cell": "lif", "surrogate": "sigmoid", "T": 6,
    "alpha": 0.0, "beta": 0.75, "gain": 1.0, "theta": 1.0, "rho": 0.0, "kappa": 0.0,
    "v_reset": 0.0, "current": False, "adaptation": False, "soft": False, "detached": False,
    "tied": False, "recurrent": False, "normalised": False, "learned": False, "timed": False,
    "delayed": False, "decisions": 1, "readout": "mean", "membrane_tau": 2.0,
}  # fmt: skip

CELLS = {
    "if": {"beta": 1.0},
    "lif": {"beta": 0.75},
    "lif_tied": {"beta": 0.5, "tied": True},
    "cuba": {"alpha": 0.5, "beta": 0.75, "current": True, "theta": 0.5},
    "alif": {"beta": 0.75, "rho": 0.875, "kappa": 0.25, "adaptation": True},
    "cuba_alif": {"alpha": 0.5, "beta": 0.75, "rho": 0.875, "kappa": 0.25, "current": True,
                  "adaptation": True},
}  # fmt: skip


def cases():
    resets = list(itertools.product([False, True], [False, True]))
    # Every neuron x surrogate x reset: SpikingJelly's where it has the neuron.
    for cell, surrogate, (soft, detached) in itertools.product(CELLS, SURROGATES, resets):
        library = "own" if "alif" in cell else "spikingjelly"
        yield {"library": library, "cell": cell, "surrogate": surrogate, "soft": soft,
               "detached": detached, **CELLS[cell]}  # fmt: skip
    # snnTorch resets a substep later. By subtraction, theta is then taken off the potential after
    # its decay: our soft reset with beta (theta - v_reset) = theta. To zero, that is our hard
    # reset; but the delayed reset of Synaptic wipes out the new input too, which is another neuron.
    for surrogate, current, soft, delayed in itertools.product(
        ["sigmoid", "atan", "fast_sigmoid"], [False, True], [False, True], [False, True]
    ):
        if current and delayed and not soft:
            continue
        cell = "synaptic" if current else "leaky"
        case = {"library": "snntorch", "cell": cell, "surrogate": surrogate, "soft": soft,
                "delayed": delayed, "detached": delayed, "current": current,
                "beta": 0.9 if soft and not delayed else 0.75,
                "alpha": 0.5 if current else 0.0}  # fmt: skip
        lowered = soft and delayed
        if lowered:
            case["v_reset"] = 1.0 - 1.0 / case["beta"]
        yield case
        if not lowered:  # there theta and beta have other derivatives than v_reset's constant gives
            yield {**case, "learned": True}
    # Learned time constants and thresholds of every neuron.
    for tied, soft, detached in itertools.product([False, True], repeat=3):
        yield {"library": "spikingjelly", "cell": "plif", "surrogate": "atan", "learned": True,
               "beta": 0.5, "tied": tied, "soft": soft, "detached": detached}  # fmt: skip
    for cell, (soft, detached) in itertools.product(CELLS, resets):
        yield {"cell": cell, "surrogate": "atan", "soft": soft, "detached": detached,
               "learned": True, **CELLS[cell]}  # fmt: skip
    # Potentials reset to something else than 0.
    for cell, (soft, detached) in itertools.product(["lif", "cuba_alif"], resets):
        yield {"cell": cell, "surrogate": "triangle", "soft": soft, "detached": detached,
               "learned": True, "v_reset": -0.25, **CELLS[cell]}  # fmt: skip
    # Recurrent, normalised, carried and with an input that moves. Of RSynaptic the delayed reset by
    # subtraction is the only one that both works in snnTorch 1.0 and is ours.
    for soft in [False, True]:
        yield {"library": "snntorch", "cell": "rleaky", "surrogate": "fast_sigmoid", "soft": soft,
               "recurrent": True, "beta": 0.9 if soft else 0.75}  # fmt: skip
    for cell, current in [("rleaky", False), ("rsynaptic", True)]:
        yield {"library": "snntorch", "cell": cell, "surrogate": "atan", "soft": True,
               "delayed": True, "detached": True, "recurrent": True, "current": current,
               "alpha": 0.5 if current else 0.0, "v_reset": 1.0 - 1.0 / 0.75}  # fmt: skip
    for cell in CELLS:
        yield {"cell": cell, "recurrent": True, **CELLS[cell]}
        yield {"cell": cell, "normalised": True, **CELLS[cell]}
        library = "own" if "alif" in cell else "spikingjelly"
        yield {"library": library, "cell": cell, "timed": True, **CELLS[cell]}
        yield {"library": library, "cell": cell, "decisions": 2, **CELLS[cell]}
    yield {"cell": "cuba_alif", "recurrent": True, "normalised": True, "timed": True,
           "decisions": 2, "learned": True, "soft": True, **CELLS["cuba_alif"]}  # fmt: skip
    # Readouts: SpikingJelly's leaky unit.
    for readout in ["last", "average", "max"]:
        yield {"library": "spikingjelly", "cell": "if", "beta": 1.0, "readout": readout}
        yield {"library": "spikingjelly", "cell": "if", "beta": 1.0, "readout": readout,
               "decisions": 2, "timed": True, "membrane_tau": 4.0}  # fmt: skip
    for cell in ["relu", "tanh"]:
        yield {"library": "torch", "cell": cell, "T": 1}
        yield {"library": "torch", "cell": cell, "T": 1, "normalised": True}


def numbers(values):
    return " ".join(f"{v:.6g}" for v in np.asarray(values, np.float32).ravel())


def words(settings):
    return [f"{k}={int(v) if isinstance(v, bool) else v}" for k, v in settings.items()]


def main():
    torch.set_num_threads(1)
    base = base_arrays()
    print(f"# torch {torch.__version__.split('+')[0]}, snntorch {snntorch.__version__}, "
          f"spikingjelly {version('spikingjelly')}, seed {SEED}")  # fmt: skip
    print("defaults", *words(DEFAULTS))
    for name, values in base.items():
        print("base", name, " ".join(f"{v:.9g}" for v in values.ravel()))
    count = 0
    for fields in cases():
        case = {**DEFAULTS, **fields}
        scale, (out, grads, _, spikes) = settle(case, base)
        case = {**case, "slope": SLOPE[case["surrogate"]], "scale": scale}
        print("case", *words({k: v for k, v in case.items() if DEFAULTS.get(k) != v}))
        print("out", numbers(out))
        for name, values in grads.items():
            print(name, numbers(values))
        count += 1
    print("end", count)
    print(f"{count} networks", file=sys.stderr)


if __name__ == "__main__":
    main()
