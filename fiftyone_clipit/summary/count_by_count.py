"""The usual dynamic program of kernel temporal segmentation, over the parts that matter."""

from __future__ import annotations

import numpy as np


def count_by_count(table: np.ndarray, possible: np.ndarray, limit: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Least scatter for every number of change points, from possible parts alone.

    It adds and compares in the usual order, so that even near ties fall as they usually do.

    Args:
        table: float64 (n + 1, n + 1), scatter by [stop, start].
        possible: bool (n + 1, n + 1), which of them may be used.
        limit: most change points.

    Returns:
        Least scatter for 0 ... limit change points, infinite where the parts do not allow it; and for each
        number the start of the last part by stop, for `change_points`.
    """
    n = len(table) - 1
    stops, starts = np.nonzero(possible)
    costs = table[stops, starts]
    groups, first, members = np.unique(stops, return_index=True, return_counts=True)
    group = np.repeat(np.arange(len(groups)), members)
    places = np.arange(len(stops))

    best = np.full(n + 1, np.inf)
    at_start = starts == 0
    best[stops[at_start]] = costs[at_start]
    scatter = np.full(limit + 1, np.inf)
    scatter[0] = best[n]
    origins = [np.zeros(n + 1, dtype=np.int32)]
    for m in range(1, limit + 1):
        candidates = best[starts] + costs
        least = np.minimum.reduceat(candidates, first)
        # Parts are in the order of their starts: of equals the first one wins.
        chosen = np.minimum.reduceat(np.where(candidates == least[group], places, len(places)), first)
        best = np.full(n + 1, np.inf)
        best[groups] = least
        origin = np.zeros(n + 1, dtype=np.int32)
        origin[groups] = starts[chosen]
        origins.append(origin)
        scatter[m] = best[n]
    return scatter, origins


def change_points(origins: list[np.ndarray], m: int) -> np.ndarray:
    """The change points of the best partition with m of them, int64, ascending."""
    found = np.zeros(m, dtype=np.int64)
    place = -1
    for k in range(m, 0, -1):
        place = int(origins[k][place])
        found[k - 1] = place
    return found
