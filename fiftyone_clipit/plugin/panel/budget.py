"""How long a video's summary may be: a slider over shares of the video or over seconds, and what to do with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.watched import Watched
from fiftyone_clipit.plugin.panel.words import length, percent
from fiftyone_clipit.summary.budget import parse_budget

_LEAST = 0.5


def unit(state: Mapping[str, Any], watched: Watched) -> str:
    """What the slider counts in: "share" or "seconds", as chosen, or else as the summary was made."""
    chosen = (state.get("length") or {}).get("unit")
    return chosen or ("seconds" if parse_budget(watched.budget).seconds is not None else "share")


def shown(watched: Watched) -> dict[str, float]:
    """Where the sliders stand, by their names."""
    return {
        "share": round(watched.share * 100, 1),
        "seconds": round(watched.share * watched.duration, 1),
    }


def add(parent: types.Object, on: Any, watched: Watched, counted_in: str) -> None:
    """The slider, and what can be done with a budget on trial.

    Args:
        parent: where it goes.
        on: the panel, whose methods are called.
        watched: the video.
        counted_in: "share" or "seconds".
    """
    if watched.shared:
        _add_shared(parent, on, watched)
        return
    line = layout.row(parent, "length")
    said = f"Budget: {percent(watched.share)} of the video, {length(watched.share * watched.duration)}"
    layout.text(line, "said", said + " (not saved)" * watched.on_trial, small=True, width="auto")
    units = types.DropdownView(compact=True, componentsProps={"item": {"sx": {"width": "120px"}}})
    units.add_choice("share", label="in percent")
    units.add_choice("seconds", label="in seconds")
    line.enum("unit", units.values(), view=units, on_change=on.on_unit)
    if counted_in == "seconds":
        most = max(math.floor(watched.duration * 10) / 10, 0.1)
        _add_slider(parent, "seconds", min(_LEAST, most), most, on.on_seconds)
    else:
        _add_slider(parent, "share", _LEAST, 100, on.on_share)
    if watched.on_trial and not watched.asked:
        line = layout.row(parent, "save")
        layout.button(line, "here", on.on_save, label="Save for this video", icon="save", variant="contained")
        layout.button(line, "all", on.on_save_all, label="Save for all videos ...", icon="save")
        layout.button(line, "back", on.on_forget_budget, label="Back", icon="undo")
    for i, note in enumerate(watched.notes):
        layout.notice(parent, f"note_{i}", note)


def _add_slider(parent: types.Object, name: str, least: float, most: float, on_change: layout.OnEvent) -> None:
    view = types.SliderView(
        label_position="top",
        value_precision=1,
        view_multiple_of=0.5,
        value_label_display="auto",
        componentsProps={"item": {"sx": {"my": -4}}},  # the App leaves much room around a slider
    )
    parent.define_property(name, types.Number(min=least, max=most, float=True), view=view, on_change=on_change)


def _add_shared(parent: types.Object, on: Any, watched: Watched) -> None:
    line = layout.row(parent, "length")
    said = f"One budget for all videos of this summary; {length(watched.chosen)} of it fell to this one."
    layout.text(line, "said", said, small=True, width="auto")
    layout.button(line, "all", on.on_save_all, label="Another budget ...", icon="tune")
