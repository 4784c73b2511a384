"""Runs the field's benchmarks: a method's scores, and always the baselines beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.annotations import AnnotatedVideo, QueryVideo, read_qfvs, read_summe, read_tvsum
from fiftyone_clipit.evaluation.baselines import Measures, baselines, mean_measures, measure_scores
from fiftyone_clipit.evaluation.query_benchmark import measure_query_scores, query_baselines

Benchmark = Literal["summe", "tvsum", "qfvs"]
BENCHMARKS: tuple[Benchmark, ...] = ("summe", "tvsum", "qfvs")

# How many of a video's shots a query-focused summary takes, as is usual.
QUERY_SHARE = 0.02


@dataclass(frozen=True)
class BenchmarkResult:
    """What a benchmark gave.

    Attributes:
        benchmark: its name.
        protocol: how it was measured, as JSON values.
        methods: by method, by video: the measures.
    """

    benchmark: str
    protocol: dict[str, Any]
    methods: dict[str, dict[str, Measures]] = field(default_factory=dict)

    def mean(self, method: str) -> Measures:
        """A method's measures, each averaged over the videos that have it."""
        return mean_measures(self.methods[method].values())


def run_benchmark(
    name: str,
    path: str | os.PathLike[str],
    *,
    scores: Mapping[str, Any] | Callable[..., np.ndarray] | None = None,
    label: str = "scores",
    budget: float | None = None,
    seeds: int = 10,
    keys: list[str] | None = None,
) -> BenchmarkResult:
    """Measures scores on a benchmark, and the baselines on the same videos.

    Args:
        name: "summe", "tvsum" or "qfvs".
        path: the HDF5 file of SumMe or TVSum in the usual structure, or the folder of the query-focused annotations.
        scores: the method's scores: by video key (1-D, one for each pick); for qfvs by video key, then by query
            such as "Book_Street" (one for each shot). Or a function of the `AnnotatedVideo`; for qfvs of the
            `QueryVideo` and the query. Left out: baselines alone.
        label: what to call the method; no baseline's name.
        budget: share of the video; 0.15 if left out, for qfvs 0.02 of its shots.
        seeds: draws of the random baseline.
        keys: only these videos, such as those of a test fold.

    Returns:
        The result, with the method first. A baseline that no video allows, such as people where only one person
        marked each video, is left out.

    Raises:
        UsageError: an unknown benchmark, a label that a baseline has, a file that lacks something, scores that are
            absent, not finite or not one for each pick.
    """
    if name not in BENCHMARKS:
        raise UsageError(f"unknown benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    if seeds < 1:
        raise UsageError(f"seeds must be 1 or more, not {seeds}")
    share = budget if budget is not None else QUERY_SHARE if name == "qfvs" else 0.15
    if not 0 < share <= 1:
        raise UsageError(f"budget must be a share above 0 and up to 1, not {budget}")
    runners: dict[str, Callable[[Any], Measures]] = {}
    videos: list[Any]
    if name == "qfvs":
        videos = read_qfvs(path)
        if scores is not None:
            by_query = _query_scores(scores)
            runners[label] = lambda video: measure_query_scores(video, by_query, share)
        others: Mapping[str, Callable[[Any, float], Measures]] = query_baselines(seeds)
    else:
        videos = read_summe(path) if name == "summe" else read_tvsum(path)
        if scores is not None:
            by_video = _video_scores(scores)
            runners[label] = lambda video: measure_scores(video, by_video(video), share)
        others = baselines(seeds)
    if label in runners and label in others:
        raise UsageError(f"label {label!r} is a baseline's name, which stands beside: call the method something else")
    videos = _selected(videos, keys)
    runners |= {key: _bound(run, share) for key, run in others.items()}
    protocol = {"videos": len(videos), "budget": share, "random draws": seeds, "file": Path(path).name}
    if name != "qfvs":
        protocol["F1 over users"] = videos[0].reduction
    methods = {key: {video.key: run(video) for video in videos} for key, run in runners.items()}
    return BenchmarkResult(name, protocol, {key: rows for key, rows in methods.items() if any(rows.values())})


def _bound(run: Callable[[Any, float], Measures], share: float) -> Callable[[Any], Measures]:
    return lambda video: run(video, share)


def _selected(videos: list[Any], keys: list[str] | None) -> list[Any]:
    if keys is None:
        return videos
    known = {video.key for video in videos}
    if missing := sorted(set(keys) - known):
        raise UsageError(f"the file does not hold {', '.join(missing)}; it has {', '.join(sorted(known))}")
    return [video for video in videos if video.key in set(keys)]


def _video_scores(scores: Mapping[str, Any] | Callable[..., np.ndarray]) -> Callable[[AnnotatedVideo], np.ndarray]:
    if not isinstance(scores, Mapping):
        return scores

    def look_up(video: AnnotatedVideo) -> np.ndarray:
        if video.key not in scores:
            raise UsageError(f"no scores for {video.key}; expected {len(video.picks)}, one for each pick")
        return np.asarray(scores[video.key])

    return look_up


def _query_scores(
    scores: Mapping[str, Any] | Callable[..., np.ndarray],
) -> Callable[[QueryVideo, str], np.ndarray]:
    if not isinstance(scores, Mapping):
        return scores

    def look_up(video: QueryVideo, query: str) -> np.ndarray:
        if query not in scores.get(video.key, {}):
            raise UsageError(f"no scores for {video.key}, {query}; expected {len(video.concepts)}, one for each shot")
        return np.asarray(scores[video.key][query])

    return look_up
