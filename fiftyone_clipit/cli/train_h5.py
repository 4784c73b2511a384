"""`clipit train FILE.h5`: on features that are in a file already, whole or fold by fold."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from fiftyone_clipit.training.splits import Split

Example = TypeVar("Example")


def train_h5(options: argparse.Namespace, training: Mapping[str, Any]) -> int:
    """Trains on an HDF5 file of the usual structure.

    Returns:
        The exit status: 0.

    Raises:
        UsageError: a file that lacks something, folds that do not fit it, or options that cannot work.
    """
    from fiftyone_clipit.cli import OK
    from fiftyone_clipit.errors import UsageError
    from fiftyone_clipit.training import TrainingConfig, fit, read_examples

    if options.benchmark and not options.splits:
        raise UsageError("--benchmark measures the test videos of folds: give --splits, too")
    examples = read_examples(options.source)
    shared: dict[str, Any] = {
        "network": options.preset,
        "config": TrainingConfig.from_dict(training),
        "start_from": options.start_from,
        "device": options.device,
        "overwrite": options.overwrite,
        "progress": not options.quiet,
    }
    if options.splits:
        return _train_folds(options, examples, shared)
    result = fit(list(examples.values()), output=options.output, val=options.val or None, **shared)
    print(
        f"{result.checkpoint}: {result.n_train} videos to train on, {result.n_val} to validate, {result.seconds:.1f} s"
    )
    return OK


def _train_folds(options: argparse.Namespace, examples: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    from fiftyone_clipit.cli import OK
    from fiftyone_clipit.evaluation.report import save_report, to_markdown
    from fiftyone_clipit.training import cross_validate, read_splits
    from fiftyone_clipit.training.cross_validation import measure_folds

    splits = read_splits(options.splits)
    folds = cross_validate(_named_as(examples, splits), splits, output=options.output, val=options.val, **shared)
    for number, fold in enumerate(folds, 1):
        print(
            f"{fold.result.checkpoint}: fold {number}, {len(fold.split.train)} videos, {len(fold.split.test)} to test"
        )
    if options.benchmark:
        result = measure_folds(folds, options.benchmark, options.source)
        print(to_markdown(result))
        for file in save_report(result, options.output):
            print(file)
    return OK


def _named_as(examples: Mapping[str, Example], splits: Sequence[Split]) -> dict[str, Example]:
    """The examples by the names that the folds use: "tvsum/video_1" where they name one data set, else as they are."""
    keys = {key for split in splits for key in (*split.train, *split.test)}
    sets = {key.rpartition("/")[0] for key in keys}
    (before,) = sets if len(sets) == 1 else ("",)
    return {f"{before}/{key}" if before else key: example for key, example in examples.items()}
