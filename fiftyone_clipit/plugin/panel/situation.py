"""What the panel is about at this moment: which dataset, which summary, which videos, which video."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import fiftyone as fo
from fiftyone.core.collections import SampleCollection
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import SummaryRun, load_summaries
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.panel.words import mark


@dataclass(frozen=True)
class Situation:
    """Where the user is.

    Attributes:
        dataset: the open dataset.
        runs: its summaries, by key.
        run: the one that is chosen; None while there is none.
        lost: the key of a summary that was chosen but is gone.
        sample_id: the video that is looked at; None in the overview.
        modal: whether that video is open in the App.
        clips: whether the view on the screen is one of clips.
    """

    dataset: fo.Dataset
    runs: dict[str, SummaryRun]
    run: SummaryRun | None
    lost: str | None
    sample_id: str | None
    modal: bool
    clips: bool

    @property
    def missing_fields(self) -> list[str]:
        """The fields that the summary should have and that somebody deleted."""
        if self.run is None:
            return []
        return SummaryFields(self.run.key).missing(self.dataset)


def look(ctx: ExecutionContext) -> Situation:
    """Finds out where the user is."""
    # FiftyOne reads the dataset anew for each event.
    runs = {run.key: run for run in load_summaries(ctx.dataset, just_loaded=True)}
    wanted = ctx.panel.state.get("choice.summary")
    key = wanted if wanted in runs else next(iter(runs), None)
    current = current_video(ctx)
    return Situation(
        dataset=ctx.dataset,
        runs=runs,
        run=runs[key] if key else None,
        lost=wanted if wanted and wanted not in runs else None,
        sample_id=current or ctx.panel.state.get("video"),
        modal=current is not None,
        clips=bool(getattr(ctx.view, "_is_clips", False)),
    )


def meant(ctx: ExecutionContext) -> Situation:
    """What an event is about: what was on the screen when somebody clicked.

    By the time the event arrives, another video may be open, and another tab may have deleted the summary.

    Raises:
        UsageError: the summary is gone.
    """
    situation, of = look(ctx), ctx.params.get("of")
    lost = of["summary"] if of and of["summary"] not in situation.runs else situation.lost
    if lost:
        raise UsageError(f"the summary “{lost}” is no longer there, so nothing was done: choose another one")
    return replace(situation, run=situation.runs[of["summary"]], sample_id=of["video"]) if of else situation


def current_video(ctx: ExecutionContext) -> str | None:
    """The id of the video that is open in the App; for a clip or frame, the video that it is of."""
    if not ctx.current_sample:
        return None
    if getattr(ctx.view, "_is_generated", False):
        found = ctx.view.select(ctx.current_sample).values("sample_id")
        return str(found[0]) if found else None
    if ctx.dataset.media_type == "group":
        return _video_of_group(ctx.dataset, str(ctx.current_sample))
    return str(ctx.current_sample)


def _video_of_group(dataset: fo.Dataset, sample_id: str) -> str | None:
    """A sample of a grouped dataset if it is a video, or else the first video of its group."""
    if len(select(dataset, [sample_id])):
        return sample_id
    groups = dataset.select_group_slices(_allow_mixed=True).select(sample_id).values(f"{dataset.group_field}.id")
    samples = dataset.get_group(groups[0]).values() if groups else ()
    return next((sample.id for sample in samples if sample.media_type == "video"), None)


def videos_in_view(ctx: ExecutionContext) -> SampleCollection:
    """The videos of the view; for clips and frames, those that they are of, in their order."""
    view = ctx.view
    if getattr(view, "_is_generated", False):
        return select(ctx.dataset, [str(i) for i in dict.fromkeys(view.values("sample_id"))], ordered=True)
    if view.media_type == "group":
        return view.select_group_slices(media_type="video")
    return view


def view_mark(ctx: ExecutionContext) -> str:
    """A short text that changes with the view."""
    names = ("view", "view_name", "filters", "extended", "extended_selection", "group_slice")
    return mark(json.dumps([ctx.request_params.get(name) or None for name in names], default=str, sort_keys=True))
