"""Shots and segments as FiftyOne's TemporalDetections, and back."""

from __future__ import annotations

from collections.abc import Iterable

import fiftyone as fo

from fiftyone_clipit.summary.types import Segment, Shot


def segments_to_labels(segments: Iterable[Segment], budget: float | str) -> fo.TemporalDetections:
    """The chosen segments as labels; the confidence is a segment's mean importance.

    Args:
        segments: what the summary shows.
        budget: what they were chosen for; a person's later change to one shot chooses within it again.
    """
    return fo.TemporalDetections(
        budget=str(budget),
        detections=[
            fo.TemporalDetection(
                label=segment.label,
                support=[segment.first_frame, segment.last_frame],
                confidence=segment.importance,
                rank=segment.rank,
                peak_frame=segment.peak_frame,
                start=segment.start,
                end=segment.end,
            )
            for segment in segments
        ],
    )


def keep_additions(made: fo.TemporalDetections, before: fo.TemporalDetections | None) -> fo.TemporalDetections:
    """Gives new labels what people added to those that they replace.

    A label of the same frames is the same one: it keeps its id, its tags and every attribute that is not ours. One that
    grew or shrank around the same peak is another, but what people said of that moment still holds: it keeps the tags.

    Args:
        made: the new labels; they are changed.
        before: what they replace.

    Returns:
        The new labels.
    """
    there = before.detections if before else []
    same = {tuple(label.support): label for label in there}
    peaks = {label["peak_frame"]: label for label in there if label.has_field("peak_frame")}
    for label in made.detections:
        if old := same.get(tuple(label.support)):
            label.id, label.tags = old.id, list(old.tags)
            for name in set(old.field_names) - set(label.field_names):
                label[name] = old[name]
        elif label.has_field("peak_frame") and (old := peaks.get(label["peak_frame"])):
            label.tags = list(old.tags)
    return made


def shots_to_labels(shots: Iterable[Shot]) -> fo.TemporalDetections:
    """All shots as labels, with everything that a new selection needs."""
    return fo.TemporalDetections(
        detections=[
            fo.TemporalDetection(
                label=shot.label,
                support=[shot.first_frame, shot.last_frame],
                importance=shot.importance,
                score=shot.score,
                value=shot.value,
                pinned=shot.pinned,
                dropped=shot.dropped,
                start=shot.start,
                end=shot.end,
                **({"look": shot.look} if shot.look else {}),
            )
            for shot in shots
        ]
    )


def labels_to_shots(labels: fo.TemporalDetections | None) -> list[Shot]:
    """The shots that `shots_to_labels` stored, in time order."""
    shots = [
        Shot(
            first_frame=label.support[0],
            last_frame=label.support[1],
            start=label.start,
            end=label.end,
            importance=label.importance,
            score=label.score,
            value=label.value,
            pinned=bool(label.pinned),
            dropped=bool(label.dropped),
            label=label.label,
            look=label["look"] if label.has_field("look") else "",
        )
        for label in (labels.detections if labels else [])
    ]
    return sorted(shots, key=lambda shot: shot.first_frame)


def labels_to_segments(labels: fo.TemporalDetections | None) -> list[Segment]:
    """The segments that `segments_to_labels` stored, in time order."""
    segments = [
        Segment(
            first_frame=label.support[0],
            last_frame=label.support[1],
            start=label.start,
            end=label.end,
            importance=label.confidence,
            rank=label.rank,
            label=label.label,
            peak_frame=label.peak_frame,
        )
        for label in (labels.detections if labels else [])
    ]
    return sorted(segments, key=lambda segment: segment.first_frame)
