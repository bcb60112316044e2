"""BindsNET's MSTDPET (Florian 2007): reward-modulated spike-timing plasticity with traces.

An observation becomes eight lines, each component's positive and negative part, that fire at
random; 64 LIF neurons, an output neuron per action, the busier one wins. BindsNET updates at every
substep with the reward it is given."""
import importlib.util
import sys
import types

import torch


def network_alone():
    """BindsNET's package imports all of itself, data sets included, and with them a torchvision
    that must fit torch to the build. The network needs neither: enter the package by its side."""
    package = types.ModuleType("bindsnet")
    package.__path__ = importlib.util.find_spec("bindsnet").submodule_search_locations
    sys.modules["bindsnet"] = package


network_alone()
from bindsnet.learning import MSTDPET  # noqa: E402
from bindsnet.network import Network  # noqa: E402
from bindsnet.network.monitors import Monitor  # noqa: E402
from bindsnet.network.nodes import Input, LIFNodes  # noqa: E402
from bindsnet.network.topology import Connection  # noqa: E402


def decide(hidden, T):
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    net = Network(dt=1.0, learning=True)
    x, h, y = Input(n=8, traces=True), LIFNodes(n=hidden, traces=True), LIFNodes(n=2, traces=True)
    first = Connection(x, h, w=8 * torch.rand(8, hidden), update_rule=MSTDPET, nu=1e-3)
    second = Connection(h, y, w=4 * torch.rand(hidden, 2), update_rule=MSTDPET, nu=1e-3)
    for name, layer in (("x", x), ("h", h), ("y", y)):
        net.add_layer(layer, name)
    net.add_connection(first, "x", "h")
    net.add_connection(second, "h", "y")
    seen = Monitor(y, ["s"], time=T)
    net.add_monitor(seen, "y")
    obs, turn = torch.randn(64, 4), iter(range(10**12))
    before = first.w.clone()

    def once():
        k = next(turn)
        o = obs[k % 64]
        p = torch.cat([o, -o]).clamp(0, 1)
        net.run({"x": (torch.rand(T, 1, 8) < p).float()}, time=T, reward=1.0 if k % 2 else -1.0)
        seen.get("s").sum(0).argmax()
        net.reset_state_variables()
        return 1

    once.report = lambda: {"moved": float((first.w - before).abs().max())}
    return once


CASES = {"decide": decide}
