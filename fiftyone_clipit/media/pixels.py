"""From decoded frames to RGB arrays of the wanted size, in one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.opening import reason_of
from fiftyone_clipit.media.output import Look
from fiftyone_clipit.media.source import Source

# Without full chroma interpolation swscale gives RGB pictures colours at half their width.
_RGB_QUALITY = Interpolation.BICUBIC | Interpolation.FULL_CHR_H_INT | Interpolation.ACCURATE_RND


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
        self._path = source.path
        self._orientation = source.orientation
        width, height = size or (source.info.width, source.info.height)
        self._size = self._orientation.size(max(1, int(width)), max(1, int(height)))
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        """uint8 RGB of shape (height, width, 3), turned for display.

        Raises:
            VideoError: nothing converts frames of this kind.
        """
        width, height = self._size
        with _conversion_errors(self._path):
            rgb = self._reformatter.reformat(
                frame,
                width=width,
                height=max(height, 2),  # swscale wants a row for each field of an interlaced frame
                format="rgb24",
                interpolation=_RGB_QUALITY,
                threads=1,
            )
        return self._orientation.apply(rgb.to_ndarray()[:height])


class YuvConverter:
    """Converts frames to yuv420p of one size, turned for display, in the colour space that they have.

    Attributes:
        look: how players are to show them.
    """

    def __init__(self, source: Source, size: tuple[int, int]) -> None:
        """
        Args:
            source: the video.
            size: wanted displayed (width, height), both even.
        """
        self._path = source.path
        self._orientation = source.orientation
        self._size = self._orientation.size(*size)
        self._reformatter = VideoReformatter()
        first, aspect = source.first, source.stream.sample_aspect_ratio or None
        if aspect and self._orientation.transpose:
            aspect = 1 / aspect
        if first.format.is_rgb:
            self.look = Look(pixel_aspect=aspect)
        else:
            self.look = Look(first.colorspace, first.color_primaries, first.color_trc, aspect)

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame as the encoder takes it."""
        width, height = self._size
        with _conversion_errors(self._path):
            yuv = self._reformatter.reformat(
                frame,
                width=width,
                height=height,
                format="yuv420p",
                interpolation=Interpolation.BICUBIC,
                dst_colorspace=self.look.colorspace if frame.format.is_rgb else None,
                dst_color_range=ColorRange.MPEG,
                threads=1,
            )
        if not self._orientation.rotation and not self._orientation.flip_x:
            return yuv
        return self._turned(yuv.to_ndarray())

    def _turned(self, stored: np.ndarray) -> av.VideoFrame:
        width, height = self._size
        flat, n = stored.reshape(-1), width * height
        planes = [flat[:n].reshape(height, width)]
        planes += [plane.reshape(height // 2, width // 2) for plane in np.split(flat[n:], 2)]
        turned = np.concatenate([self._orientation.apply(plane).reshape(-1) for plane in planes])
        return av.VideoFrame.from_ndarray(
            turned.reshape(-1, self._orientation.size(width, height)[0]), format="yuv420p"
        )


@contextmanager
def _conversion_errors(path: str) -> Iterator[None]:
    try:
        yield
    except (av.FFmpegError, OSError, ValueError) as error:
        raise VideoError(path, f"its pictures cannot be converted: {reason_of(error)}") from error


def even_size(width: int, height: int) -> tuple[int, int]:
    """The next even width and height."""
    return width + width % 2, height + height % 2
