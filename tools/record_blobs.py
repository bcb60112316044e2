#!/usr/bin/env python3
"""Draw the set of Blobs-v0 from its description, in plain Python, for tests/env/test_samples.c.

    python3 tools/record_blobs.py > tests/data/blobs.txt

A line per sample: its class and four coordinates. Random numbers are those of src/base/random.h and
src/base/normal.h, computed in double where those compute in float.
"""
import math

SEED, STREAM, DRAW = 0, 10, 15
MASK64 = 2**64 - 1
MASK32 = 2**32 - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix64(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK64
    return z ^ (z >> 31)


def key(seed, stream, env, step):
    z = mix64(seed + GOLDEN * (stream + 1) & MASK64)
    z = mix64(z + GOLDEN * (env + 1) & MASK64)
    z = mix64(z + GOLDEN * (step + 1) & MASK64)
    return z & MASK32, z >> 32


def word(key, index):
    x = index * 0x9E3779B1 + key[0] & MASK32
    x ^= x >> 17
    x = x * 0xED5AD4BB & MASK32
    x ^= x >> 11
    x = x + key[1] & MASK32
    x = x * 0xAC4C1B51 & MASK32
    x ^= x >> 15
    x = x * 0x31848BAB & MASK32
    return x ^ (x >> 14)


def uniform(key, index):
    return ((word(key, index) >> 8) + 0.5) / 2**24


def normal(key, index):
    radius = math.sqrt(-2 * math.log(uniform(key, 2 * index)))
    return radius * math.cos(2 * math.pi * uniform(key, 2 * index + 1))


centres = key(SEED, STREAM, DRAW, 0)
spread = key(SEED, STREAM, DRAW, 1)
for sample in range(150):
    name = sample % 3
    cloud = 2 * name + sample // 3 % 2
    point = [
        1.2 * normal(centres, 4 * cloud + i) + 0.35 * normal(spread, 4 * sample + i)
        for i in range(4)
    ]
    print(name, *("%.7f" % x for x in point))
