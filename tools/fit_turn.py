#!/usr/bin/env python3
"""Fit sin(pi u) = u (s0 + s1 u^2 + ... + s4 u^8) and cos(pi u) = 1 + c1 u^2 + ... + c5 u^10 on
[-1/2, 1/2] with the least absolute error, for src/kernel/impl_fourier.h (Lawson's reweighted least
squares). Needs numpy; prints the coefficients."""
import numpy as np


def fit(columns, target):
    weight = np.ones_like(target)
    for _ in range(300):
        root = np.sqrt(weight)
        c, *_ = np.linalg.lstsq(columns * root[:, None], target * root, rcond=None)
        error = np.abs(columns @ c - target)
        weight *= error / error.max() + 1e-12
        weight /= weight.sum()
    return c, error.max()


u = 0.25 + 0.25 * np.cos(np.linspace(0, np.pi, 4001))
sine, sine_error = fit(np.stack([u ** (2 * k + 1) for k in range(5)], axis=1), np.sin(np.pi * u))
cosine, cosine_error = fit(np.stack([u ** (2 * k) for k in range(1, 6)], axis=1), np.cos(np.pi * u) - 1)
for k, value in enumerate(sine):
    print(f"s{k} = {value:.8e}")
for k, value in enumerate(cosine, start=1):
    print(f"c{k} = {value:.8e}")
print(f"absolute errors {sine_error:.1e}, {cosine_error:.1e}")
