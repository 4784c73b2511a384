"""`clipit train`: from a FiftyOne dataset with labels, or an HDF5 file of features, to a checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fiftyone_clipit.cli.h5_sources import is_h5
from fiftyone_clipit.cli.options import FPS, add_encoding
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.encoders.names import DEFAULT

# Options that say where labels and words are; an HDF5 file has its own.
_OF_DATASETS = ("target", "tags", "val_tags", "query_field", "query_per_label", "captions")
_OF_H5 = ("splits", "setting", "benchmark", "annotations", "skip_missing")


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "train",
        help="train the network on labelled videos",
        description="Trains the CLIP-It network on a FiftyOne dataset, or on features in the usual HDF5 structure. DIR "
        "is then a scorer: 'clipit summarize --scorer DIR'. A stopped run goes on when it is called again.",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="DATASET|[SET=]FILE.h5",
        help="a FiftyOne dataset by name, or HDF5 files; the folds name SET's videos 'SET/video_1'",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="where the checkpoint goes")
    _add_labels(parser)
    _add_training(parser)
    add_encoding(parser, unset=True)
    group = parser.add_argument_group("computing")
    group.add_argument("--device", help="'cpu', 'cuda', ... (default: a GPU where there is one)")
    group.add_argument("--num-workers", type=int, metavar="N", help="videos decoded at once")
    _add_folds(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Trains on what the options name."""
    from fiftyone_clipit.errors import UsageError

    files = [source for source in options.sources if is_h5(source)]
    if files and len(files) < len(options.sources):
        raise UsageError("give a dataset or HDF5 files, not both")
    if files:
        from fiftyone_clipit.cli.train_h5 import train_h5

        if given := _given(options, _OF_DATASETS):
            raise UsageError(f"{given} is for datasets; an HDF5 file has its labels and words inside")
        return train_h5(options, training_of(options))
    if len(options.sources) > 1:
        raise UsageError(f"give one dataset, not {len(options.sources)}: {', '.join(options.sources)}")
    if given := _given(options, _OF_H5):
        raise UsageError(f"{given} is for HDF5 files; a dataset is split by tags: --tags, --val-tags")
    return _train_dataset(options)


def _given(options: argparse.Namespace, names: tuple[str, ...]) -> str | None:
    """The first of some options that is given, as it is written."""
    return next((f"--{name.replace('_', '-')}" for name in names if getattr(options, name)), None)


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

    (name,) = options.sources
    samples = open_dataset(name, tags=options.tags)
    report = train(
        samples,
        options.target,
        options.output,
        supervision=options.supervision,
        query_field=options.query_field,
        query_per_label=options.query_per_label,
        captions=options.captions,
        captioner=options.captioner,
        val=open_dataset(name, tags=options.val_tags) if options.val_tags else options.val,
        encoder=options.encoder or DEFAULT,
        fps=FPS if options.fps is None else options.fps,
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


def _add_folds(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("with HDF5 files")
    group.add_argument(
        "--splits",
        type=Path,
        metavar="FILE|DIR",
        help="folds to train on one by one, JSON or YAML; or the folder of the published lists, of which --benchmark "
        "and --setting choose one",
    )
    group.add_argument(
        "--setting",
        choices=["standard", "augment", "transfer"],
        help="train on the benchmark's own videos, on the other sets', too, or on theirs alone (default: standard)",
    )
    group.add_argument(
        "--benchmark",
        choices=["summe", "tvsum", "qfvs"],
        help="measure the folds' test videos as this benchmark does; qfvs has its own folds: each video once",
    )
    group.add_argument("--annotations", type=Path, metavar="DIR", help="folder of the query-focused annotations (qfvs)")
    group.add_argument(
        "--skip-missing", action="store_true", help="leave out videos that the folds name and the files do not hold"
    )
