"""One budget over all videos of a summary: chosen from what the dataset stores, without a video or a model."""

from __future__ import annotations

from collections.abc import Callable

import fiftyone as fo

from fiftyone_clipit.across import grant_shots
from fiftyone_clipit.dataset import score_fields
from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.labels import labels_to_shots, segments_to_labels
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import everything, select
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.across import Grant, segments_of
from fiftyone_clipit.summary.types import Segment

# Videos whose segments are written at once.
_AT_ONCE = 256


def choose_across(
    dataset: fo.Dataset, key: str, settings: Settings, *, on_progress: Callable[[int], None] | None = None
) -> int:
    """Chooses and stores the segments of all videos of a summary that has one budget for all of them.

    Args:
        dataset: the dataset.
        key: the summary's key.
        settings: budget, least length, and whether footage is shown once.
        on_progress: called with the number of videos that are written.

    Returns:
        The number of videos that have something to show.
    """
    names = SummaryFields(key)
    finished = everything(dataset).exists(names.relevance)
    ids, labels = finished.values(["id", names.shots])
    grants = grant_shots([labels_to_shots(shots) for shots in labels], settings)
    shown = {sample_id: grant for sample_id, grant in zip(ids, grants, strict=True) if grant.shots}
    nothing = segments_to_labels((), settings.budget)
    score_fields.clear(dataset, key, ids)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        chosen = {sample_id: nothing.copy() for sample_id in part}
        for stored in read_summaries(dataset, key, [i for i in part if i in shown]):
            segments = _segments(stored, shown[stored.sample_id], settings)
            chosen[stored.sample_id] = stored.to_labels(segments, settings.budget)
        select(dataset, part).set_values(names.summary, chosen, key_field="id")
        if on_progress:
            on_progress(start + len(part))
    return len(shown)


def _segments(stored: StoredSummary, grant: Grant, settings: Settings) -> list[Segment]:
    shots = stored.shots
    rate = (shots[-1].last_frame - shots[0].first_frame + 1) / (shots[-1].end - shots[0].start)
    return segments_of(
        shots,
        grant,
        stored.frame_numbers,
        stored.importance,
        min_frames=max(1, round(settings.min_length * rate)),
    )
