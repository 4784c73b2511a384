"""What measuring a summary gives: means, videos, failures, and how they are shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fiftyone_clipit.dataset.failed import failed_lines
from fiftyone_clipit.evaluation.baselines import Measures
from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult
from fiftyone_clipit.evaluation.report import save_report, to_markdown


@dataclass(frozen=True)
class SummaryEvaluation:
    """How well a summary agrees with what people marked.

    Attributes:
        key: the summary's key.
        result: the protocol, and the measures by method and video; the summary's own method comes first.
        videos: a row for each video: `id`, `path`, and the summary's measures.
        failures: the videos that could not be measured: their `id`, `path` and the `reason`.
        notes: what could not be measured in any video, and why.
    """

    key: str
    result: BenchmarkResult
    videos: list[dict[str, Any]]
    failures: list[dict[str, str]]
    notes: list[str] = field(default_factory=list)

    @property
    def methods(self) -> list[str]:
        """The summary's own method and the baselines beside it."""
        return list(self.result.methods)

    def mean(self, method: str | None = None) -> Measures:
        """The measures of the summary, or of a baseline by name, averaged over the videos."""
        return self.result.mean(method or self.methods[0])

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Writes `KEY.json`, `KEY.md` and `KEY.png` into a folder, which is made if need be.

        Raises:
            UsageError: the folder cannot be made; or matplotlib is not installed.
        """
        return save_report(self.result, folder)

    def __str__(self) -> str:
        lines = [to_markdown(self.result).rstrip()]
        lines += failed_lines(self.failures)
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])
