"""`clipit benchmark`: the field's benchmarks on the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

# So much of a wrong value is shown.
_LONGEST = 60
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
        help="scores to measure: HDF5 with an array a video, or a group that holds 'scores', or JSON {video: [...]}; "
        "for qfvs a group with an array a query, or {video: {query: [...]}}; baselines alone if left out",
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
    from fiftyone_clipit.evaluation.report import check_report_folder, save_report, to_markdown

    if options.output:
        check_report_folder(options.output)
    result = run_benchmark(
        options.benchmark,
        options.path,
        scores=read_scores(options.scores, by_query=options.benchmark == "qfvs") if options.scores else None,
        # With its ending: "random" is a baseline, "random.h5" is a file of scores.
        label=options.label or (options.scores.name if options.scores else "scores"),
        budget=options.budget,
        seeds=options.seeds,
        keys=options.videos,
    )
    print(to_markdown(result))
    if options.output:
        for file in save_report(result, options.output):
            print(file)
    return 0


def read_scores(path: Path, *, by_query: bool = False) -> dict[str, Any]:
    """Reads scores by video from JSON or HDF5.

    Args:
        path: the file.
        by_query: expect scores for each query of a video.

    Returns:
        By video: float64 (T,); or such arrays by query.

    Raises:
        UsageError: no such file, or another structure; says what was expected.
    """
    if not path.is_file():
        raise UsageError(f"no such file: {path}; expected scores as HDF5 or JSON")
    given = _json(path) if path.suffix == ".json" else _hdf5(path, by_query)
    if not by_query:
        return {key: _numbers(f"{path}: {key}", values) for key, values in given.items()}
    for key, queries in given.items():
        if not isinstance(queries, dict):
            raise UsageError(f"{path}: {key}: expected scores by query, got {_shown(queries)}")
    return {
        key: {query: _numbers(f"{path}: {key}, {query}", values) for query, values in queries.items()}
        for key, queries in given.items()
    }


def _json(path: Path) -> dict[str, Any]:
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(scores, dict):
        raise UsageError(f"{path}: expected an object with one entry a video, got {type(scores).__name__}")
    return scores


def _hdf5(path: Path, by_query: bool) -> dict[str, Any]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return {
                key: item[()]
                if isinstance(item, h5py.Dataset)
                else {query: values[()] for query, values in item.items() if isinstance(values, h5py.Dataset)}
                if by_query
                else _group_scores(path, key, item)
                for key, item in file.items()
            }
    except OSError as error:
        raise UsageError(f"{path} is neither JSON nor HDF5: {error}") from error


def _group_scores(path: Path, key: str, group: Any) -> np.ndarray:
    for name in _SCORE_NAMES:
        if name in group:
            return group[name][()]
    raise UsageError(f"{path}: {key} lacks {_SCORE_NAMES[0]}; it has {', '.join(group) or 'nothing'}")


def _numbers(where: str, values: Any) -> np.ndarray:
    """One-dimensional numbers; how many, and whether they are finite, the benchmark knows."""
    import numpy as np

    array = np.asarray(values) if isinstance(values, np.ndarray) or _is_flat(values) else None
    if array is None or array.ndim != 1 or not (np.issubdtype(array.dtype, np.number) or not array.size):
        raise UsageError(f"{where}: expected a list of numbers, got {_shown(values)}")
    return array.astype(np.float64)


def _is_flat(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def _shown(values: Any) -> str:
    shape = getattr(values, "shape", None)
    text = f"{values.dtype} {shape}" if shape is not None else repr(values)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
