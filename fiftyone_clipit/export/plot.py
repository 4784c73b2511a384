"""The importance curve with the segments, as PNG and SVG."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.clock import clock
from fiftyone_clipit.export.fonts import showable
from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.look import ACCENT, BACKGROUND, LINE, PANEL, QUIET, TEXT, hex_color
from fiftyone_clipit.export.video import Video

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOCK = threading.Lock()
"""matplotlib's caches are not made for several threads."""

_MAX_POINTS = 4000
_MAX_SHOTS = 200
_MAX_NUMBERED = 24
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)


def write_plot(job: Job) -> list[str]:
    """Writes the curve as PNG and SVG."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    video = job.video
    times, values = _curve(video)
    png, svg = job.targets
    style: dict[Any, Any] = {"font.family": ["DejaVu Sans"], "svg.fonttype": "path", "svg.hashsalt": "fiftyone-clipit"}
    with _LOCK, rc_context(style):
        figure = Figure(figsize=(12, 4.2), facecolor=hex_color(BACKGROUND))
        FigureCanvasAgg(figure)
        _draw(figure, video, times, values)
        # matplotlib takes no notice of unfinished files' endings, so the kind is named; no date, so that the same
        # summary gives the same bytes.
        figure.savefig(png, format="png", dpi=150, metadata={"Software": "fiftyone-clipit"})
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": "fiftyone-clipit"})
    return []


def _curve(video: Video) -> tuple[np.ndarray, np.ndarray]:
    """Times and importance, each at most `_MAX_POINTS` long; peaks survive the thinning."""
    item = video.item
    if item.importance is None or not len(item.importance):
        raise ExportError("the importance of its frames is not known, so there is no curve to draw")
    values = np.asarray(item.importance, dtype=float)
    if item.times is not None:
        times = np.asarray(item.times, dtype=float)
    elif item.frame_numbers is not None:
        times = video.timeline.times()[np.asarray(item.frame_numbers) - 1]
    else:
        raise ExportError("the times of its curve are not known")
    if len(times) != len(values):
        raise ExportError(f"its curve has {len(values)} values for {len(times)} times")
    size = -(-len(values) // (_MAX_POINTS // 2))
    if size > 1:
        starts = range(0, len(values), size)
        chosen = {at + int(pick(values[at : at + size])) for at in starts for pick in (np.argmin, np.argmax)}
        keep = sorted(chosen | {0, len(values) - 1})
        times, values = times[keep], values[keep]
    return times, values


def _draw(figure: Figure, video: Video, times: np.ndarray, values: np.ndarray) -> None:
    end = max(video.duration, float(times[-1]))
    axes = figure.add_axes((0.055, 0.115, 0.925, 0.68), facecolor=hex_color(PANEL))
    _draw_shots(axes, video)
    _draw_segments(axes, video, times, values)
    # The last sample holds to the end of the video.
    times, values = np.append(times, end), np.append(values, values[-1])
    axes.fill_between(times, values, color="#dfe3e8", alpha=0.10, linewidth=0, zorder=2)
    axes.plot(times, values, color=hex_color(TEXT), linewidth=1.5, solid_joinstyle="round", zorder=4)
    axes.set_xlim(0, end or 1)
    axes.set_ylim(0, 1.13)
    _draw_axes(axes, end)
    title = showable(video.item.title)
    left = 0.055
    figure.text(left, 0.905, _short(title[:1].upper() + title[1:], 88), color=hex_color(TEXT), size=15, weight="bold")
    figure.text(left, 0.835, _short(showable(video.name), 80), color=hex_color(QUIET), size=10)
    total = sum(stretch.end - stretch.start for stretch in video.stretches)
    noun = "segment" if len(video.stretches) == 1 else "segments"
    detail = f"{len(video.stretches)} {noun}, {clock(total)} of {clock(end)}"
    figure.text(0.98, 0.835, detail, color=hex_color(QUIET), size=10, ha="right")


def _draw_shots(axes: Axes, video: Video) -> None:
    shots = video.item.shots or ()
    if len(shots) <= _MAX_SHOTS:
        axes.vlines([s.start for s in shots if s.start > 0], 0, 0.028, color=hex_color(QUIET), linewidth=1, zorder=3)


def _draw_segments(axes: Axes, video: Video, times: np.ndarray, values: np.ndarray) -> None:
    color = hex_color(ACCENT)
    for stretch in video.stretches:
        axes.axvspan(stretch.start, stretch.end, color=color, alpha=0.16, linewidth=0, zorder=1)
        inside = times[(times > stretch.start) & (times < stretch.end)]
        along = np.concatenate([[stretch.start], inside, [stretch.end]])
        height = np.interp(along, times, values)
        axes.fill_between(along, height, color=color, alpha=0.45, linewidth=0, zorder=3)
        axes.plot(along, height, color=color, linewidth=2.4, solid_capstyle="butt", zorder=5)
        if len(video.stretches) <= _MAX_NUMBERED:
            middle = (stretch.start + stretch.end) / 2
            axes.text(
                middle, 1.07, str(stretch.rank), color=color, size=10, weight="bold", ha="center", va="center", zorder=6
            )


def _draw_axes(axes: Axes, end: float) -> None:
    step = next((step for step in _STEPS if end / step <= 12), 86_400)
    ticks = np.arange(0, end + step / 1e6, step)
    axes.set_xticks(ticks, [clock(tick, decimals=1 if step < 1 else 0) for tick in ticks])
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.grid(axis="y", color=hex_color(LINE), linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(colors=hex_color(QUIET), labelsize=10, length=0, pad=7)
    axes.set_ylabel("importance", color=hex_color(QUIET), size=10, labelpad=8)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _short(text: str, length: int) -> str:
    """matplotlib takes dollar signs for formulas."""
    text = text if len(text) <= length else text[: length - 1].rstrip() + "…"
    return text.replace("$", r"\$")
