"""A new choice of segments from stored shots and importance: milliseconds, no video and no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import fiftyone as fo
import numpy as np

from fiftyone_clipit.dataset.fields import SummaryFields, require_fields
from fiftyone_clipit.dataset.labels import keep_additions, labels_to_shots, segments_to_labels
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.summary.budget import parse_budget
from fiftyone_clipit.summary.segments import choose_segments
from fiftyone_clipit.summary.types import Segment, Shot

# Videos whose curves are in memory at once.
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class StoredSummary:
    """What a dataset keeps of one video's summary.

    Attributes:
        sample_id: the video.
        shots: all its shots in time order, with what people decided about them.
        frame_numbers: int64 (n,), the frames that have an importance, increasing.
        importance: float64 (n,), their importance.
        budget: what the present segments were chosen for.
        labels: the present segments as stored, with what people added to them; None for a video without any.
    """

    sample_id: str
    shots: list[Shot]
    frame_numbers: np.ndarray
    importance: np.ndarray
    budget: str
    labels: fo.TemporalDetections | None = None

    def to_labels(self, segments: Iterable[Segment], budget: float | str) -> fo.TemporalDetections:
        """Segments as labels to store in place of the present ones: what people added to those stays.

        Args:
            segments: what the summary shows from now on.
            budget: what they were chosen for.
        """
        return keep_additions(segments_to_labels(segments, budget), self.labels)

    def choose(self, budget: float | str, min_length: float) -> tuple[list[Segment], list[str]]:
        """Chooses segments for a budget.

        Args:
            budget: a share of the video in (0, 1], or seconds as "90s".
            min_length: the least length of a segment in seconds.

        Returns:
            The segments, and what the user should know.
        """
        limit = parse_budget(budget)
        duration = self.shots[-1].end - self.shots[0].start
        n_frames = self.shots[-1].last_frame - self.shots[0].first_frame + 1
        frames, notes = limit.frames(n_frames, duration)
        segments, remarks = choose_segments(
            self.shots,
            self.frame_numbers,
            self.importance,
            budget_frames=frames,
            budget_seconds=float(limit.limit(duration)),
            min_frames=max(1, round(min_length * n_frames / duration)),
            labels=[shot.label for shot in self.shots],
        )
        return segments, [*notes, *remarks]


def read_summaries(dataset: fo.Dataset, key: str, sample_ids: Sequence[str]) -> Iterator[StoredSummary]:
    """What the dataset keeps for some videos; those without a finished summary are left out.

    Raises:
        UsageError: somebody deleted fields of the summary.
    """
    require_fields(dataset, key)
    names = SummaryFields(key)
    for start in range(0, len(sample_ids), _AT_ONCE):
        view = select(dataset, list(sample_ids[start : start + _AT_ONCE]))
        columns: list[list[Any]] = view.values(
            [
                "id",
                names.relevance,
                names.shots,
                names.summary,
                "frames.frame_number",
                names.frames,
            ]
        )
        for sample_id, relevance, shots, labels, numbers, values in zip(*columns, strict=True):
            if relevance is None or not shots or not shots.detections:
                continue
            known = [(n, value) for n, value in zip(numbers, values, strict=True) if value is not None]
            curve = np.array(sorted(known), np.float64).reshape(-1, 2)
            yield StoredSummary(
                sample_id,
                labels_to_shots(shots),
                curve[:, 0].astype(np.int64),
                curve[:, 1],
                labels.budget if labels else "",
                labels,
            )
