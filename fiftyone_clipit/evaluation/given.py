"""Measures a summary that is there already, and beside it what needs no method and shows as many frames."""

from __future__ import annotations

import numpy as np

from fiftyone_clipit.evaluation.annotations import AnnotatedVideo
from fiftyone_clipit.evaluation.baselines import Measures, human, mean_measures, random_draws, uniform_frames
from fiftyone_clipit.evaluation.metrics import coverage, f_score, rank_correlation, redundancy
from fiftyone_clipit.summary.segments import choose_segments
from fiftyone_clipit.summary.types import Shot

Features = tuple[np.ndarray, np.ndarray]


def measure_summary(
    video: AnnotatedVideo,
    summary: np.ndarray,
    *,
    scores: np.ndarray | None = None,
    features: Features | None = None,
) -> Measures:
    """Measures the frames that a summary shows, and how it orders the frames.

    Args:
        video: what people marked.
        summary: (n_frames,), 1 for frames in the summary.
        scores: (T,), importance at the video's picks; without it there is no rank correlation.
        features: (S, dim) and the 0-based numbers of the frames (S,) that they are of; without them there is neither
            coverage nor redundancy.

    Returns:
        `f1`, and `precision` and `recall`, their means over the people, in percent; rank correlations; coverage and
        redundancy.
    """
    ours, theirs = np.asarray(summary) != 0, video.user_summary != 0
    both = (theirs & ours).sum(axis=1)
    measures = {
        "f1": f_score(summary, video.user_summary, reduction=video.reduction),
        "precision": float(100 * both.mean() / max(ours.sum(), 1)),
        "recall": float(np.mean(100 * both / np.maximum(theirs.sum(axis=1), 1))),
    }
    if scores is not None:
        measures |= vars(rank_correlation(scores, video.user_scores))
    if features is not None:
        vectors, numbers = features
        # A sample is shown when any frame is that it stands for: clips may be shorter than the way between samples.
        seen = np.maximum.reduceat(ours.astype(np.uint8), numbers)
        measures["coverage"] = coverage(vectors, seen)
        measures["redundancy"] = redundancy(vectors, seen)
    return measures


def measure_baselines(
    video: AnnotatedVideo, capacity: int, *, seeds: int, features: Features | None = None
) -> dict[str, Measures]:
    """Measures random and constant scores under the same shots, even clips, and, where there are several, people.

    Args:
        video: what people marked.
        capacity: frames that each of them but people's may show.
        seeds: draws of random scores.
        features: as for `measure_summary`.

    Returns:
        By name, in the order in which reports show them.
    """

    def measured(scores: np.ndarray) -> Measures:
        return measure_summary(video, summary_of(video, scores, capacity), scores=scores, features=features)

    rows = {
        "random": mean_measures(map(measured, random_draws(video, seeds))),
        "constant": measured(np.ones(len(video.picks))),
        "uniform": measure_summary(video, uniform_frames(video.n_frames, capacity), features=features),
    }
    if len(video.user_summary) > 1:
        rows["human"] = human(video, 0.0)
    return rows


def summary_of(video: AnnotatedVideo, scores: np.ndarray, capacity: int) -> np.ndarray:
    """What `summarize` would show by other scores: from the same shots, in as many frames.

    The knapsack of the benchmarks takes whole shots only, and none of a short video where none fits.

    Args:
        video: has the shots and the picks.
        scores: (T,), one for each pick.
        capacity: frames that the summary may show.

    Returns:
        uint8 (n_frames,), 1 for frames in the summary.
    """
    summary = np.zeros(video.n_frames, np.uint8)
    if capacity < 1:
        return summary
    frames = np.interp(np.arange(video.n_frames), video.picks, scores)
    shots = [
        # Times do not count here: one frame is one second.
        Shot(int(first) + 1, int(last) + 1, float(first), float(last + 1), float(frames[first : last + 1].mean()))
        for first, last in video.change_points
    ]
    segments, _ = choose_segments(shots, video.picks + 1, scores, budget_frames=capacity)
    for segment in segments:
        summary[segment.first_frame - 1 : segment.last_frame] = 1
    return summary
