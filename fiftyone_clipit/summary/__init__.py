"""From scores to summaries: shots, budgets, selection. Imports numpy and scipy alone."""

from fiftyone_clipit.summary.budget import Budget, parse_budget
from fiftyone_clipit.summary.frames import shots_from_boundaries
from fiftyone_clipit.summary.scores import relevance, smooth, to_importance
from fiftyone_clipit.summary.segments import choose_segments
from fiftyone_clipit.summary.select import select_shots
from fiftyone_clipit.summary.shots import kts
from fiftyone_clipit.summary.types import Segment, Shot, Summary

__all__ = [
    "Budget",
    "Segment",
    "Shot",
    "Summary",
    "choose_segments",
    "kts",
    "parse_budget",
    "relevance",
    "select_shots",
    "shots_from_boundaries",
    "smooth",
    "to_importance",
]
