"""The rule of `neuron-agent` written for NumPy, and once more neuron by neuron in plain Python.

H Bernoulli neurons see the observation and a constant, fire with probability sigmoid(w.x) in each
of T substeps, and a softmax reads their mean. A neuron's eligibility is (spikes - T p) x, the
readout's the score of the action taken; GAE (Schulman et al. 2016) on a linear critic of fixed
random features; Adam (Kingma & Ba 2015) for all. Both forms do the same arithmetic: `check` gives
them the same random numbers and compares the weights."""
import math

import numpy as np

from cartpole import CartPoles

H, T, FEATURES, GAMMA, LAMBDA = 64, 4, 64, 0.99, 0.98
ALPHA, ALPHA_CRITIC, BETA1, BETA2 = 0.01, 0.4, 0.9, 0.999


def advantages(value, following, terminated, ended):
    delta = 1 + GAMMA * np.where(terminated, 0, following) - value
    out, later = np.empty_like(delta), np.zeros_like(delta[0])
    keep = GAMMA * LAMBDA * ~ended
    for t in reversed(range(len(delta))):
        later = delta[t] + keep[t] * later
        out[t] = later
    return out


# ---- vectorised ----

class Adam:
    """One flat vector of weights; the gradient points uphill."""

    def __init__(self, weights, alpha):
        self.weights, self.alpha, self.count = weights, alpha, 0
        self.mean, self.square = np.zeros_like(weights), np.zeros_like(weights)

    def climb(self, gradient):
        self.count += 1
        self.mean += (1 - BETA1) * (gradient - self.mean)
        self.square += (1 - BETA2) * (gradient * gradient - self.square)
        rate = self.alpha * math.sqrt(1 - BETA2**self.count) / (1 - BETA1**self.count)
        self.weights += rate * self.mean / (np.sqrt(self.square) + 1e-8)


class Agent:
    """B environments at once, all learning at the end of a rollout in a few matrix products."""

    def __init__(self, start, critic, B, rollout, draw):
        self.actor = Adam(start.copy(), ALPHA)
        self.hidden = self.actor.weights[:5 * H].reshape(5, H)
        self.readout = self.actor.weights[5 * H:].reshape(H + 1, 2)
        self.fixed = critic
        self.critic = Adam(np.zeros(FEATURES + 1, start.dtype), ALPHA_CRITIC)
        kind, n = start.dtype, rollout
        self.draw = draw  # (B) -> uniforms [T, B, H] and [B]
        self.x = np.ones((n, B, 5), kind)
        self.after = np.ones((n, B, 5), kind)
        self.mean = np.ones((n, B, H + 1), kind)
        self.p = np.empty((n, B, H), kind)
        self.score = np.empty((n, B, 2), kind)
        self.terminated, self.ended = np.empty((n, B), bool), np.empty((n, B), bool)

    def act(self, t):
        p = self.p[t]
        np.matmul(self.x[t], self.hidden, out=p)
        np.negative(p, out=p)
        np.exp(p, out=p)
        p += 1
        np.reciprocal(p, out=p)
        noise, choice = self.draw(len(p))
        fired = (noise < p).view(np.uint8)
        np.multiply(np.add.reduce(fired, 0, dtype=np.uint8), p.dtype.type(1 / T),
                    out=self.mean[t, :, :H])
        logit = self.mean[t] @ self.readout
        one = 1 / (1 + np.exp(logit[:, 0] - logit[:, 1]))
        action = choice < one
        self.score[t, :, 1] = action - one
        self.score[t, :, 0] = -self.score[t, :, 1]
        return action

    def values(self, x):
        phi = np.ones((len(x), FEATURES + 1), x.dtype)
        phi[:, :FEATURES] = 1 / (1 + np.exp(-(x @ self.fixed)))
        return phi, phi @ self.critic.weights

    def learn(self):
        n, B = self.ended.shape
        x = self.x.reshape(-1, 5)
        phi, value = self.values(x)
        following = np.empty_like(value).reshape(n, B)
        following[:-1] = value.reshape(n, B)[1:]
        fresh = self.ended.copy()  # what followed is not what the next step saw
        fresh[-1] = True
        following[fresh] = self.values(self.after[fresh])[1]
        gain = advantages(value.reshape(n, B), following, self.terminated, self.ended).reshape(-1)
        scaled = (gain - gain.mean()) / max(gain.std(), 1e-6) / len(gain)
        spikes = self.mean.reshape(-1, H + 1)
        factor = T * (spikes[:, :H] - self.p.reshape(-1, H)) * scaled[:, None]
        gradient = np.concatenate([
            (x.T @ factor).reshape(-1),
            (spikes.T @ (self.score.reshape(-1, 2) * scaled[:, None])).reshape(-1)])
        self.actor.climb(gradient)
        self.critic.climb(gain @ phi / len(gain))


def start(rng, kind):
    weights = np.zeros(5 * H + (H + 1) * 2, kind)
    weights[:5 * H] = rng.standard_normal(5 * H)
    return weights, (2 * rng.standard_normal((5, FEATURES))).astype(kind)


def float_draws(rng):
    def draw(B):
        return rng.random((T, B, H), "f4"), rng.random(B, "f4")
    return draw


def vectorised(B, rollout, seed):
    rng = np.random.Generator(np.random.SFC64(seed))
    agent = Agent(*start(rng, np.dtype("f4")), B, rollout, float_draws(rng))
    poles = CartPoles(B, rng)

    def once():
        for t in range(rollout):
            agent.x[t, :, :4] = poles.observe()
            agent.terminated[t], truncated = poles.step(agent.act(t))
            agent.after[t, :, :4] = poles.observe()
            np.logical_or(agent.terminated[t], truncated, out=agent.ended[t])
            if agent.ended[t].any():
                poles.restart(agent.ended[t])
        agent.learn()
        return B * rollout

    once.report = poles.report
    return once


# ---- neuron by neuron ----

def sigmoid(u):
    return 1 / (1 + math.exp(-u)) if u > -700 else 0.0


class Weights:
    """Weights of one neuron or logit with its own gradient and Adam."""

    def __init__(self, w, alpha):
        self.w, self.alpha, self.count = list(w), alpha, 0
        self.gradient, self.mean, self.square = ([0.0] * len(self.w) for _ in range(3))

    def drive(self, x):
        return sum(w * v for w, v in zip(self.w, x))

    def add(self, factor, x):
        gradient = self.gradient
        for i, v in enumerate(x):
            gradient[i] += factor * v

    def climb(self):
        self.count += 1
        rate = self.alpha * math.sqrt(1 - BETA2**self.count) / (1 - BETA1**self.count)
        for i, g in enumerate(self.gradient):
            self.mean[i] += (1 - BETA1) * (g - self.mean[i])
            self.square[i] += (1 - BETA2) * (g * g - self.square[i])
            self.w[i] += rate * self.mean[i] / (math.sqrt(self.square[i]) + 1e-8)
            self.gradient[i] = 0.0


class Neuron(Weights):
    def act(self, x, noise):
        """Mean spike over the substeps; keeps what its eligibility needs."""
        p = sigmoid(self.drive(x))
        spikes = sum(1 for one in noise if one < p)
        self.kept.append(spikes - T * p)
        return spikes / T

    def learn(self, scaled, xs):
        for gain, factor, x in zip(scaled, self.kept, xs):
            self.add(gain * factor, x)
        self.climb()
        self.kept = []

    kept = None


class LoopAgent:
    def __init__(self, weights, critic, rollout, draw):
        hidden, readout = weights[:5 * H].reshape(5, H), weights[5 * H:].reshape(H + 1, 2)
        self.neurons = [Neuron(map(float, hidden[:, j]), ALPHA) for j in range(H)]
        for neuron in self.neurons:
            neuron.kept = []
        self.logits = [Weights(map(float, readout[:, a]), ALPHA) for a in range(2)]
        self.features = [list(map(float, critic[:, j])) for j in range(FEATURES)]
        self.critic = Weights([0.0] * (FEATURES + 1), ALPHA_CRITIC)
        self.draw, self.rollout = draw, rollout
        self.x, self.spikes, self.score, self.after, self.ends = [], [], [], [], []

    def act(self, x):
        noise, choice = self.draw()
        mean = [n.act(x, [row[j] for row in noise]) for j, n in enumerate(self.neurons)] + [1.0]
        one = sigmoid(self.logits[1].drive(mean) - self.logits[0].drive(mean))
        action = choice < one
        self.x.append(x)
        self.spikes.append(mean)
        self.score.append(action - one)
        return action

    def phi(self, x):
        return [sigmoid(sum(w * v for w, v in zip(f, x))) for f in self.features] + [1.0]

    def learn(self):
        n = len(self.x)
        phi = [self.phi(x) for x in self.x]
        value = [self.critic.drive(f) for f in phi]
        gain, later = [0.0] * n, 0.0
        for t in reversed(range(n)):
            terminated, ended = self.ends[t]
            following = 0.0
            if not terminated:
                known = not ended and t + 1 < n
                following = value[t + 1] if known else self.critic.drive(self.phi(self.after[t]))
            later = 1 + GAMMA * following - value[t] + (0 if ended else GAMMA * LAMBDA * later)
            gain[t] = later
        mean = sum(gain) / n
        deviation = max(math.sqrt(sum((g - mean) ** 2 for g in gain) / n), 1e-6)
        scaled = [(g - mean) / deviation / n for g in gain]
        for neuron in self.neurons:
            neuron.learn(scaled, self.x)
        for sign, logit in zip((-1, 1), self.logits):
            for g, score, spikes in zip(scaled, self.score, self.spikes):
                logit.add(sign * g * score, spikes)
            logit.climb()
        for g, f in zip(gain, phi):
            self.critic.add(g / n, f)
        self.critic.climb()
        self.x, self.spikes, self.score, self.after, self.ends = [], [], [], [], []


class Pole:
    """One cart-pole in plain Python."""

    def __init__(self, random):
        self.random, self.returns = random, []
        self.restart()

    def restart(self):
        self.state = [0.1 * self.random() - 0.05 for _ in range(4)]
        self.steps = 0

    def observe(self):
        x, speed, angle, turn = self.state
        return [x / 2.4, speed * 0.5, angle / 0.2095, turn * 0.5, 1.0]

    def step(self, action):
        x, speed, angle, turn = self.state
        cos, sin = math.cos(angle), math.sin(angle)
        push = ((10.0 if action else -10.0) + 0.05 * turn * turn * sin) / 1.1
        bend = (9.8 * sin - cos * push) / (2 / 3 - 0.05 / 1.1 * cos * cos)
        self.state = [x + 0.02 * speed, speed + 0.02 * (push - 0.05 / 1.1 * bend * cos),
                      angle + 0.02 * turn, turn + 0.02 * bend]
        self.steps += 1
        fallen = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 12 * math.pi / 180
        return fallen, not fallen and self.steps >= 500


def play(agent, pole):
    """A rollout of the loop agent, learning at its end."""
    for _ in range(agent.rollout):
        terminated, truncated = pole.step(agent.act(pole.observe()))
        agent.after.append(pole.observe())
        agent.ends.append((terminated, terminated or truncated))
        if terminated or truncated:
            pole.restart()
    agent.learn()


def loop(rollout, seed):
    import random
    rng = np.random.default_rng(seed)
    source = random.Random(seed).random
    agent = LoopAgent(*start(rng, np.dtype("f8")), rollout,
                      lambda: ([[source() for _ in range(H)] for _ in range(T)], source()))
    pole = Pole(source)

    def once():
        play(agent, pole)
        return rollout
    return once


# ---- do they do the same? ----

class Given:
    """Observations and ends of a recorded pole, whatever the action."""

    def __init__(self, n, rng):
        self.x = np.concatenate([rng.standard_normal((n + 1, 4)), np.ones((n + 1, 1))], 1)
        self.terminated = rng.random(n) < 0.1
        self.ended = self.terminated | (rng.random(n) < 0.1)


def check(updates, rollout):
    """Largest difference of a weight after so many updates on the same numbers, in double."""
    rng = np.random.default_rng(1)
    weights, critic = start(rng, np.dtype("f8"))
    noise = [(rng.random((T, 1, H)), rng.random(1)) for _ in range(updates * rollout)]
    first, second = iter(noise), iter(noise)

    def draw():
        drawn, choice = next(second)
        return drawn[:, 0].tolist(), float(choice[0])

    array = Agent(weights, critic, 1, rollout, lambda B: next(first))
    plain = LoopAgent(weights, critic, rollout, draw)
    for _ in range(updates):
        given = Given(rollout, rng)
        for t in range(rollout):
            array.x[t, 0] = given.x[t]
            array.after[t, 0] = given.x[t + 1]
            array.terminated[t], array.ended[t] = given.terminated[t], given.ended[t]
            array.act(t)
            plain.act(given.x[t].tolist())
            plain.after.append(given.x[t + 1].tolist())
            plain.ends.append((given.terminated[t], given.ended[t]))
        array.learn()
        plain.learn()
    theirs = np.concatenate([np.array([n.w for n in plain.neurons]).T.reshape(-1),
                             np.array([one.w for one in plain.logits]).T.reshape(-1)])
    critics = np.abs(array.critic.weights - plain.critic.w).max()
    return lambda: {"difference": float(max(np.abs(array.actor.weights - theirs).max(), critics))}


CASES = {"vectorised": vectorised, "loop": loop, "check": check}
