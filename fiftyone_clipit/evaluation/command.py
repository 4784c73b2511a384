"""`clipit benchmark`: the field's benchmarks on the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

# What the data set of scores is called in HDF5 files, the likeliest first.
_SCORE_NAMES = ("scores", "score_at_picks", "score")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `run` needs."""
    parser.add_argument("benchmark", choices=("summe", "tvsum", "qfvs"), help="which benchmark")
    parser.add_argument(
        "path", type=Path, help="its HDF5 file in the usual structure; for qfvs the folder of annotations"
    )
    parser.add_argument(
        "--scores",
        type=Path,
        metavar="FILE",
        help="scores to measure: HDF5 with a group a video that holds 'scores', or JSON {video: [...]}, for qfvs "
        "{video: {query: [...]}}; baselines alone if left out",
    )
    parser.add_argument("--label", help="what to call them (default: the file's name)")
    parser.add_argument("--budget", type=float, help="share of the video (default: 0.15; for qfvs 0.02 of its shots)")
    parser.add_argument("--seeds", type=int, default=10, help="draws of the random baseline (default: 10)")
    parser.add_argument("--videos", nargs="+", metavar="KEY", help="only these videos")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write JSON, a Markdown table and a plot here")


def run(options: argparse.Namespace) -> int:
    """Runs a benchmark and prints its table.

    Returns:
        The exit status: 0.

    Raises:
        UsageError: something that cannot work.
    """
    from fiftyone_clipit.evaluation.benchmarks import run_benchmark
    from fiftyone_clipit.evaluation.report import save_report, to_markdown

    result = run_benchmark(
        options.benchmark,
        options.path,
        scores=read_scores(options.scores) if options.scores else None,
        label=options.label or (options.scores.stem if options.scores else "scores"),
        budget=options.budget,
        seeds=options.seeds,
        keys=options.videos,
    )
    print(to_markdown(result))
    if options.output:
        for file in save_report(result, options.output):
            print(file)
    return 0


def read_scores(path: Path) -> dict[str, Any]:
    """Reads scores by video from JSON or HDF5.

    Raises:
        UsageError: no such file, or another structure; says what was expected.
    """
    if not path.is_file():
        raise UsageError(f"no such file: {path}; expected scores as HDF5 or JSON")
    if path.suffix == ".json":
        try:
            scores = json.loads(path.read_text())
        except ValueError as error:
            raise UsageError(f"{path} is no JSON: {error}") from error
        if not isinstance(scores, dict):
            raise UsageError(f"{path}: expected an object with one entry a video, got {type(scores).__name__}")
        return scores
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return {key: _group_scores(path, key, group) for key, group in file.items()}
    except OSError as error:
        raise UsageError(f"{path} is neither JSON nor HDF5: {error}") from error


def _group_scores(path: Path, key: str, group: Any) -> np.ndarray:
    for name in _SCORE_NAMES:
        if name in group:
            return group[name][()]
    raise UsageError(f"{path}: {key} lacks {_SCORE_NAMES[0]}; it has {', '.join(group) or 'nothing'}")
