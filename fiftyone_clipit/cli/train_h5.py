"""`clipit train FILE.h5 ...`: on features that are in files already, whole or fold by fold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.cli.h5_sources import (
    H5Source,
    data_set_in,
    origin_of,
    parse_sources,
    read_sources,
    with_data_sets,
)
from fiftyone_clipit.cli.train_qfvs import check_qfvs, train_qfvs
from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    from fiftyone_clipit.training.examples import VideoExample
    from fiftyone_clipit.training.splits import Split


def train_h5(options: argparse.Namespace, training: Mapping[str, Any]) -> int:
    """Trains on HDF5 files of the usual structure.

    Returns:
        The exit status: 0.

    Raises:
        UsageError: a file that lacks something, folds that do not fit it, or options that cannot work.
    """
    from fiftyone_clipit.cli.files import make_folder
    from fiftyone_clipit.training import TrainingConfig

    _check(options)
    sources = parse_sources(options.sources)
    encoder = origin_of(sources, encoder=options.encoder, fps=options.fps)
    query_focused = options.benchmark == "qfvs"
    if query_focused:
        check_qfvs(options, sources, encoder)
    if not encoder and not options.quiet:
        print(
            "note: no file says which encoder made its features; --encoder NAME keeps it in the checkpoint",
            file=sys.stderr,
        )
    shared: dict[str, Any] = {
        "network": options.preset,
        "config": TrainingConfig.from_dict(training),
        "start_from": options.start_from,
        "encoder": encoder,
        "device": options.device,
        "overwrite": options.overwrite,
        "progress": not options.quiet,
    }
    make_folder(options.output)
    if query_focused:
        return train_qfvs(options, sources[0], shared)
    if options.splits:
        return _train_folds(options, sources, shared)
    return _train_whole(options, sources, shared)


def _check(options: argparse.Namespace) -> None:
    """Refuses options that do not go together."""
    if options.benchmark == "qfvs":
        return
    if options.annotations:
        raise UsageError(
            "--annotations is for --benchmark qfvs; the other benchmarks' files have people's labels inside"
        )
    if options.benchmark and not options.splits:
        raise UsageError("--benchmark measures the test videos of folds: give --splits, too")
    if options.skip_missing and not options.splits:
        raise UsageError("--skip-missing is about the videos that folds name: give --splits, too")
    if options.setting and not (options.splits and options.splits.is_dir()):
        raise UsageError("--setting chooses one of the published lists: give their folder as --splits")


def _train_whole(options: argparse.Namespace, sources: Sequence[H5Source], shared: Mapping[str, Any]) -> int:
    from fiftyone_clipit.cli import OK
    from fiftyone_clipit.training import fit

    examples = read_sources(with_data_sets(sources, ()))
    _note_language(examples, options)
    result = fit(list(examples.values()), output=options.output, val=options.val or None, **shared)
    if result.note and not options.quiet:
        print(f"note: {result.note}", file=sys.stderr)
    print(
        f"{result.checkpoint}: {result.n_train} videos to train on, {result.n_val} to validate, {result.seconds:.1f} s"
    )
    return OK


def _train_folds(options: argparse.Namespace, sources: Sequence[H5Source], shared: Mapping[str, Any]) -> int:
    from fiftyone_clipit.cli import OK
    from fiftyone_clipit.evaluation.report import save_report, to_markdown
    from fiftyone_clipit.training import cross_validate
    from fiftyone_clipit.training.cross_validation import measure_folds, videos_to_test
    from fiftyone_clipit.training.splits import check_splits

    splits = _splits(options, sources)
    sources = with_data_sets(sources, {key.rpartition("/")[0] for key in _keys(splits)} - {""})
    examples = read_sources(sources)
    splits = check_splits(splits, examples.keys(), skip_missing=options.skip_missing)
    spoken = _note_language({key: examples[key] for key in _keys(splits)}, options)
    marked: Path | None = None
    if options.benchmark:
        marked = _marked(options.benchmark, splits, sources)
        videos_to_test(splits, options.benchmark, marked)
    folds = cross_validate(examples, splits, output=options.output, val=options.val, **shared)
    for number, fold in enumerate(folds, 1):
        print(
            f"{fold.result.checkpoint}: fold {number}, {len(fold.split.train)} videos, {len(fold.split.test)} to test"
        )
    if marked is not None:
        label = "CLIP-It" if spoken else "CLIP-It, without language"
        result = measure_folds(folds, options.benchmark, marked, label=label)
        print(to_markdown(result))
        for file in save_report(result, options.output):
            print(file)
    return OK


def _note_language(examples: Mapping[str, VideoExample], options: argparse.Namespace) -> bool:
    """Says how many videos have no sentences; whether any has some: without them CLIP-It is its own ablation."""
    silent = sum(example.text is None for example in examples.values())
    if silent and not options.quiet:
        print(
            f"note: {silent} of {len(examples)} videos have no sentences (text) and are learned from without language; "
            "clipit features --captions writes them",
            file=sys.stderr,
        )
    return silent < len(examples)


def _splits(options: argparse.Namespace, sources: Sequence[H5Source]) -> list[Split]:
    """The folds that the options name, by the names that the videos of several files have beside one another."""
    from fiftyone_clipit.training import canonical_splits, read_splits

    if options.splits.is_dir():
        if not options.benchmark:
            raise UsageError(f"--splits {options.splits} holds the lists of several benchmarks: give --benchmark, too")
        return canonical_splits(options.benchmark, options.splits, setting=options.setting or "standard")
    splits = read_splits(options.splits)
    if len(sources) == 1 or any("/" in key for key in _keys(splits)):
        return splits
    # "summe_splits.json" names its videos without their set; beside other files they need it.
    data_set = options.benchmark or data_set_in(options.splits, [source.data_set for source in sources])
    if not data_set:
        raise UsageError(f"{options.splits} does not say of which file its videos are: give that file alone")
    return [split.of(data_set) for split in splits]


def _keys(splits: Sequence[Split]) -> set[str]:
    return {key for split in splits for key in (*split.train, *split.test)}


def _marked(benchmark: str, splits: Sequence[Split], sources: Sequence[H5Source]) -> Path:
    """The file that has the videos to test."""
    tested = {key.rpartition("/")[0] for split in splits for key in split.test}
    found = [source.path for source in sources if source.data_set in tested]
    if len(tested) > 1 or len(found) != 1:
        raise UsageError(
            f"--benchmark {benchmark} measures one data set; the folds test on {', '.join(sorted(tested))}"
        )
    return found[0]
