"""The budget of a video as the panel shows it."""

from __future__ import annotations

import math
from typing import Any

from fiftyone_clipit.plugin.panel.watched import Watched
from fiftyone_clipit.plugin.panel.words import length, percent
from fiftyone_clipit.summary.budget import parse_budget


def budget_shown(watched: Watched) -> dict[str, Any]:
    """Where the slider stands and what stands beside it, as plain values."""
    in_seconds = parse_budget(watched.budget).seconds is not None
    if watched.shared:
        said = f"One budget for all videos of this summary; {length(watched.chosen)} of it fell to this one."
    else:
        said = f"Budget: {percent(watched.share)} of the video, {length(watched.share * watched.duration)}"
    return {
        "value": watched.budget,
        "unit": "seconds" if in_seconds else "share",
        "share": round(watched.share * 100, 1),
        "seconds": round(watched.share * watched.duration, 1),
        "most": max(math.floor(watched.duration * 10) / 10, 0.1),
        "said": said,
        "on_trial": watched.on_trial,
        "shared": watched.shared,
        "notes": list(watched.notes),
    }
