"""One video of an export: what all its files share, found out once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.stretches import Stretch, plan_stretches
from fiftyone_clipit.export.timing import timeline_of
from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import read_frames


class Video:
    """An item with its stretches. Safe to use from several threads.

    Attributes:
        item: what to export.
        name: what it is called in pictures and texts.
        plans: its stretches before the video is read.
    """

    def __init__(self, item: ExportItem, options: ExportOptions) -> None:
        self.item = item
        self.name = item.name or Path(item.source).name
        self.plans = plan_stretches(item.segments, options)
        self._lock = threading.Lock()
        self._timeline = item.timeline
        self._stretches: list[Stretch] | None = None

    @property
    def timeline(self) -> Timeline:
        """The times of its frames; read from the video by the first who asks, if the item brought none.

        Raises:
            VideoError: the video cannot be read.
        """
        with self._lock:
            if self._timeline is None:
                self._timeline = timeline_of(self.item)
            return self._timeline

    @property
    def known_timeline(self) -> Timeline | None:
        """The timeline, if it is known already."""
        return self._timeline

    @property
    def stretches(self) -> list[Stretch]:
        """What is shown of it, in order.

        Raises:
            VideoError: frames are to be added, and the video cannot be read.
        """
        if self._stretches is None:
            timeline = self.timeline if any(p.needs_timeline for p in self.plans) else self._timeline
            self._stretches = [plan.resolve(timeline) for plan in self.plans]
        return self._stretches

    @property
    def duration(self) -> float:
        """Its length in seconds, as far as the item tells; 0 if it does not."""
        if self._timeline is not None:
            return float(self._timeline.duration)
        ends = [shot.end for shot in self.item.shots or ()] + [segment.end for segment in self.item.segments]
        if self.item.times is not None and len(self.item.times):
            ends.append(float(self.item.times[-1]))
        return max(ends, default=0.0)

    def images(self, numbers: list[int], resize: Callable[[int, int], tuple[int, int]]) -> list[np.ndarray]:
        """Single frames by 1-based number, uint8 RGB (height, width, 3).

        Raises:
            VideoError: the video cannot be read.
        """
        return read_frames(self.item.source, numbers, timeline=self.timeline, resize=resize)
