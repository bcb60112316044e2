"""What a hedon.Network is made of: populations, and projections that join them."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Union

from . import _api
from ._config import integer, real, setting_text
from ._context import encoded
from ._errors import UsageError
from ._numpy import short
from ._rule import Rule, registered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._context import Context

# How sources and targets are joined.
CONNECT: Final = {
    "all": _api.HD_CONNECT_ALL,
    "one-to-one": _api.HD_CONNECT_ONE_TO_ONE,
    "random": _api.HD_CONNECT_RANDOM,
    "list": _api.HD_CONNECT_LIST,
}


class Uniform(NamedTuple):
    """Weights drawn between low and high."""

    low: float
    high: float


class Normal(NamedTuple):
    """Weights drawn from a normal distribution."""

    mean: float
    sd: float


Weight = Union[float, Uniform, Normal, "Sequence[Sequence[float]]"]


class Population:
    """n neurons of one model.

    neuron  a model of hedon.neurons(), or "input": its values are written from outside
    bias    of every neuron at first, in units of the drive
    params  of the model by name, such as tau_m=20; `hedon explain` lists them
    """

    def __init__(self, name: str, n: int, neuron: str = "lif", *, bias: float = 0.0,
                 **params: float) -> None:
        self.name, self.n, self.neuron, self.bias, self.params = name, n, neuron, bias, params

    def __repr__(self) -> str:
        return f"<hedon.Population {self.name}: {self.n} {self.neuron}>"


class Projection:
    """Synapses from one population to another, or to itself.

    connect      "all", "one-to-one", "random" (each pair with `probability`, which is then needed), or "list"
    weight       a number, hedon.Uniform or hedon.Normal; of connect "all" also a matrix, a row for each source
    synapses     of "list": (source, target) or (source, target, weight), ordered by source, then by
                 target
    delay        in substeps; no loop of projections may have 0 in all
    rule         a learning rule of hedon.rules(), or a hedon.Rule, that follows every substep; None:
                 weights stay. A hedon.Rule with hooks wants connect "all"
    rule_params  of the rule by name
    rate         how far Network.signal moves weights: by rate x signal x eligibility
    stp_use      short-term plasticity (Tsodyks & Markram 1997): the share of what a synapse has at hand
                 that a first spike uses, 0 to 1; 0: there is none
    stp_recovery, stp_facilitation  its time constants in ms
    name         default "SOURCE->TARGET"
    """

    def __init__(self, source: str, target: str, *, connect: str | None = None, weight: Weight = 1.0,
                 probability: float | None = None, synapses: Sequence[tuple[Any, ...]] | None = None,
                 delay: int = 0, rule: str | Rule | None = None,
                 rule_params: Mapping[str, float] | None = None, rate: float = 0.0,
                 stp_use: float = 0.0, stp_recovery: float = 0.0, stp_facilitation: float = 0.0,
                 name: str | None = None) -> None:
        connect = connect or ("list" if synapses is not None else "all")
        if connect not in CONNECT:
            raise UsageError(f"connect = {connect!r}; allowed: {', '.join(CONNECT)}")
        if connect == "random" and probability is None:
            raise UsageError("connect = 'random' joins each pair with a probability; give probability=")
        if connect != "random" and probability is not None:
            raise UsageError(f"a probability is of connect = 'random', and this is connect = {connect!r}")
        self.source, self.target, self.connect, self.weight = source, target, connect, weight
        self.probability, self.synapses, self.delay = 0.0 if probability is None else probability, synapses, delay
        self.rule, self.rule_params, self.rate, self.name = rule, rule_params, rate, name
        self.stp_use, self.stp_recovery = stp_use, stp_recovery
        self.stp_facilitation = stp_facilitation

    def __repr__(self) -> str:
        return f"<hedon.Projection {self.name or f'{self.source}->{self.target}'}: {self.connect}>"


def encoded_or_none(value: str | None) -> bytes | None:
    return encoded(value) if value is not None else None


def _params(params: Mapping[str, float] | None, about: str, others: str = "") -> bytes | None:
    if not params:
        return None
    if not hasattr(params, "items"):
        raise UsageError(f"parameters are a mapping from names to values, and {short(params)} is none")
    for key, value in params.items():
        real(value, f"{about} {key}", others)
    return encoded(" ".join(f"{key}={setting_text(value)}" for key, value in params.items()))


def population_def(p: Population) -> _api.hd_population_def:
    if not isinstance(p, Population):
        raise UsageError(f"{short(p)} is no hedon.Population")
    about = f"population {p.name!r}:"
    return _api.hd_population_def(encoded(p.name), encoded(p.neuron), integer(p.n, f"{about} n"),
                                  _params(p.params, about, "which all its neurons have (others make another population)"),
                                  real(p.bias, f"{about} bias"))


def is_matrix(weight: Any) -> bool:
    is_single = getattr(weight, "shape", None) == ()  # as a number of NumPy is
    return hasattr(weight, "__len__") and not is_single and not isinstance(weight, (str, bytes, Uniform, Normal))


def _synapses(p: Projection) -> tuple[Any, bool]:
    """The synapses as an array of C, and whether they have weights of their own."""
    rows = [tuple(row) for row in p.synapses or ()]
    widths = {len(row) for row in rows}
    if not widths <= {2} and not widths <= {3}:
        raise UsageError(f"synapses of {p!r} are (source, target) or (source, target, weight), all "
                         "of them alike")
    made = (_api.hd_synapse * len(rows))()
    for i, row in enumerate(rows):
        source, target = (integer(end, f"an end of synapse {i} of {p!r}") for end in row[:2])
        made[i] = _api.hd_synapse(source, target, real(row[2], f"the weight of synapse {i} of {p!r}")
                                  if len(row) == 3 else 0.0)
    return made, widths == {3}


def projection_def(p: Projection, context: Context) -> _api.hd_projection_def:
    if not isinstance(p, Projection):
        raise UsageError(f"{short(p)} is no hedon.Projection")
    synapses, is_weighted = _synapses(p)
    d = _api.hd_projection_def()
    d.source, d.target, d.name = encoded(p.source), encoded(p.target), encoded_or_none(p.name)
    about = f"projection '{p.name or f'{p.source}->{p.target}'}':"

    def number(name: str) -> float:
        return real(getattr(p, name), f"{about} {name}")

    d.connect, d.probability = CONNECT[p.connect], number("probability")
    d.delay = integer(p.delay, f"{about} delay")
    if p.connect == "list":
        d.synapse = ctypes.cast(synapses, ctypes.POINTER(_api.hd_synapse))
        d.n_synapses = len(synapses)
    if is_weighted:
        d.initial = _api.HD_INITIAL_LIST
    elif isinstance(p.weight, (Uniform, Normal)):
        d.initial = _api.HD_INITIAL_UNIFORM if isinstance(p.weight, Uniform) else _api.HD_INITIAL_NORMAL
        d.a, d.b = (real(value, f"{about} a number of weight") for value in p.weight)
    elif is_matrix(p.weight):  # which the network writes once it is made
        d.initial = _api.HD_INITIAL_CONSTANT
        if p.connect != "all":
            raise UsageError(f"{about} a matrix of weights and connect = {p.connect!r}; allowed: connect = 'all', or "
                             "synapses=[(source, target, weight), ...]")
    else:
        d.initial = _api.HD_INITIAL_CONSTANT
        d.a = real(p.weight, f"{about} weight", "hedon.Uniform, hedon.Normal or a matrix")  # type: ignore[arg-type]
    rule = registered(p.rule, context)
    d.rule, d.rule_params, d.rate = encoded_or_none(rule), _params(p.rule_params, about), number("rate")
    d.stp_use, d.stp_recovery_ms = number("stp_use"), number("stp_recovery")
    d.stp_facilitation_ms = number("stp_facilitation")
    return d
