"""Summaries as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SHOWN = 4


def print_table(videos: Sequence[dict[str, Any]]) -> None:
    """Prints a line a video: its name, length, summary length, and its best segments with their times."""
    rows = [("video", "length", "summary", "best segments")]
    rows += [_row(video) for video in videos]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for index, row in enumerate(rows):
        print("  ".join([row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].rjust(widths[2]), row[3]]))
        if index == 0:
            print("  ".join("-" * width for width in [*widths, len(rows[0][3])]))


def clock(seconds: float) -> str:
    """Seconds as people read them: 1:02.5, 1:00:00.0."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{minutes:02d}" if hours else f"{minutes}"
    return f"{hours}:{shown}:{rest / 10:04.1f}" if hours else f"{shown}:{rest / 10:04.1f}"


def _row(video: dict[str, Any]) -> tuple[str, str, str, str]:
    segments = sorted(video["segments"], key=lambda segment: segment["rank"])
    length = sum(segment["end"] - segment["start"] for segment in segments)
    best = ", ".join(f"{clock(s['start'])}-{clock(s['end'])}" for s in segments[:_SHOWN])
    more = f" and {len(segments) - _SHOWN} more" if len(segments) > _SHOWN else ""
    return Path(video["path"]).name, clock(video["duration"]), clock(length), best + more
