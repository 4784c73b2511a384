"""`clipit train`: from a FiftyOne dataset with labels, or an HDF5 file of features, to a checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fiftyone_clipit.cli.options import add_encoding
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER

_H5 = (".h5", ".hdf5")
# Options that say where labels and words are; an HDF5 file has its own.
_OF_DATASETS = ("target", "tags", "val_tags", "query_field", "query_per_label", "captions")


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "train",
        help="train the network on labelled videos",
        description="Trains the CLIP-It network on a FiftyOne dataset, or on features in the usual HDF5 structure. DIR "
        "is then a scorer: 'clipit summarize --scorer DIR'. A stopped run goes on when it is called again.",
    )
    parser.add_argument("source", metavar="DATASET|FILE.h5", help="a FiftyOne dataset by name, or an HDF5 file")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="where the checkpoint goes")
    _add_labels(parser)
    _add_training(parser)
    add_encoding(parser)
    group = parser.add_argument_group("computing")
    group.add_argument("--device", help="'cpu', 'cuda', ... (default: a GPU where there is one)")
    group.add_argument("--num-workers", type=int, metavar="N", help="videos decoded at once")
    folds = parser.add_argument_group("with an HDF5 file")
    folds.add_argument("--splits", type=Path, metavar="FILE", help="folds to train on one by one, JSON or YAML")
    folds.add_argument(
        "--benchmark", choices=["summe", "tvsum"], help="measure the folds' test videos as this benchmark does"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Trains on what the options name."""
    from fiftyone_clipit.errors import UsageError

    if Path(options.source).suffix.lower() in _H5:
        from fiftyone_clipit.cli.train_h5 import train_h5

        if given := [name for name in _OF_DATASETS if getattr(options, name)]:
            raise UsageError(
                f"--{given[0].replace('_', '-')} is for datasets; an HDF5 file has its labels and words inside"
            )
        return train_h5(options, training_of(options))
    if options.splits or options.benchmark:
        raise UsageError("--splits and --benchmark are for HDF5 files; a dataset is split by tags: --tags, --val-tags")
    return _train_dataset(options)


def training_of(options: argparse.Namespace) -> dict[str, Any]:
    """The options as fields of `TrainingConfig`."""
    return {
        "mode": options.supervision,
        "epochs": options.epochs,
        "learning_rate": options.learning_rate,
        "seeds": tuple(options.seeds),
        "batch_size": options.videos_per_step,
    }


def _train_dataset(options: argparse.Namespace) -> int:
    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.dataset.named import open_dataset
    from fiftyone_clipit.dataset.train import train

    samples = open_dataset(options.source, tags=options.tags)
    report = train(
        samples,
        options.target,
        options.output,
        supervision=options.supervision,
        query_field=options.query_field,
        query_per_label=options.query_per_label,
        captions=options.captions,
        captioner=options.captioner,
        val=open_dataset(options.source, tags=options.val_tags) if options.val_tags else options.val,
        encoder=options.encoder,
        fps=options.fps,
        preset=options.preset,
        start_from=options.start_from,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        seeds=options.seeds,
        videos_per_step=options.videos_per_step,
        overwrite=options.overwrite,
        device=options.device,
        num_workers=options.num_workers,
        progress=not options.quiet,
    )
    print(report)
    return SOME_FAILED if report.failures else OK


def _add_labels(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to learn from")
    group.add_argument(
        "--target",
        metavar="FIELD",
        help="what matters: a frame-level field of numbers, or temporal detections whose segments are the positives",
    )
    group.add_argument(
        "--supervision",
        choices=["supervised", "unsupervised", "captions"],
        default="supervised",
        help="learn from the target, from the videos alone, or from how well frames fit captions "
        "(default: %(default)s)",
    )
    group.add_argument("--tags", nargs="+", default=[], metavar="TAG", help="only samples that have one of these tags")
    group.add_argument("--query-field", metavar="FIELD", help="each video's own question, which the labels answer")
    group.add_argument(
        "--query-per-label", action="store_true", help="each label of the segments is a question that they answer"
    )
    group.add_argument("--captions", metavar="SOURCE", help="guide by captions: 'auto', 'subtitles', or a field")
    group.add_argument(
        "--captioner", default=DEFAULT_CAPTIONER, metavar="NAME", help="model for 'auto' (default: %(default)s)"
    )


def _add_training(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("training")
    group.add_argument(
        "--preset", default="paper", metavar="NAME", help="paper, cosine or modelscope (default: %(default)s)"
    )
    group.add_argument("--start-from", metavar="NAME", help="a checkpoint to begin with, named as for --scorer")
    group.add_argument("--epochs", type=int, default=20, metavar="N", help="passes over the videos (default: 20)")
    group.add_argument("--learning-rate", type=float, default=1e-4, metavar="R", help="of Adam (default: 1e-4)")
    group.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=[0],
        metavar="N",
        help="one training each; the best is taken (default: 0)",
    )
    group.add_argument("--videos-per-step", type=int, default=4, metavar="N", help="examples a step (default: 4)")
    group.add_argument(
        "--val", type=float, default=0.2, metavar="SHARE", help="videos set aside to choose the epoch (default: 0.2)"
    )
    group.add_argument("--val-tags", nargs="+", default=[], metavar="TAG", help="validate on these samples instead")
    group.add_argument("--overwrite", action="store_true", help="replace another training in DIR")
