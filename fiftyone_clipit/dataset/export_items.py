"""What an export gets: the segments of a summary, or of a clips view, video by video."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import fiftyone as fo
import numpy as np
from fiftyone.core.clips import ClipsView
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.labels import labels_to_segments
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import select, videos_of
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.media.video import probe
from fiftyone_clipit.summary.types import Segment

# What a player assumes of a video that says nothing.
_USUAL_RATE = 30.0


def summary_items(samples: SampleCollection, key: str) -> list[ExportItem]:
    """One item for each video of the collection that has the summary.

    Raises:
        UsageError: there is no such summary, or no video here has it.
    """
    videos = videos_of(samples)
    runs.require(videos.dataset, key)
    run = runs.load_summary(videos.dataset, key)
    about = {name: run.config.get(name) for name in ("query", "captions", "encoder", "scorer", "fps", "budget")}
    columns = select(videos.dataset, videos.ids).values(["id", "filepath", "tags", SummaryFields(key).summary])
    known = {row[0]: row[1:] for row in zip(*columns, strict=True)}
    items = []
    for stored in read_summaries(videos.dataset, key, videos.ids):
        path, tags, labels = known[stored.sample_id]
        detections = sorted(labels.detections, key=lambda label: label.support[0]) if labels else []
        items.append(
            ExportItem(
                source=path,
                segments=labels_to_segments(labels),
                title=" / ".join(run.config.get("query") or []) or "summary",
                frame_numbers=stored.frame_numbers,
                times=_times(stored),
                importance=stored.importance,
                shots=stored.shots,
                attributes={"id": stored.sample_id, "tags": tags, "summary": {"key": key, **about}},
                segment_attributes=[{"id": label.id, "tags": list(label.tags)} for label in detections],
            )
        )
    if not items:
        raise UsageError(f"nothing to export: no video here has the summary {key!r}")
    return items


def clip_items(clips: ClipsView, *, in_order: bool = False) -> list[ExportItem]:
    """The clips of a view.

    Args:
        clips: the view, filtered and sorted as it is wanted.
        in_order: clips follow each other as in the view, so that a video may come several times; otherwise all
            clips of a video are together, in the view's order.

    Raises:
        UsageError: the view has no clips.
    """
    groups: dict[Any, list[fo.Sample]] = {}
    turn, before = 0, None
    for clip in clips:
        turn += before != clip.sample_id
        before = clip.sample_id
        groups.setdefault(turn if in_order else before, []).append(clip)
    if not groups:
        raise UsageError("nothing to export: the view has no clips")
    label_field = clips._classification_field
    return [_clips_of_one_video(members, label_field) for members in groups.values()]


def _clips_of_one_video(clips: list[fo.Sample], label_field: str | None) -> ExportItem:
    first = clips[0]
    rate = _rate(first)
    labels = [clip[label_field] if label_field else None for clip in clips]
    texts = list(dict.fromkeys(label.label for label in labels if label is not None and label.label))
    return ExportItem(
        source=first.filepath,
        segments=[
            _segment(clip, label, rate, place)
            for place, (clip, label) in enumerate(zip(clips, labels, strict=True), start=1)
        ],
        title=" / ".join(texts) or "clips",
        attributes={"id": first.sample_id},
        segment_attributes=[
            {"id": clip.id, "tags": _tags(clip, label)} for clip, label in zip(clips, labels, strict=True)
        ],
    )


def _segment(clip: fo.Sample, label: fo.Classification | None, rate: float, place: int) -> Segment:
    start, stop = clip.support
    known = {name: label[name] for name in ("rank", "peak_frame") if label is not None and label.has_field(name)}
    peak = known.get("peak_frame")
    return Segment(
        first_frame=start,
        last_frame=stop,
        start=(start - 1) / rate,
        end=stop / rate,
        # A clip that nobody scored was chosen by hand.
        importance=1.0 if label is None or label.confidence is None else label.confidence,
        rank=known.get("rank") or place,
        label=(label.label if label is not None else None) or "clip",
        # Clips may have been trimmed since their best frame was found.
        peak_frame=peak if peak is not None and start <= peak <= stop else (start + stop) // 2,
    )


def _tags(clip: fo.Sample, label: fo.Classification | None) -> list[str]:
    found: Iterable[str] = [*clip.tags, *(label.tags if label is not None else [])]
    return list(dict.fromkeys(found))


def _times(stored: StoredSummary) -> np.ndarray:
    """When the scored frames appear: exact where shots begin, even within."""
    frames = [shot.first_frame for shot in stored.shots] + [stored.shots[-1].last_frame + 1]
    seconds = [shot.start for shot in stored.shots] + [stored.shots[-1].end]
    return np.interp(stored.frame_numbers, frames, seconds)


def _rate(clip: fo.Sample) -> float:
    """Frames per second of the clip's video; the export itself counts frames, this is for readers."""
    if clip.metadata is not None and clip.metadata.frame_rate:
        return float(clip.metadata.frame_rate)
    try:
        return float(probe(clip.filepath).rate or _USUAL_RATE)
    except VideoError:
        return _USUAL_RATE
