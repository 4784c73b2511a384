"""Single frames and stretches of a video by frame number, exactly, without decoding what lies before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import av
import numpy as np

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.media.clock import is_exact
from fiftyone_clipit.media.pixels import Converter
from fiftyone_clipit.media.sampler import scan
from fiftyone_clipit.media.source import Source
from fiftyone_clipit.media.timeline import Timeline

_NEAR = 64
"""A frame at most that far ahead is reached by decoding on rather than by seeking."""

_CHANGED = "the file may have changed since its frames were counted"

_STEPS_BACK = (0, 1, 5)
"""Where a seek lands too late, it is tried again from so many seconds earlier."""


class FrameReader:
    """Decodes frames by number.

    It seeks to the restart point before a frame, and believes a frame's number only when its time stamp is in the
    timeline and its neighbours follow each other. Where a seek cannot be trusted it decodes from the start.

    Attributes:
        source: the open video.
        timeline: the times of its frames.
    """

    def __init__(self, path: str | os.PathLike[str], *, timeline: Timeline | None = None, threads: int = 1) -> None:
        """
        Args:
            path: the video.
            timeline: the times of its frames as sampling gave them; None computes them, which decodes it once.
            threads: decoding threads; 0 leaves it to the decoder.

        Raises:
            VideoError: the file cannot be read as a video.
        """
        self.timeline = timeline or scan(path)
        self._threads = threads
        self.source = Source(path, threads=threads)
        if self.timeline.time_base not in (self.source.time_base, self.source.time_base / 2):
            self.source.close()
            raise VideoError(self.source.path, f"the timeline is not that of this file; {_CHANGED}")
        self._start = self.source.start or 0
        self._seekable = self.source.has_stamps and is_exact(self.timeline, self.source.time_base)
        self._run: Iterator[tuple[int, av.VideoFrame]] | None = None
        self._next = 0

    def __enter__(self) -> FrameReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the file."""
        self.source.close()

    def frames(self, first: int, last: int) -> Iterator[av.VideoFrame]:
        """The decoded frames `first` to `last` (1-based, inclusive), each exactly once.

        Raises:
            VideoError: one of them cannot be decoded.
        """
        number = first
        for run in self._runs(first):
            self._run = run
            for found, frame in run:
                self._next = found + 1
                if found > number:
                    break
                if found == number:
                    yield frame
                    number += 1
                    if number > last:
                        return
        self._run = None
        reason = f"frame {number} cannot be decoded; {_CHANGED}"
        raise VideoError(self.source.path, reason)

    def _runs(self, number: int) -> Iterator[Iterator[tuple[int, av.VideoFrame]]]:
        """Ways to come to a frame, the cheapest first; a later one is asked for only when one failed."""
        if self._run is not None and 0 <= number - self._next <= (_NEAR if self._seekable else number):
            yield self._run
        if self._seekable:
            tick = int(self.timeline.ticks[number - 1])
            for seconds in _STEPS_BACK:
                back = tick - round(seconds / self.source.time_base)
                if back > 0:
                    yield self._decode_from(back)
        yield self._decode_all()

    def _decode_from(self, tick: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Frames from a restart point on; ends as soon as something is doubtful."""
        source, start = self.source, self._start
        try:
            source.seek(start + tick)
        except (av.FFmpegError, OSError):
            return
        trusted = expected = None
        for packet in chain(source.packets(), [None]):
            if trusted is None:
                if packet is None or packet.pts is None:
                    return
                if not packet.is_keyframe:
                    continue
                trusted = packet.pts
            for frame in source.decode(packet):
                # What is shown before the restart point may refer to pictures before it.
                if frame.pts is None or frame.pts < trusted:
                    continue
                number = self._number(frame.pts - start)
                if number is None or frame.is_corrupt or (expected or number) != number:
                    return
                expected = number + 1
                yield number, frame

    def _decode_all(self) -> Iterator[tuple[int, av.VideoFrame]]:
        self.source.close()
        self.source = Source(self.source.path, threads=self._threads)
        for count, frame in enumerate(self.source.frames(), start=1):
            number = self._number(frame.pts - self._start) if self._seekable and frame.pts is not None else count
            if number is not None:
                yield number, frame

    def _number(self, tick: int) -> int | None:
        index = int(np.searchsorted(self.timeline.ticks, tick))
        known = index < self.timeline.n_frames and self.timeline.ticks[index] == tick
        return index + 1 if known else None


def read_frames(
    path: str | os.PathLike[str],
    numbers: Sequence[int],
    *,
    timeline: Timeline | None = None,
    resize: Callable[[int, int], tuple[int, int]] | None = None,
) -> list[np.ndarray]:
    """Single frames by number, exactly. With a timeline only their surroundings are decoded.

    Args:
        path: the video.
        numbers: 1-based frame numbers in any order.
        timeline: the times of its frames as sampling gave them; None computes them, which decodes it once.
        resize: maps the displayed (width, height) to the wanted (width, height).

    Returns:
        uint8 RGB (height, width, 3) for each number, turned for display, in the order of `numbers`.

    Raises:
        UsageError: a number lies outside the video.
        VideoError: the file cannot be read, or a frame cannot be decoded.
    """
    images: dict[int, np.ndarray] = {}
    with FrameReader(path, timeline=timeline) as reader:
        check_frames(path, numbers, reader.timeline)
        info = reader.source.info
        convert = Converter(reader.source, resize(info.width, info.height) if resize else None)
        for number in sorted(set(numbers)):
            for frame in reader.frames(number, number):
                images[number] = convert(frame)
    return [images[number] for number in numbers]


def check_frames(path: str | os.PathLike[str], numbers: Sequence[int], timeline: Timeline) -> None:
    """Raises a UsageError if a frame number lies outside the video."""
    for number in numbers:
        if not 1 <= number <= timeline.n_frames:
            raise UsageError(f"{os.fspath(path)} has frames 1 to {timeline.n_frames}, not {number}")
