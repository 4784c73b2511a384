"""From decoded frames to RGB arrays of the wanted size, in one step."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from fiftyone_clipit.media.source import Source


class Converter:
    """Converts frames to RGB, resizes them (bicubic, with a support that grows with the reduction) and turns them.

    All frames of a video get the same size, also where the stream changes its own.
    """

    def __init__(self, source: Source, size: tuple[int, int] | None = None) -> None:
        """
        Args:
            source: the video.
            size: wanted displayed (width, height); None keeps the video's.
        """
        self._orientation = source.orientation
        width, height = size or (source.info.width, source.info.height)
        self._size = self._orientation.size(max(1, int(width)), max(1, int(height)))
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        """uint8 RGB of shape (height, width, 3), turned for display."""
        width, height = self._size
        rgb = self._reformatter.reformat(
            frame, width=width, height=height, format="rgb24", interpolation=Interpolation.BICUBIC, threads=1
        )
        return self._orientation.apply(rgb.to_ndarray())
