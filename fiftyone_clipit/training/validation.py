"""How good a network is on videos that it does not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import rankdata

from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.training.batches import collate, in_order
from fiftyone_clipit.training.examples import VideoExample
from fiftyone_clipit.training.objective import Objective


@dataclass(frozen=True)
class Validation:
    """Means over the videos.

    Attributes:
        loss: the objective.
        correlation: Spearman's rho of scores and targets; None where no video has targets that vary.
    """

    loss: float
    correlation: float | None


@torch.no_grad()
def validate(
    model: ClipIt, examples: Sequence[VideoExample], objective: Objective, *, batch_size: int, device: str
) -> Validation:
    """Measures the objective and the rank correlation on every example; the network is left in evaluation mode."""
    model.eval()
    total, correlations = 0.0, []
    for group in in_order(examples, batch_size):
        batch = collate(group, model, device)
        loss, _, scores = objective(model, batch)
        total += float(loss) * len(group)
        for example, row in zip(group, scores.cpu().numpy(), strict=True):
            if example.targets is not None:
                value = spearman(row[: len(example.targets)], example.targets)
                if value is not None:
                    correlations.append(value)
    return Validation(total / len(examples), float(np.mean(correlations)) if correlations else None)


def spearman(scores: np.ndarray, targets: np.ndarray) -> float | None:
    """Spearman's rho over the labelled samples; 0 for constant scores, None for constant targets."""
    labelled = ~np.isnan(targets)
    wanted = rankdata(targets[labelled])
    got = rankdata(scores[labelled])
    if len(wanted) < 2 or np.ptp(wanted) == 0:
        return None
    return float(np.corrcoef(got, wanted)[0, 1]) if np.ptp(got) > 0 else 0.0
