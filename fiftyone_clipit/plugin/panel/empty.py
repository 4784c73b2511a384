"""What the panel says where there is nothing to show yet, and what to do about it."""

from __future__ import annotations

from typing import Any

import fiftyone as fo
import fiftyone.operators.types as types

from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.watched import absence


def no_dataset(parent: types.Object) -> None:
    """No dataset is open."""
    layout.notice(parent, "nothing", "Open a dataset of videos to see its summaries here.")


def why_no_videos(dataset: fo.Dataset) -> str | None:
    """Why a dataset cannot have summaries; None when it can."""
    media = dataset.media_type
    if media == "group":
        if "video" in dataset.group_media_types.values():
            return None
        return "This dataset's groups hold no videos; summaries need videos."
    if media in (None, "video"):
        return None if len(dataset) else "This dataset is empty: add videos to it, then summarize them."
    return f"This dataset holds {media} samples; summaries need videos."


def no_summaries(parent: types.Object, on: Any) -> None:
    """The dataset has videos but no summary."""
    layout.markdown(
        parent,
        "welcome",
        "### What matters in these videos?\n\nAsk a question, or let the videos speak for themselves: every frame "
        "gets an importance, and the best segments within a budget become a summary that you can skim, "
        "correct and export here.",
    )
    line = layout.row(parent, "begin")
    layout.button(line, "new", on.on_new, label="Summarize videos", icon="auto_awesome_motion", variant="contained")
    layout.button(line, "encode", on.on_encode, label="Only encode them for later questions", icon="memory")


def no_summary_of_video(parent: types.Object, on: Any, dataset: fo.Dataset, run: SummaryRun, sample_id: str) -> None:
    """The summary has nothing for this video."""
    if not len(select(dataset, [sample_id])):
        layout.notice(parent, "gone", "This video is no longer in the dataset: choose another one.")
        return
    if reason := absence(run, sample_id):
        said = f"This video has no summary “{run.key}”: {reason}"
        layout.notice(parent, "absent", said, "warning")
        return
    said = f"This video has no summary “{run.key}” yet: run it again to go on with the videos that it lacks."
    layout.notice(parent, "absent", said)
    line = layout.row(parent, "begin")
    layout.button(
        line,
        "again",
        on.on_again,
        label="Summarize it",
        icon="auto_awesome_motion",
        variant="contained",
        params={"video": sample_id},
    )
