"""How good summaries are: the field's measures and benchmarks, with baselines always beside."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fiftyone_clipit.evaluation.annotations import AnnotatedVideo, QueryVideo, read_qfvs, read_summe, read_tvsum
    from fiftyone_clipit.evaluation.benchmarks import BENCHMARKS, BenchmarkResult, run_benchmark
    from fiftyone_clipit.evaluation.metrics import (
        RankCorrelation,
        SemanticScore,
        coverage,
        f_score,
        frame_scores,
        machine_summary,
        rank_correlation,
        redundancy,
        semantic_f1,
    )
    from fiftyone_clipit.evaluation.report import from_json, plot, save_report, to_json, to_markdown

# Where each name lives: imported when first used, so that the command line starts without scipy.
_HOMES = {
    "annotations": ("AnnotatedVideo", "QueryVideo", "read_qfvs", "read_summe", "read_tvsum"),
    "benchmarks": ("BENCHMARKS", "BenchmarkResult", "run_benchmark"),
    "metrics": (
        "RankCorrelation",
        "SemanticScore",
        "coverage",
        "f_score",
        "frame_scores",
        "machine_summary",
        "rank_correlation",
        "redundancy",
        "semantic_f1",
    ),
    "report": ("from_json", "plot", "save_report", "to_json", "to_markdown"),
}

__all__ = [
    "BENCHMARKS",
    "AnnotatedVideo",
    "BenchmarkResult",
    "QueryVideo",
    "RankCorrelation",
    "SemanticScore",
    "coverage",
    "f_score",
    "frame_scores",
    "from_json",
    "machine_summary",
    "plot",
    "rank_correlation",
    "read_qfvs",
    "read_summe",
    "read_tvsum",
    "redundancy",
    "run_benchmark",
    "save_report",
    "semantic_f1",
    "to_json",
    "to_markdown",
]


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
