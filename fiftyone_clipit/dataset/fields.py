"""The fields that one summary has in a dataset: their names, making them, clearing and removing them."""

from __future__ import annotations

from dataclasses import dataclass

import fiftyone as fo

from fiftyone_clipit.dataset import score_fields, visibility
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError

_SEGMENT_ATTRIBUTES = {
    "rank": fo.IntField,
    "peak_frame": fo.IntField,
    "start": fo.FloatField,
    "end": fo.FloatField,
}
_SHOT_ATTRIBUTES = {
    "importance": fo.FloatField,
    "score": fo.FloatField,
    "value": fo.FloatField,
    "pinned": fo.BooleanField,
    "dropped": fo.BooleanField,
    "start": fo.FloatField,
    "end": fo.FloatField,
}


@dataclass(frozen=True)
class SummaryFields:
    """The names of a summary's fields.

    Attributes:
        key: the summary's key; also the name of its TemporalDetections and of its frame-level importance.
    """

    key: str

    @property
    def summary(self) -> str:
        """The sample field with the chosen segments."""
        return self.key

    @property
    def frames(self) -> str:
        """The frame field with the importance, with the prefix `frames.`."""
        return f"frames.{self.key}"

    @property
    def shots(self) -> str:
        """The sample field with all shots."""
        return f"{self.key}_shots"

    @property
    def relevance(self) -> str:
        """The sample field with the relevance. Written last: a video that has it is done."""
        return f"{self.key}_relevance"

    def of_samples(self) -> tuple[str, str, str]:
        """All sample-level fields."""
        return self.summary, self.shots, self.relevance

    def existing(self, dataset: fo.Dataset) -> list[str]:
        """Those that the dataset has, frame field included."""
        names = [name for name in self.of_samples() if dataset.has_field(name)]
        return [*names, self.frames] if has_frame_field(dataset, self.key) else names

    def missing(self, dataset: fo.Dataset) -> list[str]:
        """Those that the dataset lacks: somebody deleted them."""
        there = self.existing(dataset)
        return [name for name in (*self.of_samples(), self.frames) if name not in there]


def require_fields(dataset: fo.Dataset, key: str) -> None:
    """Checks that a summary has all its fields.

    Raises:
        UsageError: somebody deleted some; names them.
    """
    if missing := SummaryFields(key).missing(dataset):
        names = " and ".join(repr(name) for name in missing)
        raise UsageError(f"summary {key!r} has lost {names}: run it again to make it anew, or delete it")


def has_frame_field(dataset: fo.Dataset, name: str) -> bool:
    """Whether a dataset has a frame-level field of this name; datasets without videos have none."""
    return name in (dataset.get_frame_field_schema() or {})


def check_key(dataset: fo.Dataset, key: str, *, ours: bool) -> None:
    """Checks that a key can name a summary of this dataset.

    Args:
        dataset: the dataset.
        key: the key.
        ours: whether there is a summary of this key, so that its fields may exist.

    Raises:
        UsageError: it is no identifier, or another field or run has the name.
    """
    if not isinstance(key, str) or not key.isidentifier() or key.startswith("_"):
        raise UsageError(
            f"key {key!r} cannot name fields: use letters, digits and underscores, beginning with a letter"
        )
    if ours:
        return
    if key in dataset.list_runs():
        raise UsageError(f"key {key!r} is taken by a run of another method; choose another key")
    if taken := SummaryFields(key).existing(dataset):
        names = " and ".join(repr(name) for name in taken)
        raise UsageError(f"key {key!r} is taken: the dataset has {names}; choose another key")


def declare(dataset: fo.Dataset, key: str) -> None:
    """Adds the fields of a summary, where they are missing, with their types and descriptions."""
    names = SummaryFields(key)
    dataset.add_frame_field(key, fo.FloatField, description="importance in [0, 1]")
    for field, attributes, description in (
        (names.summary, _SEGMENT_ATTRIBUTES, "the summary: its segments, confidence is their importance"),
        (names.shots, _SHOT_ATTRIBUTES, f"all shots of the video, from which {key!r} is chosen"),
    ):
        dataset.add_sample_field(
            field,
            fo.EmbeddedDocumentField,
            embedded_doc_type=fo.TemporalDetections,
            description=description,
        )
        for attribute, kind in attributes.items():
            dataset.add_sample_field(f"{field}.detections.{attribute}", kind)
    dataset.add_sample_field(f"{names.summary}.budget", fo.StringField)
    dataset.add_sample_field(
        names.relevance, fo.FloatField, description="how well the best of the video fits; comparable"
    )
    visibility.show_without(dataset, names.summary, names.shots)


def unmark(dataset: fo.Dataset, sample_ids: list[str], key: str) -> None:
    """Takes the mark of being done from some samples, and what was measured of them."""
    score_fields.clear(dataset, key, sample_ids)
    mark = SummaryFields(key).relevance
    if dataset.has_field(mark):
        select(dataset, sample_ids).clear_sample_field(mark)


def clear(dataset: fo.Dataset, sample_ids: list[str], key: str) -> None:
    """Empties a summary's values of some samples; the mark of being done goes first."""
    names = SummaryFields(key)
    unmark(dataset, sample_ids, key)
    view = select(dataset, sample_ids)
    for field in (names.summary, names.shots):
        if dataset.has_field(field):
            view.clear_sample_field(field)
    if has_frame_field(dataset, key):
        view.clear_frame_field(key)


def delete(dataset: fo.Dataset, key: str) -> None:
    """Deletes the fields of a summary; those that are gone already do not matter."""
    names = SummaryFields(key)
    score_fields.delete(dataset, key)
    for field in names.of_samples():
        if dataset.has_field(field):
            dataset.delete_sample_field(field)
    if has_frame_field(dataset, key):
        dataset.delete_frame_field(key)
    visibility.forget(dataset)


def rename(dataset: fo.Dataset, key: str, new_key: str) -> None:
    """Renames the fields of a summary, those that still have the old name."""
    old, new = SummaryFields(key), SummaryFields(new_key)
    for field, new_field in zip(old.of_samples(), new.of_samples(), strict=True):
        if dataset.has_field(field):
            dataset.rename_sample_field(field, new_field)
    if has_frame_field(dataset, key):
        dataset.rename_frame_field(key, new_key)
    score_fields.rename(dataset, key, new_key)
