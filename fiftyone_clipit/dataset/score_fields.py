"""Sample fields with a summary's F-scores: a score goes when the segments that it measured do."""

from __future__ import annotations

from collections.abc import Mapping

import fiftyone as fo

from fiftyone_clipit.dataset.videos import everything, select
from fiftyone_clipit.errors import UsageError

# In a field's `info`: the key of the summary whose scores it holds.
_MARK = "clipit_f_score_of"


def score_fields(dataset: fo.Dataset, key: str) -> list[str]:
    """The fields that hold F-scores of a summary."""
    return [name for name, kind in dataset.get_field_schema().items() if (kind.info or {}).get(_MARK) == key]


def check_score_field(dataset: fo.Dataset, key: str, field: str) -> None:
    """Checks that F-scores can be stored in a field: a new one, or one that `store` made.

    Raises:
        UsageError: it cannot name a field, or has something else.
    """
    if not isinstance(field, str) or not field.isidentifier() or field.startswith("_"):
        raise UsageError(f"field {field!r} cannot hold F-scores: use letters, digits and underscores")
    kind = dataset.get_field(field)
    if kind is not None and _MARK not in (kind.info or {}):
        raise UsageError(f"field {field!r} has something else than F-scores: choose another, such as '{key}_f_score'")


def store(dataset: fo.Dataset, key: str, field: str, scores: Mapping[str, float | None], *, against: str) -> None:
    """Stores F-scores by sample. What the field has of another summary, or against something else, is cleared.

    Args:
        dataset: the dataset.
        key: the summary's key.
        field: the field.
        scores: by sample id; None where there is none.
        against: what the summary was held against, in words.
    """
    description = f"F-score in percent of summary {key!r} against {against}"
    if not dataset.has_field(field):
        dataset.add_sample_field(field, fo.FloatField, description=description, info={_MARK: key})
    kind = dataset.get_field(field)
    if kind.description != description:
        everything(dataset).clear_sample_field(field)
        kind.description, kind.info = description, {**kind.info, _MARK: key}
        kind.save()
    select(dataset, list(scores)).set_values(field, scores, key_field="id")


def clear(dataset: fo.Dataset, key: str, sample_ids: list[str]) -> None:
    """Takes their scores from some samples, before their segments change."""
    for field in score_fields(dataset, key):
        select(dataset, sample_ids).clear_sample_field(field)


def rename(dataset: fo.Dataset, key: str, new_key: str) -> None:
    """Lets scores follow a summary that gets another key; the fields keep their names."""
    for field in score_fields(dataset, key):
        kind = dataset.get_field(field)
        kind.description = kind.description.replace(f"summary {key!r}", f"summary {new_key!r}")
        kind.info = {**kind.info, _MARK: new_key}
        kind.save()


def delete(dataset: fo.Dataset, key: str) -> None:
    """Deletes the fields with a summary's scores."""
    for field in score_fields(dataset, key):
        dataset.delete_sample_field(field)
