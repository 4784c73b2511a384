"""One video of an export: what all its files share, found out once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.stretches import Stretch, plan_stretches
from fiftyone_clipit.export.timing import Timelines
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

    def __init__(self, item: ExportItem, options: ExportOptions, timelines: Timelines) -> None:
        """
        Args:
            item: what to export.
            options: how its stretches are made.
            timelines: where the times of its frames are read, if the item brings none.
        """
        self.item = item
        self.name = item.name or Path(item.source).name
        self.plans = plan_stretches(item.segments, options)
        self._timelines = timelines
        self._timeline = item.timeline
        self._stretches: list[Stretch] | None = None

    @property
    def timeline(self) -> Timeline:
        """The times of its frames; read from the video by the first who asks, if the item brought none.

        Raises:
            VideoError: the video cannot be read.
        """
        if self._timeline is None:
            self._timeline = self._timelines.of(self.item)
        return self._timeline

    @property
    def stretches(self) -> list[Stretch]:
        """What is shown of it, in order.

        Raises:
            VideoError: frames are to be added, and the video cannot be read.
        """
        if self._stretches is None:
            # Never what another format happened to read: files must not depend on who came first.
            timeline = self.timeline if any(p.needs_timeline for p in self.plans) else self.item.timeline
            self._stretches = [plan.resolve(timeline) for plan in self.plans]
        return self._stretches

    @property
    def n_frames(self) -> int | None:
        """Its number of frames, as far as the item tells."""
        if self.item.timeline is not None:
            return self.item.timeline.n_frames
        return self.item.shots[-1].last_frame if self.item.shots else None

    @property
    def duration(self) -> float:
        """Its length in seconds, as far as the item tells; 0 if it does not."""
        if self.item.timeline is not None:
            return float(self.item.timeline.duration)
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
