"""A network as a module of PyTorch with the same forward."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch

from ._errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    # draws(population, substep) gives numbers between 0 and 1, [rows][n]
    Draws = Callable[[str, int], Any]

MEMBRANES: Final = ("if", "lif", "cuba", "alif", "lif-escape")
SIGMOIDS: Final = ("bernoulli", "glm", "ising")
# Models without parameters that decide a spike, and their values.
UNITS: Final[dict[str, Any]] = {"relu": torch.relu, "tanh": torch.tanh}


class Part(NamedTuple):
    """A population."""

    name: str
    n: int
    neuron: str
    params: dict[str, float]
    bias: Any
    "[n] or None."
    current: Any
    "[rows][n] or None."


class Joint(NamedTuple):
    """A projection."""

    name: str
    source: str
    target: str
    delay: int
    weight: Any
    "[n_pre][n_post], 0 where there is no synapse."
    mask: Any
    "[n_pre][n_post], 1 where there is one; None: everywhere."


class _Spike(torch.autograd.Function):
    """A step whose derivative is that of a sigmoid of the given slope."""

    @staticmethod
    def forward(ctx: Any, x: Any, slope: float) -> Any:
        ctx.save_for_backward(x)
        ctx.slope = slope
        return (x >= 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:  # type: ignore[override,unused-ignore]
        s = torch.sigmoid(ctx.slope * ctx.saved_tensors[0])
        return grad * ctx.slope * s * (1 - s), None


class Membrane(torch.nn.Module):
    """The recursion that integrate-and-fire, leaky, current-based and adaptive neurons share:

        c = alpha c + drive;  u = rest + beta (v - rest) + gamma c, or v while refractory
        spike where u >= theta + kappa a;  then v is lowered by theta - reset, or set to reset"""

    def __init__(self, neuron: str, p: Mapping[str, float], dt_ms: float) -> None:
        super().__init__()
        tau = p.get("tau_m", math.inf)  # "if" does not leak
        self.is_drawn = neuron == "lif-escape"
        self.alpha = self._kept(dt_ms, p.get("tau_syn"))
        self.rho, self.kappa = self._kept(dt_ms, p.get("tau_a")), p.get("adapt", 0.0)
        self.beta = self._kept(dt_ms, tau)
        self.gamma = dt_ms if math.isinf(tau) else p["r_m"] * -math.expm1(-dt_ms / tau)
        self.rest, self.v_reset = p.get("v_rest", 0.0), p["v_reset"]
        self.start = self.v_reset if neuron == "if" else self.rest
        self.theta = p["theta"] if self.is_drawn else p["v_th"]
        self.ref_steps = round(p.get("t_ref", 0.0) / dt_ms)
        self.is_soft, self.slope = p["reset"] > 0.5, p.get("slope", 1.0)
        self.h0, self.delta = p.get("rho0", 0.0) * dt_ms, p.get("delta", 1.0)

    @staticmethod
    def _kept(dt_ms: float, tau_ms: float | None) -> float:
        return math.exp(-dt_ms / tau_ms) if tau_ms else 0.0

    def begin(self, like: Any) -> dict[str, Any]:
        zero = torch.zeros_like(like)
        return {"v": zero + self.start, "c": zero, "a": zero, "r": zero}

    def forward(self, s: dict[str, Any], drive: Any, draw: Any) -> Any:
        """The spikes of a substep; the state moves on."""
        is_open = s["r"] <= 0
        s["c"] = self.alpha * s["c"] + drive if self.alpha else drive
        v = s["v"]
        left = self.rest + self.beta * (v - self.rest) if self.rest else self.beta * v
        u = torch.where(is_open, left + self.gamma * s["c"], v)
        threshold = self.theta + self.kappa * s["a"] if self.kappa else torch.full_like(u, self.theta)
        spike = self._drawn(u, draw) if self.is_drawn else _Spike.apply(u - threshold, self.slope)
        spike = spike * is_open
        low = u - (self.theta - self.v_reset) if self.is_soft else torch.full_like(u, self.v_reset)
        s["v"] = torch.where(spike > 0, low, u)
        s["a"] = self.rho * s["a"] + spike
        s["r"] = torch.where(spike > 0, float(self.ref_steps), torch.clamp(s["r"] - 1, min=0))
        return spike

    def _drawn(self, u: Any, draw: Any) -> Any:
        h = self.h0 * torch.exp(torch.clamp((u - self.theta) / self.delta, -60, 20))
        return (draw < -torch.expm1(-h)).to(u.dtype)


class Sigmoid(torch.nn.Module):
    """Spikes drawn with probability sigma(beta drive)."""

    def __init__(self, p: Mapping[str, float]) -> None:
        super().__init__()
        self.beta = p["beta"]

    def begin(self, like: Any) -> dict[str, Any]:
        return {}

    def forward(self, s: dict[str, Any], drive: Any, draw: Any) -> Any:
        return (draw < torch.sigmoid(self.beta * drive)).to(drive.dtype)


class Leaky(torch.nn.Module):
    """A potential that integrates and never fires; it is what is sent."""

    def __init__(self, p: Mapping[str, float]) -> None:
        super().__init__()
        self.keep, self.scale = 1 - 1 / p["tau"], 1 / p["tau"]

    def begin(self, like: Any) -> dict[str, Any]:
        return {"v": torch.zeros_like(like)}

    def forward(self, s: dict[str, Any], drive: Any, draw: Any) -> Any:
        s["v"] = self.keep * s["v"] + self.scale * drive
        return s["v"]


class Unit(torch.nn.Module):
    """A smooth unit."""

    def __init__(self, neuron: str) -> None:
        super().__init__()
        self.value = UNITS[neuron]

    def begin(self, like: Any) -> dict[str, Any]:
        return {}

    def forward(self, s: dict[str, Any], drive: Any, draw: Any) -> Any:
        return self.value(drive)


def _neurons(part: Part, dt_ms: float) -> Any:
    if part.neuron in MEMBRANES:
        return Membrane(part.neuron, part.params, dt_ms)
    if part.neuron in SIGMOIDS:
        return Sigmoid(part.params)
    if part.neuron in UNITS:
        return Unit(part.neuron)
    if part.neuron == "leaky":
        return Leaky(part.params)
    raise ConflictError(f"population '{part.name}' has neurons {part.neuron}, which have no module of PyTorch; "
                        f"allowed: {', '.join((*MEMBRANES, *SIGMOIDS, *UNITS, 'leaky'))}")


def _order(parts: list[Part], joints: list[Joint]) -> list[str]:
    """Names of populations, sources of projections without delay before their targets."""
    waiting = {part.name for part in parts}
    order: list[str] = []
    while waiting:
        ready = [p.name for p in parts if p.name in waiting
                 and not any(j.target == p.name and j.delay == 0 and j.source in waiting for j in joints)]
        order += ready
        waiting -= set(ready)
    return order


class TorchNetwork(torch.nn.Module):
    """The populations and projections of a hedon network, begun at rest.

        module = network.to_torch()
        spikes = module(x)["out"]           # x [substeps][rows][n_in] -> [substeps][rows][n]

    `x` is what the input sends, or {name: ...} where there are several inputs. `draws` is asked for the
    draws of neurons that draw their spikes; by default PyTorch's generator gives them. Weights and
    biases are parameters, and a spike's derivative is the sigmoid surrogate of its neuron; drawn spikes
    have none. With `exact`, sums go one source after the other as in the library, which is slow and
    makes even their last bits equal; else matrix products order them as they like."""

    def __init__(self, parts: list[Part], joints: list[Joint], dt_ms: float, exact: bool = False) -> None:
        super().__init__()
        self.exact = exact
        self.parts, self.joints, self.order = parts, joints, _order(parts, joints)
        self.weight = torch.nn.ParameterDict({j.name: torch.nn.Parameter(torch.tensor(j.weight)) for j in joints})
        self.bias = torch.nn.ParameterDict(
            {p.name: torch.nn.Parameter(torch.tensor(p.bias)) for p in parts if p.bias is not None})
        for j in joints:
            self.register_buffer(f"mask {j.name}", None if j.mask is None else torch.tensor(j.mask))
        for p in parts:
            self.register_buffer(f"current {p.name}", None if p.current is None else torch.tensor(p.current))
        self.neurons: Any = torch.nn.ModuleDict(
            {p.name: _neurons(p, dt_ms) for p in parts if p.neuron != "input"})

    def forward(self, x: Any, draws: Draws | None = None) -> dict[str, Any]:
        """What every population did: [substeps][rows][n], 1 where a neuron fired, else 0; the values
        of inputs and of neurons that do not spike."""
        inputs = self._inputs(x)
        first = next(iter(inputs.values()))
        rows = first.shape[1]
        states = {p.name: self.neurons[p.name].begin(first.new_zeros(rows, p.n))
                  for p in self.parts if p.name in self.neurons}
        by_name = {p.name: p for p in self.parts}
        done: dict[str, list[Any]] = {p.name: [] for p in self.parts}
        for t in range(first.shape[0]):
            for name in self.order:
                part = by_name[name]
                if part.neuron == "input":
                    done[name].append(inputs[name][t])
                    continue
                draw = None
                if part.neuron in SIGMOIDS or part.neuron == "lif-escape":
                    shape = (rows, part.n)
                    draw = torch.rand(shape) if draws is None else torch.as_tensor(draws(name, t))
                drive = self._drive(part, t, done, first.new_zeros(rows, part.n))
                done[name].append(self.neurons[name](states[name], drive, draw))
        return {name: torch.stack(values) for name, values in done.items()}

    def _inputs(self, x: Any) -> dict[str, Any]:
        names = [p.name for p in self.parts if p.neuron == "input"]
        if not isinstance(x, dict):
            if len(names) != 1:
                raise ConflictError(f"this network has {len(names)} inputs; give a tensor for each by name")
            x = {names[0]: x}
        return {name: torch.as_tensor(x[name], dtype=torch.float32) for name in names}

    def _drive(self, part: Part, t: int, done: dict[str, list[Any]], drive: Any) -> Any:
        is_first = True
        for j in self.joints:
            if j.target == part.name:
                total = self._sum(j, done[j.source], t - j.delay)
                if total is not None:
                    drive = total if is_first else drive + total
                is_first = is_first and total is None
        if part.name in self.bias:
            drive = drive + self.bias[part.name]
        current = getattr(self, f"current {part.name}")
        return drive if current is None else drive + current

    def _sum(self, joint: Joint, sent: list[Any], t: int) -> Any:
        """What arrives through one projection from what its source did at substep t."""
        if t < 0:
            return None
        x, weight = sent[t], self.weight[joint.name]
        mask = getattr(self, f"mask {joint.name}")
        if mask is not None:
            weight = weight * mask
        source = next(p for p in self.parts if p.name == joint.source)
        if source.neuron == "ising":
            x = 2 * x - 1
        if not self.exact:
            return x @ weight
        total = x[:, :1] * weight[0]
        for i in range(1, weight.shape[0]):
            total = total + x[:, i:i + 1] * weight[i]
        return total
