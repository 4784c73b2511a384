"""Sentences about each video, read from a field of the dataset."""

from __future__ import annotations

from collections.abc import Iterable

import fiftyone as fo

from fiftyone_clipit.dataset.videos import VideoSamples, select
from fiftyone_clipit.errors import UsageError

_LABEL_PATHS = {
    fo.TemporalDetections: "detections.label",
    fo.TemporalDetection: "label",
    fo.Classifications: "classifications.label",
    fo.Classification: "label",
}


def captions_path(dataset: fo.Dataset, field: str, *, argument: str = "captions") -> str:
    """Where a field keeps its sentences.

    Args:
        dataset: the dataset.
        field: a field of labels (temporal detections, classifications) or of strings; of samples, or of
            frames with the prefix `frames.`.
        argument: what the field was named for, in messages.

    Raises:
        UsageError: there is no such field, or it holds no sentences.
    """
    kind = dataset.get_field(field)
    if kind is None:
        raise UsageError(f"{argument}: dataset {dataset.name!r} has no field {field!r}")
    if isinstance(kind, fo.StringField) or (isinstance(kind, fo.ListField) and isinstance(kind.field, fo.StringField)):
        return field
    if isinstance(kind, fo.EmbeddedDocumentField) and kind.document_type in _LABEL_PATHS:
        return f"{field}.{_LABEL_PATHS[kind.document_type]}"
    raise UsageError(
        f"{argument}: field {field!r} is a {type(kind).__name__}; sentences are read from strings, "
        "classifications and temporal detections"
    )


def read_sentences(videos: VideoSamples, field: str, *, argument: str = "captions") -> dict[str, tuple[str, ...]]:
    """The sentences of each video: in order, each once, without empty ones.

    Args:
        videos: the videos.
        field: the field that has them.
        argument: what the field was named for, in messages.

    Raises:
        UsageError: there is no such field, it holds no sentences, or none for any of these videos.
    """
    path = captions_path(videos.dataset, field, argument=argument)
    ids, values = select(videos.dataset, videos.ids).values(["id", path])
    found = {i: tuple(dict.fromkeys(_sentences(value))) for i, value in zip(ids, values, strict=True)}
    if not any(found.values()):
        raise UsageError(f"{argument}: field {field!r} is empty for all {len(found)} videos")
    return found


def _sentences(value: object) -> Iterable[str]:
    if isinstance(value, str):
        if value.strip():
            yield " ".join(value.split())
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _sentences(part)
