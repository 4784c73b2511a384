"""Benchmark results as JSON, as a Markdown table and as a plot."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult

_TITLES = {"summe": "SumMe", "tvsum": "TVSum", "qfvs": "Query-focused UT Egocentric"}
# What tables show, in order. Name in the result: heading, decimals.
COLUMNS = {
    "f1": ("F1 %", 1),
    "f1_users": ("F1 % with each user", 1),
    "precision": ("precision %", 1),
    "recall": ("recall %", 1),
    "tau_mean_over_users": ("tau, mean over users", 3),
    "rho_mean_over_users": ("rho, mean over users", 3),
    "tau_with_mean_user": ("tau, with mean user", 3),
    "rho_with_mean_user": ("rho, with mean user", 3),
    "coverage": ("coverage", 3),
    "redundancy": ("redundancy", 3),
}
_OWN, _BASELINE, _INK = "#d1495b", "#8d99ae", "#2b2d42"
_BASELINES = ("random", "constant", "uniform", "human", "oracle")


def to_json(result: BenchmarkResult) -> str:
    """Everything: protocol, means, and the measures of every video."""
    return json.dumps(
        {
            "benchmark": result.benchmark,
            "protocol": result.protocol,
            "means": {method: result.mean(method) for method in result.methods},
            "videos": result.methods,
        },
        indent=1,
    )


def from_json(text: str) -> BenchmarkResult:
    """Reads what `to_json` wrote.

    Raises:
        UsageError: something else.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        return BenchmarkResult(data["benchmark"], data["protocol"], data["videos"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"not a benchmark result: {error!r}; expected JSON written by to_json") from error


def to_markdown(result: BenchmarkResult) -> str:
    """A table of the means, one row a method, with the protocol below."""
    used = [name for name in COLUMNS if any(name in result.mean(method) for method in result.methods)]
    lines = [
        f"### {_TITLES.get(result.benchmark, result.benchmark)}",
        "",
        "| | " + " | ".join(COLUMNS[name][0] for name in used) + " |",
        "| --- |" + " ---: |" * len(used),
    ]
    for method in result.methods:
        mean = result.mean(method)
        cells = [f"{mean[name]:.{COLUMNS[name][1]}f}" if name in mean else "" for name in used]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    lines += ["", "; ".join(f"{name}: {value}" for name, value in result.protocol.items()), ""]
    return "\n".join(lines)


def check_report_folder(folder: str | os.PathLike[str]) -> Path:
    """A folder that a user named for a report, which need not exist; to be asked before any work begins.

    Raises:
        UsageError: it is a file.
    """
    root = Path(folder).expanduser()
    if root.exists() and not root.is_dir():
        raise UsageError(f"cannot write the report into {root}: it is a file; choose a folder")
    return root


def save_report(result: BenchmarkResult, folder: str | os.PathLike[str]) -> list[Path]:
    """Writes `NAME.json`, `NAME.md` and `NAME.png` into a folder, which is made if need be.

    Returns:
        The files.

    Raises:
        UsageError: the folder cannot be made, or is a file; or matplotlib is not installed.
    """
    root = check_report_folder(folder)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write the report into {root}: {error}") from error
    files = [root / f"{result.benchmark}{suffix}" for suffix in (".json", ".md", ".png")]
    files[0].write_text(to_json(result) + "\n")
    files[1].write_text(to_markdown(result))
    plot(result, files[2])
    return files


def plot(result: BenchmarkResult, path: str | os.PathLike[str]) -> None:
    """Draws every video as a dot and the mean as a line, by method; one panel for F1, one for rank correlation.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("plots need matplotlib: pip install matplotlib") from error
    panels = [("f1", "F1 in percent"), ("tau_mean_over_users", "Kendall's tau-b, mean over users")]
    if result.benchmark == "qfvs":
        panels = [("f1", "F1 against the oracle, percent"), ("f1_users", "F1 against each user, percent")]
    methods = list(result.methods)
    figure = Figure(figsize=(11, 1.6 + 0.55 * len(methods)), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    figure.suptitle(
        f"{_TITLES.get(result.benchmark, result.benchmark)}, {result.protocol.get('videos', '?')} videos",
        x=0.02,
        ha="left",
        color=_INK,
        fontsize=13,
        fontweight="bold",
    )
    axes = figure.subplots(1, len(panels), sharey=True)
    for axis, (measure, title) in zip(axes, panels, strict=True):
        _panel(axis, result, methods, measure, title)
    figure.savefig(path, dpi=150)


def _panel(axis: Any, result: BenchmarkResult, methods: list[str], measure: str, title: str) -> None:
    jitter = np.random.default_rng(0)
    axis.axvline(0, color="#dfe3ea", linewidth=1, zorder=0)
    for row, method in enumerate(methods):
        values = np.array([video[measure] for video in result.methods[method].values() if measure in video])
        colour = _BASELINE if method in _BASELINES else _OWN
        if not len(values):
            continue
        places = row + jitter.uniform(-0.16, 0.16, len(values))
        axis.scatter(values, places, s=22, color=colour, alpha=0.45, linewidths=0)
        mean = float(values.mean())
        axis.plot([mean, mean], [row - 0.32, row + 0.32], color=colour, linewidth=3, solid_capstyle="round")
        text = f"{mean:.3f}" if measure.startswith("tau") else f"{mean:.1f}"
        axis.annotate(text, (mean, row - 0.34), ha="center", va="bottom", fontsize=8.5, color=_INK, fontweight="bold")
    axis.set_yticks(range(len(methods)), methods)
    axis.set_ylim(len(methods) - 0.45, -0.7)
    axis.set_title(title, loc="left", fontsize=10, color=_INK)
    axis.tick_params(length=0, colors=_INK, labelsize=9.5)
    axis.grid(axis="x", color="#eceff4", linewidth=0.8)
    axis.set_axisbelow(True)
    axis.spines[:].set_visible(False)
