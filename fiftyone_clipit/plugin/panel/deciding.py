"""What people decide in the panel about one video's summary: its length, pins, drops, tags."""

from __future__ import annotations

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.resize import drop, pin, resize
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.panel.guard import guarded, tell
from fiftyone_clipit.plugin.panel.situation import meant
from fiftyone_clipit.plugin.panel.watching import require_watched
from fiftyone_clipit.plugin.panel.words import budget_in_words


class Deciding:
    """Handlers that write to the dataset."""

    @guarded
    def on_save(self, ctx: ExecutionContext) -> None:
        """Stores the budget on trial for this video."""
        run, video = _at_hand(ctx)
        watched = require_watched(ctx, budget=ctx.params.get("budget"))
        resize(select(ctx.dataset, [video]), run.key, watched.budget, progress=False)
        ctx.panel.state.set("trial", None)
        ctx.ops.reload_samples()
        tell(ctx, f"This video's summary now takes {budget_in_words(watched.budget)}")

    @guarded
    def on_pin(self, ctx: ExecutionContext) -> None:
        """Pins a shot, or takes that back."""
        run, video = _at_hand(ctx)
        pin(select(ctx.dataset, [video]), run.key, video, _shot(ctx), ctx.params["decided"])
        ctx.ops.reload_samples()

    @guarded
    def on_drop(self, ctx: ExecutionContext) -> None:
        """Drops a shot, or takes that back."""
        run, video = _at_hand(ctx)
        drop(select(ctx.dataset, [video]), run.key, video, _shot(ctx), ctx.params["decided"])
        ctx.ops.reload_samples()

    @guarded
    def on_tag(self, ctx: ExecutionContext) -> None:
        """Tags a segment."""
        run, video = _at_hand(ctx)
        tag = (ctx.params["tag"] or "").strip()
        if not tag:
            raise UsageError("write the tag first")
        sample = select(ctx.dataset, [video]).first()
        support = [ctx.params["first"], ctx.params["last"]]
        found = [label for label in sample[SummaryFields(run.key).summary].detections if label.support == support]
        if not found:
            raise UsageError("this segment is not in the saved summary: save the budget first, then tag")
        for label in found:
            label.tags = list(dict.fromkeys([*label.tags, tag]))
        sample.save()
        ctx.ops.reload_samples()
        tell(ctx, f"Tagged “{tag}”")


def _at_hand(ctx: ExecutionContext) -> tuple[SummaryRun, str]:
    """The summary and the video that the event is about."""
    situation = meant(ctx)
    if situation.run is None or situation.sample_id is None:
        raise UsageError("choose a video first")
    return situation.run, situation.sample_id


def _shot(ctx: ExecutionContext) -> int:
    """The place of the shot that the event is about: shots are named by their frames, whose places may change.

    Raises:
        UsageError: the video has no such shot any more.
    """
    bounds = tuple(ctx.params["shot"])
    for place, shot in enumerate(require_watched(ctx).shots):
        if (shot.first_frame, shot.last_frame) == bounds:
            return place
    raise UsageError("this video has other shots by now, so nothing was done: look again")
