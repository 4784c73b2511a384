"""The coded packets that a stretch of video needs, without decoding it."""

from __future__ import annotations

from fractions import Fraction

import av

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.media.clock import is_exact
from fiftyone_clipit.media.source import Source
from fiftyone_clipit.media.timeline import Timeline

_STEPS_BACK = (0, 1, 5, 30)
"""Where a seek lands too late, it is tried again from so many seconds earlier."""


class PacketReader:
    """Reads packets by time. Times count from the first frame, in seconds.

    Attributes:
        path: the file.
        video: its video stream.
        sound: the sound that belongs to it; None if there is none.
        zero: the time stamp of the first frame, in seconds.
        coding: what two videos must share to be joined without encoding.
    """

    def __init__(self, path: str, timeline: Timeline) -> None:
        """
        Args:
            path: the video.
            timeline: the times of its frames.

        Raises:
            ExportError: the file gives no time stamps to rely on.
            VideoError: the file cannot be read.
        """
        self.path = path
        self._source = Source(path)
        if not self._source.has_stamps or not is_exact(timeline, self._source.time_base):
            self._source.close()
            raise ExportError("its time stamps cannot be relied on: use mode 'exact'")
        self.video = self._source.stream
        self.zero = (self._source.start or 0) * self._source.time_base
        context = self.video.codec_context
        self.coding = (context.name, context.extradata, context.width, context.height)
        self._sounds = av.open(f"file:{path}", metadata_errors="replace")
        self.sound = self._find_sound()

    def close(self) -> None:
        """Releases the file."""
        self._source.close()
        self._sounds.close()

    def shown_at(self, packet: av.Packet) -> Fraction:
        """When the picture of a packet appears."""
        return (packet.pts or 0) * self._source.time_base - self.zero

    def decoded_at(self, packet: av.Packet) -> Fraction:
        """When a packet of the video is to be decoded."""
        stamp = packet.pts if packet.dts is None else packet.dts
        return (stamp or 0) * self._source.time_base - self.zero

    def heard_at(self, packet: av.Packet) -> Fraction:
        """When a packet of the sound begins."""
        return (packet.pts or 0) * (packet.time_base or Fraction(1, 48_000)) - self.zero

    def pictures(self, first: Fraction, last: Fraction) -> tuple[list[av.Packet], Fraction]:
        """The packets to decode the frames that begin at `first` to `last`.

        Returns:
            The packets in the order of decoding, and the time of the key frame that they begin with.

        Raises:
            ExportError: there is no key frame before.
        """
        for seconds in _STEPS_BACK:
            packets = self._from(first - seconds, first, last)
            if packets:
                begin = self.shown_at(packets[0])
                # What is shown before the key frame would need pictures before it.
                return [packet for packet in packets if self.shown_at(packet) >= begin], begin
        raise ExportError("no key frame was found before a segment: use mode 'exact'")

    def sounds(self, begin: Fraction, end: Fraction) -> list[av.Packet]:
        """The sound's packets whose middle lies between two times."""
        if self.sound is None:
            return []
        unit = self.sound.time_base or Fraction(1, 48_000)
        self._sounds.seek(int((begin - 1 + self.zero) / unit), stream=self.sound)
        found = []
        for packet in self._sounds.demux(self.sound):
            if packet.pts is None or not packet.size:
                continue
            middle = self.heard_at(packet) + (packet.duration or 0) * unit / 2
            if middle >= end:
                break
            if middle >= begin:
                found.append(packet)
        return found

    def _from(self, place: Fraction, first: Fraction, last: Fraction) -> list[av.Packet]:
        self._source.seek(round((max(place, Fraction(0)) + self.zero) / self._source.time_base))
        packets: list[av.Packet] = []
        needed = 0
        for packet in self._source.packets():
            if packet.pts is None:
                continue
            time = self.shown_at(packet)
            if packet.is_keyframe and time <= first:
                packets, needed = [], 0
            elif not packets:
                if packet.is_keyframe:
                    return []
                continue
            packets.append(packet)
            if time <= last:
                needed = len(packets)
            elif packet.dts is not None and self.decoded_at(packet) > last:
                break
        return packets[:needed]

    def _find_sound(self) -> av.AudioStream | None:
        if not self._sounds.streams.audio:
            return None
        related = self._sounds.streams[self.video.index]
        best = self._sounds.streams.best("audio", related=related) or self._sounds.streams.audio[0]
        return next(stream for stream in self._sounds.streams.audio if stream.index == best.index)
