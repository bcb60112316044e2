#!/usr/bin/env python3
"""Write the handwritten digits that scikit-learn ships as a C table, and figures to check it by.

    python3 tools/record_digits.py

with a Python that has scikit-learn. Writes

  src/env/digits_data.h   a row per picture: its class, then 64 pixels row by row, each a figure of
                          base 17 (0 to 9, A to G for 10 to 16)
  tests/data/digits.txt   how many pictures of the test part the nearest one of the training part
                          names rightly; then a line per class with its pictures and the sum of
                          their pixels, first of the training part, then of the test part

The pictures come in an order drawn once, by numpy's default_rng(0).permutation: the first 1437
are the training part, the last 360 the test part.
"""
import pathlib

import numpy
from sklearn.datasets import load_digits

TRAIN = 1437
FIGURES = "0123456789ABCDEFG"
ROOT = pathlib.Path(__file__).resolve().parent.parent

HEADER = """\
/* Written by tools/record_digits.py: handwritten digits, 8 x 8 pixels of 17 greys each, in the order
 * of that script. A row is the class and the pixels row by row, figures of base 17.
 *
 * From "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak 1998, UCI Machine
 * Learning Repository, doi 10.24432/C50P49, CC BY 4.0; the copy in scikit-learn, rearranged. */
#ifndef HD_DIGITS_DATA_H
#define HD_DIGITS_DATA_H

enum {{ HD_DIGITS_TRAIN = {train}, HD_DIGITS_TEST = {test} }};

/* clang-format off */
static const char hd__digits[HD_DIGITS_TRAIN + HD_DIGITS_TEST][66] = {{
"""

digits = load_digits()
order = numpy.random.default_rng(0).permutation(len(digits.target))
pixels = digits.data[order].astype(int)
classes = digits.target[order]

with open(ROOT / "src/env/digits_data.h", "w") as out:
    out.write(HEADER.format(train=TRAIN, test=len(classes) - TRAIN))
    for name, picture in zip(classes, pixels):
        out.write('"%d%s",\n' % (name, "".join(FIGURES[grey] for grey in picture)))
    out.write("};\n/* clang-format on */\n\n#endif\n")

distance = ((pixels[TRAIN:, None] - pixels[None, :TRAIN]) ** 2).sum(axis=2)
nearest = classes[:TRAIN][distance.argmin(axis=1)]
with open(ROOT / "tests/data/digits.txt", "w") as out:
    print((nearest == classes[TRAIN:]).sum(), file=out)
    for part in slice(0, TRAIN), slice(TRAIN, None):
        for name in range(10):
            chosen = pixels[part][classes[part] == name]
            print(name, len(chosen), chosen.sum(), file=out)
