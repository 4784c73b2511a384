"""The work of training on a dataset: extract features, make examples, fit, and say which videos took no part."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.failed import in_short
from fiftyone_clipit.dataset.folders import checkpoint_folder
from fiftyone_clipit.dataset.train_examples import ExampleMaker
from fiftyone_clipit.dataset.train_options import (
    TrainOptions,
    check_folder,
    check_labels,
    network_of,
)
from fiftyone_clipit.dataset.train_report import TrainReport, write_origin
from fiftyone_clipit.dataset.videos import VideoSamples, features_of, videos_of
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.training.config import TrainingConfig
from fiftyone_clipit.training.examples import VideoExample
from fiftyone_clipit.training.results import EpochReport
from fiftyone_clipit.training.trainer import fit

Progress = Callable[[float, str], None]

# Encoding is one half of the progress and training the other; neither says how long the other takes.
_ENCODING = 0.5


@dataclass
class _Fold:
    """Videos on one side, and what came of them."""

    videos: VideoSamples
    maker: ExampleMaker
    examples: list[VideoExample] = field(default_factory=list)


class TrainJob:
    """Trains a network on some videos.

    Args:
        samples: the dataset or view to learn from.
        folder: where the checkpoint goes; None: `folders.checkpoint_folder`.
        options: where labels and words come from.
        config: how to train.
        val: share of the videos to validate on, or a view of others.
        preset: the network.
        network: other fields of its configuration.
        start_from: a checkpoint to begin with.
        overwrite: replace another training in the folder.
        device: where to compute.
        batch_size: pictures encoded at once.
        num_workers: videos decoded at once.

    Raises:
        UsageError: arguments that cannot work, or nothing to learn from; before any work begins.
    """

    def __init__(
        self,
        samples: SampleCollection,
        folder: str | os.PathLike[str] | None,
        options: TrainOptions,
        config: TrainingConfig,
        *,
        val: float | SampleCollection = 0.2,
        preset: str = "paper",
        network: Mapping[str, Any] | None = None,
        start_from: str | None = None,
        overwrite: bool = False,
        device: str | None = None,
        batch_size: int | None = None,
        num_workers: int | None = None,
    ) -> None:
        if folder is not None:
            check_folder(folder)
        network_of(preset, network)
        self._options, self._config = options, config
        self._preset, self._network = preset, network
        self._start_from, self._overwrite, self._device = start_from, overwrite, device
        self._summarizer = Summarizer(options.settings(), device=device, batch_size=batch_size, num_workers=num_workers)
        self._failures: list[dict[str, str]] = []
        videos = videos_of(samples)
        truth = check_labels(samples, options)
        self._folder = check_folder(checkpoint_folder(samples, options.learned_from) if folder is None else folder)
        self._dataset = videos.dataset.name
        # Without targets a question that nothing answers teaches nothing, and the contrastive loss takes every question
        # for one that its video answers.
        negatives = options.supervision == "supervised" and not config.loss_weights.contrastive
        self._train = _Fold(videos, ExampleMaker(videos, options, truth, self._summarizer, negatives=negatives))
        self._share: float | None = None
        self._val: _Fold | None = None
        if isinstance(val, SampleCollection):
            others = videos_of(val)
            if shared := set(videos.paths) & set(others.paths):
                raise UsageError(f"val: {sorted(shared)[0]} is among the training videos, too: leave it out of one")
            labels = check_labels(val, options, scale=truth.scale if truth else None)
            self._val = _Fold(others, ExampleMaker(others, options, labels, self._summarizer, negatives=negatives))
        elif isinstance(val, bool) or not isinstance(val, int | float) or not 0 <= val < 1:
            raise UsageError(f"val is {val!r}: expected the share of the videos to set aside, in [0, 1), or a view")
        else:
            self._share = val or None

    def run(self, *, skip_failures: bool = True, on_progress: Progress | None = None) -> TrainReport:
        """Does the work.

        Args:
            skip_failures: go on with the other videos when one cannot take part.
            on_progress: called with the share that is done and a line about it. Whatever it raises stops the work;
                features and finished epochs are kept.

        Raises:
            UsageError: nothing is left to learn from, or the folder holds another training.
            EncoderError: the encoder or the captioner cannot be loaded.
            CheckpointError: the checkpoint to begin with cannot be loaded or does not fit the encoder.
            VideoError: a video cannot take part, and `skip_failures` is False.
        """
        tell = on_progress or (lambda share, line: None)
        self._summarizer.load()
        encoder = self._summarizer.encoder
        if self._start_from is not None:
            load_scorer(self._start_from, dim=encoder.dim, device="cpu")
        folds = [self._train, *([self._val] if self._val else [])]
        total, done = sum(len(fold.videos) for fold in folds), 0
        for fold in folds:

            def encoded(count: float, path: str, before: int = done) -> None:
                line = f"video {min(before + int(count) + 1, total)} of {total}: {os.path.basename(path)}"
                tell(_ENCODING * (before + count) / total, line)

            self._extract(fold, skip_failures, encoded)
            done += len(fold.videos)

        def report(row: EpochReport) -> None:
            line = f"seed {row.seed}, epoch {row.epoch} of {self._config.epochs}: loss {row.loss:.4f}"
            tell(_ENCODING + (1 - _ENCODING) * row.progress, line)

        result = fit(
            self._train.examples,
            output=self._folder,
            network=network_of(self._preset, self._network, encoder.dim),
            config=self._config,
            val=self._val.examples if self._val else self._share,
            start_from=self._start_from,
            encoder=encoder.name,
            device=self._device,
            overwrite=self._overwrite,
            progress=False,
            on_epoch=report,
        )
        videos = {example.video for fold in folds for example in fold.examples}
        write_origin(self._folder, self._dataset, self._options, sorted(videos), self._failures)
        note = "; ".join(filter(None, (encoder.note, result.note)))
        return TrainReport(self._folder, result, len(videos), self._failures, note)

    def _extract(self, fold: _Fold, skip_failures: bool, tell: Callable[[float, str], None]) -> None:
        done = 0
        outcomes = self._summarizer.extract(fold.videos.paths, lambda path, share: tell(done + min(share, 0.99), path))
        for sample_id, outcome in zip(fold.videos.ids, outcomes, strict=True):
            try:
                fold.examples += fold.maker.make(sample_id, features_of(outcome))
            except VideoError as error:
                if not skip_failures:
                    raise
                self._failures.append({"id": sample_id, "path": error.path, "reason": error.reason})
            done += 1
            tell(done, outcome.path)
        if not fold.examples:
            raise UsageError(f"none of the {len(fold.videos)} videos can take part: {in_short(self._failures[-3:])}")
