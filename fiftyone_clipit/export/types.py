"""What goes into an export and what comes out of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.summary.types import Segment, Shot, Summary


@dataclass(frozen=True, eq=False)
class ExportItem:
    """What to export of one video.

    Attributes:
        source: the video file.
        segments: the stretches to export, in the order in which to show them.
        name: what its files are to be called; the video file's name if left out.
        title: what the summary answers: the query, or "summary". For title cards and labels.
        timeline: the times of the video's frames. A format that needs them decodes the video once if they are missing.
        frame_numbers: int64 (T,), the 1-based numbers of the frames whose importance is known, increasing.
        times: float64 (T,), their times in seconds.
        importance: float64 (T,), in [0, 1].
        shots: all shots of the video, in time order.
        attributes: anything else worth keeping with the video (an id, tags, how the scores came about); JSON values.
        segment_attributes: the same for each segment, in the order of `segments`.
    """

    source: str
    segments: Sequence[Segment]
    name: str | None = None
    title: str = "summary"
    timeline: Timeline | None = None
    frame_numbers: np.ndarray | None = None
    times: np.ndarray | None = None
    importance: np.ndarray | None = None
    shots: Sequence[Shot] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    segment_attributes: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(
        cls,
        source: str | os.PathLike[str],
        summary: Summary,
        *,
        name: str | None = None,
        title: str = "summary",
        timeline: Timeline | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> ExportItem:
        """An item from everything that scoring a video gave."""
        return cls(
            source=os.fspath(source),
            segments=summary.segments,
            name=name,
            title=title,
            timeline=timeline,
            frame_numbers=summary.frame_numbers,
            times=summary.times,
            importance=summary.importance,
            shots=summary.shots,
            attributes=attributes or {},
        )

    def attributes_of(self, index: int) -> Mapping[str, Any]:
        """What is kept with the segment at an index of `segments`."""
        return self.segment_attributes[index] if index < len(self.segment_attributes) else {}


@dataclass(frozen=True)
class Written:
    """A file of an export.

    Attributes:
        path: the file.
        format: the name of its format.
        sources: the videos that it shows.
        segments: numbers (1-based, in the item's order) of the segments in it; empty for all.
        kept: whether it was there already, finished by an earlier export.
        notes: what the user should know about it.
    """

    path: Path
    format: str
    sources: tuple[str, ...]
    segments: tuple[int, ...] = ()
    kept: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A file that could not be made.

    Attributes:
        path: what it should have been.
        format: the name of its format.
        sources: the videos that it should have shown.
        reason: why, one line.
    """

    path: Path
    format: str
    sources: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.path.name} ({self.format}): {self.reason}"


@dataclass(frozen=True)
class ExportReport:
    """What an export did.

    Attributes:
        folder: where its files are.
        files: what was written, or kept from an earlier export, in the order of videos and formats.
        failures: what could not be made, with reasons.
    """

    folder: Path
    files: list[Written]
    failures: list[Failure]

    @property
    def manifest(self) -> Path:
        """The file that tells where everything in the folder comes from."""
        return self.folder / "manifest.json"

    def paths(self, name: str | None = None) -> list[Path]:
        """The files of one format, or all."""
        return [file.path for file in self.files if name in (None, file.format)]

    def __str__(self) -> str:
        kept = sum(file.kept for file in self.files)
        parts = [f"{len(self.files) - kept} files written to {self.folder}"]
        if kept:
            parts.append(f"{kept} were there already")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        return ", ".join(parts)
