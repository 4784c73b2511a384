"""From samples to frames: which frames a shot covers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.novelty import pooled, shot_values
from fiftyone_clipit.summary.types import Shot


class Clock(Protocol):
    """Tells when frames (1-based) are shown, in seconds; `media.timeline.Timeline` is one."""

    def start(self, frame_number: int) -> Fraction | float:
        """When a frame appears."""

    def end(self, frame_number: int) -> Fraction | float:
        """When a frame gives way to the next."""


def shots_from_boundaries(
    boundaries: Sequence[int] | np.ndarray,
    *,
    frame_numbers: np.ndarray,
    importance: np.ndarray,
    scores: np.ndarray,
    features: np.ndarray | None,
    timeline: Clock,
    first_frame: int,
    last_frame: int,
) -> list[Shot]:
    """Turns the boundaries of `kts` into shots that cover all frames once.

    A boundary at sample k lies before the frame of sample k: nothing is known about the frames between two
        samples, so they stay with the sample before them.

    Args:
        boundaries: first sample of each next shot, ascending, from 1 to T - 1.
        frame_numbers: int (T,), 1-based frame of each sample, increasing.
        importance: (T,), in [0, 1].
        scores: (T,), raw scores.
        features: (T, dim), for what shots have in common; None makes value and importance the same.
        timeline: the times of the frames.
        first_frame: where the first shot begins.
        last_frame: where the last shot ends.

    Returns:
        The shots in time order, with the mean importance and score of their samples.

    Raises:
        UsageError: boundaries that are not ascending samples.
    """
    cuts = np.asarray(boundaries, dtype=np.int64)
    edges = np.concatenate([[0], cuts, [len(frame_numbers)]])
    if (np.diff(edges) <= 0).any():
        raise UsageError(f"boundaries must ascend from 1 to {len(frame_numbers) - 1}, not {cuts.tolist()}")
    starts, counts = edges[:-1], np.diff(edges)
    means = np.add.reduceat(np.asarray(importance, dtype=np.float64), starts) / counts
    raw = np.add.reduceat(np.asarray(scores, dtype=np.float64), starts) / counts
    values = means
    if features is not None and len(starts) > 1:
        values = shot_values(means, pooled(features, starts, counts))
    firsts = [first_frame, *np.asarray(frame_numbers)[cuts].tolist()]
    lasts = [*(number - 1 for number in firsts[1:]), last_frame]
    begins = [float(timeline.start(first)) for first in firsts]
    ends = [*begins[1:], float(timeline.end(last_frame))]
    return [
        Shot(
            first_frame=first,
            last_frame=last,
            start=begins[i],
            end=ends[i],
            importance=float(means[i]),
            score=float(raw[i]),
            value=float(values[i]),
        )
        for i, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]
