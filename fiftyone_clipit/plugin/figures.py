"""What operators draw into their results, as Plotly's plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult
from fiftyone_clipit.training.results import SeedResult

Trace = dict[str, Any]

_COLOURS = ("#ff7a1a", "#4aa8ff", "#3ecf8e", "#c77dff", "#ffd166")
_QUIET = "#8d99ae"
_HEIGHT = 320


def add_plot(outputs: types.Object, name: str, title: str, *, across: str, up: str, step: int | None = None) -> None:
    """Adds a plot whose traces are the result of this name.

    Args:
        outputs: where it goes.
        name: of the result.
        title: above it.
        across: what the horizontal axis counts.
        up: what the vertical one does.
        step: between the marks of the horizontal axis; left to Plotly if None.
    """
    layout = {
        "title": {"text": title},
        "xaxis": {"title": {"text": across}, "dtick": step},
        "yaxis": {"title": {"text": up}},
        "height": _HEIGHT,
        "showlegend": True,
        # The App's own layout has a legend beside the plot, which takes half of a narrow form.
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
        "margin": {"t": 70, "r": 10, "b": 40, "l": 60},
    }
    view = types.PlotlyView(layout=layout, config={"displayModeBar": False})
    outputs.define_property(name, types.List(types.Object()), view=view)


def epoch_step(curves: Sequence[Trace]) -> int:
    """How many epochs lie between the marks of their axis: whole ones, some ten in all."""
    return max(1, round(max((len(curve["x"]) for curve in curves), default=0) / 10))


def losses(seeds: Sequence[SeedResult]) -> list[Trace]:
    """Training and validation loss over the epochs, one colour a seed."""
    traces = []
    for index, seed in enumerate(seeds):
        colour = _COLOURS[index % len(_COLOURS)]
        traces.append(_line(f"training, seed {seed.seed}", [row.loss for row in seed.history], colour, "solid"))
        validated = [row.val_loss for row in seed.history]
        if any(value is not None for value in validated):
            traces.append(_line(f"validation, seed {seed.seed}", validated, colour, "dash"))
    return traces


def correlations(seeds: Sequence[SeedResult]) -> list[Trace]:
    """Rank correlation with the validation videos' labels over the epochs; empty without labels."""
    curves = {seed.seed: [row.val_correlation for row in seed.history] for seed in seeds}
    return [
        _line(f"seed {seed}", values, _COLOURS[index % len(_COLOURS)], "dash")
        for index, (seed, values) in enumerate(curves.items())
        if any(value is not None for value in values)
    ]


def spread(result: BenchmarkResult, measure: str) -> list[Trace]:
    """A measure of every video as points beside a box, one a method; the first method stands out."""
    values = {
        method: [row[measure] for row in videos.values() if measure in row] for method, videos in result.methods.items()
    }
    return [
        {
            "type": "box",
            "name": method,
            "y": rows,
            "boxpoints": "all",
            "boxmean": True,
            "jitter": 0.4,
            "marker": {"color": _COLOURS[0] if index == 0 else _QUIET, "size": 5},
            "showlegend": False,
        }
        for index, (method, rows) in enumerate(values.items())
        if rows
    ]


def table(result: BenchmarkResult, columns: Mapping[str, tuple[str, int]]) -> list[dict[str, str]]:
    """The means as rows of text, one a method.

    Args:
        result: what was measured.
        columns: by measure: its heading, and its decimals.
    """
    rows = []
    for method in result.methods:
        mean = result.mean(method)
        shown = {name: f"{mean[name]:.{decimals}f}" for name, (_, decimals) in columns.items() if name in mean}
        rows.append({"method": method, **shown})
    return rows


def _line(name: str, values: Sequence[float | None], colour: str, dash: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(range(1, len(values) + 1)),
        "y": list(values),
        "line": {"color": colour, "dash": dash},
        "marker": {"size": 4},
    }
