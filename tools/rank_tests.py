"""Rank tests of paired scores, two-sided, for scripts that need no other packages.

As scipy 1.x computes them: wilcoxon(x, zero_method="wilcox", correction=False, method="approx"),
friedmanchisquare(*columns), spearmanr(x, y).
"""
import math


def ranks(values):
    """Ranks from 1; equal values share their mean rank."""
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for i in order[at:end + 1]:
            rank[i] = (at + end) / 2 + 1
        at = end + 1
    return rank


def ties(values):
    """The sum of t^3 - t over groups of t equal values."""
    return sum(values.count(v) ** 3 - values.count(v) for v in set(values))


def wilcoxon(differences):
    """p of the signed-rank test by the normal approximation; differences of 0 are left out.
    Source: Wilcoxon 1945."""
    d = [round(x, 9) for x in differences if round(x, 9) != 0]
    n, size = len(d), [abs(x) for x in d]
    if n == 0:
        return 1.0
    W = sum(rank for rank, x in zip(ranks(size), d) if x > 0)
    variance = n * (n + 1) * (2 * n + 1) / 24 - ties(size) / 48
    return math.erfc(abs(W - n * (n + 1) / 4) / math.sqrt(2 * variance))


def chi_square_tail(x, k):
    """P(X > x) for k degrees of freedom, by the series of the lower incomplete gamma function."""
    a, half = k / 2, x / 2
    term = total = math.exp(a * math.log(half) - half - math.lgamma(a + 1)) if half > 0 else 0.0
    i = 1
    while term > total * 1e-16:
        term *= half / (a + i)
        total += term
        i += 1
    return max(0.0, 1.0 - total)


def friedman(columns):
    """p that treatments (columns), measured on the same subjects, do not differ.
    Source: Friedman 1937."""
    k, n = len(columns), len(columns[0])
    rows = list(zip(*columns))
    ranked = [ranks(list(row)) for row in rows]
    square = sum(sum(row[j] for row in ranked) ** 2 for j in range(k))
    correction = 1 - sum(ties(list(row)) for row in rows) / (n * k * (k * k - 1))
    if correction == 0:
        return 1.0
    return chi_square_tail((12 * square / (n * k * (k + 1)) - 3 * n * (k + 1)) / correction, k - 1)


def holm(p):
    """The p-values of one family, corrected for their number.  Source: Holm 1979."""
    corrected, largest = [0.0] * len(p), 0.0
    for i, at in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        largest = max(largest, min(1.0, (len(p) - i) * p[at]))
        corrected[at] = largest
    return corrected


def spearman(x, y):
    """The rank correlation, between -1 and 1.  Source: Spearman 1904."""
    a, b = ranks(x), ranks(y)
    mean = (len(x) + 1) / 2
    up = sum((u - mean) * (v - mean) for u, v in zip(a, b))
    return up / math.sqrt(sum((u - mean) ** 2 for u in a) * sum((v - mean) ** 2 for v in b))
