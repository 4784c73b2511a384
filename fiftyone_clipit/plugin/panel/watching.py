"""What the panel does when people look: choose a summary or video, play, ask, try another budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.answers import explain
from fiftyone_clipit.plugin.panel.guard import guarded
from fiftyone_clipit.plugin.panel.opening import open_in
from fiftyone_clipit.plugin.panel.shown import pictures, shown
from fiftyone_clipit.plugin.panel.situation import Situation, meant
from fiftyone_clipit.plugin.panel.watched import Watched, watch
from fiftyone_clipit.summary.budget import parse_budget


def watched_now(ctx: ExecutionContext, situation: Situation, *, budget: float | str | None = None) -> Watched | None:
    """The video at hand, as the panel's state wants it, or with another budget."""
    state, run, sample_id = ctx.panel.state, situation.run, situation.sample_id
    if run is None or sample_id is None:
        return None
    trial = state.get("trial") or {}
    tried = trial.get("budget") if (trial.get("video"), trial.get("summary")) == (sample_id, run.key) else None
    return watch(
        situation.dataset,
        run,
        sample_id,
        budget=tried if budget is None else budget,
        asked=state.get("asked"),
        other=situation.runs.get(state.get("choice.other") or ""),
    )


def require_watched(ctx: ExecutionContext, *, budget: float | str | None = None) -> Watched:
    """The video that the event is about, as the panel's state wants it, or with another budget.

    Raises:
        UsageError: there is none, or it has no summary.
    """
    watched = watched_now(ctx, meant(ctx), budget=budget)
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
        ctx.panel.state.set({"video": ctx.params["video"], "tries": 0})

    @guarded
    def on_back(self, ctx: ExecutionContext) -> None:
        """Back to the overview."""
        ctx.panel.state.set({"video": None, "trial": None, "tries": 0})

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
        open_in(ctx, select(ctx.dataset, [ctx.params["video"]]), ctx.params["video"])

    @guarded
    def on_ask(self, ctx: ExecutionContext) -> None:
        """A question about the video at hand."""
        question = (ctx.params.get("question") or "").strip()
        if not question:
            raise UsageError("write what to look for, then ask")
        ctx.panel.state.set({"asked": question, "tries": 0})

    @guarded
    def on_close_question(self, ctx: ExecutionContext) -> None:
        """Back to the summary."""
        ctx.panel.state.set("asked", None)

    def on_try(self, ctx: ExecutionContext) -> dict[str, Any]:
        """What another budget would select, for a slider that moves; the panel is not drawn anew for it.

        Nothing where it cannot be tried: `on_budget`, which follows, says why.
        """
        return _answer(lambda: shown(require_watched(ctx, budget=_budget(ctx))))

    def on_pictures(self, ctx: ExecutionContext) -> dict[str, Any]:
        """Pictures of frames of the video at hand, by frame; the panel is not drawn anew for them."""
        return _answer(lambda: pictures(require_watched(ctx), ctx.params["frames"]))

    @guarded
    def on_budget(self, ctx: ExecutionContext) -> None:
        """Another budget, on trial."""
        watched, budget = require_watched(ctx), _budget(ctx)
        ctx.panel.state.set("trial", {"video": watched.sample_id, "summary": watched.key, "budget": budget})

    @guarded
    def on_forget_budget(self, ctx: ExecutionContext) -> None:
        """Back to the budget that is stored."""
        ctx.panel.state.set("trial", None)


def _answer(give: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What an event answers that shows nothing by itself: nothing, too, where something went wrong."""
    try:
        return give()
    except Exception as error:
        explain(error)
        return {}


def _budget(ctx: ExecutionContext) -> float | str:
    """The budget that an event is about.

    Raises:
        UsageError: it is none.
    """
    budget = ctx.params["budget"]
    parse_budget(budget)
    return budget
