"""The curve in the panel, and the cursor that follows the player of the App's modal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import curve, layout
from fiftyone_clipit.plugin.panel.watched import Watched, overlap
from fiftyone_clipit.plugin.panel.words import percent

_HEIGHT = "210px"
# Where it is registered: plugin/js/cursor.js.
_CURSOR = "ClipItCursor"


def add(parent: types.Object, on: Any, watched: Watched, playing: Mapping[str, Any], *, modal: bool) -> None:
    """The curves of a video.

    Args:
        parent: where they go.
        on: the panel, whose methods are called.
        watched: the video.
        playing: what the panel's player plays, if anything.
        modal: whether the video is open in the App's modal, whose player the cursor follows.
    """
    if len(watched.curves) > 1:
        first, second = watched.curves[0], watched.curves[1]
        share = overlap(first.segments, second.segments)
        said = f"The two selections share {percent(share)} of what either of them shows"
        layout.text(parent, "overlap", said, faint=True, small=True)
    at = playing.get("start") if playing.get("video") == watched.sample_id else None
    element = f"clipit-curve-{watched.sample_id}-{'modal' if modal else 'grid'}"
    parent.plot(
        f"curve_{watched.sample_id}",
        data=curve.traces(watched.curves),
        layout=curve.layout(watched.curves, watched.shots, at),
        config={"displayModeBar": False, "scrollZoom": False},
        on_click=on.on_curve,
        height=_HEIGHT,
        componentsProps={"container": {"id": element, "style": {"height": _HEIGHT, "position": "relative"}}},
    )
    if modal:
        _add_cursor(parent, element, watched.shots[-1].end)


def _add_cursor(parent: types.Object, element: str, seconds: float) -> None:
    """The part in JavaScript, which draws into the plot; its own place is hidden, also where it was not loaded."""
    hidden = {"item": {"sx": {"display": "none"}}}
    parent.view("cursor", types.ComponentView(_CURSOR, curve=element, seconds=seconds, componentsProps=hidden))
