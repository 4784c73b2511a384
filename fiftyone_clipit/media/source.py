"""An open video file: its stream, its packets, its frames, and what went wrong on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.orientation import Orientation

_MAX_RESTARTS = 8


@dataclass(frozen=True)
class VideoInfo:
    """What a file says about its video. Only `width`, `height` and `rotation` come from a decoded frame.

    Attributes:
        path: the file.
        width: displayed width in pixels, after rotation; pixels are taken as square.
        height: displayed height in pixels, after rotation.
        rotation: clockwise degrees to turn the stored picture for display: 0, 90, 180 or 270.
        codec: name of the video codec, such as "h264".
        rate: the header's average frames per second; may be wrong.
        duration: the header's duration in seconds; may be wrong.
        n_frames: the header's number of frames; may be wrong.
        has_audio: whether there is an audio stream.
    """

    path: str
    width: int
    height: int
    rotation: int
    codec: str
    rate: Fraction | None
    duration: Fraction | None
    n_frames: int | None
    has_audio: bool


class Source:
    """A video file opened for decoding, with its first frame decoded.

    The default video stream is taken (the one with the default mark; among several the richest, as players
    do). Attached pictures, such as the cover of a song, are no video.

    Attributes:
        container: the open file.
        stream: its video stream.
        info: what the file says.
        orientation: how to turn its pictures.
        warnings: what went wrong without stopping.
        head: the packets that it took to get the first frame; all sent to the decoder.
        ready: the frames that they gave.
        n_errors: packets that could not be decoded.
    """

    def __init__(self, path: str | os.PathLike[str], *, threads: int = 1) -> None:
        """
        Args:
            path: the file.
            threads: decoding threads; 0 leaves it to the decoder.

        Raises:
            VideoError: it cannot be opened, has no video, or no frame of it can be decoded.
        """
        self.path = os.fspath(path)
        self.warnings: list[str] = []
        self.n_errors = 0
        self.head: list[av.Packet] = []
        self.ready: list[av.VideoFrame] = []
        self._last_error = ""
        self._flushed = False
        self.container = _open(self.path)
        try:
            self.stream = _video_stream(self.path, self.container)
            self.stream.codec_context.thread_count = threads
            self.stream.codec_context.thread_type = "AUTO"
            self._packets = self._demux()
            self._decode_first()
            self.orientation = Orientation.of(self.first)
            self.info = self._info()
        except BaseException:
            self.container.close()
            raise

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick of the video stream."""
        return self.stream.time_base or Fraction(1, 90_000)

    @property
    def first(self) -> av.VideoFrame:
        """The first frame."""
        return self.ready[0]

    def packets(self) -> Iterator[av.Packet]:
        """The video stream's packets after `head`."""
        return self._packets

    def decode(self, packet: av.Packet | None) -> list[av.VideoFrame]:
        """The frames that a packet sets free; none, and one error more, if it is damaged.

        Args:
            packet: None, after the last one, for the frames that the decoder still holds.
        """
        if packet is None:
            if self._flushed:
                return []
            self._flushed = True
        try:
            return self.stream.codec_context.decode(packet)
        except (av.FFmpegError, OSError) as error:
            self.n_errors += 1
            self._last_error = _reason(error)
            return []

    def frames(self) -> Iterator[av.VideoFrame]:
        """All frames in the order of display, from the first. To be called once, on a fresh source."""
        yield from self.ready
        for packet in self.packets():
            yield from self.decode(packet)
        yield from self.decode(None)

    def seek(self, stamp: int) -> None:
        """Goes to the restart point at or before a time stamp; `packets` goes on from there.

        Raises:
            av.FFmpegError: the file cannot seek.
        """
        self.container.seek(stamp, stream=self.stream)
        self._packets = self._demux()
        self._flushed = False

    def close(self) -> None:
        """Releases the file."""
        self.container.close()

    def _demux(self) -> Iterator[av.Packet]:
        # A read error is skipped where reading goes on behind it, and noted where it does not.
        restarts = 0
        while True:
            try:
                for packet in self.container.demux(self.stream):
                    if packet.size:
                        yield packet
                    restarts = 0
                return
            except (av.FFmpegError, OSError) as error:
                restarts += 1
                if restarts > _MAX_RESTARTS:
                    self.warnings.append(f"reading stopped before the end of the file: {_reason(error)}")
                    return

    def _decode_first(self) -> None:
        for packet in self._packets:
            self.head.append(packet)
            self.ready = self.decode(packet)
            if self.ready:
                return
        self.ready = self.decode(None)
        if not self.ready:
            reason = self._last_error or "it has no frames"
            raise VideoError(self.path, f"no frame of its {self._codec} video can be decoded: {reason}")

    @property
    def _codec(self) -> str:
        return self.stream.codec_context.codec.canonical_name

    def _info(self) -> VideoInfo:
        stream, container = self.stream, self.container
        duration = None
        if stream.duration:
            duration = stream.duration * self.time_base
        elif container.duration:
            duration = Fraction(container.duration, av.time_base)
        width, height = self.orientation.size(self.first.width, self.first.height)
        return VideoInfo(
            path=self.path,
            width=width,
            height=height,
            rotation=self.orientation.rotation,
            codec=self._codec,
            rate=stream.average_rate or stream.guessed_rate or None,
            duration=duration,
            n_frames=stream.frames or None,
            has_audio=bool(container.streams.audio),
        )


def _open(path: str) -> av.container.InputContainer:
    try:
        if Path(path).is_file() and not Path(path).stat().st_size:
            raise VideoError(path, "the file is empty")
        # The protocol keeps names such as "a:b.mp4" or "-x.mp4" from being read as something else.
        container = av.open(f"file:{path}", metadata_errors="replace")
    except FileNotFoundError:
        raise VideoError(path, "no such file") from None
    except IsADirectoryError:
        raise VideoError(path, "this is a folder, not a video") from None
    except PermissionError:
        raise VideoError(path, "no permission to read the file") from None
    except av.InvalidDataError:
        reason = "not a readable video: unknown format, or a recording that was cut off before its index"
        raise VideoError(path, reason) from None
    except (av.FFmpegError, OSError) as error:
        raise VideoError(path, f"cannot be opened: {_reason(error)}") from None
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        kind = container.format.name.removesuffix("_pipe")
        container.close()
        raise VideoError(path, f"this is a picture ({kind}), not a video")
    return container


def _video_stream(path: str, container: av.container.InputContainer) -> av.VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        if container.streams.video:
            raise VideoError(path, "no video stream, only a cover picture")
        raise VideoError(path, "no video stream" + (", only audio" if container.streams.audio else ""))
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    if stream.codec_context is None:
        raise VideoError(path, "no decoder for its video codec")
    return stream


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
