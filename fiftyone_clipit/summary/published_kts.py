"""The published KTS criterion: the change points of the usual code in a small part of its time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from fiftyone_clipit.summary.hull import HullSearch
from fiftyone_clipit.summary.partition import partition
from fiftyone_clipit.summary.scatter import scatter_bands, scatter_matrix

# Up to this many samples (over an hour at 2 fps) the table of all stretches fits into memory: two of 0.5 GB.
EXACT_SAMPLES = 8192
# Beyond it, stretches up to this length, in a table of at most this many numbers.
_LONGEST = 1024
_NUMBERS = 100_000_000


def published_kts(features: np.ndarray, limit: int, penalty: float) -> np.ndarray:
    """Change points that minimize S(m) / n + penalty * m / (2 n) * (log(n / m) + 1) over m up to `limit`.

    Exact up to `EXACT_SAMPLES`: the search over the hull finds m, and the answer is checked to be the only
        one beyond rounding; where it is not, the usual dynamic program decides. Longer videos get the best
        corner of the hull with shots of limited length, over overlapping blocks.

    Args:
        features: (n, dim).
        limit: most change points, below n.
        penalty: the criterion's vmax, at least 0.

    Returns:
        int64: first sample of each next shot. Of equally good places the earliest, as in the usual code.
    """
    if len(features) > EXACT_SAMPLES:
        return _long(features, limit, penalty)
    n = len(features)
    table = scatter_matrix(features)
    largest = float(table[n, 0]) + float(np.abs(np.diag(table, -1)).max())
    rounding = 64 * np.finfo(np.float64).eps * n * largest
    search = HullSearch(
        lambda price: _priced(table, price),
        n,
        whole=float(table[n, 0]),
        limit=limit,
        penalty=penalty,
        rounding=rounding,
    )
    m, certain = search.run()
    if not certain:
        scatter, origin = _count_by_count(table, min(limit, search.most()))
        counts = np.arange(1, len(scatter))
        penalties = np.concatenate([[0.0], penalty * counts / (2.0 * n) * (np.log(n / counts) + 1)])
        return _change_points(origin, int(np.argmin(scatter / n + penalties)))
    if m == 0:
        return np.zeros(0, dtype=np.int64)
    found = _only_partition(table, search.price(m), rounding)
    if found is None or len(found) != m:
        found = _change_points(_count_by_count(table, m)[1], m)
    return found


def _long(features: np.ndarray, limit: int, penalty: float) -> np.ndarray:
    n = len(features)
    longest = max(2, min(_LONGEST, _NUMBERS // n))
    bands = [(first, band.astype(np.float32)) for first, band in scatter_bands(features, longest)]
    wide = np.asarray(features, dtype=np.float64)
    whole = float(np.square(wide - wide.mean(axis=0)).sum())
    del wide
    partitions: dict[int, np.ndarray] = {0: np.zeros(0, dtype=np.int64)}

    def solve(price: float) -> tuple[int, float]:
        found, total = partition(bands, n, price=price)
        partitions[len(found)] = found
        return len(found), total - price * (len(found) + 1)

    search = HullSearch(solve, n, whole=whole, limit=limit, penalty=penalty, rounding=1e-6 * whole)
    return partitions[search.run()[0]]


def _origins(table: np.ndarray, price: float) -> tuple[np.ndarray, np.ndarray]:
    """Least scatter + price * parts of the first samples, for each stop, and where the last part begins."""
    n = len(table) - 1
    total, origin = np.zeros(n + 1), np.zeros(n + 1, dtype=np.int64)
    for stop in range(1, n + 1):
        candidates = total[:stop] + table[stop, :stop]
        place = int(candidates.argmin())
        total[stop], origin[stop] = candidates[place] + price, place
    return total, origin


def _priced(table: np.ndarray, price: float) -> tuple[int, float]:
    """Change points and scatter of the best partition at a price."""
    _, origin = _origins(table, price)
    stop, parts, scatter = len(table) - 1, 0, 0.0
    while stop > 0:
        scatter += float(table[stop, origin[stop]])
        stop, parts = int(origin[stop]), parts + 1
    return parts - 1, scatter


def _only_partition(table: np.ndarray, price: float, rounding: float) -> np.ndarray | None:
    """The best partition at a price, if no other comes near it."""
    n = len(table) - 1
    before, origin = _origins(table, price)
    after = np.zeros(n + 1)
    for start in range(n - 1, -1, -1):
        after[start] = (table[start + 1 :, start] + after[start + 1 :]).min() + price
    edges = [n]
    while edges[-1] > 0:
        edges.append(int(origin[edges[-1]]))
    chosen = dict(pairwise(edges))
    for stop in range(1, n + 1):
        # The best of all partitions that have a part from each start to this stop: any other has one not
        # chosen.
        through = before[:stop] + table[stop, :stop]
        if stop in chosen:
            through[chosen[stop]] = np.inf
        if through.min() + price + after[stop] <= before[n] + rounding:
            return None
    return np.array(edges[-2:0:-1], dtype=np.int64)


def _count_by_count(table: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The usual dynamic program: S(m) for every m up to a limit, and where the last part of each prefix begins."""
    n = len(table) - 1
    best = table[:, 0].copy()
    scatter = np.full(limit + 1, np.inf)
    scatter[0] = best[n]
    origin = np.zeros((limit + 1, n + 1), dtype=np.int32)
    for m in range(1, limit + 1):
        total = np.full(n + 1, np.inf)
        for stop in range(m + 1, n + 1):
            candidates = best[m:stop] + table[stop, m:stop]
            place = int(candidates.argmin())
            total[stop], origin[m, stop] = candidates[place], m + place
        best = total
        scatter[m] = best[n]
    return scatter, origin


def _change_points(origin: np.ndarray, m: int) -> np.ndarray:
    found = np.zeros(m, dtype=np.int64)
    place = origin.shape[1] - 1
    for k in range(m, 0, -1):
        place = int(origin[k, place])
        found[k - 1] = place
    return found
