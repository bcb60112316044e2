"""Norse's LIFBoxCell: LIF without a synaptic current, reset to zero."""
import norse.torch
import torch
from torch import nn

import lif_torch

DT = 0.001


class Lif(nn.Module):
    def __init__(self, keep=lif_torch.KEEP):
        super().__init__()
        self.cell = norse.torch.LIFBoxCell(
            norse.torch.LIFBoxParameters(tau_mem_inv=torch.as_tensor((1 - keep) / DT),
                                         v_th=torch.as_tensor(lif_torch.V_TH)), dt=DT)

    def forward(self, currents):
        state, spikes = None, []
        for current in currents.unbind():
            spike, state = self.cell(current, state)
            spikes.append(spike)
        return torch.stack(spikes)


CASES = lif_torch.cases(Lif, lif_torch.R_M)
