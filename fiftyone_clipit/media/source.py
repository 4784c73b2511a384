"""An open video file: its stream, its packets, its frames, and what went wrong on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction

import av

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.opening import VideoInfo, open_container, reason_of, video_stream
from fiftyone_clipit.media.orientation import Orientation

_MAX_RESTARTS = 8
_MAX_HEAD = 2000
"""After so many packets without a frame, a minute or more, there will be none."""


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

    def __init__(self, path: str | os.PathLike[str], *, threads: int = 1, deblock: bool = True) -> None:
        """
        Args:
            path: the file.
            threads: decoding threads; 0 leaves it to the decoder.
            deblock: run the codec's loop filter; without it decoding is faster and pixels deviate a little.

        Raises:
            VideoError: it cannot be opened, has no video, or no frame of it can be decoded.
        """
        self.path = os.fspath(path)
        self.warnings: list[str] = []
        self.n_errors = 0
        self.head: list[av.Packet] = []
        self.ready: list[av.VideoFrame] = []
        self._last_error = ""
        self._first_damage: int | None = None
        self._flushed = False
        self.container = open_container(self.path)
        try:
            self.stream = video_stream(self.path, self.container)
            self.stream.codec_context.thread_count = threads
            self.stream.codec_context.thread_type = "AUTO"
            if not deblock:
                self.stream.codec_context.options = {"skip_loop_filter": "all"}
            # AVI stores no times of display; what libav makes up for reordered pictures is out of order.
            self._ordered_by_dts = self.container.format.name == "avi" and self._codec in ("h264", "hevc")
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
    def has_stamps(self) -> bool:
        """Whether packets and frames carry the times at which they are shown."""
        return not self._ordered_by_dts and self.start is not None

    @property
    def start(self) -> int | None:
        """The time stamp of the video's start, in ticks; other streams have theirs on the same clock."""
        return self.head[0].dts if self._ordered_by_dts else self.first.pts

    def stamp(self, frame: av.VideoFrame) -> int | None:
        """A frame's time stamp, in ticks."""
        return frame.dts if self._ordered_by_dts else frame.pts

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
            if self._first_damage is None and packet is not None:
                self._first_damage = packet.pts
            self._last_error = reason_of(error)
            return []

    def frames(self) -> Iterator[av.VideoFrame]:
        """All frames in the order of display, from the first. To be called once, on a fresh source."""
        yield from self.ready
        for packet in self.packets():
            yield from self.decode(packet)
        yield from self.decode(None)

    def note_damage(self, duration: Fraction) -> None:
        """Adds what a complete pass over the video found wrong to the warnings.

        Args:
            duration: what was decoded, in seconds.
        """
        if self.n_errors:
            what = "1 damaged packet was" if self.n_errors == 1 else f"{self.n_errors} damaged packets were"
            at = ""
            if self._first_damage is not None and self.start is not None:
                at = f", at {float((self._first_damage - self.start) * self.time_base):.2f} s"
                at = at if self.n_errors == 1 else f"{at} and later"
            self.warnings.append(f"{what} left out{at}")
        promised = self.info.duration
        other_streams_count = self.info.has_audio and not self.stream.duration
        if promised and not other_streams_count and duration < promised - max(Fraction(1), promised / 20):
            text = f"the video ends after {float(duration):.2f} s, its header promises {float(promised):.2f} s"
            self.warnings.append(text)

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
                    self.warnings.append(f"reading stopped before the end of the file: {reason_of(error)}")
                    return

    def _decode_first(self) -> None:
        for packet in self._packets:
            self.head.append(packet)
            self.ready = self.decode(packet)
            if self.ready or len(self.head) >= _MAX_HEAD:
                break
        self.ready = self.ready or self.decode(None)
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
