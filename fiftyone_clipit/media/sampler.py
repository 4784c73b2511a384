"""Samples a video by time, at a rational rate, without ever holding it in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.clock import Clock
from fiftyone_clipit.media.pixels import Converter
from fiftyone_clipit.media.source import Source
from fiftyone_clipit.media.sparse import SparseDecoder
from fiftyone_clipit.media.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Frame:
    """One sampled frame.

    Attributes:
        number: its 1-based number, as decoding counts.
        time: its exact time in seconds from the first frame.
        image: uint8 RGB of shape (height, width, 3), turned for display.
    """

    number: int
    time: Fraction
    image: np.ndarray


class FrameSampler:
    """Iterates over the frames of a video at a given rate.

    Sample k (k = 0, 1, ...) is the first frame at or after k / fps seconds. No frame is taken twice: a video
    slower than `fps` gives each of its frames once. Only sampled frames are converted to RGB.

    Attributes:
        info: what the file says about itself.
        warnings: what went wrong without stopping the video, such as damaged stretches.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        fps: Fraction | float | int | str = 2,
        resize: Callable[[int, int], tuple[int, int]] | None = None,
        threads: int = 1,
        deblock: bool = True,
    ) -> None:
        """
        Args:
            path: the video.
            fps: samples per second, greater than 0; any rational number, also as "30000/1001".
            resize: maps the displayed (width, height) to the wanted (width, height).
            threads: decoding threads; 0 leaves it to the decoder.
            deblock: run the codec's loop filter. Without it decoding is faster, and pixels deviate a little, which
                resizing mostly evens out (benchmarks/decode.py measures both).

        Raises:
            UsageError: `fps` is no positive number.
            VideoError: the file cannot be read as a video.
        """
        self._fps = parse_fps(fps)
        self._source = Source(path, threads=threads, deblock=deblock)
        self.info = self._source.info
        self.warnings = self._source.warnings
        wanted = resize(self.info.width, self.info.height) if resize else None
        self._converter = Converter(self._source, wanted)
        self._clock = Clock(self._source.time_base, self.info.rate)
        self._decoder = SparseDecoder(self._source, self._clock, self._fps)
        self._frames = self._sample()
        self._timeline: Timeline | None = None

    @property
    def timeline(self) -> Timeline:
        """The times of all frames of the video, known once the iteration has ended.

        Raises:
            RuntimeError: the iteration has not come to its end.
        """
        if self._timeline is None:
            raise RuntimeError("the timeline is known only after the last sample")
        return self._timeline

    @property
    def n_left_out(self) -> int:
        """How many frames were counted so far but not decoded, because no sample needs them."""
        return self._decoder.n_left_out

    def __iter__(self) -> Iterator[Frame]:
        return self._frames

    def __enter__(self) -> FrameSampler:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the file; at any time, also in the middle."""
        self._frames.close()
        self._source.close()

    def _sample(self) -> Generator[Frame, None, None]:
        source, clock = self._source, self._clock
        per_tick = source.time_base * self._fps
        k = 0
        try:
            for number, tick, frame in self._decoder.frames():
                if tick * per_tick >= k:
                    k = int(tick * per_tick) + 1
                    yield Frame(number, tick * source.time_base, self._converter(frame))
            self._timeline = clock.timeline()
            source.note_damage(self._timeline.duration)
        finally:
            source.close()


def scan(path: str | os.PathLike[str]) -> Timeline:
    """The times of all frames of a video, counted as sampling counts them.

    Raises:
        VideoError: the file cannot be read as a video.
    """
    with FrameSampler(path, resize=lambda width, height: (1, 1)) as sampler:
        for _ in sampler:
            pass
        return sampler.timeline


def parse_fps(fps: Fraction | float | int | str) -> Fraction:
    """An exact rate; decimal floats mean what they show, 0.1 is 1/10.

    Raises:
        UsageError: it is no positive number.
    """
    try:
        rate = Fraction(repr(fps)) if isinstance(fps, float) else Fraction(fps)
    except (ValueError, TypeError, ZeroDivisionError):
        rate = Fraction(0)
    if rate <= 0:
        raise UsageError(f"fps must be a number greater than 0, not {fps!r}")
    return rate
