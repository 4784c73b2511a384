"""What the benchmark of drawn videos claims, held against its own numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def claims(runs: Sequence[dict]) -> list[dict]:
    """What is held against what: the difference of the means, and the spread between seeds of either."""
    compared = [
        ("questions", "CLIP-It, supervised", "zero-shot"),
        ("questions", "CLIP-It, supervised", "zero-shot, words and video"),
        ("questions", "CLIP-It, supervised, cosine preset", "zero-shot"),
        ("questions", "zero-shot", "random"),
        ("questions", "CLIP-It, supervised", "CLIP-It, supervised, without language"),
        ("gist", "CLIP-It, unsupervised", "random"),
        ("gist", "CLIP-It, supervised", "zero-shot"),
        ("gist", "zero-shot", "random"),
    ]
    found = []
    for task, better, worse in compared:
        values = {name: [run[task][name]["rho"] for run in runs] for name in (better, worse)}
        difference = float(np.mean(values[better]) - np.mean(values[worse]))
        spread = max(float(np.ptp(each)) for each in values.values())
        found.append(
            {
                "task": task,
                "better": better,
                "worse": worse,
                "difference": round(difference, 4),
                "spread": round(spread, 4),
                "holds": difference > spread,
            }
        )
    return found
