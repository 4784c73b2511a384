"""What the panel does when people look: choose a summary or video, play, ask, try another budget."""

from __future__ import annotations

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.panel import playing
from fiftyone_clipit.plugin.panel.budget import shown
from fiftyone_clipit.plugin.panel.guard import guarded
from fiftyone_clipit.plugin.panel.situation import Situation, look
from fiftyone_clipit.plugin.panel.watched import Watched, watch


def watched_now(ctx: ExecutionContext, situation: Situation) -> Watched | None:
    """The video at hand, as the panel's state wants it."""
    state, run, sample_id = ctx.panel.state, situation.run, situation.sample_id
    if run is None or sample_id is None:
        return None
    trial = state.get("trial") or {}
    return watch(
        situation.dataset,
        run,
        sample_id,
        budget=trial.get("budget") if trial.get("video") == sample_id else None,
        asked=state.get("asked"),
        other=situation.runs.get(state.get("choice.other") or ""),
    )


def require_watched(ctx: ExecutionContext) -> Watched:
    """The video at hand.

    Raises:
        UsageError: there is none, or it has no summary.
    """
    watched = watched_now(ctx, look(ctx))
    if watched is None:
        raise UsageError("this video has no summary any more: choose another one")
    return watched


class Watching:
    """Handlers that change what is shown, and nothing in the dataset."""

    @guarded
    def on_summary(self, ctx: ExecutionContext) -> None:
        """Another summary."""
        if ctx.params["value"] == ctx.panel.state.get("shown"):
            return
        ctx.panel.state.set({"choice.summary": ctx.params["value"], "trial": None, "asked": None, "page": 0})
        if ctx.panel.state.get("choice.other") == ctx.params["value"]:
            ctx.panel.state.set("choice.other", "")

    @guarded
    def on_other(self, ctx: ExecutionContext) -> None:
        """A second summary to hold against the first."""
        ctx.panel.state.set("choice.other", ctx.params["value"])

    @guarded
    def on_look(self, ctx: ExecutionContext) -> None:
        """A video of the overview."""
        ctx.panel.state.set({"video": ctx.params["video"], "playing": None, "tries": 0})

    @guarded
    def on_back(self, ctx: ExecutionContext) -> None:
        """Back to the overview."""
        ctx.panel.state.set({"video": None, "playing": None, "trial": None})

    @guarded
    def on_page(self, ctx: ExecutionContext) -> None:
        """Another page of the overview."""
        ctx.panel.state.set({"page": ctx.params["page"], "tries": 0})

    @guarded
    def on_refresh(self, ctx: ExecutionContext) -> None:
        """Shows pictures that were still being made."""
        ctx.panel.state.set("tries", (ctx.panel.state.get("tries") or 0) + 1)

    @guarded
    def on_open_video(self, ctx: ExecutionContext) -> None:
        """Opens a video of the overview in the App."""
        if getattr(ctx.view, "_is_generated", False):
            ctx.ops.set_view(view=select(ctx.dataset, [ctx.params["video"]]))
        ctx.ops.open_sample(id=ctx.params["video"])

    @guarded
    def on_order(self, ctx: ExecutionContext) -> None:
        """Segments best first, or in time order."""
        ctx.panel.state.set("strip.order", ctx.params["value"])

    @guarded
    def on_curve(self, ctx: ExecutionContext) -> None:
        """A click on the curve: plays from there."""
        self._play(ctx, max(float(ctx.params["x"]), 0.0), None)

    @guarded
    def on_play_segment(self, ctx: ExecutionContext) -> None:
        """Plays one segment."""
        self._play(ctx, ctx.params["start"], ctx.params["end"])

    @guarded
    def on_play_all(self, ctx: ExecutionContext) -> None:
        """Plays all segments, one after the other."""
        watched = require_watched(ctx)
        before = ctx.panel.state.get("playing")
        ctx.panel.state.set("playing", playing.sequence(before, watched.sample_id, watched.segments))

    @guarded
    def on_played(self, ctx: ExecutionContext) -> None:
        """The player runs."""
        if (now := ctx.panel.state.get("playing")) and now.get("sequence") is not None:
            ctx.panel.state.set("playing", playing.resumed(now))

    @guarded
    def on_paused(self, ctx: ExecutionContext) -> None:
        """The player stands: at the end of a segment the next one follows."""
        if (now := ctx.panel.state.get("playing")) and now.get("sequence") is not None:
            ctx.panel.state.set("playing", playing.paused(now, require_watched(ctx).segments))

    @guarded
    def on_stop(self, ctx: ExecutionContext) -> None:
        """Closes the player."""
        ctx.panel.state.set("playing", None)

    @guarded
    def on_ask(self, ctx: ExecutionContext) -> None:
        """A question about the video at hand."""
        question = (ctx.panel.state.get("question.text") or "").strip()
        if not question:
            raise UsageError("write what to look for, then ask")
        ctx.panel.state.set({"asked": question, "tries": 0})

    @guarded
    def on_close_question(self, ctx: ExecutionContext) -> None:
        """Back to the summary."""
        ctx.panel.state.set("asked", None)

    @guarded
    def on_share(self, ctx: ExecutionContext) -> None:
        """Another budget, on trial: a share of the video in percent."""
        value = float(ctx.params["value"])
        self._try(ctx, "share", value, round(value / 100, 4))

    @guarded
    def on_seconds(self, ctx: ExecutionContext) -> None:
        """Another budget, on trial: a time."""
        value = float(ctx.params["value"])
        self._try(ctx, "seconds", value, f"{value:g}s")

    @guarded
    def on_unit(self, ctx: ExecutionContext) -> None:
        """Whether the budget is a share of the video or a time."""
        ctx.panel.state.set("length.unit", ctx.params["value"])

    @guarded
    def on_forget_budget(self, ctx: ExecutionContext) -> None:
        """Back to the budget that is stored."""
        ctx.panel.state.set("trial", None)

    def _try(self, ctx: ExecutionContext, slider: str, value: float, budget: float | str) -> None:
        watched = require_watched(ctx)
        # The App reports a slider's value also where the panel itself has set it.
        if value != shown(watched)[slider]:
            ctx.panel.state.set("trial", {"video": watched.sample_id, "budget": budget})

    def _play(self, ctx: ExecutionContext, start: float, end: float | None) -> None:
        video = look(ctx).sample_id
        if video is not None:
            before = ctx.panel.state.get("playing")
            ctx.panel.state.set("playing", playing.stretch(before, video, float(start), end))
