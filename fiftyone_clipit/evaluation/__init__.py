"""How good summaries are: the field's measures and benchmarks, with baselines always beside."""

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
