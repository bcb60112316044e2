"""hedon.Rule: a learning rule written in Python, for small experiments."""
from __future__ import annotations

import ctypes
import math
from ctypes import byref, c_float, c_void_p
from typing import TYPE_CHECKING, Any, Final, Union

from . import _api
from ._context import encoded
from ._errors import UsageError
from ._interrupt import entry, raise_pending
from ._library import lib
from ._numpy import numpy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._context import Context

# A parameter: its default, or its default, lowest and highest value.
ParamLike = Union[float, "tuple[float, float, float]"]

NEEDS: Final = {
    "stochastic": _api.HD_RULE_STOCHASTIC,
    "back": _api.HD_RULE_BACK,
    "gate": _api.HD_RULE_GATE,
    "gate-taken": _api.HD_RULE_GATE_TAKEN,
    "affine": _api.HD_RULE_AFFINE,
    "relaxed": _api.HD_RULE_RELAXED,
    "tau": _api.HD_RULE_TAU,
    "perturbed": _api.HD_RULE_PERTURBED,
}
HOOKS: Final = ("before", "on_pre", "on_post", "after", "on_decision", "on_signal")


def _array(address: int | None, *shape: int, stride: int = 0) -> Any:
    """A NumPy array over memory of the library; None where there is none. stride: floats between rows."""
    if not address:
        return None
    rows = shape[0] if len(shape) == 2 else 1
    width = stride or shape[-1]
    memory = (c_float * (rows * width)).from_address(address)
    flat = numpy().frombuffer(memory, numpy().float32)
    return flat.reshape(rows, width)[:, :shape[1]] if len(shape) == 2 else flat[:shape[0]]


def _no_member(seen: object, name: str) -> AttributeError:
    return AttributeError(f"a rule sees no '{name}'; there is {', '.join(vars(seen))}")


class Layer:
    """What the neurons of one layer saw and did in one substep: arrays of n numbers, valid during the
    call only. Members are those of hd_rule_io in hedon/rule.h; `g` is written."""

    def __init__(self, io: _api.hd_rule_io) -> None:
        self.n, self.stochastic, self.span = io.n, io.stochastic, io.span
        self.tau, self.perturbation = io.tau, io.perturbation
        for name in ("b", "p", "noise", "gain", "back", "gate", "g"):
            setattr(self, name, _array(getattr(io, name), io.n))

    def __getattr__(self, name: str) -> Any:
        raise _no_member(self, name)


class Synapses:
    """The synapses of one projection in one row, with what their neurons did in this substep: arrays
    that are valid during the call only. Members are those of hd_synapses in hedon/rule.h: x [n_pre];
    b, p, gain and back [n_post]; score [n_actions]; e and, in on_signal alone, w [n_pre][n_post]. `param["name"]`
    is a parameter, `pre["name"]`, `post["name"]` and `synapse["name"]` are the rule's own state."""

    def __init__(self, rule: Rule, s: _api.hd_synapses) -> None:
        n_pre, n_post = s.n_pre, s.n_post
        self.n_pre, self.n_post, self.n_actions = n_pre, n_post, s.n_actions
        for name in ("stochastic", "span", "dt_ms", "share", "keep", "current", "tire", "fade",
                     "is_reset", "ref_steps", "seed"):
            setattr(self, name, getattr(s, name))
        self.x, self.score = _array(s.x, n_pre), _array(s.score, s.n_actions)
        for name in ("b", "p", "gain", "back"):
            setattr(self, name, _array(getattr(s, name), n_post))
        self.e = _array(s.e, n_pre, n_post, stride=s.stride)
        if s.w:
            self.w = _array(s.w, n_pre, n_post, stride=s.stride)
        values = (c_float * len(rule.params)).from_address(s.param) if rule.params else ()
        self.param: dict[str, float] = dict(zip(rule.params, values))
        self.pre = _states(rule.pre, s.pre, (n_pre,), 0)
        self.post = _states(rule.post, s.post, (n_post,), 0)
        self.synapse = _states(rule.synapse, s.synapse, (n_pre, n_post), s.stride)

    def __getattr__(self, name: str) -> Any:
        if name == "w":
            raise AttributeError("a rule sees the weights, w, in on_signal alone: it adds to e, and they move by "
                                 "rate x signal x e")
        raise _no_member(self, name)


def _states(names: Sequence[str], at: int | None, shape: tuple[int, ...], stride: int) -> dict[str, Any]:
    if not names or not at:
        return {}
    pointers = (c_void_p * len(names)).from_address(at)
    return {name: _array(p, *shape, stride=stride) for name, p in zip(names, pointers)}


class Rule:
    """A learning rule in Python, for small experiments: it is called from the library's loops, some
    10 us for each layer, row and substep, where a rule in C takes nanoseconds. Needs NumPy.

        class Hebb(hedon.Rule):
            params = {"tau": (20.0, 1.0, 1000.0)}
            pre = ("trace",)

            def after(self, s):
                s.pre["trace"] += s.x - s.pre["trace"] / s.param["tau"]
                s.e += numpy.outer(s.pre["trace"], s.b)

        hedon.Projection("in", "out", rule=Hebb(), rate=0.01)

    A rule has either `factor(self, layer)`, which writes layer.g, the postsynaptic factor; or hooks, of
    which hedon/rule.h says when they are called: before(s), on_pre(s, i), on_post(s, j), after(s),
    on_decision(s), on_signal(s, alpha, signal). In a session, settings={"rule": Hebb(), "Hebb.tau": 5}.

    name     in messages and settings; default: the name of the class
    needs    of "stochastic", "back", "gate", "gate-taken", "affine", "relaxed", "tau", "perturbed"
    params   name: default, or name: (default, low, high)
    pre, post, synapse   names of what is kept for each source, target and synapse, 0 at first

    What a rule raises stops the call that it is part of, and is raised by it."""

    name: str = ""
    doc: str = "a rule written in Python"
    source: str = "the program that registered it"
    needs: Sequence[str] = ()
    params: Mapping[str, ParamLike] = {}
    pre: Sequence[str] = ()
    post: Sequence[str] = ()
    synapse: Sequence[str] = ()

    def __repr__(self) -> str:
        return f"<hedon.Rule {self.name or type(self).__name__}>"

    def register(self, context: Context) -> str:
        """Make the rule known to a context, once; its name there."""
        name = self.name or type(self).__name__
        known = [kept for kept in context.kept if isinstance(kept, Registered) and kept.name == name]
        if known and known[0].rule is not self:
            raise UsageError(f"two rules of one object are called '{name}'; give one of them another name")
        if not known:
            if numpy() is None:
                raise ImportError(f"{self!r} is a rule written in Python, which needs NumPy; it is not installed")
            made = Registered(self, name, context)
            with context:
                context.check(lib.hd_rule_register(context.handle, byref(made.description)))
            context.kept.append(made)
        return name


def _names(rule: Rule, kind: str) -> Sequence[str]:
    names: Sequence[str] = getattr(rule, kind)
    if isinstance(names, str):  # whose letters would be names
        raise UsageError(f"{rule!r} has {kind} = {names!r}; write ({names!r},)")
    return names


def registered(rule: object, context: Context) -> Any:
    """The name of a rule of Python, known to the context from now on; what is none as it is."""
    if isinstance(rule, type) and issubclass(rule, Rule):
        raise UsageError(f"{rule.__name__} is a class of rules; give one of them, {rule.__name__}()")
    return rule.register(context) if isinstance(rule, Rule) else rule


class Registered:
    """A rule of Python as the library calls it. What it raises is kept for the caller, and numbers
    that are not finite are written, upon which the library stops and leaves the weights alone."""

    def __init__(self, rule: Rule, name: str, context: Context) -> None:
        self.rule, self.name, self.failures = rule, name, context.failures
        self._kept: list[Any] = []
        d = self.description = _api.hd_rule_desc()
        d.size, d.name = ctypes.sizeof(d), encoded(name)
        d.doc, d.source, d.needs = encoded(rule.doc), encoded(rule.source), self._needs()
        if hasattr(rule, "factor"):
            d.factor = _api.hd_rule_desc_factor(self._factor)
        d.param, d.n_params = self._params(), len(rule.params)
        for kind in ("pre", "post", "synapse"):
            names = _names(rule, kind)
            setattr(d, kind, self._fields(names))
            setattr(d, "n_" + kind, len(names))
        for hook in HOOKS:
            if hasattr(rule, hook):
                setattr(d, hook, getattr(_api, "hd_rule_desc_" + hook)(self._hook(getattr(rule, hook))))

    def _needs(self) -> int:
        wrong = [need for need in _names(self.rule, "needs") if need not in NEEDS]
        if wrong:
            raise UsageError(f"{self.rule!r} needs {wrong[0]!r}; allowed: {', '.join(NEEDS)}")
        return sum(NEEDS[need] for need in set(self.rule.needs))

    def _params(self) -> Any:
        rows = (_api.hd_param * max(1, len(self.rule.params)))()
        for row, (name, value) in zip(rows, self.rule.params.items()):
            three = value if isinstance(value, tuple) else (value, -3e38, 3e38)
            row.name, row.unit, row.help = encoded(name), b"", encoded(f"{name} of {self.name}")
            try:
                row.fallback, row.low, row.high = three
            except (TypeError, ValueError):
                raise UsageError(f"{self.rule!r} has params {name} = {value!r}; allowed: a default, or (default, "
                                 "lowest, highest)") from None
        self._kept.append(rows)
        return ctypes.cast(rows, ctypes.POINTER(_api.hd_param))

    def _fields(self, names: Sequence[str]) -> Any:
        rows = (_api.hd_field * max(1, len(names)))()
        for row, name in zip(rows, names):
            row.name, row.unit, row.help = encoded(name), b"", encoded(f"{name} of {self.name}")
        self._kept.append(rows)
        return ctypes.cast(rows, ctypes.POINTER(_api.hd_field))

    @entry
    def _factor(self, _self: int, address: int) -> None:
        io = _api.hd_rule_io.from_address(address)
        try:
            if self.failures:
                raise self.failures[0]
            raise_pending()
            self.rule.factor(Layer(io))  # type: ignore[attr-defined]
        except BaseException as error:
            self._fail(error)
            _array(io.g, io.n)[:] = math.nan

    def _hook(self, function: Any) -> Any:
        @entry
        def call(_self: int, address: int, *arguments: Any) -> None:
            s = _api.hd_synapses.from_address(address)
            try:
                if not self.failures:
                    raise_pending()
                    function(Synapses(self.rule, s), *arguments)
            except BaseException as error:
                self._fail(error)
            if self.failures:
                _array(s.e, s.n_pre, s.n_post, stride=s.stride)[:] = math.nan

        return call

    def _fail(self, error: BaseException) -> None:
        if not self.failures:
            self.failures.append(error)
