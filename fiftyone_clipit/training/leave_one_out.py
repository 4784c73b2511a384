"""The query-focused benchmark from end to end: each video scored by a network that learned from the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.annotations import read_qfvs
from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult, run_benchmark
from fiftyone_clipit.evaluation.query_benchmark import QueryScores, measure_query_scores
from fiftyone_clipit.training.cross_validation import Fold, cross_validate
from fiftyone_clipit.training.qfvs import read_qfvs_examples, sample_shots, shot_scores
from fiftyone_clipit.training.splits import Split

ShotScores = dict[str, dict[str, np.ndarray]]


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What leaving out one video after the other gave.

    Attributes:
        folds: one for each video, in the order of the videos.
        scores: by seed, by video, by query: float64 (shots,); those of a seed are what
            `run_benchmark("qfvs", annotations, scores=...)` takes.
    """

    folds: list[Fold]
    scores: dict[int, ShotScores]


def leave_one_out(
    annotations: str | os.PathLike[str],
    features: str | os.PathLike[str],
    encode_texts: Callable[[Sequence[str]], np.ndarray],
    *,
    output: str | os.PathLike[str],
    videos: Iterable[str] | None = None,
    skip_missing: bool = False,
    **options: Any,
) -> LeftOut:
    """Trains once for each video, on all others, and scores the shots of the one left out for each of its queries.

    The video that is tested takes no part in its training, and does not choose the epoch either: the last one counts,
    or a share of the other videos chooses (`val`). A stopped call goes on where it was.

    Args:
        annotations: as for `read_qfvs_examples`.
        features: as for `read_qfvs_examples`.
        encode_texts: as for `read_qfvs_examples`.
        output: gets a folder for each video.
        videos: only these, to train on and to test.
        skip_missing: leave out videos whose features are not at hand.
        options: others of `cross_validate`: `network`, `config`, `val`, `device`, ...

    Raises:
        UsageError: fewer than two videos, annotations or features that lack something, and what `fit` refuses.
    """
    examples = {
        example.name: example
        for example in read_qfvs_examples(annotations, features, encode_texts, videos=videos, skip_missing=skip_missing)
    }
    of_video: dict[str, list[str]] = {}
    for name, example in examples.items():
        of_video.setdefault(example.video, []).append(name)
    if len(of_video) < 2:
        raise UsageError(f"leaving one video out expects two or more; there is {', '.join(of_video) or 'none'}")
    splits = [
        Split(tuple(name for other, names in of_video.items() if other != video for name in names), tuple(tested))
        for video, tested in of_video.items()
    ]
    folds = cross_validate(examples, splits, output=output, **options)
    n_shots = {video.key: len(video.concepts) for video in read_qfvs(annotations)}
    scores: dict[int, ShotScores] = {}
    for fold in folds:
        for seed, rows in fold.scores.items():
            for name, values in rows.items():
                video, query = name.split("?", 1)
                shots = shot_scores(values, sample_shots(examples[name], n_shots[video]), n_shots[video])
                scores.setdefault(seed, {}).setdefault(video, {})[query] = shots
    return LeftOut(folds, scores)


def measure_left_out(
    left_out: LeftOut, annotations: str | os.PathLike[str], *, label: str = "CLIP-It", seeds: int = 10
) -> BenchmarkResult:
    """Measures the scores of shots by the published protocol, with the baselines on the same videos.

    Args:
        left_out: what `leave_one_out` gave.
        annotations: as for `leave_one_out`.
        label: what to call the network; each seed has its own row.
        seeds: draws of the random baseline.

    Returns:
        The result, with the network first.
    """
    tested = sorted({video for rows in left_out.scores.values() for video in rows})
    baselines = run_benchmark("qfvs", annotations, seeds=seeds, keys=tested)
    share = baselines.protocol["budget"]
    videos = [video for video in read_qfvs(annotations) if video.key in tested]
    methods = {
        f"{label}, seed {seed}": {video.key: measure_query_scores(video, _look_up(rows), share) for video in videos}
        for seed, rows in left_out.scores.items()
    }
    return BenchmarkResult("qfvs", baselines.protocol, {**methods, **baselines.methods})


def _look_up(rows: ShotScores) -> QueryScores:
    return lambda video, query: rows[video.key][query]
