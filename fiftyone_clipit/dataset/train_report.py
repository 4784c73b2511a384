"""What training on a dataset gives, and what it leaves beside the checkpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fiftyone_clipit.dataset.failed import failed_lines
from fiftyone_clipit.dataset.train_options import TrainOptions
from fiftyone_clipit.training.results import TrainingResult
from fiftyone_clipit.training.whole_files import replacing

ORIGIN = "dataset.json"


@dataclass(frozen=True)
class TrainReport:
    """What training on a dataset gave.

    Attributes:
        checkpoint: the folder to give as `scorer`.
        training: how each seed and epoch went, and where the curves are.
        videos: the videos that took part.
        failures: those that could not: their `id`, `path` and the `reason`.
        note: what the user should know about the encoder and the choice of the epoch; may be empty.
    """

    checkpoint: Path
    training: TrainingResult
    videos: int
    failures: list[dict[str, str]]
    note: str = ""

    @property
    def outcome(self) -> str:
        """Which epoch the checkpoint is from, and what chose it."""
        result = self.training
        chosen = next(seed for seed in result.seeds if seed.seed == result.chosen)
        value = "" if chosen.value is None else f" {chosen.value:.3f} in validation"
        return f"epoch {chosen.epoch} of seed {chosen.seed}, by {result.chosen_by}{value}"

    def __str__(self) -> str:
        result = self.training
        lines = [
            f"{self.checkpoint}: {self.outcome}",
            f"  {result.n_train} examples to train on, {result.n_val} to validate, from {self.videos} videos; "
            f"{result.seconds:.1f} s; {len(self.failures)} videos failed",
        ]
        lines += failed_lines(self.failures)
        return "\n".join([*lines, *([f"  note: {self.note}"] if self.note else [])])


def write_origin(
    folder: Path, dataset: str, options: TrainOptions, videos: Sequence[str], failures: Sequence[dict[str, str]]
) -> None:
    """Writes what a checkpoint was trained on: the dataset, where labels and words came from, the videos."""
    origin = {"dataset": dataset, **options.to_dict(), "videos": list(videos), "failures": list(failures)}
    with replacing(folder / ORIGIN) as temporary:
        temporary.write_text(json.dumps(origin, indent=1, ensure_ascii=False), encoding="utf-8")
