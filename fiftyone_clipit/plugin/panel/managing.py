"""What the panel does through operators and views: new summaries, clips, export, rename, delete."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.clips import summary_clips
from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.live import name_of, stop
from fiftyone_clipit.plugin.panel import refill
from fiftyone_clipit.plugin.panel.guard import guarded, tell
from fiftyone_clipit.plugin.panel.opening import open_in
from fiftyone_clipit.plugin.panel.situation import look, meant, videos_in_view
from fiftyone_clipit.plugin.panel.watching import require_watched

_PLUGIN = "@clipit/fiftyone-clipit"


class Managing:
    """Handlers that open forms and views of the App."""

    @guarded
    def on_done(self, ctx: ExecutionContext) -> None:
        """An operator of ours has finished: shows the summary that it made, changed or renamed."""
        asked = ctx.params.get("original_params") or {}
        key = asked.get("new_key") or asked.get("key")
        ctx.panel.state.set({"trial": None, **({"choice.summary": key} if key in look(ctx).runs else {})})

    @guarded
    def on_new(self, ctx: ExecutionContext) -> None:
        """The form for a new summary."""
        self._prompt(ctx, "summarize_video")

    @guarded
    def on_encode(self, ctx: ExecutionContext) -> None:
        """The form for encoding."""
        self._prompt(ctx, "encode_videos")

    @guarded
    def on_keep(self, ctx: ExecutionContext) -> None:
        """The form for a new summary, filled in with the question on trial."""
        asked, watched, run = ctx.panel.state.get("asked"), require_watched(ctx), _run(ctx)
        if not asked:
            raise UsageError("ask something first")
        params = {"mode": "query", "query": asked, "key": _key_for(asked, ctx), "only_current": False}
        self._prompt(ctx, "summarize_video", {**refill.same_way(run), **params, **refill.budget(watched.budget)})

    @guarded
    def on_again(self, ctx: ExecutionContext) -> None:
        """The form for a summary, filled in as this one was made; for a video that lacks it, for that one alone."""
        which = {"video": ctx.params["video"]} if ctx.params.get("video") else {"only_current": False}
        self._prompt(ctx, "summarize_video", {**refill.as_made(_run(ctx)), **which})

    @guarded
    def on_save_all(self, ctx: ExecutionContext) -> None:
        """The form for another length, filled in with the budget on trial."""
        run, watched = _run(ctx), require_watched(ctx, budget=ctx.params.get("budget"))
        budget = run.config["budget"] if watched.shared else watched.budget
        self._prompt(ctx, "resize_summary", {"key": run.key, "only_current": False, **refill.budget(budget)})

    @guarded
    def on_stop(self, ctx: ExecutionContext) -> None:
        """Stops a summary that is being made in this process."""
        if not stop(name_of(ctx.dataset.name, _run(ctx).key)):
            raise UsageError("nothing to stop: this summary is not being made here any more")
        tell(ctx, "It stops in a moment: what is finished is kept, and running it again goes on", severity="info")

    @guarded
    def on_rename(self, ctx: ExecutionContext) -> None:
        """The form for another name."""
        self._prompt(ctx, "rename_summary", {"key": _run(ctx).key})

    @guarded
    def on_delete(self, ctx: ExecutionContext) -> None:
        """The form that asks whether to delete."""
        self._prompt(ctx, "delete_summary", {"key": _run(ctx).key})

    @guarded
    def on_export(self, ctx: ExecutionContext) -> None:
        """The export form; where one video shows, for that one."""
        situation = look(ctx)
        which = {"video": situation.sample_id} if situation.sample_id and not situation.modal else {}
        self._prompt(ctx, "export_summary", {"key": _run(ctx).key, **which})

    @guarded
    def on_export_clips(self, ctx: ExecutionContext) -> None:
        """The export form for the clips on the screen, as they are filtered, sorted and tagged."""
        self._prompt(ctx, "export_summary", {"only_current": False})

    @guarded
    def on_clips(self, ctx: ExecutionContext) -> None:
        """The summary's segments as the App's view."""
        run, video = _run(ctx), meant(ctx).sample_id
        videos = select(ctx.dataset, [video]) if video else videos_in_view(ctx)
        clips = summary_clips(videos, run.key)
        if ctx.current_sample:
            # First: the App shows a page of traceback for an open video that its view no longer has.
            ctx.ops.close_sample()
        ctx.ops.set_view(view=clips)

    @guarded
    def on_missing(self, ctx: ExecutionContext) -> None:
        """The videos of the view that have no summary, as the App's view."""
        videos = videos_in_view(ctx)
        relevance = SummaryFields(_run(ctx).key).relevance
        without = [i for i, value in zip(*videos.values(["id", relevance]), strict=True) if value is None]
        ctx.ops.set_view(view=select(ctx.dataset, without))

    @guarded
    def on_open_segment(self, ctx: ExecutionContext) -> None:
        """Opens one segment in the App's own player."""
        video = meant(ctx).sample_id
        if video is None:
            raise UsageError("choose a video first")
        support = [ctx.params["first"], ctx.params["last"]]
        clips = summary_clips(select(ctx.dataset, [video]), _run(ctx).key)
        found = dict(zip(map(tuple, clips.values("support")), clips.values("id"), strict=True))
        if tuple(support) not in found:
            clips = select(ctx.dataset, [video]).to_clips([[support]])
            found = {tuple(support): clips.first().id}
        open_in(ctx, clips, found[tuple(support)])

    def _prompt(self, ctx: ExecutionContext, operator: str, params: Mapping[str, Any] | None = None) -> None:
        ctx.prompt(f"{_PLUGIN}/{operator}", params=dict(params or {}), on_success=self.on_done)


def _run(ctx: ExecutionContext) -> SummaryRun:
    run = meant(ctx).run
    if run is None:
        raise UsageError("this dataset has no summaries: make one first")
    return run


def _key_for(question: str, ctx: ExecutionContext) -> str:
    """A name for a summary, from its question; one that is free."""
    words = re.sub(r"\W+", "_", question.lower()).strip("_")[:40]
    name = words if words and not words[0].isdigit() else f"question_{words}".rstrip("_")
    key, number = name, 1
    while ctx.dataset.has_field(key):
        number += 1
        key = f"{name}_{number}"
    return key
