"""The frame rate that editing programs know a video by, and its frames on that grid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from fiftyone_clipit.media.timeline import Timeline

_NTSC = Fraction(1000, 1001)
_USUAL = (24, 25, 30, 50, 60, 48, 15, 12, 10, 100, 120, 20, 8, 5, 90, 144, 240)

TIMECODE_RATES = tuple(
    Fraction(rate) * scale
    for rate, scales in ((24, 2), (25, 1), (30, 2), (48, 2), (50, 1), (60, 2))
    for scale in (Fraction(1), _NTSC)[:scales]
)
"""Rates that SMPTE timecode counts in."""


def constant_rate(timeline: Timeline) -> Fraction | None:
    """The rate of a video whose every frame lies where a constant rate puts it; None for a variable rate.

    Containers round times, some to milliseconds. A rate fits if no frame lies half a frame or more off its place, so
    that frame numbers and times say the same.
    """
    return next((rate for rate in _candidates(timeline) if _fits(timeline, rate)), None)


def timecode_rate(rate: Fraction | None) -> Fraction:
    """The rate for timecode: the video's own, else a multiple of it, else the nearest."""
    if rate is None:
        return Fraction(30)
    if rate in TIMECODE_RATES:
        return rate
    multiples = [known for known in TIMECODE_RATES if (known / rate).denominator == 1]
    return min(multiples or TIMECODE_RATES, key=lambda known: abs(known - rate))


def place(timeline: Timeline, boundary: int, own: Fraction | None, rate: Fraction) -> Fraction:
    """Where a boundary between frames lies on a rate's grid, in frames of that rate, not rounded.

    Args:
        timeline: of the video.
        boundary: the number of frames before it: 0 is the beginning, `n_frames` the end.
        own: the video's constant rate, None if it varies.
        rate: of the grid.
    """
    if own is not None:
        return boundary * rate / own
    time = timeline.duration if boundary >= timeline.n_frames else timeline.start(boundary + 1)
    return time * rate


def _candidates(timeline: Timeline) -> Iterator[Fraction]:
    usual = [Fraction(rate) * scale for rate in _USUAL for scale in (Fraction(1), _NTSC)]
    average = timeline.rate
    if timeline.n_frames > 1:
        # The last frame's duration is often a guess, so the average is taken without it.
        average = (timeline.n_frames - 1) / timeline.start(timeline.n_frames)
    yield from sorted((rate for rate in usual if abs(rate / average - 1) < 0.02), key=lambda r: abs(r - average))
    yield average.limit_denominator(1001)
    yield average


def _fits(timeline: Timeline, rate: Fraction) -> bool:
    unit = timeline.time_base * rate
    places = timeline.ticks * float(unit) - np.arange(timeline.n_frames)
    return bool(np.abs(places).max() < 0.5)
