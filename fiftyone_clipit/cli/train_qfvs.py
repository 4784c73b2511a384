"""`clipit train FILE.h5 --benchmark qfvs`: each video of the query-focused benchmark is left out once."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.cli.h5_sources import H5Source
from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np


def check_qfvs(options: argparse.Namespace, sources: Sequence[H5Source], encoder: str) -> None:
    """Refuses options that cannot work, before any work begins."""
    if options.annotations is None:
        raise UsageError("--benchmark qfvs needs --annotations DIR: the folder with Query-Focused_Summaries")
    if options.splits:
        raise UsageError("--benchmark qfvs has its own folds, each video left out once: leave --splits out")
    if len(sources) != 1:
        raise UsageError(f"--benchmark qfvs takes one file with all videos' features, not {len(sources)}")
    if not encoder:
        raise UsageError(
            f"{sources[0].path} does not say which encoder made its features, and queries are words for that encoder: "
            "give --encoder"
        )


def train_qfvs(options: argparse.Namespace, source: H5Source, shared: Mapping[str, Any]) -> int:
    """Trains, measures and reports.

    Returns:
        The exit status: 0.

    Raises:
        UsageError: annotations or features lack something.
        EncoderError: the encoder that made the features cannot be loaded.
    """
    from fiftyone_clipit.cli import OK
    from fiftyone_clipit.encoders.clip import load_encoder
    from fiftyone_clipit.evaluation.report import save_report, to_markdown
    from fiftyone_clipit.training import leave_one_out, measure_left_out

    def encode(sentences: Sequence[str]) -> np.ndarray:
        return load_encoder(shared["encoder"], device=options.device).encode_texts(sentences)

    left_out = leave_one_out(
        options.annotations,
        source.path,
        encode,
        output=options.output,
        skip_missing=options.skip_missing,
        val=options.val,
        **shared,
    )
    for fold in left_out.folds:
        videos = {name.split("?")[0] for name in fold.split.train}
        tested = fold.split.test[0].split("?")[0]
        print(f"{fold.result.checkpoint}: trained on {', '.join(sorted(videos))}; {tested} to test")
    result = measure_left_out(left_out, options.annotations)
    print(to_markdown(result))
    for file in save_report(result, options.output):
        print(file)
    return OK
