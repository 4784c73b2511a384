"""Films without encoding anew: packets as they are, which can begin only at key frames."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from math import floor
from pathlib import Path

import av

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.packets import PacketReader
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video


def copy_stretches(
    shown: Sequence[tuple[Video, Stretch]],
    target: Path,
    *,
    audio: bool = True,
    progress: Callable[[float], None] = lambda share: None,
) -> list[str]:
    """Writes stretches to one mp4 without encoding, from the key frame before each to the last picture it needs.

    Args:
        shown: what to write, in order.
        target: the file.
        audio: take the sound along.
        progress: takes the share that is done.

    Returns:
        How far off the result is.

    Raises:
        ExportError: mp4 cannot hold the coding as it is, or the videos are coded differently.
        VideoError: a video cannot be read.
    """
    copier = _Copier(target, audio=audio)
    early: list[Fraction] = []
    late: list[Fraction] = []
    try:
        for index, (video, stretch) in enumerate(shown):
            before, after = copier.add(video, stretch)
            early.append(before)
            late.append(after)
            progress((index + 1) / len(shown))
        copier.commit()
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"cannot be copied into an mp4 ({reason}): use mode 'exact'") from error
    finally:
        copier.close()
    if not any((*early, *late)):
        return ["copied at key frames: exact"]
    total = float(sum(early) + sum(late))
    return [
        f"copied at key frames: begins up to {float(max(early)):.2f} s early and ends up to {float(max(late)):.2f} s "
        f"late, {total:.2f} s too long in all"
    ]


class _Copier:
    """Joins packets of several stretches in one file, on a clock of its own."""

    def __init__(self, target: Path, *, audio: bool) -> None:
        self._container = av.open(f"file:{target}", "w", format="mp4", options={"movflags": "+faststart"})
        self._audio = audio
        self._input: PacketReader | None = None
        self._coding: object = None
        self._streams: dict[str, av.stream.Stream] = {}
        self._last_dts: dict[str, Fraction] = {}
        self._at = Fraction(0)

    def add(self, video: Video, stretch: Stretch) -> tuple[Fraction, Fraction]:
        """Adds a stretch.

        Returns:
            How many seconds too early it begins, and too late it ends.
        """
        reader = self._open(video)
        timeline = video.timeline
        start, end = timeline.start(stretch.first_frame), timeline.end(stretch.last_frame)
        pictures, begin = reader.pictures(start, timeline.start(stretch.last_frame))
        until = max(end, max(timeline.end(timeline.frame_at(reader.shown_at(p))) for p in pictures))
        streams = [[("video", reader.decoded_at(p), p) for p in pictures]]
        if self._audio and reader.sound is not None:
            streams.append([("audio", reader.heard_at(p), p) for p in reader.sounds(begin, until)])
        for kind, _, packet in heapq.merge(*streams, key=lambda entry: entry[1]):
            self._mux(kind, packet, reader.zero + begin)
        self._at += until - begin
        return start - begin, until - end

    def commit(self) -> None:
        """Finishes the file."""
        self._container.close()

    def close(self) -> None:
        """Releases what is open."""
        if self._input:
            self._input.close()
        with suppress(av.FFmpegError, OSError):
            self._container.close()

    def _open(self, video: Video) -> PacketReader:
        if self._input is None or self._input.path != video.item.source:
            if self._input:
                self._input.close()
            self._input = PacketReader(video.item.source, video.timeline)
            if self._coding is None:
                self._coding = self._input.coding
                self._streams["video"] = self._container.add_stream_from_template(self._input.video)
                if self._audio and self._input.sound is not None:
                    self._streams["audio"] = self._container.add_stream_from_template(self._input.sound)
            elif self._coding != self._input.coding:
                raise ExportError(f"{video.name} is coded otherwise than the first video: use mode 'exact'")
        return self._input

    def _mux(self, kind: str, packet: av.Packet, zero: Fraction) -> None:
        """Puts a packet to its place in the file; what would lie before what is written already is left out."""
        unit = packet.time_base or Fraction(1, 90_000)
        shift = round((self._at - zero) / unit)
        shown = (packet.pts or 0) + shift
        decoded = shown if packet.dts is None else packet.dts + shift
        last = self._last_dts.get(kind)
        if last is not None and decoded * unit <= last:
            if kind == "audio":
                return
            decoded = floor(last / unit) + 1
        self._last_dts[kind] = decoded * unit
        packet.pts, packet.dts = shown, decoded
        packet.stream = self._streams[kind]
        self._container.mux_one(packet)
