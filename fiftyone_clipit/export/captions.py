"""Chapters and subtitles of the source video: what its summary shows, and when."""

from __future__ import annotations

from fiftyone_clipit.export.clock import timestamp
from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video


def write_webvtt(job: Job) -> list[str]:
    """Writes a chapter for each segment, in time order, as the `chapters` track of a web player wants them."""
    blocks = ["WEBVTT"]
    for number, stretch in enumerate(_in_time_order(job.video), start=1):
        text = _text(job.video, stretch).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{timestamp(stretch.start)} --> {timestamp(_end(stretch))}\n{text}")
    job.targets[0].write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return []


def write_srt(job: Job) -> list[str]:
    """Writes a subtitle for each segment, in time order."""
    blocks = [
        f"{number}\n{timestamp(stretch.start, ',')} --> {timestamp(_end(stretch), ',')}\n{_text(job.video, stretch)}\n"
        for number, stretch in enumerate(_in_time_order(job.video), start=1)
    ]
    job.targets[0].write_text("\n".join(blocks), encoding="utf-8")
    return []


def _in_time_order(video: Video) -> list[Stretch]:
    return sorted(video.stretches, key=lambda stretch: (stretch.start, stretch.end))


def _end(stretch: Stretch) -> float:
    """At least a millisecond after the start: players drop what lasts no time."""
    return max(stretch.end, stretch.start + 0.001)


def _text(video: Video, stretch: Stretch) -> str:
    """One line; an arrow or an empty line in it would end the cue."""
    label = stretch.label if stretch.label != "summary" else video.item.title
    label = " ".join(label.replace("-->", "->").split())
    return f"{label or 'summary'} ({stretch.importance:.2f})"
