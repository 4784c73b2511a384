"""How fast a summary is chosen: one video, and a hundred hours of videos under one budget.

    python benchmarks/selection.py [--output results.json]

Scores and features are drawn; no video is read.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from reporting import keep

from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.summary import choose_segments, kts, select_shots, shots_from_boundaries, smooth, to_importance

FPS, RATE, DIM = 2, 25, 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    result = {"an hour": an_hour(), "a hundred hours under one budget": a_hundred_hours()}
    keep(result, options.output)


def an_hour() -> dict[str, object]:
    """From scores to segments, for an hour with a new shot every six seconds or so."""
    rng = np.random.default_rng(0)
    samples, n_frames = 3600 * FPS, 3600 * RATE
    sizes = rng.integers(4, 20, samples)
    features = np.repeat(1 + 0.5 * rng.normal(size=(samples // 4, DIM)), sizes[: samples // 4], axis=0)[:samples]
    features = (features + 0.2 * rng.normal(size=features.shape)).astype(np.float16)
    numbers = np.ceil(np.arange(samples) * RATE / FPS).astype(np.int64) + 1
    timeline = Timeline(np.arange(n_frames), Fraction(1, RATE), Fraction(3600))
    scores = rng.random(samples)
    boundaries = kts(features)

    def choose() -> None:
        importance = to_importance(smooth(scores, numbers / RATE, 0.5))
        shots = shots_from_boundaries(
            boundaries,
            frame_numbers=numbers,
            importance=importance,
            scores=scores,
            features=features,
            timeline=timeline,
            first_frame=1,
            last_frame=n_frames,
        )
        budget = n_frames * 15 // 100
        choose_segments(shots, numbers, importance, budget_frames=budget, min_frames=RATE, clock=timeline)

    return {
        "shots": len(boundaries) + 1,
        "find shots once, ms": _milliseconds(lambda: kts(features)),
        "scores to segments, ms": _milliseconds(choose),
    }


def a_hundred_hours() -> dict[str, object]:
    """The exact knapsack over fifty thousand shots, against the bound that no choice can exceed."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(RATE, 14 * RATE, 50_000)
    values = rng.random(len(lengths)) * lengths
    capacity = int(lengths.sum()) * 15 // 100
    chosen = select_shots(values, lengths, capacity)
    order = np.argsort(-values / lengths)
    filled = np.cumsum(lengths[order])
    whole = int(np.searchsorted(filled, capacity, side="right"))
    last = order[whole]
    bound = values[order[:whole]].sum() + (capacity - filled[whole - 1]) * values[last] / lengths[last]
    return {
        "shots": len(lengths),
        "capacity in frames": capacity,
        "ms": _milliseconds(lambda: select_shots(values, lengths, capacity)),
        "below the linear bound by a share of": float(f"{1 - values[chosen].sum() / bound:.1e}"),
    }


def _milliseconds(run: Callable[[], object], repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return round(1000 * float(np.median(times)), 1)


if __name__ == "__main__":
    main()
