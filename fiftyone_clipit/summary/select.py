"""Which shots go into a summary: those of greatest total value that fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.knapsack import knapsack


def select_shots(
    values: Sequence[float] | np.ndarray,
    lengths: Sequence[int] | np.ndarray,
    capacity: int,
    *,
    compatible: bool = False,
) -> np.ndarray:
    """Chooses the shots of greatest total value whose total length is within the capacity.

    Args:
        values: (n,), what each shot is worth.
        lengths: (n,), frames of each shot, at least 1.
        capacity: frames that the summary may take.
        compatible: bit for bit the published evaluation: later shots lose ties, and shots without positive
            value are left out even when nothing remains. By default earlier shots win ties, and where some
            shot fits the result is never empty.

    Returns:
        int64: indices of the chosen shots, ascending.

    Raises:
        UsageError: values that are not finite numbers, lengths below 1, arrays of different lengths.
    """
    worth, sizes = _checked(values, lengths, capacity)
    chosen = knapsack(worth, sizes, int(capacity), compatible=compatible)
    if compatible or len(chosen) or not (sizes <= capacity).any():
        return chosen
    return np.array([np.argmax(np.where(sizes <= capacity, worth, -np.inf))], dtype=np.int64)


def _checked(
    values: Sequence[float] | np.ndarray, lengths: Sequence[int] | np.ndarray, capacity: int
) -> tuple[np.ndarray, np.ndarray]:
    worth, sizes = np.asarray(values, dtype=np.float64), np.asarray(lengths)
    if worth.ndim != 1 or worth.shape != sizes.shape:
        raise UsageError(f"every shot needs one value and one length; got {worth.shape} and {sizes.shape}")
    if not np.isfinite(worth).all():
        raise UsageError("shot values hold NaN or infinite numbers; expected finite ones")
    if sizes.size and (not np.array_equal(sizes, sizes.astype(np.int64)) or sizes.min() < 1):
        raise UsageError("shot lengths must be whole numbers of frames, at least 1")
    if capacity < 0:
        raise UsageError(f"capacity must be 0 frames or more, not {capacity}")
    return worth, sizes.astype(np.int64)
