"""`clipit evaluate`: a stored summary of a FiftyOne dataset against its labels."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "evaluate",
        help="measure a stored summary against labels of its dataset",
        description="Measures a summary of a FiftyOne dataset against what people marked, with random, constant, "
        "even and human baselines beside it.",
    )
    parser.add_argument("dataset", metavar="DATASET", help="a FiftyOne dataset by name")
    parser.add_argument("key", metavar="KEY", help="the summary's key")
    parser.add_argument(
        "--ground-truth",
        nargs="+",
        required=True,
        metavar="FIELD",
        help="what people marked: frame-level numbers or temporal detections; several fields are several people",
    )
    parser.add_argument("--tags", nargs="+", default=[], metavar="TAG", help="only samples that have one of these tags")
    parser.add_argument(
        "--reduction", choices=["mean", "max"], default="mean", help="of F-scores over people (default: %(default)s)"
    )
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="draws of the random baseline (default: 10)")
    parser.add_argument("--field", metavar="NAME", help="store each video's F-score in this field of the dataset")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write JSON, a Markdown table and a plot here")
    parser.add_argument("--device", help="where the encoder is loaded to find cached features")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measures the summary and prints its table."""
    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.dataset.evaluate import evaluate
    from fiftyone_clipit.dataset.named import open_dataset

    result = evaluate(
        open_dataset(options.dataset, tags=options.tags),
        options.key,
        options.ground_truth,
        reduction=options.reduction,
        seeds=options.seeds,
        field=options.field,
        folder=options.output,
        device=options.device,
        progress=not options.quiet,
    )
    print(result)
    return SOME_FAILED if result.failures else OK
