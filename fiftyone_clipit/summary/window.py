"""The best part of a shot that does not fit as a whole."""

from __future__ import annotations

import numpy as np

# Sums that differ by less than this are equal: what differs is rounding.
_EQUAL = 1e-9


def best_window(
    importance: np.ndarray, *, frames: int, starts: np.ndarray | None = None, seconds: float | None = None
) -> tuple[int, int] | None:
    """The stretch of frames with the greatest summed importance.

    Args:
        importance: (n,), importance of each frame of the shot, at least 0.
        frames: the longest stretch, in frames.
        starts: (n + 1,), when each frame appears, and when the last one ends, in seconds; needed with
            `seconds`.
        seconds: the longest stretch, in seconds.

    Returns:
        First and last frame, 0-based within the shot, inclusive; of equally good stretches the one nearest to
        the middle, which is the most typical of a shot. None when not even one frame fits.
    """
    n = len(importance)
    begin = np.arange(n)
    stop = np.minimum(begin + frames, n)
    if seconds is not None and starts is not None:
        within = np.searchsorted(starts, starts[:n] + (seconds + _EQUAL), side="right") - 1
        stop = np.minimum(stop, within)
    possible = stop > begin
    if not possible.any():
        return None
    totals = np.concatenate([[0.0], np.cumsum(importance)])
    sums = np.where(possible, totals[stop] - totals[begin], -np.inf)
    # Among equal sums a longer stretch shows more, so frames of no importance still count a little.
    best = np.flatnonzero(sums >= sums.max() - _EQUAL * max(1.0, totals[-1]))
    lengths = (stop - begin)[best]
    best = best[lengths == lengths.max()]
    middle = np.abs(begin[best] + stop[best] - n)
    chosen = int(best[np.argmin(middle)])
    return chosen, int(stop[chosen]) - 1
