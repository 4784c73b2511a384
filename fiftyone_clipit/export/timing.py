"""The times of a video's frames without decoding it, where that can be trusted."""

from __future__ import annotations

import threading
from fractions import Fraction
from itertools import chain

from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.media.clock import Clock
from fiftyone_clipit.media.source import Source
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import scan
from fiftyone_clipit.summary.types import Segment, Shot


class Timelines:
    """The times of the frames of several videos, each read once. Safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._from_packets: dict[str, Timeline | None] = {}
        self._scanned: dict[str, Timeline] = {}

    def of(self, item: ExportItem) -> Timeline:
        """The times of the frames of an item's video.

        Packets tell the times of all frames as long as every one of them can be decoded. The item knows better: its
        segments have frame numbers and times from when the video was decoded. Where both agree the packets are
        believed, else the video is decoded again.

        Raises:
            VideoError: the video cannot be read.
        """
        source = item.source
        with self._guard:
            lock = self._locks.setdefault(source, threading.Lock())
        with lock:
            if source not in self._scanned:
                if source not in self._from_packets:
                    self._from_packets[source] = _from_packets(source)
                timeline = self._from_packets[source]
                if timeline is not None and _agrees(timeline, item):
                    return timeline
                self._scanned[source] = scan(source)
            return self._scanned[source]


def _from_packets(path: str) -> Timeline | None:
    source = Source(path)
    try:
        if not source.has_stamps:
            return None
        shown: list[tuple[int, int]] = []
        for packet in chain(source.head, source.packets()):
            if packet.pts is None or packet.is_corrupt:
                return None
            if not packet.is_discard and packet.pts >= (source.start or 0):
                shown.append((packet.pts, packet.duration or 0))
        clock = Clock(source.time_base, source.info.rate)
        for stamp, duration in sorted(shown):
            clock.add(stamp, duration)
        return None if clock.repaired or not shown else clock.timeline()
    finally:
        source.close()


def _agrees(timeline: Timeline, item: ExportItem) -> bool:
    """Whether frame numbers and times belong together as the item says."""
    tolerance = Fraction(1, 4) / timeline.rate
    known: list[Segment | Shot] = [*item.segments, *(item.shots or ())]
    return bool(known) and all(
        1 <= part.first_frame <= part.last_frame <= timeline.n_frames
        and abs(timeline.start(part.first_frame) - Fraction(part.start)) <= tolerance
        and abs(timeline.end(part.last_frame) - Fraction(part.end)) <= tolerance
        for part in known
    )
