"""What a shot looks like, in 256 bits: enough to know the same footage again without its features.

Each bit is the side of a random plane through the origin on which the shot's mean feature lies. Two vectors at an
angle a differ in a share a / pi of the bits (Charikar, Similarity Estimation Techniques from Rounding Algorithms,
STOC 2002).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from fiftyone_clipit.summary.types import Shot

_BITS = 256
# Copies of one recording, encoded again, have cosines of 0.98 and more; other recordings of like scenes stay below.
_SAME_COSINE = 0.97

SAME = 1 - 2 * float(np.arccos(_SAME_COSINE)) / np.pi
"""Likeness of `signs` from which two shots show the same footage."""


def with_looks(shots: Sequence[Shot], features: np.ndarray, frame_numbers: np.ndarray) -> list[Shot]:
    """Gives shots their looks.

    Args:
        shots: in time order.
        features: (T, dim), the features of the samples.
        frame_numbers: int (T,), 1-based frames of the samples, increasing.
    """
    starts = np.searchsorted(frame_numbers, [shot.first_frame for shot in shots])
    stops = np.searchsorted(frame_numbers, [shot.last_frame + 1 for shot in shots])
    means = [
        # A shot between two samples looks as the sample before it does.
        features[min(start, max(stop - 1, 0)) : max(stop, 1)].astype(np.float32).mean(axis=0)
        for start, stop in zip(starts, stops, strict=True)
    ]
    return [replace(shot, look=look) for shot, look in zip(shots, _looks(np.array(means)), strict=True)]


def signs(looks: Sequence[str]) -> np.ndarray:
    """Looks as vectors to compare: their products are 1 for equal looks and about 0 for unrelated ones.

    Args:
        looks: S looks; an empty one is like no other.

    Returns:
        float32 (S, 256), rows of unit length, or zeros for empty looks.
    """
    rows = np.zeros((len(looks), _BITS), dtype=np.float32)
    for row, look in zip(rows, looks, strict=True):
        if look:
            row[:] = np.unpackbits(np.frombuffer(bytes.fromhex(look), dtype=np.uint8))
            row[:] = (2 * row - 1) / np.sqrt(_BITS)
    return rows


def _looks(vectors: np.ndarray) -> list[str]:
    sides = vectors @ _planes(vectors.shape[1]) >= 0
    return [bits.tobytes().hex() for bits in np.packbits(sides, axis=1)]


@lru_cache(maxsize=4)
def _planes(dim: int) -> np.ndarray:
    # From a hash and not from a random generator, whose numbers may change with its version: looks are stored.
    digest = hashlib.shake_256(f"looks of {dim}".encode()).digest(dim * _BITS // 8)
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8)).reshape(dim, _BITS)
    return bits.astype(np.float32) * 2 - 1
