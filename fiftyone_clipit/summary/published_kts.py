"""The published KTS criterion: the change points of the usual code in a small part of its time."""

from __future__ import annotations

import numpy as np

from fiftyone_clipit.summary.count_by_count import change_points, count_by_count
from fiftyone_clipit.summary.hull import HullSearch
from fiftyone_clipit.summary.partition import partition
from fiftyone_clipit.summary.scatter import scatter_bands, scatter_matrix, total_scatter

# Up to this many samples (over an hour at 2 fps) the table of all stretches fits into memory: two of 0.5 GB.
EXACT_SAMPLES = 8192
# Beyond it, stretches up to this length, in a table of at most this many numbers.
_LONGEST = 512
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
    search = HullSearch(
        lambda price: _best_at(table, price),
        lambda found, m: _weakest_removed(table, found, m),
        n,
        whole=float(table[n, 0]),
        limit=limit,
        penalty=penalty,
        rounding=64 * np.finfo(np.float64).eps * n * largest,
    )
    possible = np.zeros(table.shape, dtype=bool)
    for doubt in search.run():
        # P is concave, so that price * m - P(m) is greatest at an end.
        excess = max(doubt.price * m - search.penalty(m) for m in (doubt.low, doubt.high))
        _mark_parts(possible, table, doubt.price, search.least + search.rounding + excess)
    scatter, origins = count_by_count(table, possible, min(limit, search.most()))
    m = np.arange(1, len(scatter))
    penalties = np.concatenate([[0.0], penalty * m / (2.0 * n) * (np.log(n / m) + 1)])
    return change_points(origins, int(np.argmin(scatter / n + penalties)))


def _long(features: np.ndarray, limit: int, penalty: float) -> np.ndarray:
    n = len(features)
    longest = max(2, min(_LONGEST, _NUMBERS // n))
    bands = [(first, band.astype(np.float32)) for first, band in scatter_bands(features, longest)]
    whole = total_scatter(features)

    def solve(price: float) -> tuple[np.ndarray, float]:
        found, total = partition(bands, n, price=price)
        return found, total - price * (len(found) + 1)

    search = HullSearch(
        solve, lambda found, _: (found, np.inf), n, whole=whole, limit=limit, penalty=penalty, rounding=1e-6 * whole
    )
    search.run()
    return search.best_found()


def _costs_before(table: np.ndarray, price: float) -> tuple[np.ndarray, np.ndarray]:
    """Least scatter + price * parts of the samples before each stop, and where the last part begins."""
    n = len(table) - 1
    total, origin = np.zeros(n + 1), np.zeros(n + 1, dtype=np.int64)
    for stop in range(1, n + 1):
        candidates = total[:stop] + table[stop, :stop]
        place = int(candidates.argmin())
        total[stop], origin[stop] = candidates[place] + price, place
    return total, origin


def _costs_after(table: np.ndarray, price: float) -> np.ndarray:
    """Least scatter + price * parts of the samples from each start on."""
    n = len(table) - 1
    total = np.zeros(n + 1)
    for start in range(n - 1, -1, -1):
        total[start] = (table[start + 1 :, start] + total[start + 1 :]).min() + price
    return total


def _best_at(table: np.ndarray, price: float) -> tuple[np.ndarray, float]:
    """Change points and scatter of the best partition at a price per change point."""
    _, origin = _costs_before(table, price)
    edges, scatter = [len(table) - 1], 0.0
    while edges[-1] > 0:
        edges.append(int(origin[edges[-1]]))
        scatter += float(table[edges[-2], edges[-1]])
    return np.array(edges[-2:0:-1], dtype=np.int64), scatter


def _mark_parts(possible: np.ndarray, table: np.ndarray, price: float, bound: float) -> None:
    """Marks each part that belongs to some partition of scatter + price * change points up to a bound."""
    before, after = _costs_before(table, price)[0], _costs_after(table, price)
    for stop in range(1, len(table)):
        possible[stop, :stop] |= before[:stop] + table[stop, :stop] + after[stop] <= bound


def _weakest_removed(table: np.ndarray, found: np.ndarray, m: int) -> tuple[np.ndarray, float]:
    """Drops change points, each time the one that costs least, until m are left."""
    edges = np.concatenate([[0], found, [len(table) - 1]])
    while len(edges) > m + 2:
        a, b, c = edges[:-2], edges[1:-1], edges[2:]
        edges = np.delete(edges, 1 + int(np.argmin(table[c, a] - table[b, a] - table[c, b])))
    return edges[1:-1], float(table[edges[1:], edges[:-1]].sum())
