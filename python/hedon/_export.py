"""Networks in the terms of PyTorch."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._config import Config, options_of
from ._context import Context
from ._errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ._config import Option

# A task whose configuration lists the parameters of every neuron model.
ANY_TASK = "CartPole-v1"


def _params_of(options: Mapping[str, Option], neuron: str) -> dict[str, float]:
    return {key.split(".", 1)[1]: float(option.value) for key, option in options.items()
            if key.startswith(neuron + ".")}


def neuron_params(neuron: str, given: Mapping[str, float]) -> dict[str, float]:
    """All parameters of a model, those given over its defaults."""
    context = Context()
    config = Config(context, ANY_TASK, None, None)
    with context:
        options = options_of(config._as_parameter_)
    defaults = {key.split(".", 1)[1]: float(option.default) for key, option in options.items()
                if key.startswith(neuron + ".")}
    return {**defaults, **given}


def torch_module(populations: Sequence[Any], joints: Sequence[tuple[Any, ...]], network: Any, dt_ms: float,
                 params: Callable[[str, Mapping[str, float]], dict[str, float]], exact: bool,
                 kept: Sequence[str] = ("bias", "current")) -> Any:
    """A module of populations with name, n, neuron and params; `network` has what is kept of each."""
    try:
        from ._torch import Joint, Part, TorchNetwork
    except ImportError as error:
        raise ImportError(f"to_torch() needs PyTorch and NumPy: {error}") from None
    views = network.views.names()

    def read(name: str, kind: str) -> Any:
        return network.read(f"{name}.{kind}") if kind in kept and f"{name}.{kind}" in views else None

    parts = [Part(p.name, p.n, p.neuron, params(p.neuron, p.params), read(p.name, "bias"),
                  read(p.name, "current")) for p in populations]
    return TorchNetwork(parts, [Joint(*joint) for joint in joints], dt_ms, exact)


def session_module(session: Any, network: Any, exact: bool) -> Any:
    """The module of the network that a session shows."""
    from ._population import Population

    options: dict[str, Option] = session.options
    learned = [key for key in ("learn_tau", "learn_threshold") if options[key].value == "true"]
    if learned:
        raise ConflictError(f"neurons with constants of their own ({learned[0]} = true) have no module of PyTorch")
    if options["delay"].is_read and options["delay"].value != "0":
        raise ConflictError(f"a session's network with delays (delay = {options['delay'].value}) has no module of "
                            "PyTorch; a hedon.Network with delays has one")
    neuron, views = options["neuron"].value, network.views
    params = _params_of(options, neuron)
    found = [name.rsplit(".", 1) for name in views.names()]
    populations = [Population(name, views[f"{name}.{kind}"].shape[-1], "input" if kind == "value" else neuron,
                              **params) for name, kind in found if kind in ("value", "spike")]
    joints = [(name, *name.split("->"), int(name.split("->")[0] == name.split("->")[1]),
               network.read(f"{name}.weight"), None) for name, kind in found if kind == "weight"]
    return torch_module(populations, joints, network, float(options["dt"].value), lambda _, given: dict(given), exact,
                        kept=("bias",))  # currents are the noise of a decision
