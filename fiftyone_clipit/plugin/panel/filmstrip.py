"""The segments of a video as cards: a picture, when, how important, and what to do with it."""

from __future__ import annotations

from typing import Any

import fiftyone.operators.types as types
import numpy as np

from fiftyone_clipit.dataset.thumbnails import thumbnails
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.curve import times_of
from fiftyone_clipit.plugin.panel.sparkline import placeholder
from fiftyone_clipit.plugin.panel.watched import Watched, shot_of
from fiftyone_clipit.plugin.panel.words import clock, many, media_url
from fiftyone_clipit.summary.types import Segment

_MOST = 24


def add(parent: types.Object, on: Any, watched: Watched, *, order: str) -> None:
    """All segments, best first or in time order."""
    line = layout.row(parent, "strip")
    orders = types.DropdownView(compact=True, componentsProps={"item": {"sx": {"width": "150px"}}})
    orders.add_choice("best", label="Best first")
    orders.add_choice("time", label="In time order")
    line.enum("order", orders.values(), view=orders, on_change=on.on_order)
    layout.button(line, "all", on.on_play_all, label="Play all", icon="playlist_play", disabled=not watched.segments)
    segments = list(watched.segments)
    if order == "best":
        segments.sort(key=lambda segment: (segment.rank, segment.first_frame))
    files = _pictures(watched, segments[:_MOST])
    cards = layout.row(parent, "cards", gap=2, align="top")
    for segment, file in zip(segments, files, strict=False):
        _add_card(cards, on, watched, segment, file)
    if len(segments) > _MOST:
        layout.text(parent, "more", f"and {many(len(segments) - _MOST, 'segment')} more", faint=True, small=True)
    if not watched.asked:
        _add_decisions(parent, on, watched)


def _pictures(watched: Watched, segments: list[Segment]) -> list[str]:
    peaks = times_of(watched.shots, np.array([segment.peak_frame for segment in segments]))
    try:
        files = thumbnails(watched.path, peaks.tolist()) if segments else []
    except VideoError:
        files = [None] * len(segments)
    return [media_url(file) if file else placeholder() for file in files]


def _add_card(cards: types.Object, on: Any, watched: Watched, segment: Segment, url: str) -> None:
    card = layout.column(cards, f"segment_{segment.first_frame}_{segment.last_frame}", width=layout.CARD, gap=0.5)
    where = {"first": segment.first_frame, "last": segment.last_frame, "start": segment.start, "end": segment.end}
    when = f"{clock(segment.start)} - {clock(segment.end)}"
    layout.picture(
        card, "picture", url, on_click=on.on_play_segment, params=where, alt=f"{segment.label}, {when}", height="106px"
    )
    layout.text(card, "when", f"{segment.rank}.  {when}  ·  {segment.importance:.2f}", small=True)
    buttons = layout.row(card, "do", gap=0.5)
    layout.button(buttons, "play", on.on_play_segment, icon="play_arrow", title="Play it here", params=where)
    layout.button(buttons, "open", on.on_open_segment, icon="open_in_full", title="Open as a clip", params=where)
    if watched.asked:
        return
    shot = watched.shots[index := shot_of(watched.shots, segment.first_frame)]
    pinned = {"shot": index, "decided": not shot.pinned}
    layout.button(
        buttons,
        "pin",
        on.on_pin,
        icon="push_pin",
        title="No longer pinned" if shot.pinned else "Pin: in every summary of this video, whatever the budget",
        params=pinned,
        color="success" if shot.pinned else None,
    )
    dropped = {"shot": index, "decided": True}
    layout.button(buttons, "drop", on.on_drop, icon="block", title="Drop: in no summary of this video", params=dropped)
    layout.button(buttons, "tag", on.on_tag, icon="sell", title="Tag this segment", params=where)


def _add_decisions(parent: types.Object, on: Any, watched: Watched) -> None:
    """What people decided and the selection does not show: dropped shots, pinned ones that do not fit."""
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
