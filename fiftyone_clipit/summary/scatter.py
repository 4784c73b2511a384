"""Within-segment scatter: how far the samples of a stretch lie from their mean, for many stretches at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# Rows at a time: enough for whole-array speed, few enough to stay in the processor's cache.
_ROWS = 64


def scatter_matrix(features: np.ndarray) -> np.ndarray:
    """Scatter of every stretch, from the kernel K = X X^T as kernel temporal segmentation defines it.

    J(i, j) = sum of K's diagonal over [i, j] - sum of K's block [i, j] x [i, j] / (j - i + 1).
    Potapov et al., Category-Specific Video Summarization, ECCV 2014, section 3.1.

    Args:
        features: (T, dim).

    Returns:
        float64 (T + 1, T + 1): entry [stop, start] is the scatter of samples start ... stop - 1, infinite
        elsewhere. A row holds all stretches that end at one place: what the dynamic program reads at once.
    """
    samples = np.asarray(features, dtype=np.float64)
    n = len(samples)
    kernel = samples @ samples.T
    diagonal = np.concatenate([[0.0], np.cumsum(np.diag(kernel))])
    block = np.zeros((n + 1, n + 1))
    np.cumsum(kernel, axis=0, out=kernel)
    np.cumsum(kernel, axis=1, out=block[1:, 1:])
    del kernel
    corners = np.diag(block).copy()
    result = np.full((n + 1, n + 1), np.inf)
    for first in range(1, n + 1, _ROWS):
        stop = np.arange(first, min(first + _ROWS, n + 1))
        rows, width = slice(first, stop[-1] + 1), stop[-1]
        # Summed in this order because the usual code does: near ties must fall the same way.
        area = corners[rows, None] + corners[:width] - block[rows, :width] - block[:width, rows].T
        length = stop[:, None] - np.arange(width)
        values = (diagonal[rows, None] - diagonal[:width]) - area / np.maximum(length, 1)
        result[rows, :width] = np.where(length > 0, values, np.inf)
    return result


def total_scatter(features: np.ndarray) -> float:
    """Scatter of all samples as one stretch, in blocks.

    Args:
        features: (T, dim), any float type.
    """
    mean = features.mean(axis=0, dtype=np.float64)
    blocks = (features[first : first + 4096] - mean for first in range(0, len(features), 4096))
    return float(sum(np.square(block).sum() for block in blocks))


def scatter_bands(features: np.ndarray, longest: int, block: int = 512) -> Iterator[tuple[int, np.ndarray]]:
    """Scatter of all stretches up to a length, a few stops at a time: time and memory linear in T.

    Args:
        features: (T, dim), any float type.
        longest: the longest stretch, in samples.
        block: stops at a time.

    Yields:
        The first stop of the block, and float64 (stops, longest): entry [r, c] is the scatter of the c + 1
        samples before stop + r; infinite where the video begins later.
    """
    n = len(features)
    for first in range(1, n + 1, block):
        stops = np.arange(first, min(first + block, n + 1))
        origin = max(0, first - longest)
        samples = np.asarray(features[origin : stops[-1]], dtype=np.float64)
        # Around the block's own mean the sums stay small, so that differences of them stay exact.
        samples = samples - samples.mean(axis=0)
        sums = np.concatenate([np.zeros((1, samples.shape[1])), np.cumsum(samples, axis=0)])
        energy = np.concatenate([[0.0], np.cumsum(np.einsum("td,td->t", samples, samples))])
        norms = np.einsum("td,td->t", sums, sums)
        ends = stops - origin
        products = sums[ends] @ sums.T
        starts = ends[:, None] - 1 - np.arange(longest)
        inside = starts >= 0
        starts = np.where(inside, starts, 0)
        rows = np.arange(len(ends))[:, None]
        square = norms[ends][:, None] + norms[starts] - 2 * products[rows, starts]
        band = energy[ends][:, None] - energy[starts] - square / np.arange(1, longest + 1)
        yield int(first), np.where(inside, np.maximum(band, 0.0), np.inf)
