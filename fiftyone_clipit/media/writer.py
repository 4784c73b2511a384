"""Writing video: drawn frames, and exact cuts of existing files."""

from __future__ import annotations

import os
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.cutting import CutReport, cut
from fiftyone_clipit.media.output import AudioFormat, Encoding, Look, Output
from fiftyone_clipit.media.pixels import even_size
from fiftyone_clipit.media.sampler import parse_fps

__all__ = ["CutReport", "VideoWriter", "cut"]

_AAC_FRAME = 1024


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
        sound_rate: int | None = None,
    ) -> None:
        """
        Args:
            path: the target; replaced if it exists.
            rate: frames per second, exact, also as "30000/1001".
            crf: constant quality, 0 (lossless) to 51 (worst).
            preset: x264's trade of speed for size.
            sound_rate: samples per second of the sound that `write_sound` will add; None for a silent file.

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
        self._sound_rate = sound_rate
        self._samples = np.zeros((1, 0), np.float32)
        self._samples_written = 0
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
                audio=AudioFormat(self._sound_rate, "mono") if self._sound_rate else None,
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

    def write_sound(self, samples: np.ndarray) -> None:
        """Adds sound behind the sound that is there; it begins with the first frame, which must be written before.

        Args:
            samples: float (N,) in [-1, 1], one channel.

        Raises:
            UsageError: no frame is written yet, or the file was opened without `sound_rate`.
            ExportError: it cannot be written.
        """
        if self._output is None or not self._sound_rate:
            raise UsageError(f"{self._path}: sound needs a sound_rate, and a first frame before it")
        self._samples = np.concatenate([self._samples, samples[None].astype(np.float32)], axis=1)
        whole = self._samples.shape[1] // _AAC_FRAME * _AAC_FRAME
        for at in range(0, whole, _AAC_FRAME):
            self._encode_sound(self._output, self._sound_rate, self._samples[:, at : at + _AAC_FRAME])
        self._samples = self._samples[:, whole:]

    def _encode_sound(self, output: Output, rate: int, samples: np.ndarray) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="mono")
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = self._samples_written
        output.write_audio(frame)
        self._samples_written += samples.shape[1]

    def close(self) -> None:
        """Finishes the file.

        Raises:
            UsageError: no frame was written.
            ExportError: it cannot be written.
        """
        if self._output is None:
            raise UsageError(f"{self._path}: a video needs at least one frame")
        if self._sound_rate and self._samples.shape[1]:
            self._encode_sound(self._output, self._sound_rate, self._samples)
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
