"""Record the published input codes from itertools, for tests/coding.

    python3 tools/record_subsets.py > tests/data/subsets.txt

"sxk STATE LINES": three lines of five substeps, + where the line fires. The published gridworld's
states are counted from 1, ours from 0.
"bins BIN LINES": the ten lines of a bin.
"""

from itertools import combinations


def signs(on, n):
    return "".join("+" if i in on else "-" for i in range(n))


pairs = list(combinations(range(5), 2))
for state, chosen in enumerate(list(combinations(pairs, 3))[1:]):
    print("sxk", state, " ".join(signs(pair, 5) for pair in chosen))
for cell, on in enumerate(combinations(range(10), 5)):
    print("bins", cell, signs(on, 10))
