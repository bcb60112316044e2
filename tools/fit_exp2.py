#!/usr/bin/env python3
"""Fit 2^f on [-1/2, 1/2] by 1 + c1 f + ... + c5 f^5 with the least relative error, for hd__sigmoidf in
src/base/mathf.h (Lawson's reweighted least squares). Needs numpy; prints c1 to c5."""
import numpy as np

f = 0.5 * np.cos(np.linspace(0, np.pi, 4001))
target = 2.0 ** f
powers = np.stack([f**k for k in range(1, 6)], axis=1) / target[:, None]
rest = (target - 1) / target
weight = np.ones_like(f)
for _ in range(300):
    root = np.sqrt(weight)
    c, *_ = np.linalg.lstsq(powers * root[:, None], rest * root, rcond=None)
    error = np.abs(powers @ c - rest)
    weight *= error / error.max() + 1e-12
    weight /= weight.sum()
for k, value in enumerate(c, start=1):
    print(f"c{k} = {value:.8e}")
print(f"relative error {error.max():.1e}")
