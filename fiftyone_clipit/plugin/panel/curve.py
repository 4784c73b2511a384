"""The importance of a video over time, as a plot: curves, chosen segments, where a click was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from fiftyone_clipit.plugin.panel.words import clock
from fiftyone_clipit.summary.types import Segment, Shot

MAIN = "#ff7a1a"
OTHER = "#4aa8ff"
PINNED = "#3ecf8e"
# Panels send what they show with every event; and no screen shows more.
_MOST_POINTS = 400
_TICKS = 6
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, eq=False)
class Curve:
    """Importance over time.

    Attributes:
        name: what it is of, in a few words.
        times: float64 (n,), seconds.
        frames: int64 (n,), the frames, 1-based.
        values: float64 (n,), in [0, 1].
        segments: what was chosen by it.
    """

    name: str
    times: np.ndarray
    frames: np.ndarray
    values: np.ndarray
    segments: Sequence[Segment]


def times_of(shots: Sequence[Shot], frames: np.ndarray) -> np.ndarray:
    """When frames are shown, from the shots that they lie in.

    Args:
        shots: all shots of a video, in time order.
        frames: int (n,), 1-based frame numbers.

    Returns:
        float64 (n,), seconds.
    """
    edges = [shot.first_frame for shot in shots] + [shots[-1].last_frame + 1]
    seconds = [shot.start for shot in shots] + [shots[-1].end]
    return np.interp(frames, edges, seconds)


def thin(values: np.ndarray, most: int = _MOST_POINTS) -> np.ndarray:
    """Which points to draw: the least and the greatest of every stretch, so that no peak is lost.

    Args:
        values: (n,).
        most: how many points at most.

    Returns:
        int64, increasing indices.
    """
    if len(values) <= most:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), most // 2 + 1).astype(np.int64)
    picked = {0, len(values) - 1}
    for start, stop in pairwise(edges.tolist()):
        part = values[start:stop]
        picked |= {int(start + part.argmin()), int(start + part.argmax())}
    return np.array(sorted(picked)[:most])


def traces(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    """The curves as Plotly traces; the first is the one that counts."""
    return [_trace(curve, main=i == 0) for i, curve in enumerate(curves)]


def layout(curves: Sequence[Curve], shots: Sequence[Shot], at: float | None) -> dict[str, Any]:
    """Axes in seconds and frames; the segments as shades, those of a second curve as a band below.

    Args:
        curves: one or two.
        shots: all shots; pinned ones get a mark.
        at: where the player is, in seconds.
    """
    end = shots[-1].end
    step = next((s for s in _STEPS if end / s <= _TICKS), 14400)
    ticks = np.arange(0, end + 1e-9, step)
    edges = [shot.start for shot in shots] + [end]
    numbers = np.interp(ticks, edges, [shot.first_frame for shot in shots] + [shots[-1].last_frame])
    shapes = [_shade(s.start, s.end, MAIN, 0.22, 0, 1) for s in curves[0].segments]
    for curve in curves[1:]:
        shapes += [_shade(s.start, s.end, OTHER, 0.75, -0.08, -0.03) for s in curve.segments]
    shapes += [_shade(s.start, s.end, PINNED, 0.9, 1.0, 1.04) for s in shots if s.pinned]
    if at is not None:
        line = {"color": "#ffffff", "width": 1.5, "dash": "dot"}
        shapes.append({"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line})
    return {
        "hovermode": "x",
        "dragmode": False,
        "showlegend": len(curves) > 1,
        "legend": {"orientation": "h", "x": 0, "y": 1.16, "font": {"size": 12}},
        "margin": {"t": 24 if len(curves) > 1 else 8, "l": 34, "r": 10, "b": 40},
        "shapes": shapes,
        "xaxis": {
            "range": [0, end],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickvals": ticks.tolist(),
            "ticktext": [
                f"{clock(t).removesuffix('.0')}<br><span style='font-size:10px;opacity:.6'>{n:.0f}</span>"
                for t, n in zip(ticks, numbers, strict=True)
            ],
        },
        "yaxis": {
            "range": [-0.1 if len(curves) > 1 else -0.02, 1.06],
            "fixedrange": True,
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0", "½", "1"],
            "zeroline": False,
        },
    }


def _trace(curve: Curve, *, main: bool) -> dict[str, Any]:
    drawn = thin(curve.values)
    times, frames = curve.times[drawn], curve.frames[drawn]
    colour = MAIN if main else OTHER
    return {
        "type": "scatter",
        "mode": "lines",
        "name": curve.name,
        "x": times.round(3).tolist(),
        "y": curve.values[drawn].round(3).tolist(),
        "text": [f"{clock(t)} · frame {n}" for t, n in zip(times, frames, strict=True)],
        "hovertemplate": "%{text}<br>importance %{y:.2f}<extra></extra>",
        "line": {"color": colour, "width": 2 if main else 1.5, "dash": "solid" if main else "dot"},
        **({"fill": "tozeroy", "fillcolor": "rgba(255, 122, 26, 0.10)"} if main else {}),
    }


def _shade(x0: float, x1: float, colour: str, opacity: float, y0: float, y1: float) -> dict[str, Any]:
    where = {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "xref": "x", "yref": "y", "layer": "below"}
    return {"type": "rect", "fillcolor": colour, "opacity": opacity, "line": {"width": 0}, **where}
