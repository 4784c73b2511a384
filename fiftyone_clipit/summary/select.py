"""Which shots go into a summary: the 0/1 knapsack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fiftyone_clipit.errors import UsageError


def knapsack(values: np.ndarray, lengths: np.ndarray, capacity: int, *, compatible: bool = False) -> np.ndarray:
    """Items of greatest total value whose lengths fit; exact dynamic programming.

    Args:
        values: float (n,).
        lengths: int (n,), at least 1.
        capacity: at least 0.
        compatible: fill the table from the first item on and take an item only when it is strictly better, as
            the published evaluation does; otherwise earlier items win ties.

    Returns:
        int64: the chosen items, ascending.
    """
    n = len(values)
    order = range(n) if compatible else range(n - 1, -1, -1)
    best = np.zeros(capacity + 1)
    taken = np.zeros((n, capacity // 8 + 1), dtype=np.uint8)
    for i in order:
        length = int(lengths[i])
        if length > capacity:
            continue
        with_it = best[: capacity + 1 - length] + values[i]
        without = best[length:]
        better = with_it > without if compatible else with_it >= without
        flags = np.zeros(capacity + 1, dtype=bool)
        flags[length:] = better
        taken[i] = np.packbits(flags)
        # A copy, because both sides are parts of the same array.
        best = np.concatenate([best[:length], np.where(better, with_it, without)])
    chosen = []
    room = capacity
    for i in reversed(order):
        if taken[i, room >> 3] >> (7 - (room & 7)) & 1:
            chosen.append(i)
            room -= int(lengths[i])
    return np.array(sorted(chosen), dtype=np.int64)


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
