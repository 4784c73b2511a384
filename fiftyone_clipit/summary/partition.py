"""Optimal partition of a sequence by dynamic programming, with a price for every part."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def partition(
    bands: Iterable[tuple[int, np.ndarray]],
    n: int,
    *,
    price: float,
    length_price: float = 0.0,
    shortest: int = 1,
) -> tuple[np.ndarray, float]:
    """Cuts n samples into parts so that scatter + price * parts is least; exact.

    Jackson et al., An Algorithm for Optimal Partitioning of Data on an Interval, 2005; with parts limited to
    the width of the bands it takes linear time.

    Args:
        bands: blocks of (first stop, scatter (stops, longest)) in order, as `scatter_bands` yields them.
        n: number of samples, at least 1.
        price: cost of a part.
        length_price: cost of a part at the longest length, growing with the square of the length: without it,
            equally good partitions of a still video would leave splinters.
        shortest: least samples in a part, where the sequence is long enough for it.

    Returns:
        First sample of each part but the first, int64, ascending (among equals, the longest last part); and
        the total cost.
    """
    best = np.full(n + 1, np.inf)
    best[0] = 0.0
    origin = np.zeros(n + 1, dtype=np.int64)
    shortest = min(shortest, n)
    for first, band in bands:
        longest = band.shape[1]
        cost = band + price + length_price * (np.arange(1, longest + 1) / longest) ** 2
        cost[:, : shortest - 1] = np.inf
        for stop, row in enumerate(cost, start=first):
            reach = min(stop, longest)
            # Entry c is the part of c + 1 samples, so the totals before it are read backwards.
            total = row[:reach] + best[stop - reach : stop][::-1]
            length = reach - int(np.argmin(total[::-1]))
            best[stop], origin[stop] = total[length - 1], stop - length
    return _walk_back(origin), float(best[n])


def _walk_back(origin: np.ndarray) -> np.ndarray:
    starts = []
    place = int(origin[-1])
    while place > 0:
        starts.append(place)
        place = int(origin[place])
    return np.array(starts[::-1], dtype=np.int64)
