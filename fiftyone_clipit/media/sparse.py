"""Decodes only what a sampler needs, without losing count of a single frame.

At 2 samples per second most frames are never looked at. Those that no other frame refers to, and those between
the last sample and the next restart point, are counted by their packets' time stamps and left undecoded.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av

from fiftyone_clipit.media.clock import Clock
from fiftyone_clipit.media.nal import Need, picture_reader
from fiftyone_clipit.media.source import Source

# H.264 (A.3.1) and HEVC (A.4.2) allow at most 16 pictures that come before another in the file and after it on
# the screen, so the smallest of more than 16 time stamps is final.
_MAX_REORDER = 16
_MAX_QUEUED = 256
_MAX_DEFERRED = 1024
_MAX_DEFERRED_BYTES = 32 * 2**20


@dataclass(eq=False, slots=True)
class _Picture:
    packet: av.Packet
    stamp: int = 0
    need: Need = Need.OTHERS
    sent: bool = False
    decided: bool = False  # its place in the order of display is final
    wanted: bool = False  # a sample
    left_out: bool = False
    index: int = 0  # 1-based place in the order of display, those counted that were lost later


class SparseDecoder:
    """Yields decoded frames, each with its number and tick, and leaves out what nobody needs.

    The frames that sampling at `fps` takes are always among them, byte for byte as without leaving out. What is
    left out is counted in the clock. At the first thing that is not as it should be (a missing or repeated time
    stamp, an unreadable header, a frame that does not come out, an error) everything is decoded from there on.

    Attributes:
        n_left_out: frames counted but not decoded.
    """

    def __init__(self, source: Source, clock: Clock, fps: Fraction) -> None:
        """
        Args:
            source: an open video of which no frame was taken.
            clock: collects the time stamps of all frames.
            fps: samples per second.
        """
        self.n_left_out = 0
        self._source = source
        self._clock = clock
        self._per_tick = source.time_base * fps
        self._read = picture_reader(source.stream.codec_context)
        self._queue: deque[_Picture] = deque()  # in the file's order
        self._ready: deque[av.VideoFrame] = deque()  # came out before any packet was judged
        self._undecided: list[tuple[int, int, _Picture]] = []  # heap by time stamp
        self._deferred: list[_Picture] = []  # sent if a sample follows before the next restart
        self._deferred_bytes = 0
        self._awaited: dict[int, _Picture] = {}  # by time stamp, in the order of display
        self._start = source.start or 0
        self._everything = self._read is None or not source.has_stamps
        self._last: int | None = None
        self._n_pushed = 0
        self._n_lost = 0

    def frames(self) -> Iterator[tuple[int, int, av.VideoFrame]]:
        """(1-based number, tick, frame) in the order of display. To be called once."""
        self._ready = deque(self._source.ready)
        for packet in self._source.head:
            self._push(packet, sent=True)
        for packet in self._source.packets():
            self._push(packet)
            yield from self._drain()
        while self._undecided:
            self._decide(heapq.heappop(self._undecided)[2])
        yield from self._drain()
        self._leave_out_deferred()
        yield from self._decode(None)
        self._lose(None)

    def _push(self, packet: av.Packet, *, sent: bool = False) -> None:
        picture = _Picture(packet, sent=sent)
        self._queue.append(picture)
        if self._everything or self._read is None:
            return
        need = self._read(memoryview(packet))
        if need is None or packet.pts is None or packet.is_corrupt or len(self._queue) > _MAX_QUEUED:
            self._everything = True
            return
        picture.need, picture.stamp = need, packet.pts
        if packet.is_discard or picture.stamp < self._start:
            # The decoder keeps such frames to itself; others may still refer to them.
            picture.need = Need.OTHERS
            picture.decided = True
        elif self._last is not None and picture.stamp <= self._last:
            self._everything = True
        else:
            self._n_pushed += 1
            heapq.heappush(self._undecided, (picture.stamp, self._n_pushed, picture))
            if len(self._undecided) > _MAX_REORDER:
                self._decide(heapq.heappop(self._undecided)[2])

    def _decide(self, picture: _Picture) -> None:
        """Numbers the next picture in the order of display and tells whether it is a sample."""
        stamp, start, last = picture.stamp, self._start, self._last
        if self._everything or stamp == last:
            self._everything = True
            return
        sampled = -1 if last is None else int((last - start) * self._per_tick)
        picture.wanted = int((stamp - start) * self._per_tick) > sampled
        picture.decided = True
        self._clock.add(stamp, picture.packet.duration)
        self._last = stamp
        picture.index = len(self._clock) + self._n_lost
        if picture.need is Need.NOTHING and not picture.wanted and not picture.sent:
            picture.left_out = True
            self.n_left_out += 1
        else:
            self._awaited[stamp] = picture

    def _drain(self) -> Iterator[tuple[int, int, av.VideoFrame]]:
        """Works off the queue as far as it is decided."""
        while self._ready and (self._everything or self._ready[0].pts in self._awaited):
            yield self._place(self._ready.popleft())
        while self._queue and (self._everything or self._queue[0].decided):
            picture = self._queue.popleft()
            if picture.sent or picture.left_out:
                continue
            if picture.need is Need.RESTART and not self._everything:
                self._leave_out_deferred()
            self._deferred.append(picture)
            self._deferred_bytes += picture.packet.size
            many = len(self._deferred) > _MAX_DEFERRED or self._deferred_bytes > _MAX_DEFERRED_BYTES
            if picture.wanted or many or self._everything:
                yield from self._send_deferred()
        if self._everything:
            yield from self._send_deferred()

    def _send_deferred(self) -> Iterator[tuple[int, int, av.VideoFrame]]:
        pictures, self._deferred, self._deferred_bytes = self._deferred, [], 0
        for picture in pictures:
            picture.sent = True
            yield from self._decode(picture.packet)

    def _leave_out_deferred(self) -> None:
        for picture in self._deferred:
            picture.left_out = True
            if self._awaited.pop(picture.stamp, None):
                self.n_left_out += 1
        self._deferred, self._deferred_bytes = [], 0

    def _decode(self, packet: av.Packet | None) -> Iterator[tuple[int, int, av.VideoFrame]]:
        n_errors = self._source.n_errors
        for frame in self._source.decode(packet):
            yield self._place(frame)
        self._everything |= self._source.n_errors > n_errors

    def _place(self, frame: av.VideoFrame) -> tuple[int, int, av.VideoFrame]:
        """Numbers a frame that came out of the decoder."""
        self._lose(frame.pts)
        if frame.pts in self._awaited:
            picture = self._awaited.pop(frame.pts)
            return picture.index - self._n_lost, picture.stamp - self._start, frame
        self._everything = True
        tick = self._clock.add(self._source.stamp(frame), frame.duration)
        return len(self._clock), tick, frame

    def _lose(self, before: int | None) -> None:
        """Strikes out the sent pictures that should have come out before a time stamp (None: at all)."""
        while self._awaited:
            stamp, picture = next(iter(self._awaited.items()))
            if not picture.sent or (before is not None and stamp >= before):
                return
            del self._awaited[stamp]
            self._clock.remove(picture.index - self._n_lost)
            self._n_lost += 1
            self._everything = True
