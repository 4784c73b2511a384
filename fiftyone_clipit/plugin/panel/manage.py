"""Choosing a summary, and what can be done with it as a whole."""

from __future__ import annotations

from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.situation import Situation

_HALF = {"item": {"sx": {"flex": "1 1 180px", "width": "auto", "minWidth": 0}}}


def add_choice(line: types.Object, on: Any, situation: Situation) -> None:
    """Which summary."""
    assert situation.run is not None
    choices = types.DropdownView(compact=True, label="Summary", componentsProps=_HALF)
    for run in situation.runs.values():
        choices.add_choice(run.key, label=f"{run.key}: {run.asked}" if run.asked != run.key else run.key)
    line.enum("summary", choices.values(), view=choices, on_change=on.on_summary)


def add_comparison(line: types.Object, on: Any, situation: Situation) -> None:
    """Which second summary to hold against the first."""
    others = [run for run in situation.runs.values() if situation.run and run.key != situation.run.key]
    if not others:
        return
    choices = types.DropdownView(compact=True, label="Compare with ...", componentsProps=_HALF)
    choices.add_choice("", label="Compare with ...")
    for run in others:
        choices.add_choice(run.key, label=f"with {run.key}: {run.asked}")
    line.enum("other", choices.values(), view=choices, on_change=on.on_other)


def add_actions(body: types.Object, on: Any, situation: Situation) -> None:
    """Clips, export, run again, rename, delete."""
    line = layout.row(body, "actions")
    if not situation.missing_fields:
        layout.button(line, "clips", on.on_clips, label="Show clips", icon="movie")
        layout.button(line, "export", on.on_export, label="Export", icon="ios_share")
    if situation.clips:
        layout.button(line, "shown", on.on_export_clips, label="Export these clips", icon="ios_share")
    layout.button(line, "new", on.on_new, label="New summary", icon="add")
    layout.button(line, "again", on.on_again, icon="replay", title="Run again, with changes")
    layout.button(line, "rename", on.on_rename, icon="drive_file_rename_outline", title="Rename this summary")
    layout.button(line, "delete", on.on_delete, icon="delete_outline", title="Delete this summary")
