"""The layout for one video: curve, player, question, budget, segments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import budget, filmstrip, layout, plot
from fiftyone_clipit.plugin.panel.watched import Watched
from fiftyone_clipit.plugin.panel.words import clock, length, media_url, plain


def add(parent: types.Object, on: Any, watched: Watched, state: Mapping[str, Any], *, modal: bool) -> None:
    """Everything about one video.

    Args:
        parent: where it goes.
        on: the panel, whose methods are called.
        watched: the video.
        state: the panel's state.
        modal: whether the video is open in the App's modal.
    """
    _add_headline(parent, watched)
    _add_question(parent, on, watched, state)
    plot.add(parent, on, watched, state.get("playing") or {}, modal=modal)
    _add_player(parent, on, watched, state)
    budget.add(parent, on, watched, budget.unit(state, watched))
    filmstrip.add(parent, on, watched, order=(state.get("strip") or {}).get("order") or "best")
    if tagging := state.get("tagging"):
        _add_tag(parent, on, tagging)


def _add_headline(parent: types.Object, watched: Watched) -> None:
    relevance = "" if watched.relevance is None else f" · relevance {watched.relevance:.2f}"
    parts = len(watched.segments)
    said = (
        f"**{plain(os.path.basename(watched.path))}** · {length(watched.chosen)} of {length(watched.duration)} "
        f"in {parts} segment{'' if parts == 1 else 's'}{relevance}"
    )
    layout.markdown(parent, "video", said)
    if not os.path.isfile(watched.path):
        gone = f"The video file is no longer there: {watched.path}. What is stored about it still shows."
        layout.notice(parent, "vanished", gone, "warning")


def _add_question(parent: types.Object, on: Any, watched: Watched, state: Mapping[str, Any]) -> None:
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


def _add_player(parent: types.Object, on: Any, watched: Watched, state: Mapping[str, Any]) -> None:
    playing = state.get("playing") or {}
    if playing.get("video") != watched.sample_id:
        layout.text(parent, "hint", "Click the curve or a picture to go there", faint=True, small=True)
        return
    fragment = f"#t={playing['start']:.3f}" + (f",{playing['end']:.3f}" if playing.get("end") else "")
    in_sequence = playing.get("sequence") is not None
    parent.media_player(
        f"player_{playing['turn']}",
        f"{media_url(watched.path)}{fragment}",
        controls=True,
        playing=True,
        width="100%",
        height="240px",
        **({"on_play": on.on_played, "on_pause": on.on_paused, "on_ended": on.on_paused} if in_sequence else {}),
    )
    line = layout.row(parent, "playing")
    what = f"{clock(playing['start'])}" + (f" - {clock(playing['end'])}" if playing.get("end") else "")
    if in_sequence:
        what = f"Segment {playing['sequence'] + 1} of {len(watched.segments)}: {what}"
    layout.text(line, "what", what, faint=True, small=True, width="auto")
    layout.button(line, "stop", on.on_stop, icon="close", title="Close the player")


def _add_tag(parent: types.Object, on: Any, where: Mapping[str, Any]) -> None:
    line = layout.row(parent, "tag")
    label = f"Tag for {clock(where['start'])} - {clock(where['end'])}"
    field = {"item": {"sx": {"flex": "1 1 160px", "width": "auto"}}}
    line.str("name", view=types.TextFieldView(placeholder=label, compact=True, componentsProps=field))
    layout.button(line, "add", on.on_tagged, label="Tag it", icon="sell", variant="contained")
    layout.button(line, "cancel", on.on_tag_cancelled, icon="close", title="No tag")
