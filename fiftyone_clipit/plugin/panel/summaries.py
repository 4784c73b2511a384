"""The panel "Summaries": browse, ask, re-budget, correct and manage the summaries of a dataset."""

from __future__ import annotations

from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.thumbnails import n_late
from fiftyone_clipit.plugin.answers import explain
from fiftyone_clipit.plugin.panel import about, ask, empty, grid, layout, manage, video
from fiftyone_clipit.plugin.panel.deciding import Deciding
from fiftyone_clipit.plugin.panel.guard import guarded, show
from fiftyone_clipit.plugin.panel.managing import Managing
from fiftyone_clipit.plugin.panel.opening import open_when_there
from fiftyone_clipit.plugin.panel.situation import Situation, look, videos_in_view, view_mark
from fiftyone_clipit.plugin.panel.watching import Watching, watched_now

_PAUSE_MS = 1200
_MOST_TRIES = 50
# An encoder may have to be downloaded first, and a summary of many videos takes hours.
_MOST_WAITING = 50_000
# Events that the part in JavaScript shows the answers of.
_ANSWERED = ("on_try", "on_pictures")


class Summaries(Watching, Deciding, Managing, foo.Panel):
    """The panel. Handlers change its state; `render` shows what the state and the dataset say."""

    @property
    def config(self) -> foo.PanelConfig:
        return foo.PanelConfig(
            name="summaries",
            label="Summaries",
            icon="auto_awesome_motion",
            surfaces="grid modal",
            help_markdown="What matters in your videos: importance over time, the chosen segments, other budgets, "
            "questions. Beside an open video, split this panel off (the icons at its tab): the curve then has a "
            "cursor that follows the video's player, and a click on the curve moves the player.",
        )

    @guarded
    def on_load(self, ctx: ExecutionContext) -> None:
        """Loads in the background what questions need."""
        if ctx.dataset is not None:
            ctx.panel.state.set("dataset", ctx.dataset.name)
            if run := look(ctx).run:
                ask.warm_up(run.config)

    @guarded
    def on_change_dataset(self, ctx: ExecutionContext) -> None:
        """Forgets what belonged to another dataset; the App tells of a dataset also where it has not changed."""
        state, name = ctx.panel.state, ctx.dataset.name if ctx.dataset is not None else None
        if state.get("dataset") not in (None, name):
            state.clear()
        state.set("dataset", name)

    @guarded
    def on_change_current_sample(self, ctx: ExecutionContext) -> None:
        """Shows the other video."""

    @guarded
    def on_change_view(self, ctx: ExecutionContext) -> None:
        """Shows the videos of the new view."""
        ctx.panel.state.set({"view": view_mark(ctx), "page": 0, "tries": 0})

    def execute(self, ctx: ExecutionContext) -> Any:
        event, state = ctx.params.get("__method__"), ctx.panel.state
        if event in _ANSWERED:
            return getattr(self, event)(ctx)
        if event == "on_budget":
            # What it selects is on the screen already: drawing it anew would only make the page wait.
            said = state.get("message")
            self.on_budget(ctx)
            if said or state.get("message"):
                ctx.ops.show_panel_output(self.render(ctx))
            return None
        if event == "on_change_view" and open_when_there(ctx):
            return None
        # The App reports view changes in bursts, most of them of a view that is as before, with a state that may be
        # old by now: what they would show is not worth showing.
        if event == "on_change_view" and (
            state.get("video") or ctx.current_sample or state.get("view") == view_mark(ctx)
        ):
            return None
        return super().execute(ctx)

    @guarded
    def on_start_again(self, ctx: ExecutionContext) -> None:
        """Forgets everything that was chosen in the panel."""
        ctx.panel.state.clear()

    def render(self, ctx: ExecutionContext) -> types.Property:
        body = types.Object()
        try:
            self._show(body, ctx)
        except Exception as error:
            body = types.Object()
            layout.notice(body, "broken", explain(error), "error")
            layout.button(body, "again", self.on_start_again, label="Start again", icon="refresh")
        return types.Property(body, view=layout.page())

    def _show(self, body: types.Object, ctx: ExecutionContext) -> None:
        layout.message(body, ctx.panel.state.get("message"))
        if ctx.dataset is None:
            empty.no_dataset(body)
        elif reason := empty.why_no_videos(ctx.dataset):
            layout.notice(body, "nothing", reason)
        else:
            situation = look(ctx)
            if situation.run is None:
                empty.no_summaries(body, self)
            else:
                self._show_summary(body, ctx, situation)

    def _show_summary(self, body: types.Object, ctx: ExecutionContext, situation: Situation) -> None:
        run, state = situation.run, ctx.panel.state
        assert run is not None
        if situation.lost:
            layout.notice(body, "lost", f"The summary “{situation.lost}” is no longer there.")
        show(ctx, {"shown": run.key, "choice.summary": run.key, "choice.other": state.get("choice.other") or ""})
        waiting, late = False, n_late()
        choice = layout.row(body, "choice")
        manage.add_choice(choice, self, situation)
        if situation.sample_id:
            manage.add_comparison(choice, self, situation)
        about.add(body, run, situation.missing_fields)
        # A video that is looked at is left in peace: drawing it anew would take the slider from under a hand.
        following = run.is_running and situation.sample_id is None and not situation.missing_fields
        if following:
            about.add_progress(body, self, run, situation.dataset)
        if situation.sample_id is None:
            # The App may have told of this view while a video was looked at, when it did not matter.
            if (seen := view_mark(ctx)) != state.get("view"):
                show(ctx, {"view": seen, "page": 0})
            if not situation.missing_fields:
                grid.add(body, self, situation.dataset, videos_in_view(ctx), run, state.get("page") or 0)
        else:
            if not situation.modal:
                back = layout.row(body, "back")
                layout.button(back, "all", self.on_back, label="All videos", icon="arrow_back")
            watched = watched_now(ctx, situation)
            waiting = watched is not None and watched.waiting
            if watched is None:
                empty.no_summary_of_video(body, self, situation.dataset, run, situation.sample_id)
            else:
                video.add(body, self, watched, modal=situation.modal)
        manage.add_actions(body, self, situation)
        if waiting or following or n_late() > late:
            self._come_back(body, ctx, _MOST_WAITING if waiting or following else _MOST_TRIES)

    def _come_back(self, body: types.Object, ctx: ExecutionContext, most: int) -> None:
        """Shows the panel again in a moment, for what is still being made; not for ever."""
        tries = ctx.panel.state.get("tries") or 0
        if tries < most:
            body.view(f"timer_{tries}", types.TimerView(timeout=_PAUSE_MS, on_timeout=self.on_refresh))
