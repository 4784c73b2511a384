"""Changing a summary by hand: another budget, a shot that must be in, a shot that must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import fields, runs, score_fields
from fiftyone_clipit.dataset.across import choose_across
from fiftyone_clipit.dataset.labels import labels_to_segments, segments_to_labels, shots_to_labels
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import VideoSamples, everything, select, videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.types import Segment


def resize(
    samples: SampleCollection, key: str, budget: float | str, *, min_length: float | None = None
) -> runs.SummaryRun:
    """Gives a summary another length. Scores and shots stay; pinned and dropped shots are respected.

    F-scores that `evaluate` stored for these samples are cleared: they measured the segments of before.

    Args:
        samples: a dataset or view that has the summary; only its samples change.
        key: the summary's key.
        budget: a share of the video in (0, 1], or seconds as "90s" or "5min".
        min_length: the least length of a segment in seconds; as before if left out.

    Returns:
        The run. Its configuration has the new budget once all summarized videos have it.

    Raises:
        UsageError: there is no such summary, the budget cannot be used, or it is for all videos of the summary and
            some of them are not here.
    """
    videos = videos_of(samples)
    runs.require(videos.dataset, key)
    run = runs.load_summary(videos.dataset, key)
    before = Settings.from_config(run.config)
    after = replace(before, budget=budget, min_length=before.min_length if min_length is None else min_length)
    if after.scope == "dataset":
        return _resize_all(videos, run, after)
    names = fields.SummaryFields(key)
    labels, notes = {}, []
    paths = dict(zip(videos.ids, videos.paths, strict=True))
    for stored in read_summaries(videos.dataset, key, videos.ids):
        segments, remarks = stored.choose(after.budget, after.min_length)
        labels[stored.sample_id] = segments_to_labels(segments, after.budget)
        path = paths[stored.sample_id]
        notes += [{"id": stored.sample_id, "path": path, "note": note} for note in remarks]
    if not labels:
        raise UsageError(f"summary {key!r} has no finished video here: nothing to resize")
    score_fields.clear(videos.dataset, key, list(labels))
    select(videos.dataset, list(labels)).set_values(names.summary, labels, key_field="id")
    totals = runs.count_totals(videos.dataset, key)
    if len(labels) == totals["videos"]:
        config = {name: value for name, value in run.config.items() if name != "method"}
        runs.save_config(videos.dataset, key, {**config, **after.config()})
    others = [note for note in run.results.get("notes", []) if note["id"] not in labels]
    runs.save_results(videos.dataset, key, {**run.results, "totals": totals, "notes": [*others, *notes]})
    return runs.load_summary(videos.dataset, key)


def _resize_all(videos: VideoSamples, run: runs.SummaryRun, after: Settings) -> runs.SummaryRun:
    """Chooses again under one budget for all videos, which only makes sense for all of them."""
    dataset, key = videos.dataset, run.key
    done = everything(dataset).exists(fields.SummaryFields(key).relevance).values("id")
    if missing := len(set(done) - set(videos.ids)):
        raise UsageError(
            f"summary {key!r} has one budget for all its videos, and {missing} of them are not in this view: "
            "resize it on the dataset"
        )
    if not done:
        raise UsageError(f"summary {key!r} has no finished video here: nothing to resize")
    choose_across(dataset, key, after)
    config = {name: value for name, value in run.config.items() if name != "method"}
    runs.save_config(dataset, key, {**config, **after.config()})
    runs.save_results(dataset, key, {**run.results, "totals": runs.count_totals(dataset, key)})
    return runs.load_summary(dataset, key)


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
    view.set_values(names.shots, {sample_id: shots_to_labels(shots)}, key_field="id")
    if settings.scope == "dataset":
        # What one video shows more, others show less.
        choose_across(dataset, key, settings)
        (labels,) = view.values(names.summary)
        return labels_to_segments(labels)
    score_fields.clear(dataset, key, [sample_id])
    segments, _ = replace(stored, shots=shots).choose(stored.budget, settings.min_length)
    view.set_values(names.summary, {sample_id: segments_to_labels(segments, stored.budget)}, key_field="id")
    return segments
