"""Curves over time: from raw scores to importance and relevance."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

# A range of scores this small is rounding, not a difference between frames.
_FLAT = 1e-9


def smooth(scores: np.ndarray, times: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian mean over time, of samples that may lie unevenly.

    Args:
        scores: (T,), any scale.
        times: (T,), seconds, increasing.
        sigma: standard deviation of the Gaussian in seconds; 0 changes nothing.

    Returns:
        float64 (T,).
    """
    values = np.asarray(scores, dtype=np.float64)
    steps = np.diff(np.asarray(times, dtype=np.float64))
    if not len(steps) or 3 * sigma < steps.min():
        return values.copy()
    step = float(np.median(steps))
    if np.allclose(steps, step, rtol=0.25, atol=1e-3):
        return _smooth_even(values, sigma / step)
    return _smooth_uneven(values, np.asarray(times, dtype=np.float64), sigma)


def _smooth_even(values: np.ndarray, sigma: float) -> np.ndarray:
    # At the ends the mean is over the samples that exist: no mirrored or repeated ones.
    weight = gaussian_filter1d(np.ones_like(values), sigma, mode="constant", truncate=3.0)
    return gaussian_filter1d(values, sigma, mode="constant", truncate=3.0) / weight


def _smooth_uneven(values: np.ndarray, times: np.ndarray, sigma: float) -> np.ndarray:
    total, weight = values.copy(), np.ones_like(values)
    offset = 1
    while offset < len(values):
        gap = times[offset:] - times[:-offset]
        if gap.min() > 3 * sigma:
            break
        near = np.where(gap <= 3 * sigma, np.exp(-0.5 * (gap / sigma) ** 2), 0.0)
        total[offset:] += near * values[:-offset]
        weight[offset:] += near
        total[:-offset] += near * values[offset:]
        weight[:-offset] += near
        offset += 1
    return total / weight


def to_importance(scores: np.ndarray) -> np.ndarray:
    """Scales one video's scores to [0, 1]; 0.5 everywhere when they are all alike.

    Args:
        scores: (T,), any scale.

    Returns:
        float64 (T,) in [0, 1].
    """
    values = np.asarray(scores, dtype=np.float64)
    low, high = values.min(), values.max()
    if high - low <= _FLAT * max(1.0, abs(high)):
        return np.full(len(values), 0.5)
    return (values - low) / (high - low)


def relevance(scores: np.ndarray) -> float:
    """How well the best of a video does: the mean of the highest 5 % of its scores, at least one of them.

    Args:
        scores: (T,), raw scores, comparable between videos.
    """
    values = np.asarray(scores, dtype=np.float64)
    count = max(1, round(0.05 * len(values)))
    return float(np.partition(values, -count)[-count:].mean())
