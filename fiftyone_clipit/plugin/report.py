"""What operators report: how many videos, how long, and why some failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.dataset.resize_job import Resized
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.plugin import live

_SHOWN = 200
_NOTES = 10


def steps(tell: live.Report, total: int) -> Callable[[float, str], None]:
    """Passes on the number of videos that are done, and the path of the one at hand, to the progress bar."""

    def step(done: float, path: str) -> None:
        at_hand = f"video {min(int(done) + 1, total)} of {total}"
        tell(done / max(total, 1), f"{at_hand}: {os.path.basename(path)}" if path else at_hand)

    return step


def of_run(run: SummaryRun) -> dict[str, Any]:
    """An operator's result from a summary's run, as plain values."""
    last = run.results["last"]
    return {
        "key": run.key,
        "status": run.status,
        "done": last["summarized"],
        "skipped": last["skipped"],
        "failed": len(run.failures),
        "length": _length(run),
        "failures": failures(run.failures),
        "notes": run.notes[:_SHOWN],
    }


def of_resize(made: Resized) -> dict[str, Any]:
    """An operator's result from a resize: what that changed, not what the summary's last run did."""
    return {
        "key": made.run.key,
        "done": len(made.sample_ids),
        "length": _length(made.run),
        "notes": made.notes[:_SHOWN],
    }


def _length(run: SummaryRun) -> str:
    totals = run.results["totals"]
    return f"{totals['summary_seconds']:.1f} s of {totals['video_seconds']:.1f} s in all, {totals['segments']} segments"


def failures(found: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What failed, as rows of a table."""
    return [{"path": failure["path"], "reason": failure["reason"]} for failure in found[:_SHOWN]]


def headline(what: str, result: dict[str, Any]) -> str:
    """One line: how many videos were done, skipped, failed."""
    parts = [f"{what} {result.get('done', 0)} videos"]
    if result.get("skipped"):
        parts.append(f"{result['skipped']} had it already")
    if result.get("failed"):
        parts.append(f"{result['failed']} failed")
    return ", ".join(parts)


def done(label: str, result: dict[str, Any] | None) -> types.Property:
    """What the App shows when something is done that needs one line."""
    result = result or {}
    outputs = types.Object()
    view = types.Success(label=result.get("headline", ""), description=result.get("length", ""))
    outputs.view("headline", view)
    return types.Property(outputs, view=types.View(label=label))


def output(what: str, result: dict[str, Any] | None) -> types.Property:
    """What the App shows when an operator is done; only what there is to say."""
    result = result or {}
    outputs = types.Object()
    view = types.Warning if result.get("failed") else types.Success
    outputs.view("headline", view(label=headline(what, result), description=result.get("length", "")))
    if result.get("failures"):
        table = types.TableView()
        table.add_column("path", label="Video")
        table.add_column("reason", label="Why it failed")
        outputs.list("failures", types.Object(), label="Failed videos", view=table)
    notes = result.get("notes") or []
    for number, note in enumerate(notes[:_NOTES]):
        outputs.view(f"note_{number}", types.Notice(label=note))
    if (rest := len(notes) - _NOTES) > 0:
        outputs.view("more_notes", types.Notice(label=f"and {rest} more, kept with the run"))
    return types.Property(outputs, view=types.View(label=what))
