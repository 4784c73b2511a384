"""When each frame of a video is shown: the bridge between frame numbers and seconds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, eq=False)
class Timeline:
    """The times of all frames of one video, as decoding gave them.

    Frames are numbered from 1, as in FiftyOne. Times count from the first frame, so that a video whose
    clock starts at 100 s begins at 0 here.

    Attributes:
        ticks: int64 array of shape (n_frames,), strictly increasing, first entry 0, in units of `time_base`.
        time_base: seconds per tick.
        duration: from the first frame's start to the last frame's end, in seconds.
    """

    ticks: np.ndarray
    time_base: Fraction
    duration: Fraction

    @property
    def n_frames(self) -> int:
        """The number of frames that decoding gave."""
        return len(self.ticks)

    @property
    def rate(self) -> Fraction:
        """The average frame rate in frames per second."""
        return self.n_frames / self.duration

    def start(self, frame_number: int) -> Fraction:
        """The exact time at which a frame (1-based) appears, in seconds."""
        return int(self.ticks[frame_number - 1]) * self.time_base

    def end(self, frame_number: int) -> Fraction:
        """The exact time at which a frame (1-based) gives way to the next, in seconds."""
        return self.duration if frame_number >= self.n_frames else self.start(frame_number + 1)

    def longest_frame(self) -> Fraction:
        """How long the frame that stays longest is on the screen, in seconds."""
        last = self.duration - self.start(self.n_frames)
        return max(last, int(np.diff(self.ticks).max(initial=0)) * self.time_base)

    def times(self) -> np.ndarray:
        """The start times of all frames, float64 of shape (n_frames,), in seconds."""
        return self.ticks * float(self.time_base)

    def frame_at(self, seconds: float | Fraction) -> int:
        """The number (1-based) of the frame that is on the screen at a time; clamped to the video."""
        tick = Fraction(seconds) / self.time_base
        index = int(np.searchsorted(self.ticks, tick.numerator // tick.denominator, side="right"))
        return min(max(index, 1), self.n_frames)
