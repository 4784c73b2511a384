"""What made a summary and how that went."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import fiftyone as fo
import fiftyone.operators.types as types

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import everything
from fiftyone_clipit.encoders.names import TINY, TINY_NOTE
from fiftyone_clipit.plugin.live import is_running, name_of
from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.words import budget_in_words, length, many, percent, plain

_SHOWN = 50
_STATES = {
    "running": "is being made at this moment",
    "interrupted": "was interrupted: run it again to go on",
    "stopped": "was stopped: run it again to go on",
    "failed": "failed: run it again to go on",
}


def headline(run: SummaryRun) -> str:
    """What was asked, and how much came of it, in one line."""
    totals = run.results.get("totals", {})
    parts = [f"**{plain(run.asked)}**"]
    if run.status in _STATES:
        parts.append(_STATES[run.status])
    if totals.get("videos"):
        share = totals["summary_seconds"] / max(totals["video_seconds"], 1e-9)
        parts.append(
            f"{length(totals['summary_seconds'])} of {length(totals['video_seconds'])} ({percent(share)}) "
            f"in {many(totals['videos'], 'video')}"
        )
    if run.failures:
        parts.append(f"{len(run.failures)} failed")
    return " · ".join(parts)


def add_progress(parent: types.Object, on: Any, run: SummaryRun, dataset: fo.Dataset) -> None:
    """How far a summary is that is being made at this moment, and a way to stop it where that is possible."""
    last = run.results.get("last", {})
    done = everything(dataset).count(SummaryFields(run.key).relevance) - last.get("before", 0)
    line = layout.row(parent, "progress")
    # `apply_model` does not tell a model how many videos there will be.
    of = f"{done} of {many(last['asked'] - last['skipped'], 'video')}" if "before" in last else many(done, "video")
    layout.text(line, "done", f"Being made: {of} so far", faint=True, width="auto")
    if is_running(name_of(dataset.name, run.key)):
        layout.button(line, "stop", on.on_stop, label="Stop", icon="stop")


def add(parent: types.Object, run: SummaryRun, missing: Sequence[str]) -> None:
    """The headline, what stands in the way, and the details for those who want them."""
    layout.markdown(parent, "headline", headline(run))
    if missing:
        names = ", ".join(missing)
        said = f"The fields {names} of this summary are gone. Run it again, or delete it."
        layout.notice(parent, "missing", said, "warning")
    if run.config.get("encoder") == TINY:
        layout.notice(parent, "tiny", TINY_NOTE)
    details = layout.section(parent, "details", "How it was made" + (" · failures" if run.failures else ""))
    layout.markdown(details, "config", _details(run))
    if run.failures:
        _add_table(details, "failures", "Failed videos", "Why", [(f["path"], f["reason"]) for f in run.failures])
    if notes := run.results.get("notes"):
        _add_table(details, "notes", "Notes", "Note", [(n["path"], n["note"]) for n in notes])


def _details(run: SummaryRun) -> str:
    config, last = run.config, run.results.get("last", {})
    whose = "all videos together" if config.get("scope") == "dataset" else "each video"
    lines = [
        ("Question" if config.get("query") else "Guided by", run.asked),
        ("Encoder", config.get("encoder")),
        ("Scorer", config.get("scorer")),
        ("Budget", f"{budget_in_words(config['budget'])} of {whose}"),
        ("Sampled", f"{config.get('fps', 0):g} frames a second"),
        ("Left out", ", ".join(config.get("exclude") or ())),
        ("Made", f"{run.created:%Y-%m-%d %H:%M} UTC"),
        ("Last run", f"{many(last['summarized'], 'video')} in {length(last['seconds'])}" if last else None),
        ("Versions", ", ".join(f"{name} {number}" for name, number in (config.get("versions") or {}).items())),
    ]
    if captions := config.get("captions"):
        lines.insert(1, ("Captions", "; ".join(captions[:5]) + (" ..." if len(captions) > 5 else "")))
    return "\n".join(f"- **{name}**: {plain(str(value))}" for name, value in lines if value)


def _add_table(parent: types.Object, name: str, label: str, column: str, rows: Sequence[tuple[str, str]]) -> None:
    table = types.TableView()
    table.add_column("video", label=label)
    table.add_column("what", label=column)
    shown = [{"video": os.path.basename(path), "what": what} for path, what in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        shown.append({"video": f"and {len(rows) - _SHOWN} more", "what": ""})
    parent.list(name, types.Object(), view=table, default=shown)
