"""The importance of a video over time, as it is drawn: which points, and where its axis has marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from fiftyone_clipit.plugin.panel.words import clock
from fiftyone_clipit.summary.types import Segment, Shot

MAIN = "#ff7a1a"
# Panels send what they show with every event; and no screen shows more.
_MOST_POINTS = 400
_TICKS = 6
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, eq=False)
class Curve:
    """Importance over time.

    Attributes:
        name: what it is of, in a few words.
        times: float64 (n,), seconds.
        frames: int64 (n,), the frames, 1-based.
        values: float64 (n,), in [0, 1].
        segments: what was chosen by it.
    """

    name: str
    times: np.ndarray
    frames: np.ndarray
    values: np.ndarray
    segments: Sequence[Segment]


def times_of(shots: Sequence[Shot], frames: np.ndarray) -> np.ndarray:
    """When frames are shown, from the shots that they lie in.

    Args:
        shots: all shots of a video, in time order.
        frames: int (n,), 1-based frame numbers.

    Returns:
        float64 (n,), seconds.
    """
    edges = [shot.first_frame for shot in shots] + [shots[-1].last_frame + 1]
    seconds = [shot.start for shot in shots] + [shots[-1].end]
    return np.interp(frames, edges, seconds)


def thin(values: np.ndarray, most: int = _MOST_POINTS) -> np.ndarray:
    """Which points to draw: the least and the greatest of every stretch, so that no peak is lost.

    Args:
        values: (n,).
        most: how many points at most.

    Returns:
        int64, increasing indices.
    """
    if len(values) <= most:
        return np.arange(len(values))
    picked = {0, len(values) - 1}
    edges = np.linspace(0, len(values), (most - len(picked)) // 2 + 1).astype(np.int64)
    for start, stop in pairwise(edges.tolist()):
        part = values[start:stop]
        picked |= {int(start + part.argmin()), int(start + part.argmax())}
    return np.array(sorted(picked))


def ticks(shots: Sequence[Shot]) -> list[dict[str, Any]]:
    """Where the time axis has marks: seconds (`at`), the time and the frame there in words.

    Args:
        shots: all shots of a video, in time order.
    """
    end = shots[-1].end
    step = next((s for s in _STEPS if end / s <= _TICKS), 14400)
    marks = np.arange(0, end + 1e-9, step)
    edges = [shot.start for shot in shots] + [end]
    numbers = np.interp(marks, edges, [shot.first_frame for shot in shots] + [shots[-1].last_frame])
    return [
        {"at": at, "time": clock(at).removesuffix(".0"), "frame": f"{number:.0f}"}
        for at, number in zip(marks.tolist(), numbers, strict=True)
    ]
