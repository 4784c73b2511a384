"""How fast shots are found: against the usual program at half an hour of video, and alone at ten hours.

    python benchmarks/kts.py [--textbook-change-points 200] [--output results.json]

The comparison is the published dynamic program as it is usually written, in plain Python loops over Python
lists. With its default of n - 1 change points it would take hours, so both sides get the same smaller limit,
which only the usual program profits from. The features are drawn: scenes of random length, unit length, 2
samples a second.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import re
import time
from pathlib import Path

import numpy as np
from reporting import keep

from fiftyone_clipit.summary import kts

HALF_AN_HOUR, TEN_HOURS, DIM = 3_600, 72_000, 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--textbook-change-points", type=int, default=200)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    results = compare(HALF_AN_HOUR, options.textbook_change_points)
    for name, arguments in {"default": {}, "compatible": {"compatible": True}}.items():
        # In a process of its own, whose peak memory is that of this run.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results[f"ten hours, {name}"] = pool.apply(alone, (TEN_HOURS, arguments))
    keep(results, options.output)


def drawn_features(n: int) -> np.ndarray:
    """Scenes of 2 to 40 seconds in a narrow cone, as CLIP's features are; float16 (n, DIM)."""
    rng = np.random.default_rng(0)
    features = np.empty((n, DIM), dtype=np.float16)
    row = 0
    while row < n:
        size = min(int(rng.integers(4, 80)), n - row)
        centre = 1 + 0.5 * rng.normal(size=DIM)
        scene = centre + 0.3 * rng.normal(size=(size, DIM))
        features[row : row + size] = scene / np.linalg.norm(scene, axis=1, keepdims=True)
        row += size
    return features


def compare(n: int, limit: int) -> dict[str, object]:
    features = drawn_features(n)
    result: dict[str, object] = {"samples": n, "dim": DIM, "max_change_points of both": limit}
    for vmax in (0.1, 1.0):
        start = time.perf_counter()
        usual = textbook(features, limit, vmax)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        ours = kts(features, max_change_points=limit, penalty=vmax, compatible=True).tolist()
        own = time.perf_counter() - start
        start = time.perf_counter()
        unlimited = kts(features, penalty=vmax, compatible=True)
        result[f"vmax {vmax:g}"] = {
            "same boundaries": ours == usual,
            "boundaries": len(ours),
            "usual program s": round(seconds, 1),
            "kts s": round(own, 2),
            "times faster": round(seconds / own),
            "without the limit": {"boundaries": len(unlimited), "kts s": round(time.perf_counter() - start, 2)},
        }
    return result


def alone(n: int, arguments: dict[str, bool]) -> dict[str, object]:
    features = drawn_features(n)
    before = _peak_megabytes()
    start = time.perf_counter()
    found = kts(features, **arguments)
    seconds = time.perf_counter() - start
    return {
        "samples": n,
        "boundaries": len(found),
        "seconds": round(seconds, 1),
        "peak MB of the process": round(_peak_megabytes()),
        "of which before": round(before),
    }


def _peak_megabytes() -> float:
    # Not getrusage: its figure survives exec, and would be that of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def textbook(features: np.ndarray, limit: int, vmax: float) -> list[int]:
    """The published program: scatter of all stretches, then every count, every stop and every start."""
    x = features.astype(np.float64)
    n = len(x)
    kernel = x @ x.T
    diagonal = np.concatenate([[0.0], np.cumsum(np.diag(kernel))]).tolist()
    table = np.zeros((n + 1, n + 1))
    table[1:, 1:] = np.cumsum(np.cumsum(kernel, 0), 1)
    block = table.tolist()
    # by_stop[j][i]: scatter of samples i ... j - 1
    by_stop = [
        [
            diagonal[j] - diagonal[i] - (block[j][j] + block[i][i] - block[j][i] - block[i][j]) / (j - i)
            for i in range(j)
        ]
        for j in range(n + 1)
    ]
    least = [by_stop[j][0] if j else math.inf for j in range(n + 1)]
    origins: list[list[int]] = [[0] * (n + 1)]
    scatter = [least[n]]
    for m in range(1, limit + 1):
        row, origin = [math.inf] * (n + 1), [0] * (n + 1)
        for j in range(m + 1, n + 1):
            costs, best, place = by_stop[j], math.inf, 0
            for i in range(m, j):
                cost = least[i] + costs[i]
                if cost < best:
                    best, place = cost, i
            row[j], origin[j] = best, place
        least = row
        origins.append(origin)
        scatter.append(least[n])
    totals = [scatter[0] / n]
    totals += [scatter[m] / n + vmax * m / (2.0 * n) * (np.log(n / m) + 1) for m in range(1, limit + 1)]
    found, place = [], n
    for m in range(int(np.argmin(totals)), 0, -1):
        place = origins[m][place]
        found.append(place)
    return found[::-1]


if __name__ == "__main__":
    main()
