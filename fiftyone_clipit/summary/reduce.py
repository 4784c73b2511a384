"""Fewer boundaries: the strongest of those that were found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def strongest(samples: np.ndarray, boundaries: np.ndarray, limit: int) -> np.ndarray:
    """Drops boundaries, each time the one whose shots lose least by becoming one, until `limit` are left."""
    edges = [0, *boundaries.tolist(), len(samples)]
    sums = [samples[a:b].sum(axis=0, dtype=np.float64) for a, b in pairwise(edges)]
    sizes = [b - a for a, b in pairwise(edges)]

    def loss(i: int) -> float:
        gap = sums[i] / sizes[i] - sums[i + 1] / sizes[i + 1]
        return float(gap @ gap) * sizes[i] * sizes[i + 1] / (sizes[i] + sizes[i + 1])

    losses = [loss(i) for i in range(len(sums) - 1)]
    while len(losses) > limit:
        i = int(np.argmin(losses))
        sums[i], sizes[i] = sums[i] + sums.pop(i + 1), sizes[i] + sizes.pop(i + 1)
        del losses[i], edges[i + 1]
        for j in (i - 1, i):
            if 0 <= j < len(losses):
                losses[j] = loss(j)
    return np.array(edges[1:-1], dtype=np.int64)
