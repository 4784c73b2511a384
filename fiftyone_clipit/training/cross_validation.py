"""Training on folds and measuring on what each left out, beside the baselines."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.annotations import AnnotatedVideo, read_summe, read_tvsum
from fiftyone_clipit.evaluation.baselines import Measures, measure_scores
from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult, run_benchmark
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.training.config import TrainingConfig
from fiftyone_clipit.training.examples import VideoExample
from fiftyone_clipit.training.results import EpochReport, TrainingResult
from fiftyone_clipit.training.splits import Split, check_splits
from fiftyone_clipit.training.trainer import fit

_MEASURED = ("summe", "tvsum")


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold, trained.

    Attributes:
        split: its videos.
        result: its training.
        scores: by seed, by key of a test video: float64 (T,).
    """

    split: Split
    result: TrainingResult
    scores: dict[int, dict[str, np.ndarray]]


def cross_validate(
    examples: Mapping[str, VideoExample],
    splits: Sequence[Split],
    *,
    output: str | os.PathLike[str],
    network: ClipItConfig | str = "paper",
    config: TrainingConfig | None = None,
    val: float = 0.0,
    skip_missing: bool = False,
    device: str | None = None,
    progress: bool = True,
    on_epoch: Callable[[EpochReport], None] | None = None,
    **options: Any,
) -> list[Fold]:
    """Trains on each fold and scores the videos that it left out; a stopped call goes on where it was.

    The test videos choose nothing: the epoch is the last one, or chosen by a share of the training videos.

    Args:
        examples: videos by the keys that the folds use; the keys become their names, since videos of different sets
            may have the same ("summe/video_1", "tvsum/video_1").
        splits: the folds.
        output: gets a folder for each fold.
        network: as for `fit`.
        config: as for `fit`.
        val: share of each fold's training videos to choose the epoch by.
        skip_missing: leave out videos that the folds name and that are not at hand.
        device: as for `fit`.
        progress: as for `fit`.
        on_epoch: as for `fit`; progress counts all folds.
        options: others of `fit`.

    Raises:
        UsageError: folds that do not fit the videos, or that train on a video and test on it, and what `fit` refuses.
    """
    kept = check_splits(splits, examples.keys(), skip_missing=skip_missing)
    named = {key: example.named(key) for key, example in examples.items()}
    _check_apart(kept, named)
    folds = []
    for number, split in enumerate(kept):

        def report(row: EpochReport, before: int = number) -> None:
            if on_epoch is not None:
                on_epoch(EpochReport(**{**vars(row), "progress": (before + row.progress) / len(kept)}))

        result = fit(
            [named[key] for key in split.train],
            output=Path(output) / f"fold-{number + 1}",
            network=network,
            config=config,
            val=val or None,
            device=device,
            progress=progress,
            on_epoch=report,
            **options,
        )
        scores = {}
        for seed in result.seeds:
            scorer = load_scorer(str(seed.folder), device=device)
            scores[seed.seed] = {key: scorer(named[key].features, named[key].text) for key in split.test}
        folds.append(Fold(split, result, scores))
    return folds


def measure_folds(
    folds: Sequence[Fold],
    benchmark: str,
    annotations: str | os.PathLike[str],
    *,
    scorers: Mapping[str, Callable[[str], np.ndarray]] | None = None,
    label: str = "CLIP-It",
    seeds: int = 10,
) -> BenchmarkResult:
    """Measures the folds' test videos by the published protocol, with the baselines on the same videos.

    A video that is tested in several folds counts each time, as in the published means over folds.

    Args:
        folds: what `cross_validate` gave; keys may have the data set before them ("summe/video_1").
        benchmark: "summe" or "tvsum".
        annotations: the HDF5 file with what people marked.
        scorers: other methods by name, to stand beside: from a key to scores (T,).
        label: what to call the network; each seed has its own row.
        seeds: draws of the random baseline.

    Raises:
        UsageError: as `run_benchmark` does, or a method has a baseline's name.
    """
    videos = videos_to_test([fold.split for fold in folds], benchmark, annotations)
    baselines = run_benchmark(benchmark, annotations, seeds=seeds, keys=sorted(videos))
    if hidden := set(scorers or {}) & set(baselines.methods):
        raise UsageError(f"scorers: {min(hidden)!r} is a baseline's name, which stands beside: choose another one")
    methods: dict[str, dict[str, Measures]] = {}
    for number, fold in enumerate(folds, 1):
        tables: dict[str, Callable[[str], np.ndarray]] = {
            f"{label}, seed {seed}": scores.__getitem__ for seed, scores in fold.scores.items()
        }
        for name, scorer in {**tables, **(scorers or {})}.items():
            for key in fold.split.test:
                row = measure_scores(videos[_short(key)], scorer(key), baselines.protocol["budget"])
                methods.setdefault(name, {})[f"fold {number}, {_short(key)}"] = row
    for name, rows in baselines.methods.items():
        methods[name] = {
            f"fold {number}, {_short(key)}": rows[_short(key)]
            for number, fold in enumerate(folds, 1)
            for key in fold.split.test
        }
    counted = sum(len(fold.split.test) for fold in folds)
    return BenchmarkResult(benchmark, {**baselines.protocol, "folds": len(folds), "videos": counted}, methods)


def videos_to_test(
    splits: Sequence[Split], benchmark: str, annotations: str | os.PathLike[str]
) -> dict[str, AnnotatedVideo]:
    """What people marked of the videos that folds test on; asked before training, so that nothing is trained in vain.

    Args:
        splits: the folds.
        benchmark: "summe" or "tvsum".
        annotations: as for `measure_folds`.

    Returns:
        By the video's name in the file.

    Raises:
        UsageError: another benchmark, a file without annotations, or one that lacks a video.
    """
    if benchmark not in _MEASURED:
        raise UsageError(f"folds are measured on 'summe' or 'tvsum', not on {benchmark!r}")
    found = {video.key: video for video in (read_summe if benchmark == "summe" else read_tvsum)(annotations)}
    tested = [key for split in splits for key in split.test]
    for key in tested:
        data_set = key.rpartition("/")[0]
        if data_set in _MEASURED and data_set != benchmark:
            raise UsageError(f"the folds test on {key}, which benchmark {benchmark!r} does not measure")
        if _short(key) not in found:
            raise UsageError(f"{os.fspath(annotations)} does not hold {_short(key)}; it has {', '.join(found)}")
    return {_short(key): found[_short(key)] for key in tested}


def _check_apart(splits: Sequence[Split], examples: Mapping[str, VideoExample]) -> None:
    """Refuses folds that have examples of one video on both sides."""
    for number, split in enumerate(splits, 1):
        train, test = ({examples[key].video for key in side} for side in (split.train, split.test))
        if both := sorted(train & test):
            raise UsageError(f"fold {number} has examples of {both[0]} on both sides; its videos must be apart")


def _short(key: str) -> str:
    """A key without its data set."""
    return key.rsplit("/", 1)[-1]
