"""Advantage actor-critic on CartPole-v1: a layer of LIF neurons, surrogate gradients through time.

Rollouts with GAE (Schulman et al. 2016), Adam, a linear critic on fixed random features. Network
and neuron are those of lif_torch.py; a peer supplies the neuron."""
import numpy as np
import torch
from torch import nn

from cartpole import CartPoles
from lif_torch import Net

FEATURES, GAMMA, LAMBDA = 64, 0.99, 0.98


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Linear(4, FEATURES)
        for p in self.features.parameters():
            nn.init.normal_(p, std=2.0)
            p.requires_grad_(False)
        self.out = nn.Linear(FEATURES, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, obs):
        return self.out(torch.sigmoid(self.features(obs))).squeeze(-1)


def advantages(value, following, terminated, ended):
    delta = 1 + GAMMA * torch.where(terminated, 0.0, following) - value
    out, later = torch.empty_like(delta), torch.zeros(delta.shape[1])
    for t in reversed(range(len(delta))):
        later = delta[t] + GAMMA * LAMBDA * torch.where(ended[t], 0.0, later)
        out[t] = later
    return out


def case(make, gain):
    def build(hidden, T, envs, rollout, seed, compiled=False):
        torch.manual_seed(seed)
        poles = CartPoles(envs, np.random.default_rng(seed))
        actor, critic = Net([hidden], T, make, gain), Critic()
        nn.init.zeros_(actor.readout.weight)
        nn.init.zeros_(actor.readout.bias)
        policy = torch.compile(actor, dynamic=False) if compiled else actor
        optimiser = torch.optim.Adam([{"params": actor.parameters(), "lr": 0.01},
                                      {"params": critic.out.parameters(), "lr": 0.2}])

        @torch.inference_mode()
        def collect():
            seen = [[], [], [], [], []]
            for _ in range(rollout):
                obs = torch.from_numpy(poles.observe())
                action = torch.rand(envs) < torch.softmax(policy(obs), 1)[:, 1]
                terminated, truncated = poles.step(action.numpy())
                after = torch.from_numpy(poles.observe())
                ended = terminated | truncated
                if ended.any():
                    poles.restart(ended)
                for to, what in zip(seen, (obs, action.long(), after, torch.from_numpy(terminated),
                                           torch.from_numpy(ended))):
                    to.append(what)
            return [torch.stack(one) for one in seen]

        def once():
            obs, action, after, terminated, ended = (one.clone() for one in collect())
            obs = obs.reshape(-1, 4)
            value = critic(obs)
            with torch.no_grad():
                advantage = advantages(value.view(rollout, envs), critic(after), terminated, ended)
                advantage = advantage.reshape(-1)
                goal = value + advantage
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-6)
            log_pi = torch.log_softmax(policy(obs), 1).gather(1, action.reshape(-1, 1))[:, 0]
            optimiser.zero_grad(set_to_none=True)
            (-(log_pi * advantage).mean() + 0.5 * ((value - goal) ** 2).mean()).backward()
            optimiser.step()
            return rollout * envs

        once.report, once.actor = poles.report, actor
        return once
    return build
