"""An mp4 file under a temporary name that becomes the target only when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast
from uuid import uuid4

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from fiftyone_clipit.errors import ExportError, UsageError


@dataclass(frozen=True)
class Encoding:
    """How video is encoded.

    Attributes:
        crf: constant quality, 0 (lossless) to 51 (worst).
        preset: the encoder's trade of speed for size, "ultrafast" to "veryslow".
        codec: "h264", "hevc" or "av1".
    """

    crf: float = 20
    preset: str = "veryfast"
    codec: str = "h264"

    def __post_init__(self) -> None:
        if self.codec not in _ENCODERS:
            raise UsageError(f"codec must be one of {', '.join(_ENCODERS)}, not {self.codec!r}")
        if not 0 <= self.crf <= 51:
            raise UsageError(f"crf must lie between 0 and 51, not {self.crf!r}")
        if self.preset not in _PRESETS:
            raise UsageError(f"preset must be one of {', '.join(_PRESETS)}, not {self.preset!r}")

    @property
    def encoder(self) -> str:
        """libav's name of the encoder."""
        return _ENCODERS[self.codec]

    @property
    def options(self) -> dict[str, str]:
        """What the encoder is told."""
        options = {"crf": f"{self.crf:g}", "preset": self.preset}
        if self.codec == "hevc":
            options["x265-params"] = "log-level=error"
        if self.codec == "av1":
            # Its presets are numbers, its scale of quality is longer.
            speed = len(_PRESETS) - 1 - _PRESETS.index(self.preset)
            options = {"crf": str(round(self.crf * 63 / 51)), "preset": str(12 - speed)}
        return options


_ENCODERS = {"h264": "libx264", "hevc": "libx265", "av1": "libsvtav1"}

_PRESETS = (
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
)


@dataclass(frozen=True)
class Look:
    """How players are to show the pictures: libav's numbers, with the usual ones of HD video as defaults.

    Attributes:
        colorspace: of the YUV values, which lie in the limited range.
        primaries: of the colours.
        transfer: the brightness curve.
        pixel_aspect: width of a pixel over its height; None for square ones.
    """

    colorspace: int = Colorspace.ITU709
    primaries: int = ColorPrimaries.BT709
    transfer: int = ColorTrc.BT709
    pixel_aspect: Fraction | None = None


@dataclass(frozen=True)
class AudioFormat:
    """The sound of a file: samples per second and the channels' layout, such as "stereo"."""

    rate: int
    layout: str


class Output:
    """Video (yuv420p), with AAC sound if wanted, in an mp4 whose index comes first.

    Nothing appears under the target's name before `commit`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        size: tuple[int, int],
        time_base: Fraction,
        rate: Fraction,
        encoding: Encoding,
        look: Look,
        audio: AudioFormat | None = None,
    ) -> None:
        """
        Args:
            path: the target.
            size: width and height, both even.
            time_base: unit of the frames' times, in seconds.
            rate: average frames per second, for the rate control and the header.
            encoding: quality and speed.
            look: how players are to show the frames that will come.
            audio: the sound's format; None for a silent file.

        Raises:
            ExportError: the file cannot be created.
        """
        self.path = Path(path)
        self._temporary = self.path.with_name(f".{uuid4().hex[:12]}.part")
        self._durations: dict[int, int] = {}
        with self.errors():
            options = {"movflags": "+faststart"}
            self._container = av.open(f"file:{self._temporary}", "w", format="mp4", options=options)
        try:
            with self.errors():
                self._video = self._add_video(size, time_base, rate, encoding, look)
                self._audio = self._container.add_stream("aac", rate=audio.rate) if audio else None
                if self._audio and audio:
                    self._audio.codec_context.layout = audio.layout
                self._container.start_encoding()
        except BaseException:
            self.abort()
            raise

    def _add_video(
        self,
        size: tuple[int, int],
        time_base: Fraction,
        rate: Fraction,
        encoding: Encoding,
        look: Look,
    ) -> av.VideoStream:
        name, options = encoding.encoder, encoding.options
        if encoding.codec == "av1":
            # Otherwise it tells its whole configuration on stderr.
            os.environ.setdefault("SVT_LOG", "1")
        added = self._container.add_stream(name, rate=rate.limit_denominator(100_000), options=options)
        stream = cast(av.VideoStream, added)
        stream.time_base = time_base
        context = stream.codec_context
        if encoding.codec == "hevc":
            # The only tag under which Apple's players know it.
            context.codec_tag = "hvc1"
        # PyAV's default cuts each picture into slices, one a thread: a third more bytes for x264, and slower.
        context.thread_type = "AUTO"
        context.time_base = time_base
        context.width, context.height = size
        context.pix_fmt = "yuv420p"
        context.color_range = ColorRange.MPEG
        context.colorspace, context.color_primaries, context.color_trc = (
            look.colorspace,
            look.primaries,
            look.transfer,
        )
        if look.pixel_aspect:
            context.sample_aspect_ratio = look.pixel_aspect
        return stream

    def write_video(self, frame: av.VideoFrame, tick: int, duration: int) -> None:
        """Adds a yuv420p frame of the right size, shown from `tick` for `duration` ticks. Ticks must increase."""
        frame.pts = tick
        frame.time_base = self._video.codec_context.time_base
        frame.pict_type = 0
        self._durations[tick] = duration
        with self.errors():
            self._mux_video(self._video.encode(frame))

    def write_audio(self, frame: av.AudioFrame) -> None:
        """Adds sound; `frame.pts` counts samples from the start."""
        with self.errors():
            self._mux_audio(frame)

    def commit(self) -> None:
        """Finishes the file and gives it its name.

        Raises:
            ExportError: it cannot be written.
        """
        try:
            with self.errors():
                self._mux_video(self._video.encode(None))
                self._mux_audio(None)
                self._container.close()
                os.replace(self._temporary, self.path)
        except BaseException:
            self.abort()
            raise

    def abort(self) -> None:
        """Drops what was written; the target stays as it was."""
        with suppress(av.FFmpegError, OSError):
            self._container.close()
        with suppress(OSError):
            self._temporary.unlink()

    def _mux_video(self, packets: list[av.Packet]) -> None:
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._durations.pop(packet.pts, 0)
            self._container.mux_one(packet)

    def _mux_audio(self, frame: av.AudioFrame | None) -> None:
        for packet in self._audio.encode(frame) if self._audio else ():
            self._container.mux_one(packet)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns what the system and the encoder complain about into an ExportError that names the target."""
        try:
            yield
        except FileNotFoundError:
            raise ExportError(f"cannot write {self.path}: its folder does not exist") from None
        except (av.FFmpegError, OSError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ExportError(f"cannot write {self.path}: {reason}") from error
