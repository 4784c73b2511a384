"""From a summary's segments to the stretches of video that are shown: padded, merged, ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.summary.types import Segment

_ROUNDING = 1e-6
"""Seconds: times in seconds come as floats."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of video to show.

    Attributes:
        first_frame: its first frame, 1-based.
        last_frame: its last frame, inclusive.
        start: when the first frame appears, in seconds.
        end: when the last frame gives way to the next, in seconds.
        numbers: the places (0-based) of its segments in the item, in time order.
        importance: of its segments, weighted by their lengths.
        rank: of its best segment.
        label: what its best segment answers.
        peak_frame: the most important frame of its best segment.
    """

    first_frame: int
    last_frame: int
    start: float
    end: float
    numbers: tuple[int, ...]
    importance: float
    rank: int
    label: str
    peak_frame: int

    @property
    def n_frames(self) -> int:
        return self.last_frame - self.first_frame + 1


@dataclass(frozen=True)
class Plan:
    """Segments that are shown as one stretch; its exact frames may still depend on the video's timeline.

    Attributes:
        segments: in time order.
        numbers: their places (0-based) in the item.
        options: how much is added to them.
    """

    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]
    options: ExportOptions

    @property
    def best(self) -> Segment:
        return min(self.segments, key=lambda segment: segment.rank)

    @property
    def needs_timeline(self) -> bool:
        """Whether frames are added that only the video's timeline tells."""
        return any(self.options.paddings) or self.options.min_length > 0

    def resolve(self, timeline: Timeline | None) -> Stretch:
        """The exact stretch.

        Args:
            timeline: of the video; may be None where `needs_timeline` is false.
        """
        first, last = self.segments[0].first_frame, max(s.last_frame for s in self.segments)
        if timeline is not None and self.needs_timeline:
            first, last = _grow(first, last, timeline, self.options)
        weights = np.array([segment.n_frames for segment in self.segments], dtype=float)
        exact = timeline is not None and last <= timeline.n_frames
        return Stretch(
            first_frame=first,
            last_frame=last,
            start=float(timeline.start(first)) if timeline and exact else self.segments[0].start,
            end=float(timeline.end(last)) if timeline and exact else max(s.end for s in self.segments),
            numbers=self.numbers,
            importance=float(np.average([s.importance for s in self.segments], weights=weights)),
            rank=self.best.rank,
            label=self.best.label,
            peak_frame=min(max(self.best.peak_frame, first), last),
        )


def plan_stretches(segments: Sequence[Segment], options: ExportOptions) -> list[Plan]:
    """Merges and orders segments, without reading the video."""
    numbered = sorted(enumerate(segments), key=lambda pair: (pair[1].first_frame, pair[1].last_frame))
    groups: list[list[tuple[int, Segment]]] = []
    for pair in numbered:
        gap = options.merge_gap
        if gap is not None and groups and _gap(groups[-1], pair[1], options) <= gap + _ROUNDING:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    plans = [Plan(tuple(s for _, s in group), tuple(n for n, _ in group), options) for group in groups]
    if options.order == "rank":
        plans.sort(key=lambda plan: (plan.best.rank, plan.segments[0].first_frame))
    elif options.order == "given":
        plans.sort(key=lambda plan: min(plan.numbers))
    return plans


def _gap(group: list[tuple[int, Segment]], segment: Segment, options: ExportOptions) -> float:
    """Seconds between what will be shown of a group and of the segment after it."""
    before, after = options.paddings
    start, end = group[0][1].start, max(s.end for _, s in group)
    grown = max(0.0, options.min_length - (end - start + before + after)) / 2
    grown_next = max(0.0, options.min_length - (segment.end - segment.start + before + after)) / 2
    return (segment.start - before - grown_next) - (end + after + grown)


def _grow(first: int, last: int, timeline: Timeline, options: ExportOptions) -> tuple[int, int]:
    """Adds padding, then what is missing to the minimum length: on both sides, or where there is room."""
    before, after = (Fraction(str(value)) for value in options.paddings)
    begin = max(timeline.start(first) - before, Fraction(0))
    end = min(timeline.end(last) + after, timeline.duration)
    missing = Fraction(str(options.min_length)) - (end - begin)
    if missing > 0:
        begin, end = begin - missing / 2, end + missing / 2
        over, under = max(end - timeline.duration, Fraction(0)), max(-begin, Fraction(0))
        begin, end = begin - over, end + under
    # `end` belongs to the next frame: a stretch is half open.
    new_first = min(first, timeline.frame_at(max(begin, Fraction(0))))
    new_last = timeline.frame_at(min(end, timeline.duration))
    if timeline.start(new_last) >= end:
        new_last -= 1
    return new_first, max(last, new_last)
