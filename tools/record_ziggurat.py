#!/usr/bin/env python3
"""Write src/base/ziggurat.h: the layers by which numpy draws normal deviates.

Use:  python tools/record_ziggurat.py

with a Python that has numpy. numpy keeps its table to itself, but what it draws tells: a deviate is
the double nearest to the product of a layer's width and 52 random bits, which are known, so each
draw confines the width of its layer, and a few hundred leave a single double. With the widths found
a million deviates are drawn and must be numpy's own before the table is written.

Source: Marsaglia & Tsang 2000, J. Statistical Software 5(8); numpy's tail begins at R.
"""
import fractions
import math
import pathlib

import numpy

R = 3.6541528853610088
LAYERS = 256
DRAWS = 1000000
FILE = pathlib.Path(__file__).resolve().parent.parent / "src/base/ziggurat.h"

HEAD = """/* How far the layers of numpy's ziggurat reach, from the innermost (1) to the outermost (255); 0 is
 * the lowest, whose area includes the tail. Written by tools/record_ziggurat.py. */
#ifndef HD_ZIGGURAT_H
#define HD_ZIGGURAT_H

enum { HD_ZIGGURAT_LAYERS = 256 };

static const double hd__ziggurat[HD_ZIGGURAT_LAYERS] = {
"""


def parts(bits):
    """Layer, sign and place within the layer."""
    return bits & 255, bits >> 8 & 1, bits >> 9 & 2**52 - 1


def first_words(generator):
    """Pairs of a generator's next word and the deviate it became at the first attempt."""
    numbers = generator.bit_generator
    probe = numpy.random.PCG64()
    for _ in range(DRAWS):
        probe.state = numbers.state
        bits = int(probe.random_raw())
        value = abs(float(generator.standard_normal()))
        if probe.state != numbers.state and bits & 255 > 0:
            probe.random_raw()  # the deviate was put to the test
        if probe.state == numbers.state:
            yield bits, value


def recorded_edges():
    low, high = [0] * LAYERS, [5] * LAYERS
    for bits, value in first_words(numpy.random.Generator(numpy.random.PCG64(5))):
        layer, _, place = parts(bits)
        if place < 2**46:
            continue
        scale, half = fractions.Fraction(2**52, place), fractions.Fraction(math.ulp(value)) / 2
        low[layer] = max(low[layer], (fractions.Fraction(value) - half) * scale)
        high[layer] = min(high[layer], (fractions.Fraction(value) + half) * scale)
    return [only_double(*bounds) for bounds in zip(low, high)]


def only_double(low, high):
    middle = float((low + high) / 2)
    around = [math.nextafter(middle, 0), middle, math.nextafter(middle, 9)]
    within = [x for x in around if low <= x <= high]
    if len(within) != 1:
        raise SystemExit(f"{within} are all possible: draw more")
    return within[0]


def normal(x, word, uniform):
    """What numpy makes of the generator's words; src/base/env_random.c does the same."""
    def height(i):
        return 1.0 if i == 0 else math.exp(-0.5 * x[i] * x[i])

    while True:
        layer, sign, place = parts(word())
        value = place * (x[layer] * 2.0**-52)
        inner = 0 if layer == 1 else int(x[layer - 1] / x[layer] * 2**52)
        if place < inner:
            return -value if sign else value
        if layer == 0:
            while True:
                beyond = -1 / R * math.log1p(-uniform())
                if -2 * math.log1p(-uniform()) > beyond * beyond:
                    return -(R + beyond) if place >> 8 & 1 else R + beyond
        low, high = height(layer), height(layer - 1)
        if (high - low) * uniform() + low < math.exp(-0.5 * value * value):
            return -value if sign else value


def check(x):
    theirs = numpy.random.Generator(numpy.random.PCG64(2024)).standard_normal(DRAWS)
    words = numpy.random.PCG64(2024)

    def word():
        return int(words.random_raw())

    for number, want in enumerate(theirs):
        got = normal(x, word, lambda: (word() >> 11) * 2.0**-53)
        if got != want:
            raise SystemExit(f"draw {number} is {got!r}, numpy's {want!r}")
    print(f"{DRAWS} deviates as numpy {numpy.__version__} draws them")


def main():
    x = recorded_edges()
    check(x)
    rows = [", ".join(edge.hex() for edge in x[i:i + 4]) for i in range(0, LAYERS, 4)]
    FILE.write_text(HEAD + "".join(f"    {row},\n" for row in rows) + "};\n\n#endif\n")


if __name__ == "__main__":
    main()
