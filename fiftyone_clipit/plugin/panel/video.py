"""The layout for one video: its name, and what JavaScript draws of it."""

from __future__ import annotations

import os
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.shown import shown
from fiftyone_clipit.plugin.panel.watched import Watched
from fiftyone_clipit.plugin.panel.words import plain

# Where it is registered: plugin/js/src/index.js.
_DRAWN = "ClipItVideo"


def add(parent: types.Object, on: Any, watched: Watched, *, modal: bool) -> None:
    """Everything about one video.

    Args:
        parent: where it goes.
        on: the panel, whose methods are called.
        watched: the video.
        modal: whether the video is open in the App's modal, whose player the curve's cursor follows.
    """
    _add_headline(parent, watched)
    view = types.ComponentView(_DRAWN, panel=on.uri, modal=modal, shown=shown(watched))
    parent.view(f"drawn_{watched.sample_id}", view)


def _add_headline(parent: types.Object, watched: Watched) -> None:
    relevance = "" if watched.relevance is None else f" · relevance {watched.relevance:.2f}"
    layout.markdown(parent, "video", f"**{plain(os.path.basename(watched.path))}**{relevance}")
    if not os.path.isfile(watched.path):
        gone = f"The video file is no longer there: {watched.path}. What is stored about it still shows."
        layout.notice(parent, "vanished", gone, "warning")
