"""Kernel temporal segmentation (KTS): where the shots of a video begin, from the features of its frames."""

from __future__ import annotations

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.partition import partition
from fiftyone_clipit.summary.published_kts import published_kts
from fiftyone_clipit.summary.reduce import strongest
from fiftyone_clipit.summary.scatter import scatter_bands

# What a boundary must explain, in units of one sample's ordinary scatter.
_STRENGTH = 2.25
# The part of it that comes from the spread of the whole video; the rest is measured between neighbours in time.
_SPREAD_SHARE = 0.5
# Changes below this share of the features' own size are noise of the codec and of float16.
_FLOOR = 5e-5
# How much of a boundary's price a shot of the greatest length pays for being long.
_LENGTH_SHARE = 0.1
# Rows at a time, so that long videos need no copy of themselves.
_BLOCK = 4096


def kts(
    features: np.ndarray,
    *,
    max_change_points: int | None = None,
    penalty: float = 1.0,
    compatible: bool = False,
    max_shot: int = 120,
    min_shot: int = 2,
) -> np.ndarray:
    """Finds the shots of a video: stretches in which its frames look alike.

    By default the features are centred and a boundary has to explain a multiple of the scatter that is usual
    in this video, so that the scale of the features does not matter. (The published criterion finds no
    boundary at all in many videos with unit-length CLIP features, because their variance is small against its
    fixed penalty.) Shots have a greatest length; time and memory grow linearly with the video's.

    With `compatible=True`, exactly the published criterion (Potapov et al., Category-Specific Video
    Summarization, ECCV 2014): the number m of change points minimizes scatter(m) / n + penalty * m / (2 n) *
    (log(n / m) + 1), in float64, with the boundaries that the usual code gives.

    Args:
        features: (T, dim), any float type.
        max_change_points: at most this many boundaries; T - 1 if left out. It beats `max_shot`.
        penalty: above 0: more for fewer shots. The published criterion calls it vmax.
        compatible: the published criterion; `max_shot` and `min_shot` do not apply.
        max_shot: the greatest length in samples (120: a minute at 2 fps).
        min_shot: the least length in samples, where the video has as many.

    Returns:
        int64, ascending: the first sample of each next shot; empty for a single shot.

    Raises:
        UsageError: features that are not a non-empty matrix of finite numbers; limits below what can work.
    """
    samples = _checked(features)
    n = len(samples)
    limit = n - 1 if max_change_points is None else max_change_points
    if limit < 0 or penalty < 0 or not np.isfinite(penalty):
        raise UsageError(f"max_change_points ({max_change_points}) and penalty ({penalty}) must not be negative")
    if min_shot < 1 or max_shot < 2 * min_shot:
        raise UsageError(f"min_shot ({min_shot}) must be 1 or more and max_shot ({max_shot}) at least twice that")
    if compatible:
        return published_kts(samples, min(limit, n - 1), penalty)
    price = penalty * _STRENGTH * _ordinary_scatter(samples)
    found, _ = partition(
        scatter_bands(samples, min(max_shot, n)),
        n,
        price=price,
        length_price=_LENGTH_SHARE * price,
        shortest=min_shot,
    )
    return strongest(samples, found, limit) if len(found) > limit else found


def _checked(features: np.ndarray) -> np.ndarray:
    samples = np.asarray(features)
    if samples.ndim != 2 or not samples.size:
        raise UsageError(f"features must have shape (samples, dim) with at least one of each, not {samples.shape}")
    if not np.isfinite(samples).all():
        raise UsageError("features hold NaN or infinite values; expected finite numbers")
    return samples


def _ordinary_scatter(samples: np.ndarray) -> float:
    """What one sample usually adds to its shot's scatter: a mix of the video's spread and of its usual step.

    Both are medians: one scene that is unlike all others must not hide the boundaries between those.
    """
    mean = samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    distances, steps = [], []
    for first in range(0, len(samples), _BLOCK):
        rows = samples[first : first + _BLOCK + 1].astype(np.float32)
        distances.append(np.square(rows[:_BLOCK] - mean).sum(axis=1))
        steps.append(np.square(np.diff(rows, axis=0)).sum(axis=1))
    spread = float(np.median(np.concatenate(distances)))
    step = float(np.median(np.concatenate(steps))) / 2 if len(samples) > 1 else 0.0
    mix = _SPREAD_SHARE * spread + (1 - _SPREAD_SHARE) * step
    return max(mix, _FLOOR * (spread + float(mean @ mean)), float(np.finfo(np.float32).tiny))
