"""What needs no method: the scores and summaries that every result must be held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from fiftyone_clipit.evaluation.annotations import AnnotatedVideo
from fiftyone_clipit.evaluation.metrics import RankCorrelation, f_score, machine_summary, rank_correlation

Measures = dict[str, float]


def mean_measures(rows: Iterable[Measures]) -> Measures:
    """Each measure's mean over the rows that have it; empty without rows."""
    table = list(rows)
    names = dict.fromkeys(name for row in table for name in row)
    return {name: float(np.mean([row[name] for row in table if name in row])) for name in names}


def measure_scores(video: AnnotatedVideo, scores: np.ndarray, budget: float) -> Measures:
    """Measures scores at a video's picks by the published protocol.

    Args:
        video: what people marked.
        scores: (T,), one for each pick, finite.
        budget: share of the video.

    Returns:
        `f1` in percent, and the four rank correlations.
    """
    summary = machine_summary(
        scores,
        change_points=video.change_points,
        n_frames=video.n_frames,
        picks=video.picks,
        budget=budget,
    )
    return _measures(
        f_score(summary, video.user_summary, reduction=video.reduction),
        rank_correlation(scores, video.user_scores),
    )


def random_scores(video: AnnotatedVideo, budget: float, *, seeds: int) -> Measures:
    """The mean over several draws of random scores."""
    return mean_measures(measure_scores(video, scores, budget) for scores in random_draws(video, seeds))


def random_draws(video: AnnotatedVideo, seeds: int) -> Iterator[np.ndarray]:
    """Random scores at a video's picks, float64 (T,), one array a seed."""
    for seed in range(seeds):
        # The video's own stream: the same whatever other videos are measured.
        yield np.random.default_rng([seed, *video.key.encode()]).random(len(video.picks))


def constant_scores(video: AnnotatedVideo, budget: float) -> Measures:
    """The same score for every frame: the knapsack alone decides."""
    return measure_scores(video, np.ones(len(video.picks)), budget)


def uniform_summary(video: AnnotatedVideo, budget: float) -> Measures:
    """Short clips at even distances, without shots; orders no frames, so it has no rank correlation."""
    summary = uniform_frames(video.n_frames, int(budget * video.n_frames))
    return {"f1": f_score(summary, video.user_summary, reduction=video.reduction)}


def uniform_frames(n_frames: int, capacity: int, *, clips: int = 10) -> np.ndarray:
    """The frames of clips of equal length at even distances; fewer clips where that many would be empty.

    Args:
        n_frames: frames of the video.
        capacity: the most that the clips may take together.
        clips: how many.

    Returns:
        uint8 (n_frames,), 1 for frames in a clip.
    """
    clips = max(1, min(clips, capacity))
    edges = np.linspace(0, n_frames, clips + 1)
    length = capacity // clips
    summary = np.zeros(n_frames, dtype=np.uint8)
    for middle in ((edges[:-1] + edges[1:]) / 2).astype(int):
        first = max(0, middle - length // 2)
        summary[first : first + length] = 1
    return summary


def human(video: AnnotatedVideo, budget: float) -> Measures:
    """Each person against all others, averaged: what people agree on. Nothing where only one marked the video."""
    if len(video.user_summary) < 2:
        return {}
    return mean_measures(
        _measures(
            f_score(video.user_summary[i], np.delete(video.user_summary, i, axis=0), reduction=video.reduction),
            rank_correlation(video.user_scores[i], np.delete(video.user_scores, i, axis=0)),
        )
        for i in range(len(video.user_summary))
    )


def _measures(f1: float, correlation: RankCorrelation) -> Measures:
    return {"f1": f1, **vars(correlation)}


def baselines(seeds: int) -> dict[str, Callable[[AnnotatedVideo, float], Measures]]:
    """All of them by name, in the order in which reports show them."""
    return {
        "random": lambda video, budget: random_scores(video, budget, seeds=seeds),
        "constant": constant_scores,
        "uniform": uniform_summary,
        "human": human,
    }
