"""From the time stamps that a file gives to times that can be relied on."""

from __future__ import annotations

from array import array
from fractions import Fraction

import numpy as np

from fiftyone_clipit.media.timeline import Timeline

DEFAULT_RATE = Fraction(25)
"""Frames per second of a stream that tells neither times nor a rate."""


class Clock:
    """Collects the time stamps of frames in the order of display and makes them strictly increasing.

    Stamps count from the first one. A frame without a stamp, or whose stamp does not lie after the frame
    before, is set one frame's duration after it, and what follows keeps its distance to it: a clock that
    stands still ticks at the nominal rate, one that jumps back goes on.

    A timeline that needed such repair has half the stream's time base as its unit, so that nobody takes its
    ticks for the stream's time stamps (`is_exact` tells).

    Attributes:
        repaired: whether a stamp had to be replaced.
    """

    def __init__(self, time_base: Fraction, rate: Fraction | None) -> None:
        """
        Args:
            time_base: seconds per tick of the stream.
            rate: nominal frames per second, None if unknown.
        """
        self.time_base = time_base
        self.repaired = False
        self._ticks = array("q")
        self._step = max(1, round(1 / ((rate or DEFAULT_RATE) * time_base)))
        self._offset = 0
        self._last_duration = 0

    def __len__(self) -> int:
        return len(self._ticks)

    def add(self, stamp: int | None, duration: int | None) -> int:
        """Takes the next frame in the order of display.

        Args:
            stamp: its time stamp in ticks, None if it has none.
            duration: how long it says it is shown, in ticks; 0 or None if unknown.

        Returns:
            Its time in ticks from the first frame.
        """
        if not self._ticks:
            tick = 0
            self._offset = -(stamp or 0)
            self.repaired = stamp is None
        else:
            previous = self._ticks[-1]
            tick = previous if stamp is None else stamp + self._offset
            if tick <= previous:
                tick = previous + (self._last_duration or self._step)
                if stamp is not None:
                    self._offset = tick - stamp
                self.repaired = True
        self._ticks.append(tick)
        self._last_duration = max(duration or 0, 0)
        return tick

    def remove(self, number: int) -> None:
        """Forgets a frame (1-based) that was counted and then could not be decoded."""
        if number == len(self._ticks):
            self._last_duration = 0
        del self._ticks[number - 1]

    def timeline(self) -> Timeline:
        """The times of all frames so far. The last frame lasts as long as it says, else as the one before."""
        ticks = np.array(self._ticks, dtype=np.int64)
        last = self._last_duration
        if not last:
            last = int(ticks[-1] - ticks[-2]) if len(ticks) > 1 else self._step
        duration = (int(ticks[-1]) + last) * self.time_base
        if self.repaired:
            return Timeline(ticks * 2, self.time_base / 2, duration)
        return Timeline(ticks, self.time_base, duration)


def is_exact(timeline: Timeline, time_base: Fraction) -> bool:
    """Whether a timeline's ticks are the stream's own time stamps (less the first one's)."""
    return timeline.time_base == time_base
