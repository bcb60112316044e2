"""snnTorch's Leaky, reset to zero."""
import snntorch
import torch
from snntorch import surrogate
from torch import nn

import a2c
import lif_torch


class Lif(nn.Module):
    def __init__(self, keep=lif_torch.KEEP):
        super().__init__()
        self.leaky = snntorch.Leaky(beta=keep, threshold=lif_torch.V_TH, reset_mechanism="zero",
                                    spike_grad=surrogate.atan())

    def forward(self, currents):
        v, spikes = self.leaky.reset_mem(), []
        for current in currents.unbind():
            spike, v = self.leaky(current, v)
            spikes.append(spike)
        return torch.stack(spikes)


GAIN = lif_torch.R_M * (1 - lif_torch.KEEP)
CASES = lif_torch.cases(Lif, GAIN) | {"a2c": a2c.case(Lif, GAIN)}
