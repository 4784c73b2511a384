"""One video as the panel shows it: its stored summary, another budget on trial, a question on trial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import fiftyone as fo
import numpy as np

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import ClipItError
from fiftyone_clipit.plugin.panel.ask import StillLoading, ask
from fiftyone_clipit.plugin.panel.curve import Curve, times_of
from fiftyone_clipit.summary.budget import parse_budget
from fiftyone_clipit.summary.types import Segment, Shot

# Budgets that differ by less are the same: a slider shows rounded numbers. As a share of a video, and in seconds.
_SAME_SHARE, _SAME_SECONDS = 5e-4, 0.05


@dataclass(frozen=True, eq=False)
class Watched:
    """What there is to show of one video.

    Attributes:
        key: the summary.
        sample_id: the video.
        path: its file.
        shots: its shots in time order.
        segments: what the summary shows now, in time order.
        curves: the importance that counts, and what to hold against it.
        relevance: how well its best fits; None for a question on trial.
        budget: what the segments were chosen for: a share of the video, or seconds as "90s".
        usual: the stored budget.
        on_trial: whether the budget differs from the stored one.
        shared: whether the summary has one budget for all its videos, so that no video can have another one.
        asked: the question on trial.
        problem: why the question could not be answered.
        waiting: whether it will be answered in a moment.
        notes: what the user should know about the selection.
        tags: those of the stored segments, by first and last frame.
    """

    key: str
    sample_id: str
    path: str
    shots: Sequence[Shot]
    segments: Sequence[Segment]
    curves: Sequence[Curve]
    relevance: float | None
    budget: float | str
    usual: float | str
    on_trial: bool
    shared: bool = False
    asked: str | None = None
    problem: str | None = None
    waiting: bool = False
    notes: Sequence[str] = field(default_factory=tuple)
    tags: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        """The video's length in seconds."""
        return self.shots[-1].end - self.shots[0].start

    @property
    def chosen(self) -> float:
        """The summary's length in seconds."""
        return _length(self.segments)

    @property
    def share(self) -> float:
        """The budget as a share of the video."""
        return share_of(self.budget, self.duration)


def watch(
    dataset: fo.Dataset,
    run: SummaryRun,
    sample_id: str,
    *,
    budget: float | str | None = None,
    asked: str | None = None,
    other: SummaryRun | None = None,
) -> Watched | None:
    """Gathers what there is to show.

    Args:
        dataset: the dataset.
        run: the summary.
        sample_id: the video.
        budget: a budget on trial.
        asked: a question on trial.
        other: a summary to hold against it.

    Returns:
        None when the video has no finished summary of this run.
    """
    names = SummaryFields(run.key)
    if len(names.existing(dataset)) < 4:
        return None
    found = _read(dataset, run.key, sample_id)
    if found is None:
        return None
    stored, labels, relevance, path = found
    segments: Sequence[Segment] = _segments(labels, stored.shots)
    min_length = run.config.get("min_length", 1.0)
    duration = stored.shots[-1].end - stored.shots[0].start
    shared = run.config.get("scope") == "dataset"
    # Of a budget for all videos, this one has what it got.
    usual = _part(segments, duration) if shared else stored.budget
    if shared and not asked:
        budget = None
    on_trial = budget is not None and not _is_same(budget, usual, duration)
    wanted = budget if on_trial and budget is not None else usual
    notes: list[str] = []
    if on_trial:
        segments, notes = stored.choose(wanted, min_length)
    curves = [_curve(run.asked, stored, segments)]
    problem, waiting = None, False
    shots: Sequence[Shot] = stored.shots
    if asked:
        try:
            answer = ask(path, run.config, asked, sample_id)
        except ClipItError as error:
            problem, asked, waiting = str(error), None, isinstance(error, StillLoading)
        else:
            segments, notes = answer.choose(wanted, min_length)
            shots, relevance = answer.shots, None
            curves = [_curve(f"“{asked}”", answer, segments), curves[0]]
    if other is not None and not asked and (against := _read(dataset, other.key, sample_id)):
        curves.append(_curve(other.asked, against[0], _segments(against[1], against[0].shots)))
    return Watched(
        key=run.key,
        sample_id=sample_id,
        path=path,
        shots=shots,
        segments=segments,
        curves=curves,
        relevance=relevance,
        budget=wanted,
        usual=usual,
        on_trial=on_trial,
        shared=shared and not asked,
        asked=asked,
        problem=problem,
        waiting=waiting,
        notes=notes,
        tags={(label.support[0], label.support[1]): label.tags for label in labels if label.support and label.tags},
    )


def overlap(one: Sequence[Segment], other: Sequence[Segment]) -> float:
    """How much of what either selection shows both show, in [0, 1]; measured in frames."""
    both = sum(
        max(0, min(a.last_frame, b.last_frame) - max(a.first_frame, b.first_frame) + 1) for a in one for b in other
    )
    either = sum(segment.n_frames for segment in (*one, *other)) - both
    return both / either if either else 1.0


def shot_of(shots: Sequence[Shot], frame: int) -> int:
    """Which shot a frame lies in, counted from 0."""
    # What a person drew by hand may lie beyond the last shot.
    return next((i for i, shot in enumerate(shots) if frame <= shot.last_frame), len(shots) - 1)


def share_of(budget: float | str, duration: float) -> float:
    """A budget as a share of a video."""
    limit = parse_budget(budget)
    return float(limit.limit(duration)) / duration if duration else 1.0


def _is_same(one: float | str, other: float | str, duration: float) -> bool:
    difference = abs(share_of(one, duration) - share_of(other, duration))
    return difference <= _SAME_SHARE and difference * duration <= _SAME_SECONDS


def absence(run: SummaryRun, sample_id: str) -> str | None:
    """Why a video has no summary, as the run noted it."""
    return next((failure["reason"] for failure in run.failures if failure["id"] == sample_id), None)


def _length(segments: Sequence[Segment]) -> float:
    return sum(segment.end - segment.start for segment in segments)


def _part(segments: Sequence[Segment], duration: float) -> float:
    """How much of a video its segments show, as a budget: more than nothing, at most everything."""
    return min(max(round(_length(segments) / duration, 4), 0.005), 1.0) if duration else 1.0


def _curve(name: str, stored: StoredSummary, segments: Sequence[Segment]) -> Curve:
    frames = stored.frame_numbers
    return Curve(name, times_of(stored.shots, frames), frames, stored.importance, segments)


def _read(
    dataset: fo.Dataset, key: str, sample_id: str
) -> tuple[StoredSummary, Sequence[Any], float | None, str] | None:
    """What is stored of a video: its curve and shots, the labels of its segments, its relevance, its file."""
    names = SummaryFields(key)
    if len(names.existing(dataset)) < 4:
        return None
    paths, changed, labels, relevance = select(dataset, [sample_id]).values(
        ["filepath", "last_modified_at", f"{names.summary}.detections", names.relevance]
    )
    if not paths or relevance[0] is None:
        return None
    stored = _stored(dataset.name, key, sample_id, str(changed[0]))
    return None if stored is None else (stored, labels[0] or [], relevance[0], paths[0])


# Reading the frames of half an hour takes longer than a slider may: kept until the sample changes.
@lru_cache(maxsize=16)
def _stored(dataset_name: str, key: str, sample_id: str, changed: str) -> StoredSummary | None:
    found = next(read_summaries(fo.load_dataset(dataset_name), key, [sample_id]), None)
    return found if found is not None and len(found.frame_numbers) else None


def _segments(labels: Sequence[Any], shots: Sequence[Shot]) -> list[Segment]:
    """The segments as they are stored, whoever changed them since; what a person drew by hand has no rank."""
    by_time = sorted((label for label in labels if label.support), key=lambda label: label.support[0])
    bounds = np.array([[label.support[0], label.support[1] + 1] for label in by_time]).reshape(-1, 2)
    return [
        Segment(
            first_frame=label.support[0],
            last_frame=label.support[1],
            start=float(start),
            end=float(end),
            importance=label.confidence or 0.0,
            rank=getattr(label, "rank", None) or len(by_time),
            label=label.label or "",
            peak_frame=getattr(label, "peak_frame", None) or label.support[0],
        )
        for label, (start, end) in zip(by_time, times_of(shots, bounds), strict=True)
    ]
