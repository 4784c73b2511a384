"""What training reports while it runs, and what it leaves behind."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULT = "training.json"


@dataclass(frozen=True)
class EpochReport:
    """One epoch of one seed.

    Attributes:
        seed: which training.
        epoch: counted from 1.
        learning_rate: at its last step.
        loss: mean over the steps, weighed sum of `parts`.
        parts: mean of each loss before weighing.
        val_loss: on the validation fold; None without one.
        val_correlation: mean Spearman's rho with the targets there; None where it has none.
        best: whether this epoch is the choice so far.
        progress: share of the whole run that is done, over all seeds.
    """

    seed: int
    epoch: int
    learning_rate: float
    loss: float
    parts: dict[str, float]
    val_loss: float | None
    val_correlation: float | None
    best: bool
    progress: float


@dataclass(frozen=True)
class SeedResult:
    """What one seed's training ended with.

    Attributes:
        seed: which.
        folder: its checkpoint.
        epoch: the epoch it is from.
        value: what the validation fold gave there; None without one.
        history: all epochs.
    """

    seed: int
    folder: Path
    epoch: int
    value: float | None
    history: list[EpochReport]


@dataclass(frozen=True)
class TrainingResult:
    """What training left in its folder.

    Attributes:
        checkpoint: the folder to give as `scorer`.
        seeds: one result a seed.
        chosen: the seed whose network became the checkpoint.
        chosen_by: "correlation" or "loss" on the validation fold, or "last epoch".
        curves_csv: the losses by epoch.
        curves_png: the same as a picture.
        n_train: examples trained on.
        n_val: examples validated on.
        seconds: wall time of this call.
        resumed: whether an earlier, unfinished or finished run went on here.
        note: what the user should know about the choice; may be empty.
    """

    checkpoint: Path
    seeds: list[SeedResult]
    chosen: int
    chosen_by: str
    curves_csv: Path
    curves_png: Path
    n_train: int
    n_val: int
    seconds: float
    resumed: bool
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return json.loads(json.dumps(asdict(self), default=str))


def read_result(folder: Path) -> TrainingResult:
    """The result of a training that has ended, from its folder, wherever that folder is now."""
    values = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    seeds = [
        SeedResult(
            seed=each["seed"],
            folder=folder / f"seed-{each['seed']}",
            epoch=each["epoch"],
            value=each["value"],
            history=[report_from_dict(row) for row in each["history"]],
        )
        for each in values["seeds"]
    ]
    return TrainingResult(
        checkpoint=folder,
        seeds=seeds,
        curves_csv=folder / "curves.csv",
        curves_png=folder / "curves.png",
        resumed=True,
        note=values.get("note", ""),
        **{name: values[name] for name in ("chosen", "chosen_by", "n_train", "n_val", "seconds")},
    )


def report_from_dict(values: dict[str, Any]) -> EpochReport:
    """Reads a report that was written as JSON."""
    return EpochReport(**values)
