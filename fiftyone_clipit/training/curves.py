"""Loss curves as a table and as a picture."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from fiftyone_clipit.training.results import EpochReport
from fiftyone_clipit.training.whole_files import replacing


def write_csv(path: Path, history: Sequence[EpochReport]) -> None:
    """One row an epoch and seed; what there is no number for stays empty."""
    parts = sorted({name for report in history for name in report.parts})
    columns = ["seed", "epoch", "learning_rate", "loss", *parts, "val_loss", "val_correlation", "best"]
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for report in history:
            values = {**vars(report), **report.parts, "best": int(report.best)}
            writer.writerow([values.get(column, "") for column in columns])


def draw_png(path: Path, history: Sequence[EpochReport]) -> None:
    """Training and validation loss over the epochs, one line a seed, and the validation correlation below."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    correlated = any(report.val_correlation is not None for report in history)
    figure = Figure(figsize=(7, 6 if correlated else 3.5), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots(2 if correlated else 1, 1, sharex=True, squeeze=False)[:, 0]
    for index, seed in enumerate(sorted({report.seed for report in history})):
        rows = [report for report in history if report.seed == seed]
        epochs = [report.epoch for report in rows]
        color = f"C{index % 10}"
        axes[0].plot(epochs, [report.loss for report in rows], color=color, label=f"training, seed {seed}")
        if any(report.val_loss is not None for report in rows):
            axes[0].plot(
                epochs,
                [_number(report.val_loss) for report in rows],
                color=color,
                linestyle="--",
                label=f"validation, seed {seed}",
            )
        if correlated:
            axes[1].plot(epochs, [_number(report.val_correlation) for report in rows], color=color, linestyle="--")
    axes[0].set_ylabel("loss")
    axes[0].legend(fontsize="small")
    if correlated:
        axes[1].set_ylabel("Spearman's rho, validation")
    axes[-1].set_xlabel("epoch")
    with replacing(path) as temporary:
        canvas.print_png(temporary)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
