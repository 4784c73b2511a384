"""From what a dataset keeps of a summary, and what people marked, to what the measures take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fiftyone_clipit.dataset.ground_truth import GroundTruth
from fiftyone_clipit.dataset.selection import StoredSummary
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.evaluation.annotations import AnnotatedVideo
from fiftyone_clipit.evaluation.given import summary_of
from fiftyone_clipit.evaluation.metrics import Reduction


@dataclass(frozen=True, eq=False)
class JudgedVideo:
    """One video's summary beside what people marked.

    Attributes:
        truth: what they marked.
        summary: uint8 (n_frames,), 1 for frames in the stored segments.
        scores: float64 (T,), stored importance at the truth's picks.
    """

    truth: AnnotatedVideo
    summary: np.ndarray
    scores: np.ndarray

    @property
    def capacity(self) -> int:
        """How many frames the summary shows."""
        return int(self.summary.sum())


def judge(
    stored: StoredSummary,
    supports: Sequence[Sequence[int]],
    path: str,
    truths: Sequence[GroundTruth],
    *,
    fps: float,
    reduction: Reduction,
) -> JudgedVideo:
    """Puts a stored summary beside what people marked.

    Frames are compared at about the rate at which they were sampled. A person who marked frames with nothing but 0
    and 1, or segments, has a summary; from graded marks one is made of the summary's shots, of as many frames as
    the summary shows.

    Args:
        stored: shots and importance.
        supports: first and last frame of each segment, 1-based, inclusive.
        path: the video, for messages and as its name.
        truths: one field a person.
        fps: the rate at which the summary sampled frames.
        reduction: how F-scores over people become one.

    Raises:
        VideoError: nobody marked it, or marks that cannot be of this video.
    """
    shots = stored.shots
    n_frames, seconds = shots[-1].last_frame, shots[-1].end - shots[0].start
    summary = np.zeros(n_frames, np.uint8)
    for first, last in supports:
        summary[first - 1 : last] = 1
    picks = np.arange(0, n_frames, max(1, round(n_frames / max(seconds, 1e-6) / fps)))
    marks = _marks(truths, stored.sample_id, path, n_frames)
    video = AnnotatedVideo(
        key=path,
        title=path,
        n_frames=n_frames,
        picks=picks,
        change_points=np.array([(shot.first_frame - 1, shot.last_frame - 1) for shot in shots]),
        user_summary=np.zeros((len(marks), n_frames), np.uint8),
        user_scores=np.stack([row[picks] for row in marks]).astype(np.float32),
        reduction=reduction,
    )
    capacity = int(summary.sum())
    people = [row if np.isin(row, (0, 1)).all() else summary_of(video, row[picks], capacity) for row in marks]
    return JudgedVideo(
        truth=replace(video, user_summary=np.stack(people).astype(np.uint8)),
        summary=summary,
        scores=np.interp(picks + 1, stored.frame_numbers, stored.importance),
    )


def _marks(truths: Sequence[GroundTruth], sample_id: str, path: str, n_frames: int) -> list[np.ndarray]:
    """What each person marked who marked this video, a number for every frame."""
    marks, reasons = [], []
    for truth in truths:
        try:
            marks.append(_held(truth.importance(sample_id, path, n_frames)))
        except VideoError as error:
            reasons.append(error.reason)
    if not marks:
        raise VideoError(path, "; ".join(reasons))
    return marks


def _held(values: np.ndarray) -> np.ndarray:
    """Marks of some frames as marks of all: each holds until the next, the first one also before it."""
    known = np.flatnonzero(~np.isnan(values))
    return values[known[np.searchsorted(known, np.arange(len(values)), side="right").clip(1) - 1]]
