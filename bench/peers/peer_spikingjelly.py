"""SpikingJelly's LIFNode in multi-step mode, with its torch backend."""
from spikingjelly.activation_based import neuron, surrogate
from torch import nn

import a2c
import lif_torch


class Lif(nn.Module):
    def __init__(self, keep=lif_torch.KEEP):
        super().__init__()
        self.node = neuron.LIFNode(tau=1 / (1 - keep), decay_input=True,
                                   v_threshold=lif_torch.V_TH, v_reset=0.0, step_mode="m",
                                   surrogate_function=surrogate.ATan(), detach_reset=True)

    def forward(self, currents):
        self.node.reset()
        return self.node(currents)


CASES = lif_torch.cases(Lif, lif_torch.R_M) | {"a2c": a2c.case(Lif, lif_torch.R_M)}
