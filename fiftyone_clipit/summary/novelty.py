"""What a shot adds to a summary that already shows better shots."""

from __future__ import annotations

import numpy as np

# How much importance a shot loses when a better shot shows the very same.
REDUNDANCY_WEIGHT = 0.25
# Samples that stand for a shot.
_SAMPLES = 4
# With this many shots or fewer, all similarities at once are faster; with more they would not fit the memory.
_AT_ONCE = 4096


def pooled(features: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What each shot looks like: the mean of a few of its samples, evenly spread.

    All samples would say the same for ten times the time, on every question.

    Args:
        features: (T, dim), any float type.
        starts: int (S,), first sample of each shot.
        counts: int (S,), samples of each shot, at least 1.

    Returns:
        float32 (S, dim).
    """
    places = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    samples = np.asarray(starts)[:, None] + (places * np.asarray(counts)[:, None]).astype(np.int64)
    return np.asarray(features)[samples].astype(np.float32).mean(axis=1)


def shot_values(importance: np.ndarray, shot_features: np.ndarray, *, weight: float = REDUNDANCY_WEIGHT) -> np.ndarray:
    """Importance of each shot, less what better shots already show.

    Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): shots are taken one by one, each time
    the one with the greatest value = importance - weight * redundancy, where redundancy is its likeness to
    the most alike of those taken before. Values never rise along that order, so that taking shots by value
    repeats it: the values do not depend on a budget and can be kept for the next one.

    Likeness is 0 for shots no more alike than the video's shots usually are, and 1 for equal ones.

    Args:
        importance: (S,), in [0, 1].
        shot_features: (S, dim), the mean features of each shot; their length does not matter.
        weight: greatest loss.

    Returns:
        float64 (S,), at most the importance.
    """
    values = np.asarray(importance, dtype=np.float64).copy()
    if len(values) < 2 or weight == 0:
        return values
    unit = _unit(shot_features)
    # The mean cosine over all pairs of different shots follows from the length of the sum.
    count = len(unit)
    total = unit.sum(axis=0, dtype=np.float64)
    usual = min((float(total @ total) - count) / (count * (count - 1)), 1.0)
    if usual > 1 - 1e-4:
        return values
    base = values.copy()
    table = _likeness(unit @ unit.T, usual) * weight if count <= _AT_ONCE else None
    loss = np.zeros(count)
    final = np.empty(count)
    for _ in range(count):
        chosen = int(values.argmax())
        final[chosen] = values[chosen]
        row = table[chosen] if table is not None else _likeness(unit @ unit[chosen], usual) * weight
        np.maximum(loss, row, out=loss)
        # What is taken has lost all importance, so that it is never taken again.
        base[chosen] = -np.inf
        np.subtract(base, loss, out=values)
    return final


def _likeness(cosines: np.ndarray, usual: float) -> np.ndarray:
    return np.square(np.clip((cosines - usual) / (1 - usual), 0.0, 1.0))


def _unit(rows: np.ndarray) -> np.ndarray:
    wide = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    return wide / np.maximum(lengths, np.finfo(np.float32).tiny)
