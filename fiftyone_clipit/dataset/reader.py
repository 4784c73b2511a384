"""Lets `apply_model` work without ffmpeg, and count every video that cannot be read.

FiftyOne opens every video with ETA's reader, which starts ffmpeg and ffprobe, before it calls a video model. Our
model reads videos by itself and needs that reader only to exist: what it cannot open never came to the model, and would
be missing from the summary's failures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

import eta.core.frameutils as etaf
import eta.core.video as etav
import numpy as np

from fiftyone_clipit.media.sampler import FrameSampler
from fiftyone_clipit.media.video import VideoInfo, probe

# Above any video's own rate, so that every frame is taken.
_EVERY_FRAME = 1000


class PyAVVideoReader:
    """Stands in for ETA's FFmpegVideoReader: the same information and frames, without ffmpeg.

    Nothing is opened until something is asked for.

    Args:
        inpath: the video file.
        frames: which frames to read, 1-based, in any form that ETA knows; all if left out.
    """

    def __init__(self, inpath: str, frames: str | Iterable[int] | None = None) -> None:
        self.inpath = inpath
        self._frames = frames
        self._images: Iterator[np.ndarray] | None = None

    def __enter__(self) -> PyAVVideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> PyAVVideoReader:
        return self

    def __next__(self) -> np.ndarray:
        return self.read()

    def read(self) -> np.ndarray:
        """The next frame, uint8 RGB of shape (height, width, 3); StopIteration after the last."""
        if self._images is None:
            self._images = self._read()
        return next(self._images)

    def reset(self) -> None:
        """Starts again at the first frame."""
        self.close()

    def close(self) -> None:
        """Closes the video."""
        self._images = None

    @cached_property
    def _info(self) -> VideoInfo:
        return probe(self.inpath)

    @property
    def frame_size(self) -> tuple[int, int]:
        """Width and height as displayed."""
        return self._info.width, self._info.height

    @property
    def frame_rate(self) -> float:
        """Frames per second, as the header says."""
        return float(self._info.rate or 0)

    @property
    def total_frame_count(self) -> int:
        """The number of frames as the header says, 0 where it says nothing."""
        return self._info.n_frames or 0

    @property
    def encoding_str(self) -> str:
        """The codec's name."""
        return self._info.codec

    def _read(self) -> Iterator[np.ndarray]:
        wanted = None
        if self._frames is not None and self._frames != "*":
            wanted = set(etaf.parse_frame_ranges(self._frames))
        with FrameSampler(self.inpath, fps=_EVERY_FRAME) as sampler:
            for frame in sampler:
                if wanted is None or frame.number in wanted:
                    yield frame.image


@contextmanager
def opened_with_pyav() -> Iterator[None]:
    """While it is open, FiftyOne opens videos with PyAV, and starts no ffmpeg and ffprobe for each."""
    usual = etav.FFmpegVideoReader
    etav.FFmpegVideoReader = PyAVVideoReader
    try:
        yield
    finally:
        etav.FFmpegVideoReader = usual
