"""Writing video: drawn frames, and exact cuts of existing files."""

from __future__ import annotations

import os
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.cutting import CutReport, cut
from fiftyone_clipit.media.output import Encoding, Look, Output
from fiftyone_clipit.media.pixels import even_size
from fiftyone_clipit.media.sampler import parse_fps

__all__ = ["CutReport", "VideoWriter", "cut"]


class VideoWriter:
    """Writes RGB frames to an mp4 (H.264, yuv420p) at a constant rate.

    A context manager: the file gets its name when the block ends, and does not appear at all when it fails.

    Example:
        >>> with VideoWriter("out.mp4", rate=25) as video:
        ...     for image in images:
        ...         video.write(image)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        rate: Fraction | float | int | str,
        crf: float = 20,
        preset: str = "veryfast",
    ) -> None:
        """
        Args:
            path: the target; replaced if it exists.
            rate: frames per second, exact, also as "30000/1001".
            crf: constant quality, 0 (lossless) to 51 (worst).
            preset: x264's trade of speed for size.

        Raises:
            UsageError: `rate`, `crf` or `preset` cannot work.
        """
        self._path = path
        self._rate = parse_fps(rate)
        self._encoding = Encoding(crf, preset)
        self._output: Output | None = None
        self._size = (0, 0)
        self._shape: tuple[int, ...] = ()
        self._count = 0
        self._reformatter = VideoReformatter()

    def write(self, image: np.ndarray) -> None:
        """Adds a frame.

        Args:
            image: uint8 RGB of shape (height, width, 3), the same for all frames. Odd sizes grow by one pixel,
                as yuv420p needs even ones.

        Raises:
            UsageError: it has another shape or type.
            ExportError: it cannot be written.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise UsageError(f"a frame must be uint8 of shape (height, width, 3), not {image.dtype} {image.shape}")
        if self._output is None:
            self._shape = image.shape
            self._size = even_size(image.shape[1], image.shape[0])
            self._output = Output(
                self._path,
                size=self._size,
                time_base=1 / self._rate,
                rate=self._rate,
                encoding=self._encoding,
                look=Look(),
            )
        elif image.shape != self._shape:
            raise UsageError(f"all frames must have the shape {self._shape}, not {image.shape}")
        frame = self._reformatter.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24"),
            width=self._size[0],
            height=self._size[1],
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
        )
        self._output.write_video(frame, self._count, 1)
        self._count += 1

    def close(self) -> None:
        """Finishes the file.

        Raises:
            UsageError: no frame was written.
            ExportError: it cannot be written.
        """
        if self._output is None:
            raise UsageError(f"{self._path}: a video needs at least one frame")
        self._output.commit()

    def abort(self) -> None:
        """Drops what was written."""
        if self._output:
            self._output.abort()

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()
