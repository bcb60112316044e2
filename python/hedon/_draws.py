"""The draws of a network's spikes, as docs/randomness.md describes them."""
from __future__ import annotations

from typing import Any, Final

from ._numpy import numpy

WORD: Final = 2**64 - 1
GOLDEN: Final = 0x9E3779B97F4A7C15
STREAM_SPIKE: Final = 3
# Draws of a population begin at a multiple of it.
LANES: Final = 16


def _mix(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WORD
    return z ^ (z >> 31)


def _key(seed: int, row: int, substep: int) -> tuple[int, int]:
    z = _mix(seed + GOLDEN * (STREAM_SPIKE + 1) & WORD)
    z = _mix(z + GOLDEN * (row + 1) & WORD)
    z = _mix(z + GOLDEN * (substep + 1) & WORD)
    return z & 0xFFFFFFFF, z >> 32


def spike_draws(seed: int, row: int, substep: int, first: int, n: int) -> Any:
    """Numbers between 0 and 1, an array [n] of float32: draws first, first + 1, ... of a row."""
    module = numpy()
    a, b = _key(seed, row, substep)
    index = module.arange(first, first + n, dtype=module.uint32)
    x = (index >> 1) * module.uint32(0x9E3779B1) + module.uint32(a)
    x ^= x >> 17
    x *= module.uint32(0xED5AD4BB)
    x ^= x >> 11
    x += module.uint32(b)
    x *= module.uint32(0xAC4C1B51)
    x ^= x >> 15
    x *= module.uint32(0x31848BAB)
    x ^= x >> 14
    half = x >> (16 * (index & 1)) & 0xFFFF
    return (half.astype(module.float32) + module.float32(0.5)) * module.float32(1 / 65536)
