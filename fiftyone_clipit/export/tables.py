"""Summaries as JSON and CSV. Frames are 1-based and inclusive, times are seconds in the video."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.joining import shown_in_order
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.version import __version__

_COLUMNS = (
    "video",
    "title",
    "label",
    "rank",
    "first_frame",
    "last_frame",
    "start",
    "end",
    "duration",
    "importance",
    "peak_frame",
)


def write_json(job: Job) -> list[str]:
    """Writes everything that is known of a video's summary."""
    video = job.video
    item, n_frames, duration = video.item, video.n_frames, video.duration
    content: dict[str, Any] = {
        "version": __version__,
        "path": item.source,
        "title": item.title,
        "frames": n_frames,
        "fps": float(item.timeline.rate) if item.timeline else n_frames / duration if n_frames and duration else None,
        "duration": duration,
        "attributes": dict(item.attributes),
        "scores": _scores(video),
        "shots": [
            {
                "first_frame": shot.first_frame,
                "last_frame": shot.last_frame,
                "start": shot.start,
                "end": shot.end,
                "importance": shot.importance,
            }
            for shot in item.shots or ()
        ],
        "segments": [
            {**_numbers(stretch), "label": stretch.label, "attributes": _attributes(video, stretch)}
            for stretch in video.stretches
        ],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, default=_plain, allow_nan=False)
    job.targets[0].write_text(text + "\n", encoding="utf-8")
    return []


def write_csv(job: Job) -> list[str]:
    """Writes a table with a row for each segment; attributes make columns of their own."""
    rows: list[dict[str, Any]] = []
    extra: dict[str, None] = {}
    for video, stretch in shown_in_order(job.videos, job.options):
        attributes = {**video.item.attributes, **_attributes(video, stretch)}
        named = {f"attribute.{name}" if name in _COLUMNS else name: value for name, value in attributes.items()}
        extra |= dict.fromkeys(named)
        row = {"video": video.item.source, "title": video.item.title, "label": stretch.label}
        row |= {name: _cell(value) for name, value in {**_numbers(stretch), **named}.items()}
        rows.append({**row, "duration": _cell(stretch.end - stretch.start)})
    _write_rows(job.targets[0], [*_COLUMNS, *extra], rows)
    return []


def _write_rows(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _numbers(stretch: Stretch) -> dict[str, Any]:
    return {
        "first_frame": stretch.first_frame,
        "last_frame": stretch.last_frame,
        "start": stretch.start,
        "end": stretch.end,
        "importance": stretch.importance,
        "rank": stretch.rank,
        "peak_frame": stretch.peak_frame,
    }


def _attributes(video: Video, stretch: Stretch) -> dict[str, Any]:
    """Of all segments in a stretch; the earlier one's where they differ."""
    found: dict[str, Any] = {}
    for number in reversed(stretch.numbers):
        found |= video.item.attributes_of(number)
    return found


def _scores(video: Video) -> list[dict[str, Any]]:
    item = video.item
    if item.importance is None:
        return []
    columns: dict[str, Any] = {"frame": item.frame_numbers, "time": item.times, "importance": item.importance}
    known = {name: np.asarray(values).tolist() for name, values in columns.items() if values is not None}
    return [dict(zip(known, row, strict=True)) for row in zip(*known.values(), strict=True)]


def _cell(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return "" if value is None else value


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return str(value)
