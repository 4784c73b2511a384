"""The layout for one video: a question, what JavaScript draws, and what people decided."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.shown import shown
from fiftyone_clipit.plugin.panel.watched import Watched
from fiftyone_clipit.plugin.panel.words import clock, plain

# Where it is registered: plugin/js/src/index.js.
_DRAWN = "ClipItVideo"


def add(parent: types.Object, on: Any, watched: Watched, tagging: Mapping[str, Any] | None, *, modal: bool) -> None:
    """Everything about one video.

    Args:
        parent: where it goes.
        on: the panel, whose methods are called.
        watched: the video.
        tagging: the segment that gets a tag.
        modal: whether the video is open in the App's modal, whose player the curve's cursor follows.
    """
    _add_headline(parent, watched)
    _add_question(parent, on, watched)
    view = types.ComponentView(_DRAWN, panel=on.uri, modal=modal, shown=shown(watched))
    parent.view(f"drawn_{watched.sample_id}", view)
    if tagging:
        _add_tag(parent, on, tagging)
    if not watched.asked:
        _add_dropped(parent, on, watched)


def _add_headline(parent: types.Object, watched: Watched) -> None:
    relevance = "" if watched.relevance is None else f" · relevance {watched.relevance:.2f}"
    layout.markdown(parent, "video", f"**{plain(os.path.basename(watched.path))}**{relevance}")
    if not os.path.isfile(watched.path):
        gone = f"The video file is no longer there: {watched.path}. What is stored about it still shows."
        layout.notice(parent, "vanished", gone, "warning")


def _add_question(parent: types.Object, on: Any, watched: Watched) -> None:
    line = layout.row(parent, "question")
    line.str(
        "text",
        view=types.TextFieldView(
            placeholder="Ask this video: a red star, a child near the road ...",
            compact=True,
            componentsProps={"item": {"sx": {"flex": "1 1 220px", "width": "auto"}}},
        ),
    )
    layout.button(line, "ask", on.on_ask, label="Ask", icon="search", variant="contained")
    if watched.asked:
        layout.button(line, "keep", on.on_keep, label="Keep as a summary", icon="bookmark_add")
        layout.button(line, "close", on.on_close_question, icon="close", title="Back to the summary")
    if watched.problem:
        layout.notice(parent, "problem", watched.problem, "info" if watched.waiting else "warning")


def _add_tag(parent: types.Object, on: Any, where: Mapping[str, Any]) -> None:
    line = layout.row(parent, "tag")
    label = f"Tag for {clock(where['start'])} - {clock(where['end'])}"
    field = {"item": {"sx": {"flex": "1 1 160px", "width": "auto"}}}
    line.str("name", view=types.TextFieldView(placeholder=label, compact=True, componentsProps=field))
    layout.button(line, "add", on.on_tagged, label="Tag it", icon="sell", variant="contained")
    layout.button(line, "cancel", on.on_tag_cancelled, icon="close", title="No tag")


def _add_dropped(parent: types.Object, on: Any, watched: Watched) -> None:
    dropped = [(i, shot) for i, shot in enumerate(watched.shots) if shot.dropped]
    if not dropped:
        return
    line = layout.row(parent, "dropped")
    layout.text(line, "what", "Dropped:", faint=True, small=True, width="auto")
    for index, shot in dropped:
        layout.button(
            line,
            f"shot_{index}",
            on.on_drop,
            label=f"{clock(shot.start)} - {clock(shot.end)}",
            icon="undo",
            title="Let it count again",
            params={"shot": index, "decided": False},
        )
