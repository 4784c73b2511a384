"""A small curve as a picture: what a video's shots are worth, and which of them its summary shows."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from fiftyone_clipit.plugin.panel.curve import MAIN

_WIDTH, _HEIGHT = 180, 30


def sparkline(shots: Sequence[tuple[float, float, float]], chosen: Sequence[tuple[float, float]]) -> str:
    """Draws shots as steps and shades what was chosen.

    Args:
        shots: start, end and importance of each, in time order; seconds, importance in [0, 1].
        chosen: start and end of each segment of the summary.

    Returns:
        A URL that holds the picture itself.
    """
    begin, end = (shots[0][0], shots[-1][1]) if shots else (0.0, 0.0)
    scale = _WIDTH / max(end - begin, 1e-9)

    def x(seconds: float) -> float:
        return round((seconds - begin) * scale, 1)

    path = f"M0 {_HEIGHT}"
    for start, stop, importance in shots:
        y = round(_HEIGHT - 1 - importance * (_HEIGHT - 4), 1)
        path += f"L{x(start)} {y}L{x(stop)} {y}"
    shades = "".join(
        f'<rect x="{x(start)}" width="{max(x(stop) - x(start), 1.5):.1f}" height="{_HEIGHT}" fill="{MAIN}" '
        'opacity=".3"/>'
        for start, stop in chosen
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" preserveAspectRatio="none">{shades}'
        f'<path d="{path}L{_WIDTH} {_HEIGHT}Z" fill="{MAIN}" fill-opacity=".16" stroke="{MAIN}" '
        'stroke-width="1.4" stroke-linejoin="round"/></svg>'
    )
    return url(svg)


def placeholder() -> str:
    """Stands where a picture is still being made or cannot be had."""
    return url(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" width="160" height="90">'
        '<rect width="16" height="9" fill="#8884"/><path d="M6.8 3l3 1.5-3 1.5z" fill="#8889"/></svg>'
    )


def url(svg: str) -> str:
    """A drawing as a URL."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
