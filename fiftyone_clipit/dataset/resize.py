"""Changing a summary by hand: another budget, a shot that must be in, a shot that must not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import fields, runs, score_fields
from fiftyone_clipit.dataset.across import choose_across
from fiftyone_clipit.dataset.labels import keep_additions, labels_to_segments, shots_to_labels
from fiftyone_clipit.dataset.resize_job import ResizeJob
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import select, videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.types import Segment


def resize(
    samples: SampleCollection,
    key: str,
    budget: float | str,
    *,
    min_length: float | None = None,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
) -> runs.SummaryRun:
    """Gives a summary another length. Scores and shots stay; pinned and dropped shots are respected.

    Segments that stay as they are keep their ids, their tags and what else people added to them. F-scores that
    `evaluate` stored for these samples are cleared: they measured the segments of before.

    Args:
        samples: a dataset or view that has the summary; only its samples change.
        key: the summary's key.
        budget: a share of the video in (0, 1], or seconds as "90s" or "5min".
        min_length: the least length of a segment in seconds; as before if left out.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.

    Returns:
        The run. Its configuration has the new budget once all summarized videos have it.

    Raises:
        UsageError: there is no such summary, it is being made at this moment, the budget cannot be used, or it is for
            all videos of the summary and some of them are not here.
    """
    job = ResizeJob(samples, key, budget, min_length=min_length)
    with fo.ProgressBar(total=len(job.pending), progress=progress, iters_str="videos") as bar:
        return job.run(on_progress=lambda done, _: bar.set_iteration(int(done))).run


def pin(
    samples: SampleCollection, key: str, sample_id: str, shots: int | Sequence[int], pinned: bool = True
) -> list[Segment]:
    """Decides that shots belong into a video's summary, at this and every later budget.

    Args:
        samples: a dataset or view that has the summary.
        key: the summary's key.
        sample_id: the video.
        shots: which of its shots, counted from 0 in time order.
        pinned: False takes the decision back.

    Returns:
        The new segments, as stored.

    Raises:
        UsageError: there is no such summary, video or shot.
    """
    decision = {"pinned": True, "dropped": False} if pinned else {"pinned": False}
    return _decide(samples, key, sample_id, shots, decision)


def drop(
    samples: SampleCollection, key: str, sample_id: str, shots: int | Sequence[int], dropped: bool = True
) -> list[Segment]:
    """Decides that shots stay out of a video's summary, at this and every later budget.

    Args:
        samples: a dataset or view that has the summary.
        key: the summary's key.
        sample_id: the video.
        shots: which of its shots, counted from 0 in time order.
        dropped: False takes the decision back.

    Returns:
        The new segments, as stored.

    Raises:
        UsageError: there is no such summary, video or shot.
    """
    return _decide(
        samples, key, sample_id, shots, {"dropped": True, "pinned": False} if dropped else {"dropped": False}
    )


def stored_summary(samples: SampleCollection, key: str, sample_id: str) -> StoredSummary:
    """What the dataset keeps of one video's summary, to try budgets on without saving them.

    Raises:
        UsageError: there is no such summary, or it has nothing for this video.
    """
    videos = videos_of(samples)
    runs.require(videos.dataset, key)
    for stored in read_summaries(videos.dataset, key, [sample_id]):
        return stored
    raise UsageError(f"summary {key!r} has nothing for sample {sample_id!r}")


def _decide(
    samples: SampleCollection, key: str, sample_id: str, which: int | Sequence[int], decision: dict[str, Any]
) -> list[Segment]:
    stored = stored_summary(samples, key, sample_id)
    indices = {which} if isinstance(which, int) else set(which)
    if outside := [i for i in indices if not 0 <= i < len(stored.shots)]:
        raise UsageError(f"the video has shots 0 to {len(stored.shots) - 1}, not {outside[0]}")
    shots = [replace(shot, **decision) if i in indices else shot for i, shot in enumerate(stored.shots)]
    dataset = samples._root_dataset
    settings = Settings.from_config(runs.load_summary(dataset, key).config)
    names, view = fields.SummaryFields(key), select(dataset, [sample_id])
    (before,) = view.values(names.shots)
    view.set_values(names.shots, {sample_id: keep_additions(shots_to_labels(shots), before)}, key_field="id")
    if settings.scope == "dataset":
        # What one video shows more, others show less.
        choose_across(dataset, key, settings)
        (labels,) = view.values(names.summary)
        return labels_to_segments(labels)
    score_fields.clear(dataset, key, [sample_id])
    segments, _ = replace(stored, shots=shots).choose(stored.budget, settings.min_length)
    view.set_values(names.summary, {sample_id: stored.to_labels(segments, stored.budget)}, key_field="id")
    return segments
