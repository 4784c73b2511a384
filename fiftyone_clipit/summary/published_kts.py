"""The published KTS criterion, exactly, without trying every number of change points."""

from __future__ import annotations

import numpy as np

from fiftyone_clipit.summary.scatter import scatter_matrix


def published_kts(features: np.ndarray, limit: int, penalty: float) -> np.ndarray:
    """Change points that minimize scatter(m) / n + penalty(m), m up to `limit`, as the usual code finds them."""
    n = len(features)
    scatter = scatter_matrix(features)
    m = np.arange(1, limit + 1)
    prices = np.concatenate([[0.0], penalty * m / (2.0 * n) * (np.log(n / m) + 1)])
    best = scatter[:, 0].copy()
    origins = np.zeros((limit + 1, n + 1), dtype=np.int32)
    scores = np.full(limit + 1, np.inf)
    scores[0] = best[n]
    for k in range(1, limit + 1):
        total = np.full(n + 1, np.inf)
        for stop in range(k + 1, n + 1):
            candidates = best[k:stop] + scatter[stop, k:stop]
            place = int(np.argmin(candidates))
            total[stop], origins[k, stop] = candidates[place], k + place
        best = total
        scores[k] = best[n]
    count = int(np.argmin(scores / n + prices))
    found = np.zeros(count, dtype=np.int64)
    place = n
    for k in range(count, 0, -1):
        place = origins[k, place]
        found[k - 1] = place
    return found
