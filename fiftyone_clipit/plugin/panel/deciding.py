"""What people decide in the panel about one video's summary: its length, pins, drops, tags."""

from __future__ import annotations

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.resize import drop, pin, resize
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.panel.guard import guarded, tell
from fiftyone_clipit.plugin.panel.situation import look
from fiftyone_clipit.plugin.panel.watching import require_watched
from fiftyone_clipit.plugin.panel.words import budget_in_words


class Deciding:
    """Handlers that write to the dataset."""

    @guarded
    def on_save(self, ctx: ExecutionContext) -> None:
        """Stores the budget on trial for this video."""
        run, video = _at_hand(ctx)
        watched = require_watched(ctx, budget=ctx.params.get("budget"))
        resize(select(ctx.dataset, [video]), run.key, watched.budget)
        ctx.panel.state.set("trial", None)
        ctx.ops.reload_samples()
        tell(ctx, f"This video's summary now takes {budget_in_words(watched.budget)}")

    @guarded
    def on_pin(self, ctx: ExecutionContext) -> None:
        """Pins a shot, or takes that back."""
        run, video = _at_hand(ctx)
        pin(select(ctx.dataset, [video]), run.key, video, ctx.params["shot"], ctx.params["decided"])
        ctx.ops.reload_samples()

    @guarded
    def on_drop(self, ctx: ExecutionContext) -> None:
        """Drops a shot, or takes that back."""
        run, video = _at_hand(ctx)
        drop(select(ctx.dataset, [video]), run.key, video, ctx.params["shot"], ctx.params["decided"])
        ctx.ops.reload_samples()

    @guarded
    def on_tag(self, ctx: ExecutionContext) -> None:
        """Asks for a tag for a segment."""
        ctx.panel.state.set("tagging", {name: ctx.params[name] for name in ("first", "last", "start", "end")})

    @guarded
    def on_tag_cancelled(self, ctx: ExecutionContext) -> None:
        """No tag after all."""
        ctx.panel.state.set("tagging", None)

    @guarded
    def on_tagged(self, ctx: ExecutionContext) -> None:
        """Tags a segment."""
        run, video = _at_hand(ctx)
        where = ctx.panel.state.get("tagging") or {}
        tag = (ctx.panel.state.get("tag.name") or "").strip()
        if not tag:
            raise UsageError("write the tag first")
        sample = select(ctx.dataset, [video]).first()
        support = [where.get("first"), where.get("last")]
        found = [label for label in sample[SummaryFields(run.key).summary].detections if label.support == support]
        if not found:
            raise UsageError("this segment is not in the saved summary: save the budget first, then tag")
        for label in found:
            label.tags = list(dict.fromkeys([*label.tags, tag]))
        sample.save()
        ctx.panel.state.set("tagging", None)
        ctx.ops.reload_samples()
        tell(ctx, f"Tagged “{tag}”")


def _at_hand(ctx: ExecutionContext) -> tuple[SummaryRun, str]:
    """The summary and the video that the panel shows."""
    situation = look(ctx)
    if situation.run is None or situation.sample_id is None:
        raise UsageError("choose a video first")
    return situation.run, situation.sample_id
